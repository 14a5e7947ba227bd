# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes each result to a file, and makes an error of what the worker process must never do."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

try:
    import requests.utils as of_requests
except ImportError:
    of_requests = None  # type: ignore[assignment]
from ansible.module_utils import basic
from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: doors_results
type: notification
short_description: Write each result to a file
description:
  - Adds a line of JSON for each task or item that ended.
requirements:
  - enabled in the configuration
options:
  path:
    description: File to add to.
    type: str
    required: true
    env:
      - name: DOORS_RESULTS
"""

_PLAIN = (dict, list, str, int, float, bool, type(None))


def _forbidden(*_arguments: Any, **_options: Any) -> NoReturn:
    raise AssertionError("forbidden in the worker process")


def _getproxies() -> dict[str, str]:
    """As on macOS, which asks the system if the environment has no proxy."""
    return urllib.request.getproxies_environment() or _forbidden()


def _proxy_bypass(host: str) -> bool:
    return bool(urllib.request.proxy_bypass_environment(host, _getproxies()))  # type: ignore[attr-defined]


# Ansible imports this plugin before it forks its workers. The modules run in processes of their own, without it.
# AnsibleModule in a worker breaks ansible-core 2.19 and newer. Asking the system for proxies crashes a forked process
# on macOS.
basic.AnsibleModule.__init__ = _forbidden
for _place in filter(None, (urllib.request, of_requests)):
    _place.getproxies = _getproxies  # type: ignore[attr-defined]
    _place.proxy_bypass = _proxy_bypass  # type: ignore[attr-defined]


def _unusual(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the path and type of each value that JSON would change."""
    if type(value) not in _PLAIN:
        yield path, type(value).__name__
    if isinstance(value, dict):
        for key, member in value.items():
            # Not isinstance: a tagged text of Ansible is one as well.
            if type(key).__name__ != "str":
                yield f"{path}.{key} (key)", type(key).__name__
            yield from _unusual(member, f"{path}.{key}")
    elif isinstance(value, (list, tuple)):
        for number, member in enumerate(value):
            yield from _unusual(member, f"{path}[{number}]")


class CallbackModule(CallbackBase):  # type: ignore[misc]  # Ansible is not typed
    """A line for each event: its name, the task, the host, and the result."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "doors_results"
    CALLBACK_NEEDS_ENABLED = True

    def _write(self, event: str, ended: Any) -> None:
        # Before ansible-core 2.19 the names have an underscore.
        result, task, host = (
            getattr(ended, name) if hasattr(ended, name) else getattr(ended, f"_{name}")
            for name in ("result", "task", "host")
        )
        record = {
            "event": event,
            "task": task.get_name(),
            "host": host.get_name(),
            "result": result,
            "types": dict(_unusual(result)),
        }
        with Path(self.get_option("path")).open("a", encoding="utf-8") as file:
            file.write(json.dumps(record, default=repr) + "\n")

    def v2_runner_on_ok(self, result: Any) -> None:
        self._write("ok", result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._write("failed", result)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self._write("unreachable", result)

    def v2_runner_on_skipped(self, result: Any) -> None:
        self._write("skipped", result)

    def v2_runner_item_on_ok(self, result: Any) -> None:
        self._write("item ok", result)

    def v2_runner_item_on_failed(self, result: Any) -> None:
        self._write("item failed", result)

    def v2_runner_retry(self, result: Any) -> None:
        self._write("retry", result)
