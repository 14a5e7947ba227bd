# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The organizations module: a list with defaults in, one result for all of them out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .._appliance.appliance import Workbench
from .._errors import ApplianceError
from .._model.desired import Desired, declared_from_options
from .._model.match import require_distinct
from .._model.values import check_least
from .._module.options import ORGANIZATION
from .._module.task import Task
from .._plan.limits import plan_id
from .batch import Declarations
from .declaration import Declaration
from .summary import failure_of_many, summarize

_DEFAULTS = {option: spec["default"] for option, spec in ORGANIZATION.items() if "default" in spec}
_LEAST = {"concurrency": 1, "prune_limit": 0}

# Keys that every record has, however early its organization failed.
_NOTHING_KNOWN: dict[str, Any] = {
    "organization": None,
    "status": None,
    "action": None,
    "changes": [],
    "unverified": [],
    "plan_id": None,
    "impact": None,
    "preflight": [],
    "not_checked": [],
    "session": None,
}


def declare_organizations(task: Task) -> dict[str, Any]:
    """Makes the organizations of an appliance what is declared and returns the result of the module.

    Raises ApplianceError that carries the same result, where an organization failed or the whole was refused.
    """
    options = task.options
    check_least(options, _LEAST)
    bench = Workbench.of(task)
    # Told in the order of the list, whichever organization comes first.
    warnings: list[list[str]] = [[] for _item in [*options["organizations"], None]]
    declared = [
        _declaration(_task_for(task, item, told), bench) for item, told in zip(options["organizations"], warnings)
    ]
    require_distinct([one.desired for one in declared])
    declarations = Declarations(task, declared, bench, options["concurrency"])
    try:
        refused = _carry_out(declarations, options, _task_for(task, {}, warnings[-1]))
    finally:
        for text in (text for told in warnings for text in told):
            task.warn(text)
    result = _result(task, declarations)
    failed = [one for one in declarations.all if one.error is not None]
    if refused is None and not failed:
        return result
    error = refused or failure_of_many(
        [(one.label, one.error) for one in failed if one.error is not None],
        len(declarations.all),
        result["summary"]["untouched"],
        declarations.kept,
    )
    error.done = [text for one in declarations.all for text in one.done]
    error.unknown = " and whether ".join(one.unknown for one in declarations.all if one.unknown) or None
    error.journaled = True
    error.record = {**result, "changed": bool(error.done)}
    raise error


def _carry_out(declarations: Declarations, options: Mapping[str, Any], prune: Task) -> ApplianceError | None:
    """Returns the error for which nothing was carried out, if there is one."""
    declarations.plan(prune if options["prune"] else None)
    try:
        declarations.judge(options.get("prune_limit"))
    except ApplianceError as error:
        declarations.refuse(error)
        return error
    declarations.carry_out()
    return None


def _declaration(task: Task, bench: Workbench) -> Declaration:
    """One item of the list. One that contradicts itself fails for itself alone, and still says which one it means."""
    try:
        return Declaration(task, declared_from_options(task.options), bench)
    except ApplianceError as error:
        options = task.options
        meant = Desired(options["state"], options["id"], options["aws_organization_id"], {"name": options["name"]})
        declaration = Declaration(task, meant, bench)
        declaration.refuse(error)
        return declaration


def _task_for(task: Task, item: Mapping[str, Any], warnings: list[str]) -> Task:
    """The task as one organization sees it: its own options, else those of ``defaults``, else the documented ones."""
    options = dict(task.options)
    for option in ORGANIZATION:
        given = (item.get(option), (task.options.get("defaults") or {}).get(option), _DEFAULTS.get(option))
        options[option] = next((value for value in given if value is not None), None)
    return replace(task, options=options, warn=warnings.append)


def _result(task: Task, declarations: Declarations) -> dict[str, Any]:
    every = declarations.all
    records = [_record(one) for one in every]
    planned = [(one.desired, one.prepared.plan) for one in every if one.prepared is not None]
    return {
        "changed": any((one.result or {}).get("changed") for one in every),
        "organizations": records,
        "unmanaged": [organization.as_result() for organization in declarations.undeclared],
        "summary": summarize(records, task.check_mode),
        "plan_id": plan_id(planned) if len(planned) == len(every) else None,
        "diff": [one.result["diff"] for one in every if one.result and "diff" in one.result and not one.untouched],
    }


def _record(one: Declaration) -> dict[str, Any]:
    known = dict(one.result or (one.error.record if one.error else {}))
    known.pop("changed", None)
    known.pop("diff", None)
    there = known.get("organization") or (
        one.prepared.actual.as_result() if one.prepared and one.prepared.actual else {}
    )
    return {
        "name": one.desired.label,
        "id": there.get("id"),
        "aws_organization_id": there.get("aws_organization_id"),
        "declared": one.declared,
        **_NOTHING_KNOWN,
        **known,
        **({} if one.declared or one.prepared is None else {"status": "unmanaged"}),
        "msg": one.error.sentence() if one.error else None,
        "failure": one.error.failure() if one.error else None,
    }
