# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests library, guarded, and connections that know how far they have come."""

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
    """How far the request of this thread has come: ``""``, ``connecting``, ``connected`` or ``sending``."""

    name = ""


PHASE = _Phase()


class _Connection(HTTPSConnection):
    """Says when it connects and when it begins to send.

    The exceptions of the libraries do not tell a connection that was reset while it was made, when nothing can have
    been carried out, from one that was reset while the appliance worked.
    """

    def connect(self) -> None:
        """Resolve, connect, open the tunnel of a proxy, shake hands."""
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
    """An adapter whose connections report their phase and check the certificate by ``tls``.

    ``tls`` may hold ``assert_fingerprint`` or ``assert_hostname`` as urllib3 knows them; they hold behind a proxy, too.
    """

    def __init__(self, **tls: Any) -> None:
        self._tls = tls
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools for direct connections."""
        super().init_poolmanager(*args, **{**kwargs, **self._tls})
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Make the pools for connections through a proxy."""
        manager = super().proxy_manager_for(proxy, **{**kwargs, **self._tls})
        if not proxy.lower().startswith("socks"):
            # SOCKS, which only the environment can ask for, needs the connections of its own.
            manager.pool_classes_by_scheme = _POOLS
        return manager


class Bearer(AuthBase):
    """Puts the token, or deliberately nothing, into the request.

    Every request gets one: where requests has no auth object it takes a password from the user's netrc.
    """

    def __init__(self, token: str | None = None) -> None:
        self._token = token

    def __call__(self, request: Any) -> Any:
        """Set the header of a prepared request."""
        request.headers.pop("Authorization", None)
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def new_session(settings: Settings, **tls: Any) -> Any:
    """Return a ``requests.Session`` for one thread; ``tls`` replaces the fingerprint of the settings."""
    if not tls and settings.certificate_fingerprint:
        tls = {"assert_fingerprint": settings.certificate_fingerprint}
    if settings.verify is False:
        # The user has decided this; a warning of a library on stderr is noise in the output of a module.
        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
    session = requests.Session()
    session.mount("https://", Adapter(**tls))
    session.headers["User-Agent"] = "ansible-vbaws.appliance"
    # Sizes are compared with Content-Length and capped, which a compressed body would make harder to say anything
    # about.
    session.headers["Accept-Encoding"] = "identity"
    return session


def proxies_of(settings: Settings) -> dict[str, str]:
    """Return the proxies that the option asks for; those of the environment are the library's business."""
    return {"http": settings.proxy, "https": settings.proxy} if settings.proxy else {}


def proxy_in_use(settings: Settings) -> str | None:
    """Return the URL of the proxy by which requests will go, from the option or the environment, or None."""
    with requests.Session() as session:
        merged = session.merge_environment_settings(settings.base, proxies_of(settings), True, settings.verify, None)
    proxy = requests.utils.select_proxy(settings.base, merged["proxies"])
    return proxy or None
