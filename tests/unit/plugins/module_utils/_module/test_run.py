# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of a module: one logout whatever happens, and no secret in anything that is shown."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._appliance.api import Api
from ansible_collections.vbaws.appliance.plugins.module_utils._appliance.sessions import concurrently
from ansible_collections.vbaws.appliance.plugins.module_utils._errors import ApplianceError, UnknownOutcome
from ansible_collections.vbaws.appliance.plugins.module_utils._module import run as _run
from ansible_collections.vbaws.appliance.plugins.module_utils._module.definition import ModuleDoor
from ansible_collections.vbaws.appliance.plugins.module_utils._module.task import Door, Task
from ansible_collections.vbaws.appliance.plugins.module_utils._rest.client import Call
from ansible_collections.vbaws.appliance.plugins.module_utils._secrets.redactor import MASK
from ansible_collections.vbaws.appliance.tests.unit.support.servers import Reply

ROOT = Path(__file__).resolve().parents[5]


class Ended(SystemExit):
    """What ``exit_json`` and ``fail_json`` of the module end with here."""


class Module:
    """As much of Ansible's object as the run touches."""

    def __init__(self, params: dict[str, Any]) -> None:
        self.params = params
        self.check_mode = True
        self.no_log = False
        self.no_log_values: set[str] = set()
        self.warnings: list[str] = []
        self.calls: list[str] = []
        self.result: dict[str, Any] = {}
        self.failed = False

    def warn(self, text: str) -> None:
        self.warnings.append(text)

    def exit_json(self, **result: Any) -> NoReturn:
        self.result = result
        raise Ended

    def fail_json(self, **result: Any) -> NoReturn:
        self.failed = True
        self.exit_json(**result)


@pytest.fixture
def perform(appliance):
    """Run work in a module whose options reach the server; returns the module."""

    def perform(work: Any, **options: Any) -> Module:
        module = Module(appliance.options(**{"retries": 0, **options}))
        with pytest.raises(Ended):
            _run.run(ModuleDoor(module), work)  # type: ignore[arg-type]
        return module

    return perform


def modify(task: Task) -> None:
    Api(task.client, task.journal).modify_organization("a", {}, "x")


def add(task: Task) -> str:
    return Api(task.client, task.journal).add_organization({}, "x")


def test_the_result_is_returned_after_the_logout(appliance, perform):
    tasks: list[Task] = []

    def work(task: Task) -> dict[str, Any]:
        tasks.append(task)
        task.client.call(Call("GET", "/a"))
        return {"changed": False, "a": 1}

    module = perform(work)
    assert (module.failed, module.result) == (False, {"changed": False, "a": 1})
    assert appliance.calls() == ["POST /token", "GET /a", "DELETE /token"]
    assert tasks[0].check_mode is True
    assert tasks[0].options == module.params
    assert tasks[0].sleep == tasks[0].deadline.sleep
    assert "issued-token-1" in module.no_log_values


@pytest.mark.parametrize(
    ("options", "seconds"),
    [
        ({}, 300),
        ({"timeout": 5}, 50),
        ({"timeout": 5, "wait_timeout": 100}, 150),
        ({"timeout": 5, "wait_timeout": 100, "organizations": [{}] * 20}, 250),
        ({"wait_timeout": 10**400}, 10**9),
    ],
)
def test_the_deadline_is_ten_reads_one_more_for_each_organization_and_the_wait(perform, options, seconds):
    perform(lambda task: {"deadline": task.deadline.seconds}, **options)
    assert perform(lambda task: {"deadline": task.deadline.seconds}, **options).result["deadline"] == seconds


def test_a_failure_has_message_record_and_structure_after_the_logout(appliance, perform):
    def work(task: Task) -> dict[str, Any]:
        task.client.call(Call("GET", "/a"))
        raise ApplianceError("No", reason="conflict", stage="plan", result={"organization": None, "changed": True})

    module = perform(work)
    assert module.failed
    assert module.result["msg"] == "No. Nothing was changed."
    assert module.result["failure"]["reason"] == "conflict"
    assert module.result["changed"] is True
    assert appliance.calls()[-1] == "DELETE /token"
    assert appliance.calls().count("DELETE /token") == 1


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize("name", ["webshop", "shop", "Shop"])
def test_a_secret_in_the_returned_data_is_a_warning(perform, name, fails):
    def work(_task: Task) -> dict[str, Any]:
        result = {"changed": False, "organizations": [{"name": name}]}
        if fails:
            raise ApplianceError("No", reason="conflict", result=result)
        return result

    warnings = perform(work, access_token="shop").warnings
    assert warnings == ([] if name == "Shop" else [_run.MASKED])


def test_a_secret_in_the_text_of_a_failure_is_no_warning(perform):
    def work(_task: Task) -> dict[str, Any]:
        raise ApplianceError("The token shop is odd", reason="conflict")

    module = perform(work, access_token="shop")
    assert (module.result["msg"], module.warnings) == (f"The token {MASK} is odd. Nothing was changed.", [])


def test_work_can_ask_whether_data_would_be_masked(perform):
    module = perform(lambda task: {"found": [task.masks("webshop"), task.masks("web")]}, access_token="shop")
    assert module.result["found"] == [True, False]


def test_a_failure_after_a_change_says_so_by_the_journal(perform):
    def work(task: Task) -> dict[str, Any]:
        modify(task)
        raise ApplianceError("No", reason="api")

    result = perform(work).result
    assert result["msg"] == "No. Changed before the failure: the appliance was asked to modify the AWS Organization x."
    assert result["failure"]["done"] == ["the appliance was asked to modify the AWS Organization x"]


def test_what_the_writer_makes_of_it_wins(perform):
    def work(task: Task) -> dict[str, Any]:
        modify(task)
        task.journal.succeeded()
        raise ApplianceError("No", reason="api")

    assert perform(work).result["failure"]["done"] == ["the AWS Organization x was modified"]


def test_a_defect_after_a_change_says_so_too(perform):
    def work(task: Task) -> dict[str, Any]:
        modify(task)
        raise KeyError("a")

    assert perform(work).result["msg"].endswith("was asked to modify the AWS Organization x.")


def test_bad_options_fail_before_anything_is_sent(appliance, perform):
    module = perform(lambda _task: {}, certificate_fingerprint="nonsense")
    assert module.result["failure"]["reason"] == "invalid"
    assert appliance.seen == []


def test_a_defect_is_shown_whole_after_the_logout_and_without_secrets(appliance, perform):
    def work(task: Task) -> dict[str, Any]:
        task.client.call(Call("GET", "/a"))
        raise KeyError("correct horse battery staple issued-token-1")

    module = perform(work)
    assert module.failed
    assert "defect of the collection: KeyError" in module.result["msg"]
    assert "in work" in module.result["exception"]
    for text in module.result.values():
        assert "horse" not in text
        assert "issued-token" not in text
    assert appliance.calls()[-1] == "DELETE /token"


def test_work_that_ends_by_itself_is_logged_out(appliance):
    def work(task: Task) -> dict[str, Any]:
        task.client.call(Call("GET", "/a"))
        raise SystemExit(0)

    with pytest.raises(SystemExit):
        _run.run(ModuleDoor(Module(appliance.options())), work)  # type: ignore[arg-type]
    assert appliance.calls()[-1] == "DELETE /token"


def test_a_failed_logout_is_a_warning_beside_the_result(appliance, perform):
    def work(task: Task) -> dict[str, Any]:
        task.client.call(Call("GET", "/a"))
        appliance.tokens[:] = [Reply(500)]
        task.warn("the password is correct horse battery staple")
        return {"changed": True}

    module = perform(work)
    assert (module.failed, module.result) == (False, {"changed": True})
    assert module.warnings[0] == f"the password is {MASK}"
    assert "stays valid" in module.warnings[1]


def test_secrets_are_hidden_wherever_the_appliance_repeats_them(appliance, perform):
    said = "correct horse battery staple / correct+horse+battery+staple / issued-token-1"
    appliance.replies[:] = [Reply(400, {"details": said, "data": {"a": "issued-token-1"}})]
    module = perform(lambda task: task.client.call(Call("GET", "/a")).json())
    shown = json.dumps(module.result)
    assert MASK in module.result["failure"]["details"]
    assert "horse" not in shown
    assert "issued-token" not in shown


def test_a_logout_that_has_a_defect_leaves_the_result(perform, monkeypatch):
    def broken(_client: Any) -> list[str]:
        raise ValueError("Invalid IPv6 URL, issued-token-1")

    monkeypatch.setattr("ansible_collections.vbaws.appliance.plugins.module_utils._rest.client.Client.logout", broken)
    module = perform(lambda task: {"changed": task.client.call(Call("GET", "/a")).status == 200})
    assert (module.failed, module.result) == (False, {"changed": True})
    assert module.warnings == [
        f"The logout failed, so the token may stay valid until it expires: ValueError: Invalid IPv6 URL, {MASK}"
    ]


def test_a_result_that_cannot_be_printed_still_tells_what_was_changed(appliance, monkeypatch):
    class Picky(Module):
        def exit_json(self, **result: Any) -> NoReturn:
            if "changed" in result:
                raise TypeError("Value of unknown type")
            super().exit_json(**result)

    def work(task: Task) -> dict[str, Any]:
        modify(task)
        return {"changed": True}

    module = Picky(appliance.options())
    with pytest.raises(Ended):
        _run.run(ModuleDoor(module), work)  # type: ignore[arg-type]
    assert module.failed
    assert module.result["msg"] == (
        "The result cannot be shown: TypeError: Value of unknown type. Changed before the failure: the appliance was "
        "asked to modify the AWS Organization x."
    )


@pytest.mark.parametrize("failing", [True, False])
def test_a_lone_surrogate_breaks_neither_a_result_nor_a_failure(appliance, perform, failing):
    appliance.replies[:] = [Reply(400 if failing else 200, b'{"title": "a\\ud800"}')]
    module = perform(lambda task: task.client.call(Call("GET", "/a")).json())
    assert module.failed is failing
    assert r"a\ud800" in json.dumps(module.result, ensure_ascii=False).replace("\\\\", "\\")


def test_messages_and_warnings_cannot_steer_a_terminal(appliance, perform):
    def work(task: Task) -> Any:
        task.warn("the name \x1b[2J\u202e")
        return task.client.call(Call("GET", "/a"))

    appliance.replies[:] = [Reply(400, {"title": "Bad\x1b[31m\u202e"})]
    module = perform(work)
    assert module.warnings == [r"the name \x1b[2J\u202e"]
    assert r"Bad\x1b[31m\u202e" in module.result["msg"]


# Signals


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_fails_the_task_after_the_logout(appliance, perform, number):
    before = signal.getsignal(number)

    def work(task: Task) -> dict[str, Any]:
        modify(task)
        os.kill(os.getpid(), number)
        time.sleep(5)
        return {"changed": True}

    module = perform(work)
    assert module.failed
    assert f"interrupted by {number.name}" in module.result["msg"]
    assert module.result["msg"].endswith(
        "Changed before the failure: the appliance was asked to modify the AWS Organization x."
    )
    assert module.result["failure"]["reason"] == "timeout"
    assert appliance.calls().count("DELETE /token") == 1
    assert signal.getsignal(number) is before


class Returning(Door):
    """A door that keeps the result, as in Ansible's worker process."""

    no_log = check_mode = False

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        self.secrets = set()
        self.result: dict[str, Any] = {}

    def end(self, failed: bool, result: Mapping[str, Any], options: Mapping[str, Any]) -> None:
        self.result = {"failed": failed, **result}


def test_a_second_signal_waits_until_the_first_is_passed_on(appliance):
    def work(_task: Task) -> dict[str, Any]:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(5)
        return {"changed": True}

    passed_on: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _frame: passed_on.append(number))
    try:
        door = Returning(appliance.options(retries=0))
        signals = _run.run(door, work).signals
        os.kill(os.getpid(), signal.SIGTERM)
        assert (door.result["failed"], signals.received, passed_on) == (True, True, [])
        signals.pass_on()
        assert passed_on == [signal.SIGTERM]
        os.kill(os.getpid(), signal.SIGTERM)
        assert passed_on == [signal.SIGTERM] * 2
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_task_under_nohup_goes_on(perform):
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:

        def work(_task: Task) -> dict[str, Any]:
            os.kill(os.getpid(), signal.SIGHUP)
            return {"changed": False}

        assert perform(work).result == {"changed": False}
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_signal_while_a_change_is_on_its_way_says_that_it_is_not_known(appliance, perform):
    def shoot(_seen: Any) -> Reply:
        os.kill(os.getpid(), signal.SIGTERM)
        return Reply(action="stall", seconds=5)

    appliance.replies[:] = [shoot]
    module = perform(lambda task: {"session": add(task)})
    assert module.result["failure"]["reason"] == "unknown_outcome"
    assert module.result["msg"].endswith(
        "It is not known whether the AWS Organization x was added; run again, it looks first."
    )
    assert appliance.calls().count("DELETE /token") == 1


def test_a_signal_passes_code_that_catches_every_exception(perform):
    def work(task: Task) -> dict[str, Any]:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(5)
        except Exception:  # noqa: BLE001  (that is the point)
            return {"swallowed": True}
        return {}

    assert "interrupted" in perform(work).result["msg"]


def test_a_second_signal_does_not_stop_the_logout(appliance, perform):
    def shoot(_seen: Any) -> Reply:
        os.kill(os.getpid(), signal.SIGTERM)
        return Reply(204)

    def work(task: Task) -> dict[str, Any]:
        task.client.call(Call("GET", "/a"))
        appliance.tokens[:] = [shoot]
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(5)
        return {}

    module = perform(work)
    assert "interrupted by SIGINT" in module.result["msg"]
    assert module.warnings == []


def test_a_signal_while_a_lost_change_is_looked_for_does_not_say_that_nothing_was_changed(appliance, perform):
    def work(task: Task) -> dict[str, Any]:
        appliance.replies[:] = [Reply(action="drop")]
        with contextlib.suppress(UnknownOutcome):
            add(task)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(5)
        return {}

    message = perform(work).result["msg"]
    assert message.endswith("It is not known whether the AWS Organization x was added; run again, it looks first.")


def test_a_signal_during_the_logout_changes_nothing(appliance, perform):
    def shoot(_seen: Any) -> Reply:
        os.kill(os.getpid(), signal.SIGTERM)
        return Reply(action="stall", seconds=0.2, status=204)

    def work(task: Task) -> dict[str, Any]:
        task.client.call(Call("GET", "/a"))
        appliance.tokens[:] = [shoot]
        return {"changed": True}

    module = perform(work)
    assert (module.result, module.warnings) == ({"changed": True}, [])


def test_the_other_threads_stop_at_their_next_call(appliance, perform):
    refused: list[str] = []

    def worker(task: Task) -> None:
        while not task.deadline.expired:
            time.sleep(0.01)
        try:
            task.client.call(Call("GET", "/late"))
        except ApplianceError as error:
            refused.append(error.reason)

    def work(task: Task) -> dict[str, Any]:
        task.client.call(Call("GET", "/a"))
        thread = threading.Thread(target=worker, args=(task,))
        thread.start()
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(5)
        finally:
            thread.join()
        return {}

    perform(work)
    assert refused == ["timeout"]


def test_threads_do_not_finish_their_pauses(appliance, perform):
    def shoot(_seen: Any) -> Reply:
        time.sleep(0.3)  # the other one pauses by then
        os.kill(os.getpid(), signal.SIGTERM)
        return Reply(429, headers={"Retry-After": "8"})

    def work(task: Task) -> dict[str, Any]:
        task.client.call(Call("GET", "/a"))
        appliance.replies[:] = [Reply(429, headers={"Retry-After": "8"}), shoot]
        concurrently(lambda _item: task.client.call(Call("GET", "/b")), range(2), 2)
        return {}

    began = time.monotonic()
    module = perform(work, retries=4, timeout=30)
    assert "interrupted by SIGTERM" in module.result["msg"]
    assert time.monotonic() - began < 5
    assert appliance.calls()[-1] == "DELETE /token"
    assert "GET /late" not in appliance.calls()


def test_outside_the_main_thread_there_are_no_signals(appliance, perform):
    modules: list[Module] = []
    thread = threading.Thread(target=lambda: modules.append(perform(lambda _task: {"changed": False})))
    thread.start()
    thread.join()
    assert modules[0].result == {"changed": False}


MODULE = """
    import contextlib, json, os, sys
    from ansible.module_utils import basic
    from ansible_collections.vbaws.appliance.plugins.module_utils._module.definition import ModuleDoor
    from ansible_collections.vbaws.appliance.plugins.module_utils._module.options import CONNECTION
    from ansible_collections.vbaws.appliance.plugins.module_utils._module.run import run
    from ansible_collections.vbaws.appliance.plugins.module_utils._rest.client import Call

    def work(task):
        task.client.call(Call("GET", "/a"))
        os.system("kill -TERM %d" % os.getpid()) if "--stop" in sys.argv else None
        return {"changed": False, "echo": [task.options["password"], "issued-token-1", "sesame"]}

    arguments = json.loads(sys.stdin.read())
    if "inject_invocation" in basic.PASS_VARS:  # since ansible-core 2.21 a result has it on request only
        arguments["_ansible_inject_invocation"] = True
    try:
        from ansible.module_utils.testing import patch_module_args
        context = patch_module_args(arguments)
    except ImportError:
        basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode()
        context = contextlib.nullcontext()
    with context:
        run(ModuleDoor(basic.AnsibleModule(argument_spec=CONNECTION, supports_check_mode=True)), work)
"""


def real(tmp_path: Path, arguments: dict[str, Any], *flags: str, **environment: str) -> dict[str, Any]:
    """Run a module with Ansible's own object in a process of its own."""
    names = tmp_path / "ansible_collections" / "vbaws"
    names.mkdir(parents=True)
    (names / "appliance").symlink_to(ROOT)
    script = tmp_path / "module.py"
    script.write_text(textwrap.dedent(MODULE))
    variables = {"PYTHONPATH": str(tmp_path), **environment}
    done = subprocess.run(
        [sys.executable, str(script), *flags],
        input=json.dumps(arguments),
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environb, **{os.fsencode(key): os.fsencode(value) for key, value in variables.items()}},
        check=False,
    )
    assert done.stderr == ""
    for secret in ("horse", "issued-token", "sesame"):
        assert secret not in done.stdout
    parsed: dict[str, Any] = json.loads(done.stdout)
    return parsed


def test_ansible_masks_every_secret_in_a_real_module(appliance, proxy, tmp_path):
    options = appliance.options(proxy=f"http://us:sesame@{proxy.where}")
    result = real(tmp_path, options)
    assert len(result["echo"]) == 3
    assert all("*" in text or "NO_LOG" in text for text in result["echo"])
    assert "invocation" in result
    assert appliance.calls()[-1] == "DELETE /token"


def test_a_real_module_takes_everything_from_the_environment_and_obeys_a_signal(appliance, proxy, tmp_path):
    options = appliance.options(proxy=f"http://us:sesame@{proxy.where}")
    variables = {f"VBAWS_{name.upper()}": str(value) for name, value in options.items()}
    variables |= {"VBAWS_ACCESS_TOKEN": "", "VBAWS_TIMEOUT": "", "VBAWS_VALIDATE_CERTS": "yes"}
    result = real(tmp_path, {}, "--stop", **variables)
    assert result["failed"] is True
    assert "interrupted by SIGTERM" in result["msg"]
    assert len(proxy.seen) == 1
    assert appliance.calls() == ["POST /token", "GET /a", "DELETE /token"]


@pytest.mark.parametrize("option", ["password", "username", "hostname", "ca_path"])
def test_a_variable_that_is_not_utf_8_is_named(appliance, tmp_path, option):
    options = {name: value for name, value in appliance.options().items() if name != option}
    result = real(tmp_path, options, **{f"VBAWS_{option.upper()}": "caf\udce9"})
    assert result["failed"] is True
    assert f"The option {option} has characters that are not valid UTF-8." in result["msg"]
    assert f"VBAWS_{option.upper()}" in result["msg"]
    assert appliance.seen == []
