# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The proxy and the certificates that a request uses: those of the options, else those of the environment.

The settings of the operating system are never looked up, since that crashes a forked process on macOS. Therefore,
sessions do not look at the environment themselves (``trust_env``). The results are the same as theirs on Linux.
"""

from __future__ import annotations

import os
from contextlib import suppress
from urllib.request import getproxies_environment, proxy_bypass_environment  # type: ignore[attr-defined]

from ..settings import Settings

with suppress(ImportError):  # reported by the adapter
    from requests.utils import DEFAULT_CA_BUNDLE_PATH, address_in_network, is_ipv4_address, is_valid_cidr


def proxy_url(settings: Settings) -> str | None:
    """Return the URL of the proxy, or None."""
    if settings.proxy:
        return settings.proxy
    host = _host(settings)
    if _needs_no_proxy(host, settings.port):
        return None
    found = getproxies_environment()
    return next((found[key] for key in (f"https://{host}", "https", f"all://{host}", "all") if key in found), None)


def verification(settings: Settings) -> bool | str:
    """Return the argument ``verify`` of a request: False, True, or a file or folder with certificates.

    A fingerprint replaces the check of the issuer and of the host name, hence False.
    """
    if settings.certificate_fingerprint or not settings.validate_certs:
        return False
    return _authorities(settings) or True


def proxy_authorities(settings: Settings) -> str:
    """Return the file or folder with the certificates that an https proxy is verified with, in every case."""
    return _authorities(settings) or DEFAULT_CA_BUNDLE_PATH


def _authorities(settings: Settings) -> str | None:
    return settings.ca_path or os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or None


def _host(settings: Settings) -> str:
    """Return the host name as it is in the URL of a request."""
    host = settings.hostname.lower()
    if not host.isascii():
        with suppress(UnicodeError):
            return host.encode("idna").decode()
    return host


def _needs_no_proxy(host: str, port: int) -> bool:
    """Whether NO_PROXY contains the host: as a name, a domain or an address, with or without port, or in a network."""
    excepted = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    entries = [entry for entry in excepted.replace(" ", "").split(",") if entry]
    if is_ipv4_address(host):
        if any(address_in_network(host, one) if is_valid_cidr(one) else host == one for one in entries):
            return True
    else:
        domains = ["." + entry.lstrip(".") for entry in entries]
        if any(name.endswith(domain) for name in (f".{host}", f".{host}:{port}") for domain in domains):
            return True
    return bool(proxy_bypass_environment(host))
