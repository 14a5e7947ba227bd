# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run sanity and integration with each ansible-core on each Python found, and report which were not run.

matrix.py [VERSION ...]        only these versions of ansible-core, such as 2.16 2.19
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from collection_tree import BUILD, ROOT, python_version

CORES = ("2.16", "2.17", "2.18", "2.19", "2.20", "2.21")
PYTHONS = ("3.10", "3.11", "3.12", "3.13", "3.14")
OLDEST = "3.9"  # modules run on it, a controller does not
TOOLS = ROOT / "tests" / "tools"


def interpreter(version: str) -> Path | None:
    """Return a Python of this version, or None. The shim of a version manager in PATH may not start anything."""
    managed = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python{version}"))
    on_path = shutil.which(f"python{version}")
    for candidate in [*managed, *([Path(on_path)] if on_path else [])]:
        done = subprocess.run([str(candidate), "-c", "import venv, ensurepip"], capture_output=True, check=False)
        if done.returncode == 0:
            return candidate
    return None


def environment(core: str, base: Path) -> Path | None:
    """Return the Python of an environment with this ansible-core, or None if Python and ansible-core do not match."""
    folder = BUILD / "matrix" / f"core-{core}-python-{python_version(base)}"
    python = folder / "bin" / "python"
    subprocess.run([str(base), "-m", "venv", str(folder)], check=True)
    wanted = ["--requirement", str(ROOT / "requirements.txt"), f"ansible-core~={core}.0"]
    done = subprocess.run([str(python), "-m", "pip", "install", "--quiet", *wanted], capture_output=True, check=False)
    # pip also installs an old ansible-core on a Python that ansible-test does not support.
    code = "from ansible_test._util.target.common.constants import CONTROLLER_PYTHON_VERSIONS as known; print(*known)"
    known = subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=False).stdout.split()
    return python if done.returncode == 0 and python_version(base) in known else None


def cell(core: str, base: Path) -> str:
    """Test one pair. Return the result in words."""
    python = environment(core, base)
    if python is None:
        return "do not match"
    print(f"== ansible-core {core}, Python {python_version(python)}", flush=True)
    stages = {
        "sanity": [str(python), str(TOOLS / "run_ansible_test.py"), "sanity"],
        "integration": [sys.executable, str(TOOLS / "integration.py"), "--python", str(python)],
    }
    failed = [name for name, command in stages.items() if subprocess.run(command, check=False).returncode]
    return f"FAILED: {' and '.join(failed)}" if failed else "passed"


def oldest(base: Path) -> str:
    """Compile and import the modules on a Python that no controller runs on. Return the result in words."""
    print(f"== modules on Python {OLDEST}", flush=True)
    variables = {**os.environ, "PATH": f"{base.parent}{os.pathsep}{os.environ['PATH']}"}
    command = [sys.executable, str(TOOLS / "run_ansible_test.py"), "sanity", "--test", "compile", "--test", "import"]
    done = subprocess.run([*command, "--python", OLDEST], env=variables, check=False)
    return "FAILED: sanity" if done.returncode else "passed"


def main() -> int:
    """Return 0 if something was tested and nothing failed."""
    found = {version: interpreter(version) for version in PYTHONS}
    base = interpreter(OLDEST)
    results = {("modules only", OLDEST): oldest(base) if base else "no such Python here"}
    for core in sys.argv[1:] or CORES:
        for version, base in found.items():
            results[core, version] = cell(core, base) if base else "no such Python here"
    for (core, version), result in results.items():
        print(f"ansible-core {core:12} Python {version:5} {result}")
    failed = [result for result in results.values() if result.startswith("FAILED")]
    return 0 if "passed" in results.values() and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
