# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The small decisions of the action plugins: where the work is done, with which options, and what a result shows."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail
from ansible_collections.vbaws.appliance.plugins.module_utils._module.definition import Definition
from ansible_collections.vbaws.appliance.plugins.plugin_utils import _worker
from ansible_collections.vbaws.appliance.plugins.plugin_utils._worker import WorkerAction, WorkerDoor, _surroundings

DEFINITION = Definition(
    lambda _task: {"changed": False},
    {
        "name": {"type": "str", "required": True},
        "password": {"type": "str", "no_log": True},
        "number": {"type": "int", "default": 3},
        "dest": {"type": "path"},
    },
)


class _Templar:
    """Replaces the one template of these tests."""

    def template(self, value: Any) -> Any:
        return sys.executable if value == "{{ ansible_playbook_python }}" else value


class _Action(WorkerAction):
    """An action plugin without Ansible around it."""

    module = DEFINITION

    def __init__(self, connection: Mapping[str, Any], task: Mapping[str, Any]) -> None:
        self._connection = SimpleNamespace(**{"transport": "local", "become": None, **connection})
        self._task = SimpleNamespace(**{"async_val": 0, "args": {}, "delegate_to": None, **task})
        self._templar = _Templar()


@dataclass(frozen=True)
class Case:
    """A task, and whether its work may be done in the worker process."""

    name: str
    here: bool
    connection: dict[str, Any] = field(default_factory=dict)
    task: dict[str, Any] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=dict)


PYTHON = "ansible_python_interpreter"
CASES = [
    Case("by default", True),
    Case("another connection", False, connection={"transport": "ssh"}),
    Case("another user", False, connection={"become": object()}),
    Case("in the background", False, task={"async_val": 5}),
    Case("a file, of a module without one", True, task={"args": {"dest": "a"}}),
    Case("own interpreter", True, variables={PYTHON: sys.executable}),
    Case("own interpreter by another path", True, variables={PYTHON: f"{Path(sys.executable).parent}/./python"}),
    Case("own interpreter as a template", True, variables={PYTHON: "{{ ansible_playbook_python }}"}),
    Case("interpreter to discover", True, variables={PYTHON: "auto_silent"}),
    Case("another interpreter", False, variables={PYTHON: "/usr/bin/python3"}),
    Case("the name of an interpreter", False, variables={PYTHON: "python3"}),
    Case("a command", False, variables={PYTHON: f"/usr/bin/env {sys.executable}"}),
    Case("switched off", False, variables={"vbaws_run_in_worker": "no"}),
    Case("switched on", True, variables={"vbaws_run_in_worker": "yes"}),
    Case(
        "delegated to another interpreter",
        False,
        task={"delegate_to": "b"},
        variables={"ansible_delegated_vars": {"b": {PYTHON: "/usr/bin/python3"}}},
    ),
    Case(
        "delegated from another interpreter",
        True,
        task={"delegate_to": "b"},
        variables={PYTHON: "/usr/bin/python3", "ansible_delegated_vars": {"b": {}}},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_work_is_done_here_only_if_a_module_would_run_here(case: Case) -> None:
    assert _Action(case.connection, case.task)._may_run_here(case.variables) is case.here


def test_a_file_needs_the_module(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_Action, "module", SimpleNamespace(destination=object()))
    assert not _Action({}, {"args": {"dest": "a"}})._may_run_here({})
    assert _Action({}, {"args": {"dest": None}})._may_run_here({})


def test_without_requests_the_module_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_worker, "HAS_REQUESTS", False)
    assert not _Action({}, {})._may_run_here({})


def test_another_environment_with_the_same_binary_is_another_interpreter(tmp_path: Path) -> None:
    other = tmp_path / "bin" / "python"
    other.parent.mkdir()
    other.symlink_to(Path(sys.executable).resolve())
    assert not _Action({}, {})._may_run_here({PYTHON: str(other)})


def test_a_link_to_the_folder_of_the_interpreter_is_the_same_interpreter(tmp_path: Path) -> None:
    (tmp_path / "bin").symlink_to(Path(sys.executable).parent)
    assert _Action({}, {})._may_run_here({PYTHON: str(tmp_path / "bin" / Path(sys.executable).name)})


@pytest.mark.parametrize("value", ["flase", None, "", [], 2])
def test_a_switch_that_is_no_boolean_is_an_error(value: Any) -> None:
    with pytest.raises(AnsibleActionFail, match=r"vbaws_run_in_worker is .*Set it to true or false"):
        _Action({}, {})._may_run_here({"vbaws_run_in_worker": value})


def _door(options: Mapping[str, Any], *, shows_options: bool = True) -> WorkerDoor:
    task = SimpleNamespace(action="vbaws.appliance.organization", check_mode=False, no_log=False)
    return WorkerDoor(DEFINITION, options, task, shows_options)


def test_valid_options_leave_the_result_to_the_work() -> None:
    door = _door({"name": "a", "password": "secret-1"})
    assert door.result == {}
    assert door.options == {"name": "a", "password": "secret-1", "number": 3, "dest": None}
    assert door.secrets == {"secret-1"}


def test_invalid_options_are_the_result() -> None:
    assert _door({}).result["msg"] == "missing required arguments: name"
    assert _door({}).result["failed"] is True


def test_an_unsupported_option_names_the_module_as_the_task_does() -> None:
    message = _door({"name": "a", "nmae": "b"}).result["msg"]
    assert message.startswith("Unsupported parameters for (vbaws.appliance.organization) module: nmae.")


def test_a_result_is_what_a_module_would_print() -> None:
    door = _door({"name": "a"}, shows_options=False)
    door.warn("careful")
    door.end(False, {"changed": True, "values": (1, 2), "numbers": {1: "a"}}, door.options)
    assert door.result == {"changed": True, "values": [1, 2], "numbers": {"1": "a"}, "warnings": ["careful"]}


def test_a_failure_shows_the_options_without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_worker, "_MASKS", False)
    door = _door({"name": "of secret-1", "password": "secret-1"})
    door.end(True, {"msg": "no"}, door.options)
    assert door.result["failed"] is True
    assert "secret-1" not in str(door.result)
    assert door.result["invocation"]["module_args"]["number"] == 3


def test_the_surroundings_are_those_of_before_in_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VBAWS_TIMEOUT", "1")
    before, folder = dict(os.environ), Path.cwd()
    with suppress(KeyError), _surroundings({"VBAWS_TIMEOUT": 2, "VBAWS_PORT": "3"}, str(tmp_path)):
        assert (os.environ["VBAWS_TIMEOUT"], os.environ["VBAWS_PORT"], Path.cwd()) == ("2", "3", tmp_path)
        os.environ["VBAWS_OF_THE_WORK"] = "4"
        raise KeyError
    assert (dict(os.environ), Path.cwd()) == (before, folder)
