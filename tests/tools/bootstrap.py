# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ansible-test would download, or make in a way that two runs at the same time cannot share.

Nothing that exists is replaced.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

HOME = Path.home() / ".ansible" / "test"

# ansible-test makes virtual environments without pip and downloads a script that adds it; Python brings a pip along.
ADD_PIP = "import ensurepip\n\nensurepip.bootstrap(default_pip=True)\n"


def prepare_home(python: Path) -> None:
    """Prepare the user's folder of ansible-test for the ansible-core of a Python."""
    for version in _pip_versions(python):
        script = HOME / "cache" / f"get_pip_{version.replace('.', '_')}.py"
        if not script.exists():
            script.parent.mkdir(parents=True, exist_ok=True)
            script.write_text(ADD_PIP, encoding="utf-8")
    if not (HOME / "id_rsa").exists():
        _make_key()


def _pip_versions(python: Path) -> set[str]:
    """The versions of pip that ansible-test may ask for."""
    asked = [str(python), "-c", "import ansible_test; print(ansible_test.__file__, end='')"]
    package = Path(subprocess.run(asked, check=True, stdout=subprocess.PIPE, text=True).stdout)
    source = package.parent / "_internal" / "python_requirements.py"
    return set(re.findall(r"\bpip='([0-9.]+)'", source.read_text(encoding="utf-8")))


def _make_key() -> None:
    """The pair of SSH keys that ansible-test wants to have, also where no test uses SSH."""
    HOME.mkdir(parents=True, exist_ok=True)
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    (HOME / "id_rsa").touch(mode=0o600)
    (HOME / "id_rsa").write_bytes(private)
    (HOME / "id_rsa.pub").write_bytes(public + b"\n")
