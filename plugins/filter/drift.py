# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters of drift reports. Each filter has its documentation in a file of its own beside this one."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from ansible.errors import AnsibleFilterError

from ..plugin_utils._drift.compare import compare_reports
from ..plugin_utils._drift.formats.html.page import render_html
from ..plugin_utils._drift.formats.json import render_json
from ..plugin_utils._drift.formats.junit import render_junit
from ..plugin_utils._drift.formats.markdown import render_comparison, render_markdown
from ..plugin_utils._drift.formats.text import render_text
from ..plugin_utils._drift.report import build_report
from ..plugin_utils._drift.schema import check_report
from ..plugin_utils._drift.values import plain_data


def _filter(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function as a filter, whose ValueError becomes an error of Ansible."""

    @wraps(function)
    def filtered(*arguments: Any, **options: Any) -> Any:
        try:
            return function(*arguments, **options)
        except ValueError as error:
            raise AnsibleFilterError(f"vbaws.appliance.{name}: {error}") from error

    return filtered


def _format(render: Callable[[dict[str, Any]], str]) -> Callable[[Any], str]:
    """Return the function with a check of its input: an incomplete report could look as if there was no drift."""

    @wraps(render)
    def rendered(report: Any) -> str:
        return render(check_report(plain_data(report), "The input"))

    return rendered


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters by name."""
        functions: dict[str, Callable[..., Any]] = {
            "drift_report": build_report,
            "drift_json": _format(render_json),
            "drift_markdown": _format(render_markdown),
            "drift_junit": _format(render_junit),
            "drift_text": _format(render_text),
            "drift_html": _format(render_html),
            "drift_compare": compare_reports,
            "drift_compare_markdown": render_comparison,
        }
        return {name: _filter(name, function) for name, function in functions.items()}
