# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys, anchors and links: stable, unique, and escaped."""

from __future__ import annotations

import pytest
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.links import anchor, check_links
from ansible_collections.vbaws.appliance.tests.unit.support import drift_examples as examples
from ansible_collections.vbaws.appliance.tests.unit.support.drift_examples import Record
from ansible_collections.vbaws.appliance.tests.unit.support.drift_reports import fleet_records
from hypothesis import given
from hypothesis import strategies as st


def test_keys_are_the_aws_id_else_the_name_else_the_appliance() -> None:
    found = fleet_records()
    keys = [found[name]["key"] for name in ("subsidiary", "acquired", "by hand", "west")]
    assert keys == ["north/o-subs000001", "north/acquired", "north/o-hand000001", "west"]


@given(st.text(), st.text())
def test_anchors_are_html_ids_that_no_other_key_shares(one: str, other: str) -> None:
    assert anchor(one).replace("-", "").isalnum()
    assert (anchor(one) == anchor(other)) == (one == other)


def test_the_link_to_the_fix_is_escaped() -> None:
    found = fleet_records(links={"fix": "https://git.example.com/{appliance}/{organization}?s={state}"})
    assert found["subsidiary"]["fix"] == "https://git.example.com/north/subsidiary?s=different"
    assert found[examples.EVIL]["fix"].startswith("https://git.example.com/south/%3Cscript%3Ealert")
    assert found["production"]["fix"] is None
    assert found["west"]["fix"] is None


def test_a_link_that_asks_for_what_a_record_does_not_have_is_left_out() -> None:
    found = fleet_records(links={"fix": "https://git.example.com/{aws_organization_id}"})
    assert (found["acquired"]["fix"], found["sold"]["fix"]) == (None, "https://git.example.com/o-sold000001")


@pytest.mark.parametrize(
    ("links", "said"),
    [
        ({"fixes": "https://example.com"}, "fixes, which is not known"),
        ({"fix": "javascript:alert(1)"}, "must start with"),
        ({"fix": "JAVASCRIPT://example.com/%0Aalert(1)"}, "must start with"),
        ({"fix": "/relative"}, "must start with"),
        ({"fix": "https:///nowhere"}, "must start with"),
        ({"fix": "{appliance}://example.com"}, "must start with"),
        ({"fix": "https://example.com/a b"}, "without blanks"),
        ({"fix": "https://example.com/\n"}, "without blanks"),
        ({"fix": ["https://example.com/"]}, "without blanks"),
        ({"fix": "https://example.com/{appliance.__class__}"}, "appliance.__class__"),
        ({"report": "https://example.com/{appliance}"}, "takes none"),
    ],
)
def test_wrong_links_are_refused(links: Record, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        check_links(links)
