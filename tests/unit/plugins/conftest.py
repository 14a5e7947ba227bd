# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers, transport and environment for the tests of the client."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme
from ansible_collections.vbaws.appliance.plugins.module_utils._http.deadline import Backoff, Deadline
from ansible_collections.vbaws.appliance.plugins.module_utils._http.settings import Settings
from ansible_collections.vbaws.appliance.plugins.module_utils._http.transport import Http
from ansible_collections.vbaws.appliance.tests.unit.support.raw_servers import RawServer, Script
from ansible_collections.vbaws.appliance.tests.unit.support.servers import (
    LOOPBACK,
    Appliance,
    Proxy,
    serving,
)


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("authority") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


@pytest.fixture(scope="session")
def certificate(authority: trustme.CA) -> trustme.LeafCert:
    return authority.issue_cert(LOOPBACK, "localhost")


@pytest.fixture
def appliance(authority: trustme.CA, certificate: trustme.LeafCert, ca_file: Path) -> Iterator[Appliance]:
    server = Appliance(certificate, authority, ca_file)
    with serving(server):
        yield server


@pytest.fixture
def misnamed(authority: trustme.CA, ca_file: Path) -> Iterator[Appliance]:
    """An appliance whose certificate is trusted and made out to other names."""
    server = Appliance(authority.issue_cert("backup.example.com", "10.9.8.7"), authority, ca_file)
    with serving(server):
        yield server


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    server = Proxy()
    with serving(server):
        yield server


@pytest.fixture
def pauses() -> list[float]:
    """The pauses that were asked for instead of being waited."""
    return []


@pytest.fixture
def backoff(pauses: list[float]) -> Backoff:
    """A backoff that draws the upper bound and never sleeps."""
    return Backoff(uniform=max, sleep=pauses.append)


@pytest.fixture
def make_http(backoff: Backoff) -> Iterator[Callable[..., Http]]:
    """Make the transport for connection options, and close it after the test."""
    with contextlib.ExitStack() as stack:

        def make(options: dict[str, Any], seconds: float = 60) -> Http:
            http = Http(Settings.from_options(options), Deadline(seconds), backoff)
            stack.callback(http.close)
            return http

        yield make


@pytest.fixture(autouse=True)
def plain_signals() -> Iterator[None]:
    """Do not ignore SIGHUP, as under nohup."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the proxies and CA bundles of the machine that runs the tests out of them."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "netrc"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def serve() -> Iterator[Callable[..., RawServer]]:
    """Start a server until the end of the test."""
    with contextlib.ExitStack() as stack:

        def start(script: Script, certificate: trustme.LeafCert | None = None) -> RawServer:
            server = RawServer(script, certificate)
            stack.enter_context(serving(server))
            return server

        yield start
