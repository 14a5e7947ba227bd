# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The credential types: AWX accepts them, and what they render is what the connection options read."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._module.options import CONNECTION

from awx.credentials import TYPES, credential_type, inject, inject_example

# What an appliance needs to be reached comes from a credential. These matter to a job, and have variables.
NO_INPUT = {"VBAWS_ACCESS_TOKEN", "VBAWS_TIMEOUT", "VBAWS_RETRIES"}
BLANK = {"hostname": "a.example.com", "username": "ansible", "password": "secret", "port": "", "ca_certificate": ""}

pytestmark = pytest.mark.parametrize("name", sorted(TYPES))


def _inputs(name: str, **inputs: str | bool) -> dict[str, str | bool]:
    fields = {field["id"] for field in credential_type(name)["inputs"]["fields"]}
    return {key: value for key, value in {**BLANK, **inputs}.items() if key in fields}


def test_awx_accepts_the_type(name: str, tmp_path: Path) -> None:
    kind = credential_type(name)
    assert set(kind) == {"name", "description", "kind", "inputs", "injectors"}
    assert kind["kind"] == "cloud"
    fields = kind["inputs"]["fields"]
    for field in fields:
        assert set(field) <= {"id", "type", "label", "help_text", "secret", "multiline"}
        assert field["type"] == "string" or not {"secret", "multiline"} & set(field)
    assert set(kind["inputs"]["required"]) <= {field["id"] for field in fields}
    assert "EXAMPLE" in inject_example(kind, tmp_path).values()


def test_every_option_of_the_connection_has_an_input(name: str, tmp_path: Path) -> None:
    in_the_inventory = {"VBAWS_HOSTNAME", "VBAWS_PORT"} if name == "fleet_login" else set()
    variables = {spec["fallback"][1][0] for spec in CONNECTION.values()}
    assert set(credential_type(name)["injectors"]["env"]) == variables - NO_INPUT - in_the_inventory


def test_a_secret_option_is_a_secret_input(name: str) -> None:
    secret = {option for option, spec in CONNECTION.items() if spec.get("no_log")} - {"access_token"}
    assert {field["id"] for field in credential_type(name)["inputs"]["fields"] if field.get("secret")} == secret


def test_what_is_left_blank_is_not_set(name: str, tmp_path: Path) -> None:
    given = {key: value for key, value in inject(credential_type(name), _inputs(name), tmp_path).items() if value}
    address = {"VBAWS_HOSTNAME": "a.example.com"} if name == "appliance" else {}
    safe = {"VBAWS_VALIDATE_CERTS": "true", "VBAWS_READ_ONLY": "false"}
    assert given == {"VBAWS_USERNAME": "ansible", "VBAWS_PASSWORD": "secret", **safe, **address}


def test_a_checkbox_turns_verification_off(name: str, tmp_path: Path) -> None:
    inputs = _inputs(name, skip_certificate_verification=True)
    assert inject(credential_type(name), inputs, tmp_path)["VBAWS_VALIDATE_CERTS"] == "false"


@pytest.mark.parametrize(("text", "named"), [("-----BEGIN CERTIFICATE-----\n", True), ("", False), (" \n", False)])
def test_a_file_is_named_only_if_it_has_a_certificate(name: str, text: str, named: bool, tmp_path: Path) -> None:
    path = inject(credential_type(name), _inputs(name, ca_certificate=text), tmp_path)["VBAWS_CA_PATH"]
    if named:
        assert Path(path).read_text(encoding="utf-8") == text
    else:
        assert path == ""


def test_a_password_is_no_template(name: str, tmp_path: Path) -> None:
    inputs = _inputs(name, password="{{ 7 * 6 }}")
    assert inject(credential_type(name), inputs, tmp_path)["VBAWS_PASSWORD"] == "{{ 7 * 6 }}"
