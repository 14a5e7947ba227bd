# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of variables made from the organizations of an appliance."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.plugin_utils._adopt.merge import load_variables
from ansible_collections.vbaws.appliance.plugins.plugin_utils._adopt.variables import variables_file
from ansible_collections.vbaws.appliance.tests.unit.support.adopt_examples import organization


def shops() -> dict[str, Any]:
    return organization(
        "shops",
        "o-shops00000",
        limited_scopes=[
            {"name": "South", "organizational_units": ["/R\\/D", "/Shops/South", "ou-twin", "ou-gone"]},
        ],
        scope="limited",
        production_worker_iam_role_name="",
        backup_restore_iam_role_name="vbaws-backup",
        rescan_iam_role="rescan",
        description="Shops: #1",
        not_in_config=["The role has no name.\nRename it."],
        unit_paths={"ou-rd": "/R\\/D", "ou-south": "/Shops/South", "ou-twin": "/Twin"},
    )


WHOLE = """\
---
# The AWS Organizations of the appliance north, as the role vbaws.appliance.adopt found them.
# Beside the path of a unit stands its AWS ID, beside an AWS ID the path.
declare_organizations:
  - name: lab
  # The role has no name.\\nRename it.
  - name: shops
    aws_organization_id: o-shops00000
    description: 'Shops: #1'
    rescan_iam_role: rescan
    backup_restore_iam_role_name: vbaws-backup
    production_worker_iam_role_name: ''
    scope: limited
    limited_scopes:
      - name: South
        organizational_units:
          - /R\\/D  # ou-rd
          - /Shops/South  # ou-south
          - ou-twin  # /Twin
          - ou-gone
"""


def test_a_new_file_has_each_organization_in_an_order_that_reads_well() -> None:
    made = variables_file([shops(), organization("lab")], "north")
    assert made["text"] == WHOLE
    assert (made["added"], made["kept"]) == (["lab", "shops"], [])
    assert made["warnings"] == ["shops: The role has no name.\nRename it."]
    assert variables_file([organization("lab"), shops()], "north") == made


def test_it_says_what_the_configs_say() -> None:
    assert load_variables(WHOLE) == {"declare_organizations": [organization("lab")["config"], shops()["config"]]}


def test_an_appliance_without_organizations_declares_an_empty_list() -> None:
    text = variables_file([], "north")["text"]
    assert text.endswith("declare_organizations: []\n")
    assert variables_file([], "north", "other: 1\n")["text"] == "other: 1\ndeclare_organizations: []\n"


def test_what_nothing_identifies_is_left_out_and_told() -> None:
    nameless = organization("two\nlines", not_in_config=["The name has two lines."])
    del nameless["config"]["name"]
    made = variables_file([nameless], "north")
    assert load_variables(made["text"]) == {"declare_organizations": []}
    assert [warning.partition(": ")[2] for warning in made["warnings"]] == [
        "The name has two lines.",
        "Left out, since nothing is left that could identify it.",
    ]


@pytest.mark.parametrize("key", ["name", "aws_organization_id"])
def test_organizations_that_cannot_be_told_apart_make_no_file(key: str) -> None:
    both = [organization("one", "o-one0000000"), organization("two", "o-two0000000")]
    both[1][key] = both[0][key]
    with pytest.raises(ValueError, match=f"several organizations with the {key}"):
        variables_file(both, "north")


MASKED = "web********"


@pytest.mark.parametrize(
    ("masked", "parts", "which"),
    [
        ({"name": MASKED, "config": {"name": MASKED}}, "name, config.name", "o-web0000000"),
        ({"aws_organization_id": "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"}, "aws_organization_id", "webshop"),
        ({"config": {"limited_scopes": [{"name": MASKED}]}}, "config.limited_scopes.name", "webshop"),
        ({"unit_paths": {"ou-web": f"/{MASKED}"}}, "unit_paths.ou-web", "webshop"),
    ],
)
@pytest.mark.parametrize("existing", [None, "other: 1\n"])
def test_an_organization_in_which_ansible_hid_a_secret_makes_no_file(
    masked: dict[str, Any], parts: str, which: str, existing: str | None
) -> None:
    spoilt = {**organization("webshop", "o-web0000000"), **masked}
    with pytest.raises(ValueError, match=f"asterisks in {parts} of the AWS Organization {which}, because a secret"):
        variables_file([organization("lab"), spoilt], "north", existing)


def test_an_existing_file_may_have_asterisks_of_its_own() -> None:
    existing = "password: '********'\n"
    assert variables_file([organization("lab")], "north", existing)["text"].startswith(existing)


# Texts
