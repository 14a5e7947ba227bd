# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The credentials in the URL of a proxy."""

from __future__ import annotations

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._secrets.userinfo import (
    proxy_secrets,
    split_userinfo,
)


def test_proxy_secrets_are_the_password_and_the_userinfo_raw_and_decoded():
    assert set(proxy_secrets("http://us%40er:p%2Fw@host:1/")) == {"p%2Fw", "p/w", "us%40er:p%2Fw", "us@er:p/w"}
    assert set(proxy_secrets("u:p@ss@host")) == {"p@ss", "u:p@ss"}
    assert set(proxy_secrets("u:p://ss@host")) == {"p://ss", "u:p://ss"}
    assert proxy_secrets("http://user@host:1") == proxy_secrets("http://host:1") == proxy_secrets("") == []


@pytest.mark.parametrize(
    ("url", "password"),
    [
        ("http:/user:pass@host", "pass"),
        ("https:/user:pass@host", "pass"),
        ("socks5:user:pass@host", "pass"),
        ("http//user:pass@host", "pass"),
        ("http:user:pass@host", "pass"),
        ("http:\\\\user:pass@host", "pass"),
        ("//user:pass@host", "pass"),
        (" http://user:pass@host", "pass"),
        ("HTTP:///user:pass@host", "pass"),
        ("socks5h://user:pass@host:1", "pass"),
        ("http://:pass@host", "pass"),
        ("user:/pass@host", "/pass"),
        ("user:pa://ss@host", "pa://ss"),
        ("http://user:pa#ss@host", "pa#ss"),
        ("http://user:pa/ss@host", "pa/ss"),
        ("http://user:pa\\ss@host", "pa\\ss"),
        ("http://user:word#12@host", "word"),
        ("http://user:word/12@host", "word"),
        ("http://user:pass@host/p@th", "pass"),
        ("http://user:pass", "pass"),
        ("http://user:pass/", "pass"),
        ("http://user:%zz%4@host", "%zz%4"),
        ("http://user:caf\udce9%41@host", "caf\udce9A"),
    ],
)
def test_the_password_in_a_malformed_url_is_a_secret(url, password):
    assert password in proxy_secrets(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://host:3128/path",
        "http://[::1]:3128",
        "http://fe80::1",
        "http://fe80::1234:5678",
        "host:3128",
        "host:https",
        "http://host:",
        "http://",
    ],
)
def test_a_url_without_a_password_has_no_secret(url):
    assert proxy_secrets(url) == []


@pytest.mark.parametrize("url", ["http://u:p@host:1/", "u:p@host:1", "u:a://b@host:1", "http:/u:p@host:1", "host:1"])
def test_the_host_is_shown_without_userinfo(url):
    assert split_userinfo(url)[1] == "host:1"
