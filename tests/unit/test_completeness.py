# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that the fifteen calls of the Organizations reference offer can be had from a playbook.

Tasks run against a simulated appliance, and what its request log shows is held against the contract.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from in_process import run_module
from simulator.web.process import RunningAppliance, running_simulator

ROOT = Path(__file__).resolve().parents[2]
CONTRACT: dict[str, Any] = yaml.safe_load((ROOT / "docs/openapi/organizations-1.7-rev0.yaml").read_text("utf-8"))

EXCUSED = {
    "get_rescan_results query ReturnAsTree": "A tree comes in one piece, however large. The option format: tree makes "
    "it of the list, whose pages are read to the end; the appliance is asked for its own where the list tells no "
    "parents.",
    "get_structure query ReturnAsTree": "As above.",
    "rescan answer rel": "The role of a link: the one to the session is told by its address.",
    "add_organization answer rel": "As above.",
    "test_configuration answer rel": "As above.",
    "get_organizations answer rel": "Links lead to other pages, which are asked for by offset and limit.",
}
"""What no option reaches, or what is not read of an answer, each with the reason."""


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    """A part of the contract without its reference, and with what allOf brings."""
    while "$ref" in node:
        at: Any = CONTRACT
        for part in node["$ref"].removeprefix("#/").split("/"):
            at = at[part]
        node = at
    for inner in node.get("allOf", ()):
        node = {**resolved(inner), **{key: value for key, value in node.items() if key != "allOf"}}
    return node


def properties(schema: dict[str, Any], where: str = "", seen: tuple[str, ...] = ()) -> Iterator[tuple[str, list[Any]]]:
    """The dotted name of every property, however deep, and the values that it can have where these are enumerated."""
    schema = resolved(schema)
    if "items" in schema:
        yield from properties(schema["items"], where, seen)
    for name, inner in schema.get("properties", {}).items():
        if name not in seen:  # a tree holds trees
            yield f"{where}{name}", resolved(inner).get("enum", [])
            yield from properties(inner, f"{where}{name}.", (*seen, name))


def operations() -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Method, path, name and operation of each of the fifteen calls."""
    for path, item in CONTRACT["paths"].items():
        for method, operation in item.items():
            if method != "parameters" and "organizations" in operation["tags"]:
                both = [resolved(one) for one in (*item.get("parameters", ()), *operation.get("parameters", ()))]
                yield method.upper(), path, operation["operationId"], {**operation, "parameters": both}


def offered() -> set[str]:
    """All that a request of the fifteen calls can consist of."""
    found = set()
    for _method, _path, name, operation in operations():
        found.add(name)
        for parameter in operation["parameters"]:
            schema = resolved(parameter["schema"])
            values = resolved(schema.get("items", schema)).get("enum", [])
            found.add(f"{name} {parameter['in']} {parameter['name']}")
            found.update(f"{name} {parameter['in']} {parameter['name']}={value}" for value in values)
        for content in operation.get("requestBody", {}).get("content", {}).values():
            for prop, values in properties(content["schema"]):
                found.add(f"{name} body {prop}")
                found.update(f"{name} body {prop}={value}" for value in values)
        kinds = operation["responses"].get("200", {}).get("content", {})
        found.update(f"{name} accept {kind}" for kind in kinds if len(kinds) > 1)
    return found


def sent(request: dict[str, Any]) -> Iterator[str]:
    """What one request of the log consisted of, in the same words; nothing of other calls than the fifteen."""
    path = request["path"].removeprefix("/api/v1")
    matching = [
        (template.count("{"), name, template)
        for method, template, name, _operation in operations()
        if method == request["method"] and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path)
    ]
    if not matching:
        return
    _count, name, template = min(matching)
    yield name
    yield from (f"{name} path {parameter}" for parameter in re.findall(r"\{(\w+)\}", template))
    yield from (f"{name} header {header.lower()}" for header in request["headers"])
    yield f"{name} accept {request['headers'].get('Accept') or request['headers'].get('accept')}"
    for key, value in request["query"].items():
        yield f"{name} query {key}"
        yield from (f"{name} query {key}={one}" for one in (value if isinstance(value, list) else [value]))
    yield from (f"{name} body {one}" for one in _parts(request["body"]))


def _parts(value: Any, where: str = "") -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _parts(one, where)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield f"{where}{key}"
            if isinstance(inner, str):
                yield f"{where}{key}={inner}"
            yield from _parts(inner, f"{where}{key}.")


SETTINGS = {
    "description": "Everything",
    "rescan_iam_role": "prod-rescan",
    "backup_restore_iam_role_name": "VeeamBackupRestore",
    "production_worker_iam_role_name": "VeeamProductionWorker",
    "scope": "limited",
    "limited_scopes": [{"name": "Shops", "organizational_units": ["/Workloads/Prod"]}],
}
CHECKS = {"checks": ["name", "role", "settings", "configuration"], "fail_on": "never"}
MORE = [*SETTINGS["limited_scopes"], {"name": "Security", "organizational_units": ["/Security"]}]
PARTS = {"unit": "/Workloads", "included_members": ["/Workloads/Prod"], "search": "*", "limit": 9, "offset": 0}
COLUMNS = ("name", "organizationId", "iamRole", "scope", "description")


def tasks() -> Iterator[tuple[str, dict[str, Any]]]:
    """Tasks as a playbook has them, which together use every option that a call hangs on. SESSION: of the last one."""
    yield "organization_rescan", {"rescan_iam_role": "prod-rescan", "storage": "in_memory"}
    yield "organization_structure_info", {"session": "SESSION", **PARTS, "type": "unit"}
    yield "organization_structure_info", {"session": "SESSION", "type": "account", "recurse": False}
    yield "organization_preflight", {"name": "production", **SETTINGS, **CHECKS}
    yield "organization", {"name": "production", **SETTINGS, "checks": CHECKS["checks"]}
    yield "organization_preflight", {"name": "production", "limited_scopes": MORE, **CHECKS}
    yield "organization", {"name": "production", "limited_scopes": MORE}
    yield "organization_rescan", {"name": "production"}
    yield "organization_info", {"search": "*", "offset": 0, "limit": 5}
    yield "organization_info", {"sort": [f"{column}{way}" for column in COLUMNS for way in ("Asc", "Desc")]}
    yield "organization_info", {"id": "ORGANIZATION"}
    yield "organization_structure_info", {"name": "production", **PARTS, "type": "unit"}
    yield "organization_structure_info", {"name": "production", "limited_scope": "Shops", "type": "account"}
    yield "organization_export", {"format": "csv"}
    yield "organization_export", {"format": "xml"}
    yield "organization_preflight", {"remove": ["production", "research"], "checks": ["removal"]}
    yield "organization_preflight", {"name": "production", "checks": ["removal"]}
    yield "organization", {"name": "production", "state": "absent"}


@pytest.fixture(scope="module")
def appliance() -> Iterator[RunningAppliance]:
    with running_simulator(session_seconds=0.02) as running:
        yield running


@pytest.fixture(scope="module")
def reached(appliance: RunningAppliance) -> set[str]:
    """What the requests of all tasks consisted of."""
    research = {"name": "research", "rescan_iam_role": "research-rescan", "backup_restore_iam_role_name": "x"}
    registered = appliance.control("POST", "/organizations", research)
    known = {"ORGANIZATION": registered["id"]}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in appliance.environment().items():
            patch.setenv(name, value)
        for module, options in tasks():
            result = run_module(module, {key: known.get(str(value), value) for key, value in options.items()})
            assert not result.get("failed"), (module, options, result["msg"])
            if module == "organization_rescan":
                known["SESSION"] = result["session"]["id"]
    return {one for request in appliance.requests() for one in sent(request)}


def test_everything_that_a_call_takes_can_be_sent_by_a_task(reached: set[str]) -> None:
    assert sorted(offered() - reached - set(EXCUSED)) == []


def test_nothing_is_excused_that_a_task_sends(reached: set[str]) -> None:
    requests = {key for key in EXCUSED if " answer " not in key}
    assert requests <= offered()
    assert sorted(requests & reached) == []


def answered() -> set[str]:
    """Every property that the fifteen calls answer with, by its name alone."""
    found = set()
    for _method, _path, name, operation in operations():
        for status, response in operation["responses"].items():
            content = resolved(response).get("content", {}).get("application/json")
            if status.startswith("2") and content:
                found.update(
                    f"{name} answer {prop.rsplit('.', 1)[-1]}" for prop, _values in properties(content["schema"])
                )
    return found


def literals() -> set[str]:
    """The texts in the code of the collection, without what documents it."""
    found: set[str] = set()
    for file in (*(ROOT / "plugins/module_utils").rglob("*.py"), *(ROOT / "plugins/modules").glob("*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        comments = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        found.update(
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in comments
        )
    return found


def test_every_property_of_an_answer_is_known_to_the_code() -> None:
    known = literals()
    unread = {one for one in answered() if one.rsplit(" ", 1)[-1] not in known}
    assert sorted(unread - set(EXCUSED)) == []


def test_no_answer_is_excused_that_the_code_knows() -> None:
    known = literals()
    excused = {key for key in EXCUSED if " answer " in key}
    assert excused <= answered()
    assert [key for key in excused if key.rsplit(" ", 1)[-1] in known] == []


# The places that list the modules

MODULES = sorted(file.stem for file in (ROOT / "plugins" / "modules").glob("[!_]*.py"))
FRAGMENTS = {file.stem for file in (ROOT / "plugins" / "doc_fragments").glob("[!_]*.py")}


def documentation(module: str) -> dict[str, Any]:
    """The DOCUMENTATION of a module, without running it."""
    tree = ast.parse((ROOT / "plugins" / "modules" / f"{module}.py").read_text("utf-8"))
    texts = {
        node.targets[0].id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }
    parsed: dict[str, Any] = yaml.safe_load(texts["DOCUMENTATION"])
    return parsed


def test_every_module_is_in_the_action_group() -> None:
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text("utf-8"))
    assert runtime["action_groups"]["all"] == MODULES


def test_the_readme_lists_every_module() -> None:
    rows = re.findall(r"^\| `vbaws\.appliance\.(\w+)` \|", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(rows) == MODULES


def test_every_module_has_an_integration_target() -> None:
    targets = {folder.name for folder in (ROOT / "tests" / "integration" / "targets").iterdir()}
    assert set(MODULES) - targets == set()


def test_every_fragment_is_used_and_every_module_documents_its_connection() -> None:
    used: set[str] = set()
    for module in MODULES:
        mine = documentation(module)["extends_documentation_fragment"]
        assert "vbaws.appliance.connection" in mine, module
        assert "vbaws.appliance.attributes.actiongroup" in mine, module
        used.update(name.split(".")[2] for name in mine if name.startswith("vbaws.appliance."))
    assert used == FRAGMENTS


@pytest.mark.parametrize("module", MODULES)
def test_a_module_is_named_after_its_file(module: str) -> None:
    assert documentation(module)["module"] == module
