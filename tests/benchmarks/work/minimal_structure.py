# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The least that a module can do to return a structure: the same requests, and the items as they came."""

from __future__ import annotations

import json
from typing import Any

import requests
from ansible.module_utils.basic import AnsibleModule

PAGE_SIZE = 200


def main() -> None:
    """Runs the module."""
    options: dict[str, Any] = {name: {"type": "str"} for name in ("hostname", "username", "ca_path", "name")}
    options |= {"port": {"type": "int"}, "password": {"type": "str", "no_log": True}}
    module = AnsibleModule(options)
    given = module.params
    session = requests.Session()
    session.trust_env, session.verify = False, given["ca_path"]
    session.headers["x-api-version"] = "1.7-rev0"
    root = f"https://{given['hostname']}:{given['port']}/api/v1"

    def call(method: str, path: str, **more: Any) -> Any:
        answer = session.request(method, root + path, timeout=60, allow_redirects=False, **more)
        answer.raise_for_status()
        return json.loads(answer.content) if answer.content else None

    form = {"grant_type": "password", "username": given["username"], "password": given["password"]}
    session.headers["Authorization"] = f"Bearer {call('POST', '/token', data=form)['access_token']}"
    listed = call("GET", "/organizations/amazon", params={"Offset": 0, "Limit": PAGE_SIZE})["results"]
    found = next(item["id"] for item in listed if item["name"] == given["name"])

    def identities(**selection: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = []
        while True:
            query = {"ExpandChildNodes": "true", "offset": len(items), "limit": PAGE_SIZE, **selection}
            page = call("POST", f"/organizations/amazon/{found}/identitiesInDb", params=query)
            items += page["identities"]
            if len(items) >= page["totalCount"]:
                return items

    identities(TypeFilter="Unit")  # the module reads the units first, to know the paths
    items = identities()
    call("DELETE", "/token")
    module.exit_json(changed=False, identities=items)


if __name__ == "__main__":
    main()
