# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections that report to their attempt: direct, through an HTTP proxy, through a SOCKS proxy."""

from __future__ import annotations

import socket
import ssl
from typing import Any, cast

from .attempt import current

try:
    from urllib3.connection import HTTPSConnection
except ImportError:  # reported by the adapter
    HTTPSConnection = object  # type: ignore[assignment,misc]

try:
    import socks
    from urllib3.contrib.socks import SOCKSHTTPSConnection
except ImportError:  # requests refuses the proxy

    class SOCKSHTTPSConnection(HTTPSConnection):  # type: ignore[no-redef]
        """Stands in for the library."""


_SOCKS_PORT = 1080


class Connection(HTTPSConnection):
    """A connection that tells the attempt what it does, and verifies an https proxy before the proxy gets a password.

    The exceptions of the libraries do not show whether a connection was reset before the request was sent, when the
    appliance cannot have processed it, or afterwards.
    """

    def connect(self) -> None:
        """Resolve the name, connect, open the tunnel of a proxy, and do the TLS handshake."""
        current().phase = "connecting"
        super().connect()
        current().phase = "connected"
        current().uses(self.sock)

    def putrequest(self, *args: Any, **kwargs: Any) -> None:
        """Send the first bytes of a request."""
        current().uses(self.sock)
        current().phase = "sending"
        super().putrequest(*args, **kwargs)

    def _new_conn(self) -> Any:
        sock = super()._new_conn()
        current().uses(sock)
        return sock

    def _connect_tls_proxy(self, hostname: str, sock: Any) -> Any:
        """Verify the certificate of the proxy, whatever is required of that of the appliance."""
        current().phase = "proxy"
        context = cast(ssl.SSLContext, cast(Any, self.proxy_config).ssl_context)
        wrapped = context.wrap_socket(sock, server_hostname=hostname)
        current().uses(wrapped)
        current().phase = "connecting"
        self.proxy_is_verified = True
        return wrapped


class SocksConnection(Connection, SOCKSHTTPSConnection):
    """A connection through a SOCKS proxy, which only the environment can set.

    It opens the socket itself: the library returns it only after the proxy has answered, too late to cut it off.
    """

    def _new_conn(self) -> Any:
        options = self._socks_options
        address = (options["proxy_host"], int(options["proxy_port"] or _SOCKS_PORT))
        sock = socks.socksocket(socket.getaddrinfo(*address, type=socket.SOCK_STREAM)[0][0])
        current().uses(sock)
        try:
            sock.set_proxy(
                options["socks_version"], *address, options["rdns"], options["username"], options["password"]
            )
            sock.settimeout(self.timeout)
            sock.connect((self.host, self.port))
        except BaseException:
            sock.close()
            raise
        return sock
