# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The specs and their documentation agree, and an empty variable means unset."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import AnsibleFallbackNotFound
from ansible_collections.vbaws.appliance.plugins.doc_fragments import attributes, connection, waiting
from ansible_collections.vbaws.appliance.plugins.module_utils._module.options import (
    CHECKS,
    CONNECTION,
    DEFAULT_CHECKS,
    ORGANIZATION,
    WAITING,
    from_environment,
)
from ansible_collections.vbaws.appliance.plugins.module_utils._secrets.redactor import SECRET_OPTIONS
from ansible_collections.vbaws.appliance.plugins.modules.organization_preflight import PREFLIGHT
from ansible_collections.vbaws.appliance.plugins.modules.organizations import ORGANIZATIONS
from ansible_collections.vbaws.appliance.plugins.modules.token import TOKEN


def documented(fragment: Any) -> dict[str, dict[str, Any]]:
    options: dict[str, dict[str, Any]] = yaml.safe_load(fragment.ModuleDocFragment.DOCUMENTATION)["options"]
    return options


@pytest.mark.parametrize(("spec", "fragment"), [(CONNECTION, connection), (WAITING, waiting)])
def test_spec_and_documentation_agree(spec, fragment):
    options = documented(fragment)
    assert list(options) == list(spec)
    for name, option in spec.items():
        for key in ("type", "default", "required"):
            assert options[name].get(key) == option.get(key), (name, key)
        assert options[name]["description"]


@pytest.mark.parametrize("name", CONNECTION)
def test_every_connection_option_has_its_variable_and_says_so(name):
    function, variables = CONNECTION[name]["fallback"]
    assert function is from_environment
    assert variables == [f"VBAWS_{name.upper()}"]
    assert f"E({variables[0]})" in " ".join(documented(connection)[name]["description"])


def test_what_is_secret_is_not_logged():
    assert {name for name, option in CONNECTION.items() if option.get("no_log")} == {
        "password",
        "access_token",
        "proxy",
    }


def test_what_is_not_logged_is_kept_out_of_messages_too():
    secret = {name for spec in (CONNECTION, TOKEN) for name, option in spec.items() if option.get("no_log")}
    # Of a proxy only the userinfo is a secret.
    assert secret == {*SECRET_OPTIONS, "proxy"}


@pytest.mark.parametrize("value", ["", "  ", None])
def test_an_empty_variable_means_unset(monkeypatch, value):
    monkeypatch.delenv("VBAWS_X", raising=False)
    if value is not None:
        monkeypatch.setenv("VBAWS_X", value)
    with pytest.raises(AnsibleFallbackNotFound):
        from_environment("VBAWS_X")


def test_a_variable_counts_as_it_is(monkeypatch):
    monkeypatch.setenv("VBAWS_X", " secret ")
    assert from_environment("VBAWS_X") == " secret "


def validated(monkeypatch: pytest.MonkeyPatch, given: dict[str, Any], **environment: str) -> Any:
    for name in CONNECTION:
        monkeypatch.delenv(f"VBAWS_{name.upper()}", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return ArgumentSpecValidator(CONNECTION).validate(given)


def test_text_of_the_environment_is_parsed(monkeypatch):
    result = validated(
        monkeypatch,
        {},
        VBAWS_HOSTNAME="a",
        VBAWS_PORT="11006",
        VBAWS_VALIDATE_CERTS="no",
        VBAWS_READ_ONLY="True",
        VBAWS_TIMEOUT="",
        VBAWS_WIRE_NAMES='{"organization.name": "organizationName"}',
    )
    assert result.error_messages == []
    parameters = result.validated_parameters
    assert (parameters["port"], parameters["validate_certs"], parameters["read_only"]) == (11006, False, True)
    assert parameters["timeout"] == 30
    assert parameters["wire_names"] == {"organization.name": "organizationName"}


def test_the_task_wins_over_the_environment(monkeypatch):
    result = validated(monkeypatch, {"hostname": "task"}, VBAWS_HOSTNAME="environment")
    assert result.validated_parameters["hostname"] == "task"


def test_an_appliance_must_be_named(monkeypatch):
    assert "hostname" in validated(monkeypatch, {}, VBAWS_HOSTNAME="").error_messages[0]


PLACES = ["the module organization", "an item of organizations", "defaults of organizations"]


def validated_checks(place: str, checks: Any) -> tuple[list[str], Any]:
    """The messages of Ansible about the option checks in one place, and the value that the module gets."""
    spec, given = ORGANIZATIONS, {"organizations": [{"name": "production"}], "defaults": {}}
    if place == PLACES[0]:
        spec, given = ORGANIZATION, {"name": "production"}
    find = {
        PLACES[0]: lambda parameters: parameters,
        PLACES[1]: lambda parameters: parameters["organizations"][0],
        PLACES[2]: lambda parameters: parameters["defaults"],
    }[place]
    find(given)["checks"] = checks
    result = ArgumentSpecValidator(spec).validate(given)
    return result.error_messages, find(result.validated_parameters)["checks"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("checks", [[], ["configuration"], list(CHECKS)])
def test_checks_may_be_empty(place, checks):
    assert validated_checks(place, checks) == ([], checks)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("checks", [["names"], ["name", None], "none", [["name"]]])
def test_ansible_refuses_a_check_that_does_not_exist(place, checks):
    messages, _value = validated_checks(place, checks)
    assert "value of checks must be one or more of: role, name, settings, configuration, removal" in messages[0]


def test_the_checks_before_a_write_start_no_session():
    assert [check for check in CHECKS if check not in DEFAULT_CHECKS] == ["configuration"]
    assert set(DEFAULT_CHECKS) < set(CHECKS)


def test_the_module_that_only_checks_has_the_same_checks():
    assert PREFLIGHT["checks"]["choices"] == ORGANIZATION["checks"]["choices"] == list(CHECKS)


def test_the_attributes_name_the_action_group():
    fragment = attributes.ModuleDocFragment
    group = yaml.safe_load(fragment.ACTIONGROUP)["attributes"]["action_group"]
    assert group["membership"] == ["vbaws.appliance.all"]
    described = yaml.safe_load(fragment.DOCUMENTATION)["attributes"]
    assert set(yaml.safe_load(fragment.INFO_MODULE)["attributes"]) <= set(described)
