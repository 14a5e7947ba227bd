# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Argument specs that treat null as an omitted option and do not convert other values to text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.module_utils.common.parameters import DEFAULT_TYPE_VALIDATORS, AnsibleFallbackNotFound

Spec = Mapping[str, Mapping[str, Any]]


class Type(str):
    """The name of a type together with the function that converts a value.

    Ansible calls a type that is callable. Its sanity tests compare a type with the documentation, and accept only the
    name of a type as ``elements``. A text that is callable satisfies both.
    """

    __slots__ = ("_convert",)
    _convert: Callable[[Any], Any]

    def __new__(cls, name: str, convert: Callable[[Any], Any]) -> Type:
        made = super().__new__(cls, name)
        made._convert = convert
        return made

    @property
    def __name__(self) -> str:
        """How the messages of Ansible name the type."""
        return str(self)

    def __call__(self, value: Any, **_names: Any) -> Any:
        """Return the converted value. Raises TypeError or ValueError. _names: of the option, if the type is ``str``."""
        return self._convert(value)


TEXT = Type("str", lambda value: value)
"""Text that is checked later: Ansible would convert an unquoted NO to 'False' and 0123 to '83' without an error."""


def arguments(*specs: Spec) -> dict[str, dict[str, Any]]:
    """Merge the argument specs of a module, and make null the same as an omitted option.

    Ansible itself refuses null for an option that has a default or choices.
    """
    return {name: _null_allowed(option) for spec in specs for name, option in spec.items()}


def _null_allowed(option: Mapping[str, Any]) -> dict[str, Any]:
    result = {"type": "str", **option}
    if "options" in option:
        result["options"] = arguments(option["options"])
        place = "elements" if result["type"] == "list" else "type"
        result[place] = Type("dict", lambda value: _without_nulls(DEFAULT_TYPE_VALIDATORS["dict"](value)))
    if option.get("default") is not None or option.get("required"):
        convert = _converter(result["type"])
        result["type"] = Type(result["type"], lambda value: _left_out(option) if value is None else convert(value))
    return result


def _converter(type_: str) -> Callable[[Any], Any]:
    found: Callable[[Any], Any] = type_ if callable(type_) else DEFAULT_TYPE_VALIDATORS[type_]
    return found


def _left_out(option: Mapping[str, Any]) -> Any:
    """Return the value of an option that is left out. Raises TypeError if it is required."""
    function, variables = option.get("fallback", (None, ()))
    try:
        if function is not None:
            return _converter(option.get("type", "str"))(function(*variables))
    except AnsibleFallbackNotFound:
        pass
    if option.get("required"):
        raise TypeError("it is required, and null is the same as leaving it out")
    return option["default"]


def _without_nulls(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: inner for key, inner in value.items() if inner is not None}
