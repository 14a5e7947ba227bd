# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A certificate authority for one run, and the certificate of the appliance."""

from __future__ import annotations

import hashlib
import ssl
from dataclasses import dataclass
from pathlib import Path

import trustme


@dataclass(frozen=True)
class Certificates:
    """What the server shows, and what clients need to trust it."""

    context: ssl.SSLContext
    ca_file: Path
    fingerprint: str


def make(folder: Path, hostname: str) -> Certificates:
    """Makes both. The CA is written to the folder.

    The certificate is good for the one host name alone, so that `localhost` is a name that it does not carry.
    """
    authority = trustme.CA(organization_name="vbaws.appliance simulator")
    certificate = authority.issue_cert(hostname)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    certificate.configure_cert(context)
    ca_file = folder / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    der = ssl.PEM_cert_to_DER_cert(certificate.cert_chain_pems[0].bytes().decode())
    digest = hashlib.sha256(der).hexdigest().upper()
    return Certificates(context, ca_file, ":".join(digest[n : n + 2] for n in range(0, len(digest), 2)))
