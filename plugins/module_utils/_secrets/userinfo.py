# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The user and the password in the URL of a proxy."""

from __future__ import annotations

import re
from urllib.parse import unquote


def split_userinfo(url: str) -> tuple[str, str]:
    """Separate the userinfo of a URL from its host: ``http://u:p@host:1/`` gives ``("u:p", "host:1")``.

    The userinfo may be empty. The function never fails, because it also hides the password in a malformed URL.
    """
    authority = url.split("://", 1)[-1]
    userinfo, at, rest = authority.rpartition("@")
    host = re.split(r"[/?#]", rest if at else authority, maxsplit=1)[0]
    return userinfo, host


def proxy_secrets(url: str) -> list[str]:
    """Return the secrets in the URL of a proxy: its password and ``user:password``, raw and percent-decoded.

    The name of the user alone is not a secret, and hiding a name such as ``admin`` would hide ordinary results.
    """
    userinfo, _host = split_userinfo(url)
    _user, colon, password = userinfo.partition(":")
    if not colon or not password:
        return []
    return sorted({password, unquote(password), userinfo, unquote(userinfo)}, key=lambda secret: -len(secret))
