# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a failed attempt means: whether anything can have been carried out, whether a repeat can help, what to tell."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator
from typing import Any

from .._errors import ApplianceError
from .adapter import new_session, proxies_of, proxy_in_use, requests, urllib3
from .settings import Settings, fingerprint_text, split_userinfo

_TUNNEL = re.compile(r"Tunnel connection failed: (\d{3}) ?([^'\")]*)")
_NO_TLS = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNSUPPORTED_PROTOCOL", "wrong version number", "UNKNOWN_PROTOCOL")


class Failed(Exception):
    """An attempt without an answer.

    ``sent``: bytes of the request may have left. ``final``: a repeat would fail the same way.
    """

    def __init__(self, error: ApplianceError, *, sent: bool, final: bool) -> None:
        super().__init__(error.message)
        self.error = error
        self.sent = sent
        self.final = final


def _says(error: BaseException) -> str:
    """The innermost words of the system: of all the wrapping the one part that a reader can use."""
    causes = list(chain(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLError):
            return str(cause.reason or cause.strerror or cause)
        if isinstance(cause, OSError) and cause.strerror and not isinstance(cause, requests.RequestException):
            return str(cause.strerror)
    return str(causes[-1]) or type(causes[-1]).__name__


def _closed(settings: Settings) -> str:
    return (
        "Check hostname and port, that the appliance is running, and that its security group lets the machine which "
        f"runs the module in on TCP port {settings.port} (11005 is closed there by default)"
    )


def failed(error: BaseException, settings: Settings, phase: str) -> Failed:
    """Judge the exception of an attempt; ``phase`` is how far its connection had come (see ``_session.PHASE``)."""
    lost = (requests.ReadTimeout, requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError)
    if phase == "sending" or isinstance(error, lost):
        return _after_sending(error, settings)
    return _before_sending(error, settings, phase)


def _after_sending(error: BaseException, settings: Settings) -> Failed:
    late = (requests.Timeout, urllib3.exceptions.TimeoutError, socket.timeout)
    if any(isinstance(cause, late) for cause in chain(error)):
        told = ApplianceError(
            f"{settings.where} did not go on answering within {settings.timeout:g} seconds",
            reason="timeout",
            remedy="If the appliance is merely slow, raise the option timeout",
        )
    else:
        told = ApplianceError(
            f"The connection to {settings.where} was lost before the answer was complete: {_says(error)}",
            reason="unreachable",
            remedy="See whether the appliance, or a proxy on the way, is being restarted, and run again",
        )
    return Failed(told, sent=True, final=False)


def _before_sending(error: BaseException, settings: Settings, phase: str) -> Failed:
    untrusted = trust_error(error, settings)
    if untrusted:
        return Failed(untrusted, sent=False, final=True)
    causes = list(chain(error))
    proxy = proxy_in_use(settings)
    by_proxy = f" through the proxy {split_userinfo(proxy)[1]}" if proxy else ""
    tunnel = _TUNNEL.search(" ".join(str(cause) for cause in causes))
    if tunnel:
        status = int(tunnel.group(1))
        told = ApplianceError(
            f"The proxy {split_userinfo(proxy or '')[1]} did not connect to {settings.where}: "
            f"{status} {tunnel.group(2)}".strip(),
            reason="unreachable",
            remedy="Check the option proxy (or HTTPS_PROXY) with its user and password, and that the "
            "proxy allows this host and port; to go past a proxy of the environment, name the host in NO_PROXY",
        )
        # The proxy's password is refused, or the host is: the same again could only lock the account.
        return Failed(told, sent=False, final=400 <= status < 500 and status not in (408, 429))
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        name = f"proxy {split_userinfo(proxy)[1]}" if proxy else f"host {settings.hostname}"
        told = ApplianceError(
            f"The name of the {name} cannot be resolved: {_says(error)}",
            reason="unreachable",
            remedy=f"Check the option {'proxy' if proxy else 'hostname'} and the name service of the "
            "machine that runs the module",
        )
        return Failed(told, sent=False, final=True)
    tls = [cause for cause in causes if isinstance(cause, ssl.SSLError)]
    if tls:
        no_tls = any(mark in str(cause) for mark in _NO_TLS for cause in tls)
        told = ApplianceError(
            f"No TLS connection could be made with {settings.where}{by_proxy}: {_says(error)}",
            reason="tls",
            remedy=f"Check that port {settings.port} is that of the REST API, 11005 by default, which "
            "speaks HTTPS only",
        )
        return Failed(told, sent=False, final=no_tls)
    wrong = (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, requests.exceptions.InvalidProxyURL)
    if isinstance(error, wrong) or (not phase and not isinstance(error, requests.RequestException)):
        # Among these is a CA bundle of the environment that does not exist, which the library looks for before
        # connecting.
        told = ApplianceError(
            f"The connection to {settings.where}{by_proxy} cannot be set up: {error}",
            reason="invalid",
            remedy="Check hostname, proxy, ca_path and the environment variables HTTPS_PROXY, "
            "ALL_PROXY, REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE",
            stage="connect",
        )
        return Failed(told, sent=False, final=True)
    if any(isinstance(cause, (requests.ConnectTimeout, socket.timeout)) for cause in causes):
        message = (
            f"{settings.where} does not answer{by_proxy}: no connection within {min(settings.timeout, 10):g} seconds"
        )
    else:
        message = f"No connection to {settings.where}{by_proxy}: {_says(error)}"
    told = ApplianceError(message, reason="unreachable", remedy=_closed(settings), stage="connect")
    return Failed(told, sent=False, final=False)


_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")
_NAMES = re.compile(r"doesn't match (?:either of )?(.+)")
_NO_NAMES = "no appropriate subjectAltName"
_NAME_CODES = (62, 64)  # X509_V_ERR_HOSTNAME_MISMATCH and X509_V_ERR_IP_ADDRESS_MISMATCH of OpenSSL
_TIME_CODES = (9, 10)  # X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED


def chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and everything it was made from, the outermost first; each once."""
    seen: set[int] = set()
    queue: list[Any] = [error]
    while queue:
        current = queue.pop(0)
        if not isinstance(current, BaseException) or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        queue += [getattr(current, "reason", None), getattr(current, "original_error", None), *current.args]
        queue += [current.__cause__, current.__context__]


def trust_error(error: BaseException, settings: Settings) -> ApplianceError | None:
    """Explain a certificate that was refused; None where the certificate is not what the connection failed of."""
    for cause in chain(error):
        text = str(cause)
        code = getattr(cause, "verify_code", 0)
        if "Fingerprints did not match" in text and not list(cause.args[1:]):
            return _wrong_fingerprint(text, settings)
        if code in _NAME_CODES or _NO_NAMES in text or (_NAMES.search(text) and "hostname" in text):
            return _wrong_name(settings)
        if code:
            why = str(getattr(cause, "verify_message", "") or text)
            return _untrusted(why, code in _TIME_CODES, settings)
    return None


def _probe(settings: Settings, verify: bool | str, **tls: Any) -> str:
    """Shake hands once more with a check that must fail, and return what the library says then.

    Nothing is sent: the check comes before the request. It takes the same way, proxies included.
    """
    timeout = min(settings.timeout, 10)
    with new_session(settings, **tls) as session:
        try:
            session.head(
                settings.base, verify=verify, proxies=proxies_of(settings), timeout=timeout, allow_redirects=False
            )
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            return "\n".join(str(cause) for cause in chain(error))
    return ""


def presented_fingerprint(settings: Settings) -> str | None:
    """Return the SHA-256 fingerprint of the certificate that the host presents now, or None where it cannot be had."""
    nobody = "0" * 64
    said = _probe(settings, False, assert_fingerprint=nobody)
    digests = [digest for digest in _DIGEST.findall(said) if digest != nobody]
    return fingerprint_text(digests[0]) if digests else None


def presented_names(settings: Settings) -> str | None:
    """Return the host names and addresses in the certificate, or None where they cannot be had."""
    # A certificate's names are only readable here once its chain is trusted, so the same trust is used as before.
    match = _NAMES.search(_probe(settings, settings.verify, assert_hostname="names.invalid"))
    names = re.findall(r"'([^']+)'", match.group(1).split("\n")[0].replace("names.invalid", "")) if match else []
    return ", ".join(names) or None


def _pin_remedy(settings: Settings, presented: str | None) -> str:
    if presented is None:
        return "set certificate_fingerprint to the SHA-256 fingerprint of the appliance's certificate"
    return (
        f"compare the SHA-256 fingerprint {presented}, which {settings.where} presents, with that of the appliance's "
        "certificate and set certificate_fingerprint to it"
    )


def _untrusted(why: str, expiry: bool, settings: Settings) -> ApplianceError:
    presented = presented_fingerprint(settings)
    if expiry:
        remedy = "Replace the certificate on the appliance (or mend the clock of the machine that runs the module), or "
    else:
        remedy = "Set ca_path to a file with the certificate of the authority that issued it, or "
    remedy += _pin_remedy(settings, presented)
    if not presented:
        remedy += "; validate_certs: false is the last resort"
    return ApplianceError(
        f"The certificate of {settings.where} is not trusted: {why}", reason="tls", remedy=remedy, stage="connect"
    )


def _wrong_name(settings: Settings) -> ApplianceError:
    names = presented_names(settings)
    carries = f"it is made out to {names}" if names else "its names could not be read or it carries none"
    remedy = f"Set hostname to a name that the certificate carries ({names}), or " if names else ""
    remedy += _pin_remedy(settings, presented_fingerprint(settings)) + ", which replaces the check of the name"
    return ApplianceError(
        f"The certificate of {settings.where} does not carry the host name {settings.hostname}: {carries}",
        reason="tls",
        remedy=remedy[0].upper() + remedy[1:],
        stage="connect",
    )


def _wrong_fingerprint(text: str, settings: Settings) -> ApplianceError:
    expected = settings.certificate_fingerprint or ""
    presented = [fingerprint_text(digest) for digest in _DIGEST.findall(text) if digest != expected]
    return ApplianceError(
        f"{settings.where} presents a certificate with the SHA-256 fingerprint {(presented or ['unknown'])[0]}, but "
        f"certificate_fingerprint is {fingerprint_text(expected)}",
        reason="tls",
        remedy="If the certificate of the appliance was replaced on purpose, set certificate_fingerprint to the new "
        "one; otherwise find out who answers there before a password is sent to it",
        stage="connect",
    )
