# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An ID is one segment of a path, or it is not sent."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._rest.paths import is_segment, path_of
from ansible_collections.vbaws.appliance.tests.unit.support.builders import ORGANIZATION_ID, fails
from requests import Request
from urllib3.util import parse_url

STRANGE = [
    "x/../y",
    "../x",
    "a?b",
    "a#b",
    "a b",
    "ü",
    "%2e%2e",
    "%2F",
    "a;b",
    "...",
    "a\\b",
    "a\r\nb",
    "@",
    ":",
    "[",
    "*",
]


def test_a_uuid_stays_as_it_is() -> None:
    assert path_of("organizations", "amazon", ORGANIZATION_ID) == f"/organizations/amazon/{ORGANIZATION_ID}"


@pytest.mark.parametrize("segment", STRANGE)
def test_a_strange_id_is_one_segment_of_what_is_sent(segment: str) -> None:
    prepared = Request("GET", "https://host/api/v1" + path_of("organizations", segment, "log")).prepare().url
    sent = parse_url(str(prepared))
    assert (sent.query, sent.fragment) == (None, None)
    parts = str(sent.path).split("/")
    assert parts[:4] + parts[5:] == ["", "api", "v1", "organizations", "log"]
    assert unquote(parts[4]) == segment
    assert urlsplit(str(prepared)).path == sent.path


@pytest.mark.parametrize("segment", ["", ".", "..", "\ud800"])
def test_an_id_that_cannot_be_a_segment_is_an_error(segment: str) -> None:
    assert not is_segment(segment)
    with fails("api", "cannot be part of the path"):
        path_of("organizations", segment)


def test_a_segment_is_shown_in_brief() -> None:
    with fails("api", "cannot be part of the path") as caught:
        path_of("\ud800" * 1000)
    assert len(caught.said) < 500
    assert is_segment("x/../y")
