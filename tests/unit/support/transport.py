# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests to send, and what the tests of the transport have in common."""

from __future__ import annotations

import hashlib
import socket
import ssl
from typing import Any

import pytest
import trustme
from ansible_collections.vbaws.appliance.plugins.module_utils._errors import ApplianceError
from ansible_collections.vbaws.appliance.plugins.module_utils._http.transport import Request

GET = Request("GET", "/organizations/amazon")
ADD = Request("POST", "/organizations/amazon", body="{}", repeatable=False, writes=True)
PUT = Request("PUT", "/organizations/amazon/1", body="{}", writes=True)


def fingerprint(certificate: trustme.LeafCert) -> str:
    der = ssl.PEM_cert_to_DER_cert(certificate.cert_chain_pems[0].bytes().decode())
    digest = hashlib.sha256(der).hexdigest().upper()
    return ":".join(digest[start : start + 2] for start in range(0, 64, 2))


def refused(http: Any, request: Request = GET) -> ApplianceError:
    with pytest.raises(ApplianceError) as caught:
        http.send(request)
    return caught.value


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
