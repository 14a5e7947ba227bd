# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs each task in a worker process of Ansible. Works with each supported ansible-core.

As a program: FOLDER SOCKET. FOLDER is above ansible_collections. A client connects to SOCKET and sends an order with
the files of a run. It gets two lines of JSON: the ID of the worker, and at the end its exit status and its CPU time.
"""

from __future__ import annotations

import dataclasses
import gc
import importlib
import inspect
import json
import os
import signal
import socket
import sys
import traceback
from pathlib import Path
from typing import Any

from ansible import context
from ansible.executor.process.worker import WorkerProcess
from ansible.executor.task_queue_manager import DisplaySend, FinalQueue
from ansible.inventory.manager import InventoryManager
from ansible.module_utils.common.collections import ImmutableDict
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play import Play
from ansible.playbook.play_context import PlayContext
from ansible.plugins import loader as plugins
from ansible.vars.manager import VariableManager

runner: Any = importlib.import_module("runner")  # the folder of this program is in sys.path
LONGEST_ORDER = 1_000_000
INTERRUPTING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
MODULES = sorted(path.stem for path in (Path(__file__).parents[4] / "plugins" / "modules").glob("[a-z]*.py"))
WORKER_ARGUMENTS = inspect.signature(WorkerProcess.__init__).parameters

Json = dict[str, Any]


class Queue(FinalQueue):  # type: ignore[misc]
    """Takes the result alone, whose envelope each ansible-core has in its own form."""

    def send_task_result(self, *arguments: Any, **_more: Any) -> None:
        last = arguments[-1]
        if hasattr(last, "as_result_dict"):  # ansible-core 2.21 and newer
            last = last.as_result_dict()
        self.put({"result": getattr(last, "_return_data", last)})


class Worker(WorkerProcess):  # type: ignore[misc]
    """Reports by how much its memory grew."""

    report = -1

    def run(self) -> None:
        before = runner.memory("VmRSS")
        super().run()
        os.write(self.report, str(runner.memory("VmHWM") - before).encode())


class Controller:
    """What a controller has before it forks a worker."""

    def __init__(self) -> None:
        context.CLIARGS = ImmutableDict(forks=1, module_path=[], connection="local", verbosity=0)
        self._loader = DataLoader()
        inventory = InventoryManager(self._loader, sources=["localhost,"])
        self._variables = VariableManager(self._loader, inventory)
        self._host = inventory.get_host("localhost")
        for name in MODULES:
            # As the strategies of Ansible import an action plugin.
            plugins.action_loader.get(f"vbaws.appliance.{name}", class_only=True)
        self.worker({"module": MODULES[0], "options": {}}, Queue())

    def worker(self, order: Json, queue: Queue) -> Worker:
        """A worker that does one task."""
        keywords: Json = {name: order[name] for name in ("check_mode", "diff", "no_log") if name in order}
        task: Json = {f"vbaws.appliance.{order['module']}": order["options"], **keywords}
        # A module of its own would fail without a temporary folder, so it cannot take the place of the worker.
        unusable = {"ansible_remote_tmp": "/dev/null/none"}
        wanted = {"hosts": "all", "connection": "local", "gather_facts": False, "vars": unusable, "tasks": [task]}
        play = Play().load(wanted, variable_manager=self._variables, loader=self._loader)
        loaded = next(one for block in play.tasks for one in block.block if one.action.startswith("vbaws."))
        given = {
            "final_q": queue,
            "task_vars": self._variables.get_vars(play=play, host=self._host, task=loaded),
            "host": self._host,
            "task": loaded,
            "play_context": PlayContext(play),
            "loader": self._loader,
            "variable_manager": self._variables,
            "shared_loader_obj": getattr(plugins, "get_plugin_loader_namespace", lambda: plugins)(),
            "worker_id": 0,
            "cliargs": context.CLIARGS,
        }
        return Worker(**{name: value for name, value in given.items() if name in WORKER_ARGUMENTS})

    def serve(self, listener: socket.socket) -> None:
        """Run the tasks of all connections, each in a process of its own."""
        while True:
            connection, _address = listener.accept()
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                listener.close()
                try:
                    self._run(connection)
                except BaseException:  # noqa: BLE001  (an interpreter would print it as well)
                    traceback.print_exc()
                finally:
                    sys.stderr.flush()
                    os._exit(0)
            connection.close()

    def _run(self, connection: socket.socket) -> None:
        text, files, _flags, _address = socket.recv_fds(connection, LONGEST_ORDER, 3)
        order = json.loads(text)
        out, err, report = files
        os.dup2(out, 1)
        os.dup2(err, 2)
        os.environ.clear()
        os.environ.update(order["environment"])
        os.chdir(order["folder"])
        queue = Queue()
        worker = self.worker(order, queue)
        worker.report = report
        runner.limit(runner.memory("VmSize"))
        worker.start()
        _send(connection, pid=worker.pid)
        results, shown, unexpected = _received(queue)
        _pid, status, usage = os.wait4(worker.pid, 0)
        if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 1 and not hasattr(WorkerProcess, "_term"):
            status = signal.SIGINT  # until ansible-core 2.18 a worker exits with 1 after this signal
        os.write(err, "\n".join(unexpected).encode("utf-8", "backslashreplace"))
        if not results and _is_interrupted(status, shown, order):
            # Ansible drops the result of a task that it stops, and people see this instead.
            results = [{"failed": True, "msg": "\n".join(shown)}]
        for result in results:
            with os.fdopen(out, "w", encoding="utf-8", closefd=False) as file:
                json.dump({**_as_returned(result), **({"displayed": shown} if shown else {})}, file, default=_plain)
        _send(connection, status=status, cpu=usage.ru_utime + usage.ru_stime)


def _is_interrupted(status: int, shown: list[str], order: Json) -> bool:
    """Whether a signal ended the worker, and the worker had shown a text, which no_log forbids."""
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) in INTERRUPTING and bool(shown or order.get("no_log"))


def _received(queue: Queue) -> tuple[list[Json], list[str], list[str]]:
    """What a worker sends until its end: results, texts that it shows, and everything else."""
    results: list[Json] = []
    shown: list[str] = []
    unexpected: list[str] = []
    queue._writer.close()  # so that the end of the worker ends the queue
    while True:
        try:
            one = queue.get()
        except EOFError:
            return results, shown, unexpected
        if isinstance(one, dict):
            results.append(one["result"])
        elif isinstance(one, DisplaySend) and one.method == "display":
            shown.append(str(one.args[0]))
        else:
            unexpected.append(str(vars(one)))


def _as_returned(result: Json) -> Json:
    """A result without the ``exception`` that new ansible-cores add to each failure that an action plugin returns."""
    # An error that an action plugin raises, and does not return, begins with these words.
    if dataclasses.is_dataclass(result.get("exception")) and not str(result.get("msg")).startswith("Task failed"):
        return {"added" if name == "exception" else name: value for name, value in result.items()}
    return result


def _plain(value: Any) -> Any:
    return dataclasses.asdict(value) if hasattr(value, "__dataclass_fields__") else str(value)


def _send(connection: socket.socket, **values: Any) -> None:
    connection.sendall(json.dumps(values).encode() + b"\n")


def main() -> None:
    """Serve orders until the process is ended."""
    folder, where = sys.argv[1:]
    os.nice(5)
    plugins.init_plugin_loader([folder])
    controller = Controller()
    # The garbage collector of a fork would otherwise touch, and so copy, all memory of this process.
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(where)
        listener.listen(100)
        print("ready", flush=True)
        controller.serve(listener)


if __name__ == "__main__":
    main()
