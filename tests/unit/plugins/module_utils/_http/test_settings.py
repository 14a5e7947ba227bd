# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connection options: what is refused, what is normalised, which certificates are trusted."""

from __future__ import annotations

import pytest
import trustme
from ansible_collections.vbaws.appliance.plugins.module_utils._errors import ApplianceError
from ansible_collections.vbaws.appliance.plugins.module_utils._http.settings import (
    OPTIONS,
    Option,
    Settings,
)
from ansible_collections.vbaws.appliance.tests.unit.support.transport import GET, fingerprint, refused


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"hostname": ""}, ("hostname is empty", "VBAWS_HOSTNAME")),
        ({"hostname": None}, ("hostname is empty",)),
        ({"hostname": "https://a.example:11006/api"}, ("not a host name", "hostname is a.example", "port is 11006")),
        ({"hostname": "a.example:443"}, ("hostname is a.example", "port is 443")),
        ({"hostname": "a.example/api"}, ("hostname is a.example here.",)),
        ({"hostname": "two words"}, ("not a host name: two words",)),
        ({"hostname": "a:b:c"}, ("not a host name",)),
        ({"hostname": "a", "port": 0}, ("option port cannot be 0", "VBAWS_PORT", "1 to 65535")),
        ({"hostname": "a", "port": 65536}, ("option port cannot be 65536",)),
        ({"hostname": "a", "port": "https"}, ("option port cannot be https",)),
        ({"hostname": "a", "port": True}, ("option port cannot be True",)),
        ({"hostname": "a", "timeout": 0}, ("option timeout cannot be 0",)),
        ({"hostname": "a", "retries": -1}, ("option retries cannot be -1",)),
        ({"hostname": "a", "ca_path": "/nowhere.pem"}, ("/nowhere.pem of the option ca_path", "No such file")),
        ({"hostname": "a", "ca_path": "/dev/null"}, ("/dev/null of the option ca_path", "not a regular file")),
        ({"hostname": "a", "ca_path": __file__}, ("has no readable certificate", "PEM")),
        ({"hostname": "a", "certificate_fingerprint": "xy"}, ("certificate_fingerprint is not a SHA-256", "64 hex")),
        ({"hostname": "a", "certificate_fingerprint": "a" * 40}, ("SHA-1 fingerprint, which is not accepted",)),
        ({"hostname": "a", "proxy": "proxy:3128"}, ("option proxy is not the URL", "http://proxy.example.com:3128")),
        ({"hostname": "a", "proxy": "socks5://p:1"}, ("option proxy is not the URL",)),
        ({"hostname": "a", "proxy": "http://p:port"}, ("option proxy is not the URL",)),
    ],
)
def test_bad_options_name_the_option_and_the_remedy(options, words):
    with pytest.raises(ApplianceError) as caught:
        Settings.from_options(options)
    assert caught.value.reason == "invalid"
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize("option", [option for option in OPTIONS if option.type == "int"], ids=lambda it: it.name)
def test_a_number_is_accepted_within_its_limits_only(option: Option):
    low, high = option.limits
    for number in (low, option.default, high, str(high)):
        settings = Settings.from_options({"hostname": "a", option.name: number})
        assert getattr(settings, option.name) == int(number)
    for number in (low - 1, high + 1):
        with pytest.raises(ApplianceError) as caught:
            Settings.from_options({"hostname": "a", option.name: number})
        assert f"(from {low} to {high}, {option.default} by default)" in caught.value.remedy
        assert option.variable in caught.value.remedy


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_a_default_counts_where_nothing_is_set(option: Option):
    for nothing in ({}, {option.name: None}, {option.name: ""}):
        assert option.given(nothing) == option.default


def test_a_secret_in_a_bad_option_is_not_shown():
    for options in ({"hostname": "https://me:sesame@a.example"}, {"hostname": "a", "proxy": "me:sesame@proxy"}):
        with pytest.raises(ApplianceError) as caught:
            Settings.from_options(options)
        assert "sesame" not in str(caught.value)


def test_good_options_are_normalised(tmp_path):
    settings = Settings.from_options(
        {"hostname": " [2001:db8::1] ", "port": "11006", "ca_path": str(tmp_path), "timeout": "", "proxy": " "}
    )
    assert (settings.base, settings.timeout, settings.proxy) == ("https://[2001:db8::1]:11006/api/v1", 30, None)
    assert settings.ca_path == str(tmp_path)
    assert Settings.from_options({"hostname": "a"}) == Settings("a", 11005, True, None, None, None, 30, 4)


def test_the_bundle_of_the_environment_is_the_default(appliance, make_http, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", appliance.ca_file)
    assert make_http(appliance.options(ca_path=None)).send(GET).status == 200


@pytest.mark.parametrize("way", ["ca_path", "validate_certs", "certificate_fingerprint"])
def test_the_bundle_of_the_environment_overrides_no_option(appliance, make_http, monkeypatch, tmp_path, way):
    bundle = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(bundle))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    value = {"validate_certs": False, "certificate_fingerprint": fingerprint(appliance.certificate)}
    options = appliance.options() if way == "ca_path" else appliance.options(ca_path=None, **{way: value[way]})
    assert make_http(options).send(GET).status == 200


def test_ca_path_is_not_widened_by_the_environment(appliance, make_http, monkeypatch, tmp_path):
    bundle = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(bundle))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", appliance.ca_file)
    assert refused(make_http(appliance.options(ca_path=str(bundle)))).reason == "tls"
