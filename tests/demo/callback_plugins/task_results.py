# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes down what each task returned, so that the demonstration can check it while Ansible prints as usual."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: task_results
type: notification
short_description: Write the result of each task to a file
description:
  - Adds a line of JSON for each task that ended.
requirements:
  - enabled in the configuration
options:
  path:
    description: File to add to.
    type: str
    required: true
    env:
      - name: DEMO_RESULTS
"""


class CallbackModule(CallbackBase):  # type: ignore[misc]  # Ansible is not typed
    """A line of JSON a task: the name of the organization it declares, and its result."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "task_results"
    CALLBACK_NEEDS_ENABLED = True

    def _write(self, ended: Any) -> None:
        line = json.dumps({"organization": ended.task.args["name"], "result": ended.result}, default=str)
        with Path(self.get_option("path")).open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def v2_runner_on_ok(self, result: Any) -> None:
        self._write(result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._write(result)
