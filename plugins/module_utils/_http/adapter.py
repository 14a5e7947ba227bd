# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The optional library requests, and sessions whose connections report their progress."""

from __future__ import annotations

import threading
import traceback
from typing import Any

from .settings import Settings

try:
    import requests
    import urllib3
    from requests.adapters import HTTPAdapter
    from requests.auth import AuthBase
    from urllib3.connection import HTTPSConnection
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

    HAS_REQUESTS = True
    REQUESTS_ERROR: str | None = None
except ImportError:
    HAS_REQUESTS = False
    REQUESTS_ERROR = traceback.format_exc()
    requests = urllib3 = None  # type: ignore[assignment]
    HTTPAdapter = AuthBase = object  # type: ignore[misc,assignment]
    HTTPSConnection = HTTPConnectionPool = HTTPSConnectionPool = object  # type: ignore[misc,assignment]

__all__ = [
    "HAS_REQUESTS",
    "PHASE",
    "REQUESTS_ERROR",
    "Adapter",
    "Bearer",
    "new_session",
    "proxies_of",
    "proxy_in_use",
    "requests",
    "urllib3",
]


class _Phase(threading.local):
    """The progress of the request of this thread: ``""``, ``connecting``, ``connected`` or ``sending``."""

    name = ""


PHASE = _Phase()


class _Connection(HTTPSConnection):
    """A connection that reports when it connects and when it begins to send.

    The exceptions of the libraries do not show whether a connection was reset before the request was sent, when the
    appliance cannot have processed it, or afterwards.
    """

    def connect(self) -> None:
        """Resolve the name, connect, open the tunnel of a proxy, and do the TLS handshake."""
        PHASE.name = "connecting"
        super().connect()
        PHASE.name = "connected"

    def putrequest(self, *args: Any, **kwargs: Any) -> None:
        """Send the first bytes of a request."""
        PHASE.name = "sending"
        super().putrequest(*args, **kwargs)


class _Pool(HTTPSConnectionPool):
    ConnectionCls = _Connection


_POOLS = {"http": HTTPConnectionPool, "https": _Pool}


class Adapter(HTTPAdapter):
    """An adapter whose connections report their phase and require a fingerprint, behind a proxy too."""

    def __init__(self, fingerprint: str | None) -> None:
        self._tls = {"assert_fingerprint": fingerprint} if fingerprint else {}
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Create the pools for direct connections."""
        super().init_poolmanager(*args, **{**kwargs, **self._tls})
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Create the pools for connections through a proxy."""
        manager = super().proxy_manager_for(proxy, **{**kwargs, **self._tls})
        if not proxy.lower().startswith("socks"):
            # A SOCKS proxy, which only the environment can set, needs its own kind of connections.
            manager.pool_classes_by_scheme = _POOLS
        return manager


class Bearer(AuthBase):
    """The authorization of a request: a token, or nothing.

    Every request needs this object, because without it ``requests`` takes a password from the user's netrc file.
    """

    def __init__(self, token: str | None = None) -> None:
        self._token = token

    def __call__(self, request: Any) -> Any:
        """Set the header of a prepared request."""
        request.headers.pop("Authorization", None)
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def new_session(settings: Settings, fingerprint: str | None = None) -> Any:
    """Return a ``requests.Session`` for one thread; ``fingerprint`` replaces that of the settings."""
    if settings.verify is False:
        # The user decided this, and a warning of a library on stderr would disturb the output of the module.
        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
    session = requests.Session()
    session.mount("https://", Adapter(fingerprint or settings.certificate_fingerprint))
    session.headers["User-Agent"] = "ansible-vbaws.appliance"
    # The size of the body is compared with Content-Length, which does not work with a compressed body.
    session.headers["Accept-Encoding"] = "identity"
    return session


def proxies_of(settings: Settings) -> dict[str, str]:
    """Return the proxies of the option; the library itself finds the proxies of the environment."""
    return {"http": settings.proxy, "https": settings.proxy} if settings.proxy else {}


def proxy_in_use(settings: Settings) -> str | None:
    """Return the URL of the proxy that requests use, from the option or the environment, or None."""
    with requests.Session() as session:
        merged = session.merge_environment_settings(settings.base, proxies_of(settings), True, settings.verify, None)
    proxy = requests.utils.select_proxy(settings.base, merged["proxies"])
    return proxy or None
