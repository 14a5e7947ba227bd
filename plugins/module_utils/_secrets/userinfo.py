# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The user and the password in the URL of a proxy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

_SCHEME = re.compile(r"\A\s*[A-Za-z][A-Za-z0-9+.-]*://")
_MISTYPED_SCHEME = re.compile(r"\A\s*(?:(?:https?|socks[45]?[ah]?):?)?[/\\]*", re.IGNORECASE)
_AFTER_AUTHORITY = re.compile(r"[/?#\\]")

_PASSWORD_AS_PORT = re.compile(r"[^:\[]*:(?![0-9]+\Z|:).{4,}")
"""User and password without a host behind them. Fewer characters would also be found in ordinary text."""


def split_userinfo(url: str) -> tuple[str, str]:
    """Separate the userinfo of a URL from its host: ``http://u:p@host:1/`` gives ``("u:p", "host:1")``.

    The userinfo may be empty. The function never fails, because it also hides the password in a malformed URL.
    """
    userinfo, _at, rest = _SCHEME.sub("", url).rpartition("@")
    return userinfo, re.split(r"[/?#]", rest, maxsplit=1)[0]


def proxy_secrets(url: str) -> list[str]:
    """Return the secrets in the URL of a proxy: its password and ``user:password``, raw and percent-decoded.

    The name of the user alone is not a secret, and hiding a name such as ``admin`` would hide ordinary results.
    """
    found: set[str] = set()
    for userinfo in _userinfos(url):
        _user, colon, password = userinfo.partition(":")
        if colon and password:
            found |= {password, unquote(password), userinfo, unquote(userinfo)}
    return sorted(found, key=lambda secret: (-len(secret), secret))


def _userinfos(url: str) -> Iterator[str]:
    """Yield what may be the userinfo of a URL. A malformed URL can be read in several ways, and a library shows one."""
    for scheme in (_SCHEME, _MISTYPED_SCHEME):
        rest = scheme.sub("", url)
        yield rest.rpartition("@")[0]
        authority = _AFTER_AUTHORITY.split(rest, maxsplit=1)[0]
        userinfo, at, _host = authority.rpartition("@")
        if at:
            yield userinfo
        elif rest != url and _PASSWORD_AS_PORT.fullmatch(authority):
            yield authority
