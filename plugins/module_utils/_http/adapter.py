# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The optional library requests, and sessions whose connections report their progress."""

from __future__ import annotations

import ssl
import traceback
from functools import cached_property
from http.cookiejar import DefaultCookiePolicy
from typing import Any

from .connection import Connection, SocksConnection
from .route.environment import proxy_authorities, verification
from .settings import Settings, trusting

try:
    import requests
    import urllib3
    from requests.adapters import HTTPAdapter
    from requests.auth import AuthBase
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

    HAS_REQUESTS = True
    REQUESTS_ERROR: str | None = None
except ImportError:
    HAS_REQUESTS = False
    REQUESTS_ERROR = traceback.format_exc()
    requests = urllib3 = None  # type: ignore[assignment]
    HTTPAdapter = AuthBase = object  # type: ignore[misc,assignment]
    HTTPConnectionPool = HTTPSConnectionPool = object  # type: ignore[misc,assignment]

__all__ = [
    "HAS_REQUESTS",
    "REQUESTS_ERROR",
    "Adapter",
    "Bearer",
    "new_session",
    "requests",
    "urllib3",
]


class _Pool(HTTPSConnectionPool):
    ConnectionCls = Connection


class _SocksPool(HTTPSConnectionPool):
    ConnectionCls = SocksConnection


_POOLS = {"http": HTTPConnectionPool, "https": _Pool}
_SOCKS_POOLS = {"https": _SocksPool}


class Adapter(HTTPAdapter):
    """An adapter whose connections report to their attempt and require a fingerprint, behind a proxy too."""

    def __init__(self, settings: Settings) -> None:
        pin = settings.certificate_fingerprint
        self._tls = {"assert_fingerprint": pin} if pin else {}
        self._settings = settings
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Create the pools for direct connections."""
        super().init_poolmanager(*args, **{**kwargs, **self._tls})
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Create the pools for connections through a proxy."""
        scheme = proxy.partition(":")[0].lower()
        if scheme == "https":
            kwargs["proxy_ssl_context"] = self._proxy_trust
        manager = super().proxy_manager_for(proxy, **{**kwargs, **self._tls})
        manager.pool_classes_by_scheme = _SOCKS_POOLS if scheme.startswith("socks") else _POOLS
        return manager

    @cached_property
    def _proxy_trust(self) -> ssl.SSLContext:
        return trusting(proxy_authorities(self._settings))


class Bearer(AuthBase):
    """The authorization of a request: a token, or nothing."""

    def __init__(self, token: str | None = None) -> None:
        self._token = token

    def __call__(self, request: Any) -> Any:
        """Set the header of a prepared request."""
        request.headers.pop("Authorization", None)
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def new_session(settings: Settings) -> Any:
    """Return a ``requests.Session``, for one thread at a time."""
    if verification(settings) is False:
        # The user decided this, and a warning of a library on stderr would disturb the output of the module.
        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
    session: Any = requests.Session()
    # Otherwise, the session looks up the proxies of the system, and reads passwords from the user's netrc file.
    session.trust_env = False
    # Redirects are an error. Without this, requests reads the body of a redirect, however long, and parses its target.
    session.get_redirect_target = lambda _response: None
    # The API sets no cookies, and those of another server could grow without bound.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.mount("https://", Adapter(settings))
    session.headers["User-Agent"] = "ansible-vbaws.appliance"
    # A compressed body could be small and become large.
    session.headers["Accept-Encoding"] = "identity"
    return session
