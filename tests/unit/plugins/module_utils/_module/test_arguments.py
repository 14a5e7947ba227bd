# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Null is the same as leaving an option out, in every module, and text stays what it was."""

from __future__ import annotations

import copy
import importlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.vbaws.appliance.plugins.module_utils._module.arguments import TEXT, arguments

MODULES = sorted(path.stem for path in (Path(__file__).resolve().parents[5] / "plugins" / "modules").glob("*.py"))
SCOPE = {"name": "North"}
# What a module needs before anything else, and one of everything that has suboptions.
GIVEN: dict[str, dict[str, Any]] = {
    "organization": {"limited_scopes": [SCOPE]},
    "organization_preflight": {"limited_scopes": [SCOPE]},
    "organizations": {
        "organizations": [{"name": "production", "limited_scopes": [SCOPE]}],
        "defaults": {"limited_scopes": [SCOPE]},
    },
    "session_info": {"id": "x"},
    "appliance_info": {"openapi": {"url": "/x"}},
}


@pytest.fixture(params=MODULES)
def module(request: pytest.FixtureRequest) -> tuple[dict[str, Any], dict[str, Any]]:
    """The argument spec of a module, and options that it accepts."""
    loaded = importlib.import_module(f"ansible_collections.vbaws.appliance.plugins.modules.{request.param}")
    given = {"hostname": "appliance.example.com", **GIVEN.get(request.param, {})}
    return loaded.MODULE.argument_spec, given


def places(spec: dict[str, Any], find: Callable[[Any], Any], name: str) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """Yield the name of every group of options, what finds it in the options of a task, and its spec."""
    yield name, find, spec
    for option, details in spec.items():
        if "options" in details:

            def inner(given: Any, option: str = option, of_list: bool = details["type"] == "list") -> Any:
                return find(given)[option][0] if of_list else find(given)[option]

            yield from places(details["options"], inner, f"{name}.{option}")


def validate(spec: dict[str, Any], given: dict[str, Any]) -> tuple[list[str], dict[str, Any]]:
    result = ArgumentSpecValidator(spec).validate(copy.deepcopy(given))
    return result.error_messages, result.validated_parameters


def test_null_is_the_same_as_leaving_an_option_out(module: tuple[dict[str, Any], dict[str, Any]]) -> None:
    spec, given = module
    tried = 0
    for place, find, options in places(spec, lambda parameters: parameters, "task"):
        for option in (name for name, details in options.items() if name not in find(given)):
            without, null = copy.deepcopy(given), copy.deepcopy(given)
            find(null)[option] = None
            assert validate(spec, null) == validate(spec, without), f"{place}.{option}"
            tried += 1
    assert tried > 10


def test_null_for_a_required_option_is_an_error() -> None:
    spec = arguments({"organizations": {"type": "list", "elements": "str", "required": True}})
    messages, _parameters = validate(spec, {"organizations": None})
    assert "it is required, and null is the same as leaving it out" in messages[0]


def test_null_for_a_required_suboption_is_an_error() -> None:
    spec = arguments({"items": {"type": "list", "elements": "dict", "options": {"name": {"required": True}}}})
    messages, _parameters = validate(spec, {"items": [{"name": None}]})
    assert messages == ["missing required arguments: name found in items"]


def test_the_environment_counts_where_null_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    options = importlib.import_module("ansible_collections.vbaws.appliance.plugins.module_utils._module.options")
    monkeypatch.setenv("VBAWS_HOSTNAME", "from.the.environment")
    monkeypatch.setenv("VBAWS_PORT", "11006")
    messages, parameters = validate(arguments(options.CONNECTION), {"hostname": None, "port": None})
    assert (messages, parameters["hostname"], parameters["port"]) == ([], "from.the.environment", 11006)


@pytest.mark.parametrize("value", [False, 83, 1.1, ["a"], "NO"])
def test_text_is_not_made_of_other_values(value: Any) -> None:
    spec = arguments({"name": {"type": TEXT}, "names": {"type": "list", "elements": TEXT}})
    messages, parameters = validate(spec, {"name": value, "names": [value]})
    assert (messages, parameters) == ([], {"name": value, "names": [value]})
    assert type(parameters["name"]) is type(value)


def test_a_type_is_named_in_messages_and_compared_as_text() -> None:
    messages, _parameters = validate(arguments({"port": {"type": "int", "default": 1}}), {"port": "x"})
    assert "we were unable to convert to int" in messages[0]
    assert TEXT == "str"
