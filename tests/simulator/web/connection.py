# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections: their number, how many TLS handshakes there were, and cutting one off."""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol


class Connections:
    """What is known of all connections. Those of the control endpoint do not count."""

    def __init__(self) -> None:
        self.handshakes = 0
        self.counting = 0
        self._numbers = 0

    def next_number(self) -> int:
        """A number for a connection that carries its first request of the API."""
        self._numbers += 1
        return self._numbers

    def clear(self) -> None:
        """Begins to count again. Connections that are open get new numbers with their next request."""
        self.handshakes = 0
        self.counting += 1
        self._numbers = 0


class Peer:
    """One connection."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._transport: Any = None
        self._counted = False
        self._number = 0
        self._numbered_in = 0

    def made(self, transport: Any) -> None:
        """The TLS handshake is over."""
        self._transport = transport
        self._counted = True
        self._connections.handshakes += 1

    def is_control(self) -> None:
        """It is used for the control endpoint, so it does not count."""
        if self._counted and not self._number:
            self._connections.handshakes = max(0, self._connections.handshakes - 1)
        self._counted = False

    def number(self) -> int:
        """Its number: 1 is the first one that carried a request of the API."""
        if not self._number or self._numbered_in != self._connections.counting:
            self._number = self._connections.next_number()
            self._numbered_in = self._connections.counting
        return self._number

    def cut(self) -> None:
        """Cuts it off at once, without a word."""
        self._transport.abort()

    def close(self) -> None:
        """Ends it after everything that was sent."""
        self._transport.close()


class CountingProtocol(H11Protocol):
    """HTTP/1.1, with the connection in the state of each request's scope as `peer`."""

    counts = Connections()

    def __init__(self, config: Any, server_state: Any, app_state: dict[str, Any], _loop: Any = None) -> None:
        self._peer = Peer(self.counts)
        super().__init__(config, server_state, {**app_state, "peer": self._peer}, _loop)

    def connection_made(self, transport: Any) -> None:
        """The TLS handshake is over."""
        super().connection_made(transport)
        self._peer.made(transport)
