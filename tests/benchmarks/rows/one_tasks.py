# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tasks that are compared: ``organization``, tasks of Ansible itself, and the same work by hand with ``uri``."""

from __future__ import annotations

from typing import Any

from ..harness.bench import Task
from ..server.process import Server
from ..server.wish import PASSWORD, USERNAME

NAME, ROLE, BACKUP_ROLE = "organization-001", "rescan-001", "VeeamBackupRestore"
JSON = "application/json"


def empty(_server: Server, _description: str | None) -> list[Task]:
    """Nothing: what remains is the start of Ansible and of the play."""
    return []


def debug(_server: Server, _description: str | None) -> list[Task]:
    """The least that any task costs: it runs no module."""
    return [{"ansible.builtin.debug": {"msg": "text"}}]


def ping(_server: Server, _description: str | None) -> list[Task]:
    """The least that a module costs."""
    return [{"ansible.builtin.ping": {}}]


def uri(server: Server, _description: str | None) -> list[Task]:
    """One GET of the list of organizations."""
    return [_request(server, "GET", "/organizations/amazon?Offset=0&Limit=200")]


def organization(server: Server, description: str | None) -> list[Task]:
    """The module. Without a description nothing differs."""
    declared = {
        "name": NAME,
        "rescan_iam_role": ROLE,
        "backup_restore_iam_role_name": BACKUP_ROLE,
        "scope": "entire",
        **({} if description is None else {"description": description}),
    }
    return [{"vbaws.appliance.organization": {**declared, **server.options()}}]


def by_hand(server: Server, description: str | None) -> list[Task]:
    """The same requests as tasks: login, list, roles, comparison, change and reading back if it differs, logout."""
    text = "(found.description or '')" if description is None else f"'{description}'"
    settings = "{'name': found.name, 'rescanIamRoleId': role.id, 'backupRestoreIamRoleName': '%s'}" % BACKUP_ROLE
    one, wanted = "/organizations/amazon/{{ found.id }}", "{{ %s | combine({'description': %s}) }}" % (settings, text)
    same = "found.name == wanted.name and found.rescanIamRoleId == wanted.rescanIamRoleId"
    same += " and found.backupRestoreIamRoleName == wanted.backupRestoreIamRoleName"
    same += " and (found.description or '') == wanted.description and found.limitedScopes == []"
    form = {"grant_type": "password", "username": USERNAME, "password": PASSWORD}
    first = "{{ %s.json.results | selectattr('name', 'equalto', '%s') | first }}"
    return [
        _request(server, "POST", "/token", body=form, body_format="form-urlencoded", register="login"),
        _request(server, "GET", "/organizations/amazon?Offset=0&Limit=200", register="listed"),
        _request(server, "GET", f"/accounts/amazon?SearchPattern={ROLE}&Offset=0&Limit=200", register="roles"),
        {"ansible.builtin.set_fact": {"found": first % ("listed", NAME), "role": first % ("roles", ROLE)}},
        {"ansible.builtin.set_fact": {"wanted": wanted}},
        _request(
            server,
            "PUT",
            one,
            body={"organization": "{{ wanted }}"},
            body_format="json",
            when=f"not ({same})",
            changed_when="true",
            register="modified",
        ),
        _request(server, "GET", one, when="modified is not skipped", register="read_back"),
        {
            "ansible.builtin.assert": {"that": ["read_back.json.description == wanted.description"]},
            "when": "modified is not skipped",
        },
        _request(server, "DELETE", "/token", status_code=204),
    ]


def _request(server: Server, method: str, path: str, **more: Any) -> Task:
    keywords = {key: more.pop(key) for key in ("when", "register", "changed_when") if key in more}
    headers = {"x-api-version": "1.7-rev0", "Authorization": "Bearer {{ (login | default({})).json.access_token | default('') }}"}
    options = {"url": server.url + path, "method": method, "headers": headers, "ca_path": server.ca_file, **more}
    return {"ansible.builtin.uri": options, **keywords}
