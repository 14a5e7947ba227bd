# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proxy and certificates are those that requests would use on Linux, without a look at the system's settings."""

from __future__ import annotations

import os
import urllib.request
from typing import Any
from unittest import mock

import pytest
import requests
from ansible_collections.vbaws.appliance.plugins.module_utils._http.route.environment import (
    proxy_authorities,
    proxy_url,
    verification,
)
from ansible_collections.vbaws.appliance.plugins.module_utils._http.settings import Settings
from ansible_collections.vbaws.appliance.tests.unit.support.transport import GET, closed_port, refused
from hypothesis import example, given
from hypothesis import strategies as st

HOSTS = (
    "127.0.0.1",
    "10.1.2.3",
    "10.1",
    "2001:db8::1",
    "Backup.Example.com",
    "backup.example.com.",
    "localhost",
    "bücher.example",
    "10.1.2.3.example",
)
PORTS = (443, 11005)
_PARTS = [*HOSTS, "example.com", "xn--bcher-kva.example", "EXAMPLE.com", "example", "com", "ample.com"]
_PARTS += ["10.1.0.0", "10.0.0.0", "2001:db8::", "127", "[2001:db8::1]", "*", "", "/", "é"]
ENTRIES = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["", "", "", ".", "..", "*.", " ", "http://"]),
        st.sampled_from(_PARTS),
        st.sampled_from(["", "", "", "/8", "/16", "/32", "/33", "/0", "/x", "/8/8", ":443", ":11005", ":", " ", "."]),
    ),
)
NO_PROXY = st.lists(ENTRIES, max_size=4).map(",".join)
PROXIES = st.sampled_from(["", "http://proxy.example:3128", "https://u:p@other.example", "socks5h://s:1080", "bare:1"])
BUNDLES = st.sampled_from(["", "/certificates/a.pem", "/certificates"])
VARIABLES = {
    **dict.fromkeys(["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "Https_Proxy"], PROXIES),
    **dict.fromkeys(["all_proxy", "ALL_PROXY", "ftp_proxy"], PROXIES),
    **{f"{scheme}://{HOSTS[0]}_proxy": PROXIES for scheme in ("https", "all")},
    **dict.fromkeys(["no_proxy", "NO_PROXY", "No_Proxy"], NO_PROXY),
    **dict.fromkeys(["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"], BUNDLES),
    "REQUEST_METHOD": st.just("GET"),
}
ENVIRONMENTS = st.fixed_dictionaries({}, optional=VARIABLES)
EXCEPTIONS = st.fixed_dictionaries({"HTTPS_PROXY": st.just("http://proxy.example:3128"), "no_proxy": NO_PROXY})


def except_for(no_proxy: str) -> dict[str, str]:
    return {"HTTPS_PROXY": "http://proxy.example:3128", "NO_PROXY": no_proxy}


def settings(**options: Any) -> Settings:
    return Settings.from_options({"hostname": "127.0.0.1", **options})


def of_requests(ours: Settings, verify: bool | str) -> tuple[str | None, Any]:
    """The proxy and the certificates of a session that looks at the environment itself."""
    url = requests.Request("GET", ours.base).prepare().url
    given = {"https": ours.proxy} if ours.proxy else {}
    merged = requests.Session().merge_environment_settings(url, given, True, verify, None)
    return requests.utils.select_proxy(url, merged["proxies"]), merged["verify"]


@example(except_for(".example.com:11005"), "backup.example.com", 11005)
@example(except_for("example.com:443"), "backup.example.com", 11005)
@example(except_for("10.1.0.0/16"), "10.1.2.3", 443)
@example(except_for("10.2.0.0/16"), "10.1.2.3", 443)
@example(except_for("2001:db8::1"), "2001:db8::1", 443)
@example(except_for("xn--bcher-kva.example"), "bücher.example", 443)
@given(ENVIRONMENTS | EXCEPTIONS, st.sampled_from(HOSTS), st.sampled_from(PORTS))
def test_the_environment_means_what_it_means_to_requests(environment: dict[str, str], host: str, port: int) -> None:
    ours = settings(hostname=host, port=port)
    with mock.patch.dict(os.environ, environment, clear=True):
        assert (proxy_url(ours), verification(ours)) == of_requests(ours, True)


@given(ENVIRONMENTS, st.sampled_from(["http://mine:1", "https://mine:1"]))
def test_the_option_wins_over_every_variable(environment: dict[str, str], chosen: str) -> None:
    with mock.patch.dict(os.environ, environment, clear=True):
        assert proxy_url(settings(proxy=chosen)) == chosen


@given(ENVIRONMENTS)
def test_options_about_certificates_win_over_every_variable(environment: dict[str, str]) -> None:
    folder = os.path.dirname(__file__)  # noqa: PTH120
    with mock.patch.dict(os.environ, environment, clear=True):
        assert verification(settings(ca_path=folder)) == folder
        assert verification(settings(validate_certs=False, ca_path=folder)) is False
        assert verification(settings(certificate_fingerprint="0" * 64)) is False


def test_a_proxy_is_always_verified_with_the_option_else_a_bundle_else_those_of_requests(monkeypatch, tmp_path) -> None:
    unverified = {"validate_certs": False}
    assert proxy_authorities(settings(**unverified)) == requests.utils.DEFAULT_CA_BUNDLE_PATH
    monkeypatch.setenv("CURL_CA_BUNDLE", "/curl.pem")
    assert proxy_authorities(settings(certificate_fingerprint="0" * 64)) == "/curl.pem"
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/requests.pem")
    assert proxy_authorities(settings(**unverified)) == "/requests.pem"
    assert proxy_authorities(settings(**unverified, ca_path=str(tmp_path))) == str(tmp_path)


# The settings of the system

LOOKUPS = (
    (urllib.request, ("getproxies", "proxy_bypass")),
    (requests.compat, ("getproxies", "proxy_bypass")),
    (requests.utils, ("getproxies", "proxy_bypass", "get_environ_proxies", "should_bypass_proxies")),
    (requests.sessions, ("get_environ_proxies", "should_bypass_proxies", "get_netrc_auth")),
)


class LookedUp(BaseException):
    """Not an Exception, which the transport would explain."""


@pytest.fixture
def no_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every way to the settings of the system raises, and so does reading a netrc file."""

    def forbidden(*_args: Any, **_options: Any) -> Any:
        raise LookedUp

    for module, names in LOOKUPS:
        for name in names:
            monkeypatch.setattr(module, name, forbidden, raising=False)


@pytest.mark.usefixtures("no_system")
def test_requests_do_not_look_up_the_settings_of_the_system(appliance, proxy, make_http, monkeypatch) -> None:
    assert make_http(appliance.options()).send(GET).status == 200
    assert make_http(appliance.options(proxy=f"http://{proxy.where}")).send(GET).status == 200
    monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.where}")
    assert make_http(appliance.options()).send(GET).status == 200
    monkeypatch.setenv("NO_PROXY", "127.0.0.0/8")
    assert make_http(appliance.options()).send(GET).status == 200
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", appliance.ca_file)
    assert make_http(appliance.options(ca_path=None)).send(GET).status == 200
    assert (len(proxy.seen), len(appliance.seen)) == (2, 5)


@pytest.mark.usefixtures("no_system")
@pytest.mark.parametrize("way", ["", "http", "https", "socks5"])
def test_failures_do_not_look_up_the_settings_of_the_system(appliance, make_http, monkeypatch, way) -> None:
    if way:
        monkeypatch.setenv("ALL_PROXY", f"{way}://127.0.0.1:{closed_port()}")
    error = refused(make_http(appliance.options(port=closed_port(), retries=0)))
    assert error.reason == "unreachable"
    assert ("through the proxy" in error.message) is bool(way)
