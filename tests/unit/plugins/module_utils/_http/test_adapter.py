# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions against real servers: authorization, fingerprints, proxies."""

from __future__ import annotations

import base64
import warnings
from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._http.transport import Request
from ansible_collections.vbaws.appliance.tests.unit.support.transport import GET, fingerprint, refused


def test_a_netrc_neither_adds_nor_replaces_authorization(appliance, make_http, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    http = make_http(appliance.options())
    http.send(Request("POST", "/token", body={"a": "b"}))
    http.send(Request("GET", "/a", token="mine"))
    assert [seen.headers.get("Authorization") for seen in appliance.seen] == [None, "Bearer mine"]


SPELLINGS = [str, str.lower, lambda text: text.replace(":", ""), lambda text: f"SHA256 Fingerprint={text}"]


@pytest.mark.parametrize("spell", SPELLINGS)
def test_a_fingerprint_replaces_chain_and_name(misnamed, make_http, spell):
    options = misnamed.options(ca_path=None, certificate_fingerprint=spell(fingerprint(misnamed.certificate)))
    assert make_http(options).send(GET).status == 200


def test_without_validation_anything_goes_and_without_noise(misnamed, make_http):
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        with pytest.MonkeyPatch.context() as patch:
            shown: list[Any] = []
            patch.setattr(warnings, "showwarning", lambda *args: shown.append(args))
            make_http(misnamed.options(ca_path=None, validate_certs=False)).send(GET)
    assert not [warning for warning in shown if "Insecure" in str(warning[1])]


def test_a_proxy_is_used_with_its_password(appliance, proxy, make_http):
    make_http(appliance.options(proxy=f"http://us%40er:p%3Aw@{proxy.where}")).send(GET)
    method, target, headers = proxy.seen[0]
    assert (method, target) == ("CONNECT", f"127.0.0.1:{appliance.port}")
    assert base64.b64decode(headers["proxy-authorization"].split()[1]) == b"us@er:p:w"
    assert "Proxy-Authorization" not in appliance.seen[0].headers


def test_the_option_wins_over_the_environment_and_its_exceptions(appliance, proxy, make_http, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "*")
    make_http(appliance.options(proxy=f"http://{proxy.where}")).send(GET)
    assert len(proxy.seen) == 1


def test_the_proxy_of_the_environment_is_used_unless_excepted(appliance, proxy, make_http, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.where}")
    make_http(appliance.options()).send(GET)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    make_http(appliance.options()).send(GET)
    assert (len(proxy.seen), len(appliance.seen)) == (1, 2)


@pytest.mark.parametrize("pin", [None, "right", "wrong"])
def test_trust_holds_behind_a_proxy(appliance, proxy, make_http, pin):
    right = fingerprint(appliance.certificate)
    chosen = {None: None, "right": right, "wrong": "0" * 63 + "1"}[pin]
    http = make_http(appliance.options(ca_path=None, proxy=f"http://{proxy.where}", certificate_fingerprint=chosen))
    if pin == "right":
        assert http.send(GET).status == 200
        return
    error = refused(http)
    assert error.reason == "tls"
    # The first connection shows a fingerprint that does not match. No second one is made through a proxy to see it.
    assert (right in str(error)) is (pin == "wrong")
    assert len(proxy.seen) == 1
    assert appliance.seen == []
