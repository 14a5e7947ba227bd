# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The credentials in the URL of a proxy."""

from __future__ import annotations

from ansible_collections.vbaws.appliance.plugins.module_utils._secrets.userinfo import proxy_secrets


def test_proxy_secrets_are_the_password_and_the_userinfo_raw_and_decoded():
    assert set(proxy_secrets("http://us%40er:p%2Fw@host:1/")) == {"p%2Fw", "p/w", "us%40er:p%2Fw", "us@er:p/w"}
    assert set(proxy_secrets("u:p@ss@host")) == {"p@ss", "u:p@ss"}
    assert proxy_secrets("http://user@host:1") == proxy_secrets("http://host:1") == proxy_secrets("") == []
