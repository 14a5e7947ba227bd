# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server: uvicorn on loopback, with our certificate and our eye on the connections."""

from __future__ import annotations

import logging
import socket
import ssl
from collections.abc import Callable
from typing import Any

import uvicorn

from ..state.appliance import Appliance
from .connection import CountingProtocol
from .gateway import Gateway

# Clients keep a connection for a whole task: it must not be taken away from them in between.
KEEP_ALIVE_SECONDS = 75


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Clients that keep their connections are not waited for.
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await super().shutdown(sockets)


def listen(hostname: str, port: int) -> socket.socket:
    """A socket that listens; port 0 is any free one. The caller closes it."""
    return socket.create_server((hostname, port))


def serve(appliance: Appliance, listening: socket.socket, context: ssl.SSLContext, ready: Callable[[], None]) -> None:
    """Serves until SIGTERM or SIGINT. Calls `ready` as soon as requests are answered."""
    logging.getLogger("connexion").setLevel(logging.CRITICAL)
    app: Any = Gateway(appliance, CountingProtocol.counts)
    config = uvicorn.Config(
        app,
        http=CountingProtocol,
        ws="none",
        lifespan="off",
        interface="asgi3",
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_level="warning",
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=1,
    )
    config.load()
    config.ssl = context
    _Server(config, ready).run([listening])
