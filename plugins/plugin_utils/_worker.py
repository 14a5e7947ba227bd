# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does the work of a module in the worker process of Ansible, wherever a process of its own gains nothing.

A module costs a shell, a new Python interpreter, and the unpacking of the collection, which is most of the time of a
task. It is only needed on another host, as another user, with another interpreter, and for work in the background.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ansible import constants
from ansible.errors import AnsibleActionFail
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values
from ansible.module_utils.errors import UnsupportedError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action.normal import ActionModule as ModuleAction

from ..module_utils._http.adapter import HAS_REQUESTS
from ..module_utils._module.definition import Definition
from ..module_utils._module.run import run
from ..module_utils._module.task import Door

try:
    from ansible.module_utils.common.json import Direction, get_module_decoder, get_module_encoder
except ImportError:  # ansible-core 2.18 and older
    from ansible.module_utils.common.json import AnsibleJSONEncoder

    def _as_sent(value: Any) -> Any:
        return json.loads(json.dumps(value, cls=AnsibleJSONEncoder, vault_to_text=True))

else:

    def _as_sent(value: Any) -> Any:
        """Return a value as a module would get it from Ansible."""
        text = json.dumps(value, cls=get_module_encoder("legacy", Direction.CONTROLLER_TO_MODULE))
        return json.loads(text, cls=get_module_decoder("legacy", Direction.CONTROLLER_TO_MODULE))


# Since ansible-core 2.22, the validation of options registers secrets, and Ansible masks them in all that it shows.
_MASKS = importlib.util.find_spec("ansible.module_utils.secrets") is not None
_DISCOVERED = ("", "auto", "auto_legacy", "auto_silent", "auto_legacy_silent")
IN_WORKER = "vbaws_run_in_worker"
"""The variable that turns this plugin off."""

PROGRESS = "vbaws_progress"
"""The variable that turns the lines about the progress off."""


class WorkerAction(ModuleAction):  # type: ignore[misc]
    """Runs a module in this process, or as Ansible runs any other one. A subclass names the module.

    Each module has an action plugin of its own name, which Ansible imports before it forks its workers. A plugin that
    ``meta/runtime.yml`` leads to would be imported, and the collection compiled, in each worker.
    """

    module: Definition

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the result of the module."""
        variables = task_vars or {}
        if not self._may_run_here(variables):
            result: dict[str, Any] = super().run(tmp, task_vars)
            return result
        host = variables.get("inventory_hostname", "")
        self._display.vvv(f"{self._task.action} runs in the worker process, see {IN_WORKER}", host=host)
        environment: dict[str, Any] = {}
        self._compute_environment_string(environment)
        with _surroundings(environment, self._loader.get_basedir()):
            return self._run_here(variables)

    def _may_run_here(self, variables: Mapping[str, Any]) -> bool:
        """Whether a module of its own would run on this host, as this user, and with this interpreter."""
        connection, task = self._connection, self._task
        if not HAS_REQUESTS or connection.transport != "local" or connection.become or task.async_val:
            return False
        if self.module.destination and task.args.get("dest"):
            return False
        hosts_own = variables
        if task.delegate_to:
            hosts_own = variables.get("ansible_delegated_vars", {}).get(task.delegate_to, {})
        return self._is_set(IN_WORKER, variables) and self._is_own_interpreter(hosts_own)

    def _is_own_interpreter(self, variables: Mapping[str, Any]) -> bool:
        configured = constants.config.get_config_value("INTERPRETER_PYTHON", variables=variables) or ""
        interpreter = str(self._templar.template(configured)).strip()
        if interpreter in _DISCOVERED:
            return True
        # Two virtual environments can have links to the same binary, so the folder counts as well.
        own, other = os.path.split(sys.executable), os.path.split(interpreter)
        same_folder = os.path.realpath(own[0]) == os.path.realpath(other[0])
        return same_folder and os.path.realpath(sys.executable) == os.path.realpath(interpreter)

    def _is_set(self, name: str, variables: Mapping[str, Any]) -> bool:
        """Return a variable that is true by default. Raises AnsibleActionFail."""
        value = self._templar.template(variables.get(name, True))
        try:
            return bool(boolean(value))
        except TypeError:
            raise AnsibleActionFail(f"The variable {name} is {value!r}. Set it to true or false.") from None

    def _run_here(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        door = WorkerDoor(self.module, _as_sent(self._task.args), self._task, _shows_options(variables))
        if door.result:
            return door.result
        host = variables.get("inventory_hostname")
        if not door.no_log and self._is_set(PROGRESS, variables):
            door.show = lambda line: self._show(f"[{host}] {line}")
        ended = run(door, self.module.work)
        if ended.signals.received:
            # Ansible drops the result of a task that it stops, and what was changed must not be lost with it.
            text = door.result.get("msg", f"The task had ended already. {ended.changed}")
            texts = [*door.result.get("warnings", ()), text]
            for text in () if door.no_log else texts:
                self._show(f"[WARNING]: {host}: {text}", color=constants.COLOR_WARN)
            ended.signals.pass_on()
        return door.result

    def _show(self, line: str, **how: Any) -> None:
        # Neither the work nor the end of the task depends on somebody who reads this.
        with contextlib.suppress(OSError):
            self._display.display(line, stderr=True, **how)


class WorkerDoor(Door):
    """The module as a function in a process of Ansible, which has a result instead of an output.

    result: empty until it has ended, which it has at once if its options are not valid.
    """

    def __init__(self, definition: Definition, options: Mapping[str, Any], task: Any, shows_options: bool) -> None:
        self.result: dict[str, Any] = {}
        self._shows_options = shows_options
        self._warnings: list[str] = []
        validated = ArgumentSpecValidator(definition.all_arguments, **definition.rules).validate(options)
        self.options = validated.validated_parameters
        # AnsibleModule takes the next three from here too. There is no public way to them.
        self.secrets = validated._no_log_values
        self._deprecations = validated._deprecations
        for one in validated._warnings:
            self.warn(f"Both option {one['option']} and its alias {one['alias']} are set.")
        self.check_mode = bool(task.check_mode)
        self.no_log = bool(task.no_log)
        if validated.error_messages:
            message = validated.errors.msg
            if isinstance(validated.errors[0], UnsupportedError):
                message = f"Unsupported parameters for ({task.action}) module: {message}"
            self.end(True, {"msg": message}, self.options)

    def warn(self, text: str) -> None:
        """Enter a warning, which belongs to this result alone."""
        self._warnings.append(text)

    def end(self, failed: bool, result: Mapping[str, Any], options: Mapping[str, Any]) -> None:
        """Keep the result, with what AnsibleModule adds to one and without what it hides."""
        shown = dict(result)
        if failed:
            shown["failed"] = True
        if self._shows_options:
            shown["invocation"] = {"module_args": dict(options)}
        if self._warnings:
            shown["warnings"] = self._warnings
        if self._deprecations:
            shown["deprecations"] = self._deprecations
        # As a module prints it: a tuple, for example, becomes a list.
        printed = json.loads(json.dumps(shown))
        self.result = printed if _MASKS else remove_values(printed, self.secrets)


def _shows_options(variables: Mapping[str, Any]) -> bool:
    """Whether results show the options: always before ansible-core 2.21, and on request since then."""
    setting = "INJECT_INVOCATION"
    if not constants.config.get_configuration_definition(setting):
        return True
    return bool(constants.config.get_config_value(setting, variables=variables))


@contextlib.contextmanager
def _surroundings(environment: Mapping[str, Any], folder: str) -> Iterator[None]:
    """Give this process the environment and the folder that a module has. Other items of a loop share the process."""
    before, folder_before = dict(os.environ), Path.cwd()
    os.environ.update({name: str(value) for name, value in environment.items()})
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(folder_before)
        os.environ.clear()
        os.environ.update(before)
