# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The definition of a module, run as a program."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NoReturn

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._module import definition
from ansible_collections.vbaws.appliance.plugins.module_utils._module.definition import Definition
from ansible_collections.vbaws.appliance.plugins.module_utils._module.options import CONNECTION

ROOT = Path(__file__).resolve().parents[5]
UNUSED = Definition(lambda _task: {}, CONNECTION)


def test_without_requests_the_module_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Module:
        """Fails as Ansible's object does, which ends the process."""

        def __init__(self, **_arguments: Any) -> None:
            pass

        def fail_json(self, msg: str, exception: str) -> NoReturn:
            raise SystemExit(f"{msg} {exception}")

    monkeypatch.setattr(definition, "AnsibleModule", Module)
    monkeypatch.setattr(definition, "HAS_REQUESTS", False)
    monkeypatch.setattr(definition, "REQUESTS_ERROR", "Traceback: no requests")
    with pytest.raises(SystemExit, match=r"\(requests\).*Traceback: no requests"):
        UNUSED.main()


def test_without_requests_everything_can_be_imported(tmp_path: Path) -> None:
    (tmp_path / "requests.py").write_text("raise ImportError('no requests here')")
    names = tmp_path / "ansible_collections" / "vbaws"
    names.mkdir(parents=True)
    (names / "appliance").symlink_to(ROOT)
    program = (
        "from ansible_collections.vbaws.appliance.plugins.module_utils._module.definition import *\n"
        "print(HAS_REQUESTS, 'no requests here' in REQUESTS_ERROR)"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=False)
    assert (done.stdout, done.stderr) == ("False True\n", "")
