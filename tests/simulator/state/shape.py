# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the reference leaves open, decided for one appliance: the form of its answers, documented or drawn."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from .names import ALTERNATIVES, DOCUMENTED, LIST_ITEM_KEYS

CHOICES: dict[str, tuple[Any, ...]] = {
    "scope_members": ("listed", "by_structure_call"),
    "session_reference": ("sessionId", "id", "links", "location"),
    "nulls": ("null", "absent"),
    "parent_id": ("aws", "system", "absent"),
    "list_extras": ("none", "links", "offset_limit"),
    "problem_media_type": ("application/json", "application/problem+json"),
}
UNKNOWN_PROPERTIES = ("none", "kept", "replaced", "refused")
MEMBERS = "limited_scope.organizational_units"
UNHEARD_OF: dict[str, tuple[str, ...]] = {
    "organization.production_worker_iam_role_name": ("pwRole", "computeRole", "proxyRoleName"),
    "organization.backup_restore_iam_role_name": ("brRole", "protectionRole", "dataRoleName"),
    "organization.description": ("note", "comment", "remarks"),
    MEMBERS: ("orgUnits", "containers", "ouIds"),
    "organization.rescan_iam_role": ("scanRole", "discoveryRoleId"),
    "organization.aws_organization_id": ("awsOrg", "rootOrganization"),
    "organization.limited_scopes": ("scopeList", "filters"),
    "limited_scope.id": ("scopeKey", "uid"),
}
"""Names that are in no list of the collection. The first key is always drawn, the next three often, the rest rarely."""
COMPUTED: tuple[dict[str, Any], ...] = (
    {},
    {"organization.protectionState": "Protected"},
    {"organization.health": {"state": "Healthy", "accounts": 3}, "limited_scope.accountsTotal": 2},
)


@dataclass(frozen=True)
class Shape:
    """The form of the answers of one appliance. The defaults are the documented form."""

    names: dict[str, str | None] = field(default_factory=dict)
    """Property names that differ from the contract's, by the collection's own names ("organization.name").

    A dotted one ("rescanIamRole.id") is an object in an object on reading, and written under the contract's name. Drawn
    among the contract's `x-also-read-as`. None, which is never drawn: the property is not shown, and written under the
    contract's name.
    """
    write_names: dict[str, str] = field(default_factory=dict)
    """Names that requests use where they differ from those of the answers. Never drawn: nobody could guess them."""
    list_keys: tuple[str, ...] | None = None
    """The keys, in the collection's names, that an item of the list of organizations has beside its ID and name.

    None: all of them.
    """
    scope_members: str = "listed"
    """`listed`: an organization's scopes come with their units. `by_structure_call`: only get_structure shows them."""
    session_reference: str = "sessionId"
    """Where a 202 tells the session: `sessionId` (and `_links`), or `id`, `links`, `location` (the header) alone."""
    nulls: str = "null"
    """What is not set: `null`, or `absent`."""
    keeps_dropped_scopes: bool = False
    """Whether a PUT keeps the scopes that it does not name."""
    parent_id: str = "aws"
    """What `parentId` of a stored structure holds: `aws`, `system` (the appliance's ID of the unit), or `absent`.

    Absent means that only a tree tells the hierarchy. A structure in memory has no IDs of the appliance: there `system`
    is `aws`.
    """
    list_extras: str = "none"
    """What a list says beside its items: `none`, `links` (`_links` to the next page), `offset_limit`."""
    problem_media_type: str = "application/json"
    """The media type of problem bodies."""
    problem_type: bool = False
    """Whether a problem body has a `type`."""
    framework_problems: bool = False
    """Whether the web framework answers requests outside of the contract: `title`, `status`, `errors`, `traceId`."""
    page_cap: int = 100
    """How many items the appliance answers at most, whatever `Limit` says."""
    old_role_names: bool = False
    """Whether IAM roles have the older property names `awsid` and `iamRole`."""
    zoned_times: bool = True
    """Whether times end with their zone."""
    unknown_properties: str = "none"
    """Whether organizations have properties that no documentation names, and what a PUT does with them. Never drawn.

    `kept`: it leaves them alone, whatever it sends. `replaced`: it gives them what it sends, and drops the others.
    `refused`: it may not send any.
    """
    lenient: bool = False
    """Whether a request may lack settings that the contract requires, which then are not set. Never drawn."""
    keeps_empty_text: bool = False
    """Whether an empty text is one. Otherwise it is the same as a text that is not set. Never drawn."""
    empty_lists: bool = True
    """Whether an organization without limited scopes shows an empty list, and not none. Never drawn."""
    lists_root: bool = True
    """Whether the structure calls list the root. Never drawn."""
    strict: bool = False
    """Whether a request may not have a property that the appliance does not know, else it is ignored. Not in `random`.
    """
    computed: dict[str, Any] = field(default_factory=dict)
    """Values that answers show and no request sets, such as {"organization.protectionState": "Protected"}. Likewise."""

    def __post_init__(self) -> None:
        for name, choices in CHOICES.items():
            if getattr(self, name) not in choices:
                raise ValueError(f"shape: {name} is one of {', '.join(choices)}, not {getattr(self, name)!r}")
        for kind in (self.names, self.write_names):
            for key in kind:
                if key not in DOCUMENTED:
                    raise ValueError(f"shape: no property is called {key}; there are {', '.join(sorted(DOCUMENTED))}")
        for key in self.list_keys or ():
            if key not in LIST_ITEM_KEYS:
                raise ValueError(f"shape: list_keys are among {', '.join(LIST_ITEM_KEYS)}, not {key!r}")
        for key in self.computed:
            if not key.startswith(("organization.", "limited_scope.")):
                raise ValueError(f"shape: computed has keys such as organization.state, not {key!r}")
        if self.unknown_properties not in UNKNOWN_PROPERTIES:
            raise ValueError(f"shape: unknown_properties is one of {', '.join(UNKNOWN_PROPERTIES)}")
        if self.page_cap < 1:
            raise ValueError("shape: page_cap is at least 1")

    @classmethod
    def documented(cls) -> Shape:
        """The form of the contract."""
        return cls()

    @classmethod
    def random(cls, seed: int) -> Shape:
        """A form drawn from a seed: the same one each time."""
        return cls(**_drawn(random.Random(f"shape {seed}")))

    @classmethod
    def unknown(cls, seed: int) -> Shape:
        """A form with property names that the collection does not know, drawn from a seed: the same one each time."""
        return cls(**_unheard_of(random.Random(f"unknown shape {seed}")))

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Shape:
        """The documented form with some fields changed."""
        known = {one.name for one in fields(cls)}
        for key in given:
            if key not in known:
                raise ValueError(f"shape: no field is called {key}; there are {', '.join(sorted(known))}")
        values = dict(given)
        if values.get("list_keys") is not None:
            values["list_keys"] = tuple(values["list_keys"])
        return cls(**values)

    @classmethod
    def of(cls, wish: Shape | Mapping[str, Any] | str, seed: int) -> Shape:
        """The form for `documented`, `random`, `unknown` or a dict."""
        if isinstance(wish, Shape):
            return wish
        if isinstance(wish, Mapping):
            return cls.from_dict(wish)
        if wish == "random":
            return cls.random(seed)
        if wish == "unknown":
            return cls.unknown(seed)
        if wish == "documented":
            return cls.documented()
        raise ValueError(f"shape is documented, random, unknown or a dict, not {wish!r}")

    def as_dict(self) -> dict[str, Any]:
        """All fields, as JSON has them."""
        return asdict(self)

    def read_name(self, key: str) -> str:
        """The name in answers of a property, by the collection's own name. May be dotted; empty: it is not shown."""
        return self.names.get(key, DOCUMENTED[key]) or ""

    def write_name(self, key: str) -> str:
        """The name in requests of a property, by the collection's own name."""
        if key in self.write_names:
            return self.write_names[key]
        name = self.read_name(key)
        return DOCUMENTED[key] if "." in name or not name else name

    def wire_names(self) -> dict[str, Any]:
        """What a user has to set as `wire_names` to work with an appliance of this shape."""
        told = {key for key, name in DOCUMENTED.items() if self.write_name(key) != name}
        if self.scope_members != "listed":
            told.add(MEMBERS)
        if self.nulls == "absent" and (self.computed or self.unknown_properties != "none"):
            # Beside properties without a meaning, a setting that is not shown may be one of them.
            told.update(("organization.description", "organization.production_worker_iam_role_name"))
        names: dict[str, Any] = {key: self.write_name(key) for key in DOCUMENTED if key in told}
        if self.strict and self.computed:
            names["not_sent"] = [key.partition(".")[2] for key in self.computed]
        return names


def _drawn(draw: random.Random) -> dict[str, Any]:
    """The fields of a form in names that the collection knows."""
    names: dict[str, str | None] = {}
    for key, others in ALTERNATIVES.items():
        name = draw.choice([DOCUMENTED[key], *others])
        if name != DOCUMENTED[key]:
            names[key] = name
    return {
        "names": names,
        "list_keys": tuple(key for key in LIST_ITEM_KEYS if draw.random() < 0.5) if draw.random() < 0.6 else None,
        "keeps_dropped_scopes": draw.random() < 0.15,
        "problem_type": draw.random() < 0.5,
        "framework_problems": draw.random() < 0.5,
        "page_cap": draw.choice((2, 7, 50, 100, 500)),
        "old_role_names": draw.random() < 0.5,
        "zoned_times": draw.random() < 0.5,
        **{name: draw.choice(choices) for name, choices in CHOICES.items()},
    }


def _unheard_of(draw: random.Random) -> dict[str, Any]:
    """The fields of a form with names that the collection does not know."""
    chances = (1.0, 0.6, 0.6, 0.6, 0.2, 0.2, 0.15, 0.15)
    strict = draw.random() < 0.4
    return {
        "names": {
            key: draw.choice(names)
            for (key, names), chance in zip(UNHEARD_OF.items(), chances, strict=True)
            if draw.random() < chance
        },
        "list_keys": draw.choice((None, (), tuple(key for key in LIST_ITEM_KEYS if draw.random() < 0.5))),
        "scope_members": draw.choice(("listed", "listed", "by_structure_call")),
        "nulls": draw.choice(CHOICES["nulls"]),
        "unknown_properties": draw.choice(("none", "kept", "replaced")),
        "computed": draw.choice(COMPUTED),
        "strict": strict,
        "lenient": not strict and draw.random() < 0.5,
    }
