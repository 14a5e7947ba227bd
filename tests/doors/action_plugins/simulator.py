# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Acts behind the back of the simulated appliance, at the cost of one request: options method, path, body."""

from __future__ import annotations

import json
import os
import ssl
import urllib.request
from typing import Any

from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):  # type: ignore[misc]  # Ansible is not typed
    """Sends a request to the control endpoint."""

    def run(self, tmp: Any = None, task_vars: Any = None) -> dict[str, Any]:
        """Returns nothing but that. Raises HTTPError if it was refused."""
        arguments = self._task.args
        context = ssl.create_default_context(cafile=os.environ["DOORS_CA_FILE"])
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
        )
        request = urllib.request.Request(  # noqa: S310  (the address is the simulator's)
            os.environ["DOORS_CONTROL"] + str(arguments["path"]),
            data=json.dumps(arguments.get("body", {})).encode(),
            method=str(arguments.get("method", "POST")),
        )
        with opener.open(request, timeout=30):
            return {"changed": False}
