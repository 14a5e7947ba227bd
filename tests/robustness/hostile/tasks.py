# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tasks of the campaign: all modules, and what each task may change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ansible_collections.vbaws.appliance.tests.robustness.hostile.servers.world import BASE, IDS, OPENAPI

Json = dict[str, Any]
MODULES = (
    "appliance_info",
    "iam_role_info",
    "organization",
    "organization_export",
    "organization_info",
    "organization_preflight",
    "organization_rescan",
    "organization_structure_info",
    "organizations",
    "session_info",
    "token",
)
WAITING = ("organization", "organization_preflight", "organization_rescan", "organizations", "session_info")
"""The modules with the options wait_timeout and wait_interval."""

PRODUCTION, SUBSIDIARY = (f"{BASE}/{IDS[name]}" for name in ("production", "subsidiary"))
RESEARCH: Json = {
    "name": "research",
    "rescan_iam_role": "research-rescan",
    "backup_restore_iam_role_name": "VeeamBackupRestore",
    "scope": "entire",
}
SCOPES: list[Json] = [{"name": "Front"}, {"name": "Back", "organizational_units": ["/Security"]}]


@dataclass(frozen=True)
class Task:
    """A task. writes: the requests that it may need to change the configuration, each with its method and path.

    organizations: how many it declares, which gives it more time.
    """

    name: str
    module: str
    options: Mapping[str, Any] = field(default_factory=dict)
    writes: tuple[str, ...] = ()
    login: str = "password"
    check: bool = False
    no_log: bool = False
    organizations: int = 0

    def checked(self) -> Task:
        """The same in check mode."""
        return replace(self, name=f"{self.name}, check mode", check=True, writes=())

    @property
    def deadline(self) -> float:
        """Seconds: ten reads of one second, one for each organization of a list, and one to wait for sessions."""
        return 10.0 + self.organizations + (1.0 if self.module in WAITING else 0.0)


def _organization(title: str, /, *writes: str, **options: Any) -> Task:
    return Task(title, "organization", options, writes)


_ADD = _organization("add", f"POST {BASE}", **RESEARCH)
_ADD_LIMITED = _organization(
    "add limited",
    f"POST {BASE}",
    **{**RESEARCH, "scope": "limited", "limited_scopes": [{"name": "Lab", "organizational_units": ["/Physics"]}]},
)
_UPDATE = _organization("update", f"PUT {PRODUCTION}", name="production", description="new")
_UPDATE_BY_ID = _organization("update by id", f"PUT {PRODUCTION}", id=IDS["production"], description="new")
_RENAME = _organization("rename", f"PUT {PRODUCTION}", id=IDS["production"], name="prod")
_SCOPES = _organization("new scope", f"PUT {PRODUCTION}", name="production", limited_scopes=SCOPES)
_REMOVE = _organization("remove", f"DELETE {SUBSIDIARY}", name="subsidiary", state="absent")
_REMOVE_BY_ID = _organization("remove by id", f"DELETE {SUBSIDIARY}", id=IDS["subsidiary"], state="absent")
_LIST = Task(
    "list",
    "organizations",
    {
        "organizations": [
            {"name": "production", "description": "new"},
            RESEARCH,
            {"name": "subsidiary", "state": "absent"},
        ],
        "concurrency": 1,
    },
    (f"PUT {PRODUCTION}", f"POST {BASE}", f"DELETE {SUBSIDIARY}"),
    organizations=3,
)
_PRUNE = Task(
    "prune",
    "organizations",
    {"organizations": [{"name": "production", "description": "new"}], "prune": True, "concurrency": 4},
    (f"PUT {PRODUCTION}", f"DELETE {SUBSIDIARY}"),
    organizations=1,
)
_RESCAN = Task("rescan", "organization_rescan", {"name": "production"}, (f"POST {BASE}/rescan",))
_TOKEN = Task("token", "token", no_log=True)

TASKS: tuple[Task, ...] = (
    Task("version", "appliance_info"),
    Task("revisions", "appliance_info", {"api_versions": ["1.6-rev0", "1.7-rev0", "1.8-rev0"]}),
    Task("contract", "appliance_info", {"openapi": {"url": OPENAPI}}),
    Task("roles", "iam_role_info"),
    Task("role", "iam_role_info", {"name": "prod-rescan"}),
    _ADD,
    _ADD.checked(),
    _ADD_LIMITED,
    _UPDATE,
    _UPDATE.checked(),
    _UPDATE_BY_ID,
    _RENAME,
    _SCOPES,
    _SCOPES.checked(),
    _REMOVE,
    _REMOVE.checked(),
    _REMOVE_BY_ID,
    _organization("unchanged", name="production", description="By hand"),
    Task("export", "organization_export"),
    Task("export xml", "organization_export", {"format": "xml"}),
    Task("export file", "organization_export", {"dest": "{folder}/organizations.csv"}),
    Task("organizations", "organization_info"),
    Task("organization by name", "organization_info", {"name": "production"}),
    Task("organization by id", "organization_info", {"id": IDS["production"]}),
    Task("preflight", "organization_preflight", {**RESEARCH, "checks": ["role", "name", "settings"]}),
    Task("preflight removal", "organization_preflight", {"remove": ["subsidiary"], "checks": ["removal"]}),
    Task("configuration", "organization_preflight", {"name": "production", "checks": ["configuration"]}),
    _RESCAN,
    _RESCAN.checked(),
    Task("rescan in memory", "organization_rescan", {"name": "production", "storage": "in_memory"}),
    Task("structure", "organization_structure_info", {"name": "production"}),
    Task("tree", "organization_structure_info", {"name": "production", "format": "tree"}),
    _LIST,
    _LIST.checked(),
    _PRUNE,
    Task("session", "session_info", {"id": "{session}"}),
    Task("session waited for", "session_info", {"id": "{session}", "wait": True}),
    _TOKEN,
    replace(_TOKEN, name="token refreshed", options={"refresh_token": "{refresh token}"}),
    replace(_TOKEN, name="token by second factor", options={"mfa_code": "{mfa code}"}, login="mfa"),
    replace(_TOKEN, name="token withdrawn", options={"state": "absent"}, login="token"),
)
BY_NAME = {task.name: task for task in TASKS}
