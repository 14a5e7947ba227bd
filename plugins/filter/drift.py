# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters of drift reports: a thin door to what plugin_utils works out. Each filter is documented beside it."""

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
from ..plugin_utils._drift.history import check_report
from ..plugin_utils._drift.report import build_report
from ..plugin_utils._drift.values import plain


def _door(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function as a filter: what it calls wrong is an error of the filter, in the same words."""

    @wraps(function)
    def filtered(*arguments: Any, **options: Any) -> Any:
        try:
            return function(*arguments, **options)
        except ValueError as error:
            raise AnsibleFilterError(f"vbaws.appliance.{name}: {error}") from error

    return filtered


def _of_report(render: Callable[[dict[str, Any]], str]) -> Callable[[Any], str]:
    """A format of a report. Nothing is rendered of what is no whole report: half of one could look green."""

    @wraps(render)
    def rendered(report: Any) -> str:
        return render(check_report(plain(report), "The input"))

    return rendered


class FilterModule:
    """The filters, as Ansible asks for them."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        found: dict[str, Callable[..., Any]] = {
            "drift_report": build_report,
            "drift_json": _of_report(render_json),
            "drift_markdown": _of_report(render_markdown),
            "drift_junit": _of_report(render_junit),
            "drift_text": _of_report(render_text),
            "drift_html": _of_report(render_html),
            "drift_compare": compare_reports,
            "drift_compare_markdown": render_comparison,
        }
        return {name: _door(name, function) for name, function in found.items()}
