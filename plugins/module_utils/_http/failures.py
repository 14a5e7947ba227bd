# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Explains a failed attempt: what happened, whether the request may have been sent, whether a repeat can help."""

from __future__ import annotations

import hashlib
import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .._errors import ApplianceError
from .._secrets.userinfo import split_userinfo
from .adapter import requests, urllib3
from .deadline import Deadline
from .route.environment import proxy_url
from .settings import PORT, Settings, fingerprint_text


class Failed(Exception):
    """An attempt without an answer.

    ``sent``: bytes of the request may have left. ``final``: a repeat would fail the same way.
    """

    def __init__(self, error: ApplianceError, *, sent: bool, final: bool) -> None:
        super().__init__(error.message)
        self.error = error
        self.sent = sent
        self.final = final


def failed(error: BaseException, settings: Settings, phase: str, deadline: Deadline) -> Failed:
    """Explain the exception of an attempt.

    phase: how far it had come (``Attempt.phase``). deadline: until when an untrusted certificate may be looked at.
    """
    lost = (requests.ReadTimeout, requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError)
    attempt = _Attempt(error, tuple(_chain(error)), settings, phase, deadline)
    if phase == "sending" or (isinstance(error, lost) and phase != "proxy"):
        return Failed(_answer_lost(attempt), sent=True, final=False)
    for explain in (
        _proxy_refused,
        _certificate_refused,
        _tunnel_refused,
        _name_unresolved,
        _tls_failed,
        _setup_failed,
    ):
        explained = explain(attempt)
        if explained:
            return explained
    return Failed(_not_connected(attempt), sent=False, final=False)


@dataclass(frozen=True)
class _Attempt:
    """A failed attempt. ``causes`` are its exception and everything that the exception was made from."""

    error: BaseException
    causes: tuple[BaseException, ...]
    settings: Settings
    phase: str
    deadline: Deadline

    @property
    def proxy(self) -> str:
        """``host:port`` of the proxy, empty without a proxy."""
        return split_userinfo(proxy_url(self.settings) or "")[1]

    @property
    def target(self) -> str:
        """The appliance, and the proxy on the way to it, for messages."""
        proxy = self.proxy
        return self.settings.where + (f" through the proxy {proxy}" if proxy else "")

    @property
    def system_message(self) -> str:
        """The message of the operating system or of OpenSSL, which the libraries wrap in messages of their own."""
        for cause in self.causes:
            if isinstance(cause, ssl.SSLError):
                return str(getattr(cause, "reason", None) or cause.strerror or cause)
            if isinstance(cause, OSError) and cause.strerror and not isinstance(cause, requests.RequestException):
                return str(cause.strerror)
        return str(self.causes[-1]) or type(self.causes[-1]).__name__

    def has(self, *kinds: type[BaseException]) -> bool:
        """Return whether a cause is of one of these kinds."""
        return any(isinstance(cause, kinds) for cause in self.causes)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and everything that it was made from, the outermost first, each once."""
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


# After the request was sent


def _answer_lost(attempt: _Attempt) -> ApplianceError:
    settings = attempt.settings
    if attempt.has(requests.Timeout, urllib3.exceptions.TimeoutError, socket.timeout):
        return ApplianceError(
            f"{settings.where} did not go on answering within {settings.timeout:g} seconds",
            reason="timeout",
            remedy="If the appliance is merely slow, raise the option timeout",
        )
    return ApplianceError(
        f"The connection to {settings.where} was lost before the answer was complete: {attempt.system_message}",
        reason="unreachable",
        remedy="Check whether the appliance, or a proxy on the way, is being restarted, and run the task again",
    )


# Before the request was sent

_TUNNEL = re.compile(r"Tunnel connection failed: (\d{3}) ?(.*)", re.DOTALL)
_NO_TLS = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNSUPPORTED_PROTOCOL", "wrong version number", "UNKNOWN_PROTOCOL")


def _tunnel_refused(attempt: _Attempt) -> Failed | None:
    # The first cause has the whole phrase of the proxy, which may quote a password: it must not be cut here.
    match = next((found for cause in reversed(attempt.causes) if (found := _TUNNEL.match(str(cause)))), None)
    if not match:
        return None
    status = int(match.group(1))
    error = ApplianceError(
        f"The proxy {attempt.proxy} did not connect to {attempt.settings.where}: {status} {match.group(2)}".strip(),
        reason="unreachable",
        remedy="Check the option proxy (or HTTPS_PROXY) with its user and password, and that the proxy allows this "
        "host and port; to bypass a proxy of the environment, add the host to NO_PROXY",
    )
    # A status 4xx refuses the password or the host, and a repeat could lock the user's account.
    return Failed(error, sent=False, final=400 <= status < 500 and status not in (408, 429))


def _name_unresolved(attempt: _Attempt) -> Failed | None:
    if not attempt.has(socket.gaierror):
        return None
    proxy = attempt.proxy
    error = ApplianceError(
        f"The name of the {f'proxy {proxy}' if proxy else f'host {attempt.settings.hostname}'} cannot be resolved: "
        f"{attempt.system_message}",
        reason="unreachable",
        remedy=f"Check the option {'proxy' if proxy else 'hostname'} and the name service of the machine that runs "
        "the module",
    )
    return Failed(error, sent=False, final=True)


def _tls_failed(attempt: _Attempt) -> Failed | None:
    causes = [str(cause) for cause in attempt.causes if isinstance(cause, ssl.SSLError)]
    if not causes:
        return None
    error = ApplianceError(
        f"No TLS connection could be made with {attempt.target}: {attempt.system_message}",
        reason="tls",
        remedy=f"Check that port {attempt.settings.port} is the port of the REST API, {PORT.default} by default, which "
        "speaks HTTPS only",
    )
    return Failed(error, sent=False, final=any(mark in cause for mark in _NO_TLS for cause in causes))


def _setup_failed(attempt: _Attempt) -> Failed | None:
    wrong = (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, requests.exceptions.InvalidProxyURL)
    # Before it connects, the library opens the CA bundle of the environment; the error is not of its own kind.
    unprepared = not attempt.phase and not isinstance(attempt.error, requests.RequestException)
    if not (unprepared or isinstance(attempt.error, wrong)):
        return None
    error = ApplianceError(
        f"The connection to {attempt.target} cannot be set up: {attempt.error}",
        reason="invalid",
        remedy="Check hostname, proxy, ca_path and the environment variables HTTPS_PROXY, ALL_PROXY, "
        "REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE",
        stage="connect",
    )
    return Failed(error, sent=False, final=True)


def _not_connected(attempt: _Attempt) -> ApplianceError:
    settings = attempt.settings
    message = f"No connection to {attempt.target}: {attempt.system_message}"
    if attempt.has(requests.ConnectTimeout, socket.timeout):
        message = f"{attempt.target} does not answer: no connection within {settings.connect_timeout:g} seconds"
    return ApplianceError(
        message,
        reason="unreachable",
        remedy="Check hostname and port, that the appliance is running, and that its security group lets the machine "
        f"which runs the module in on TCP port {settings.port} ({PORT.default} is closed there by default)",
        stage="connect",
    )


# The certificate

_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")
_WRONG_NAME = re.compile(r"hostname .+ doesn't match|no appropriate subjectAltName")
_NAME_CODES = (62, 64)  # X509_V_ERR_HOSTNAME_MISMATCH and X509_V_ERR_IP_ADDRESS_MISMATCH of OpenSSL
_TIME_CODES = (9, 10)  # X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED


def _proxy_refused(attempt: _Attempt) -> Failed | None:
    if attempt.phase != "proxy" or not attempt.has(ssl.SSLError):
        return None
    error = ApplianceError(
        f"The certificate of the proxy {attempt.proxy} is not trusted: {attempt.system_message}. Its password was not "
        "sent",
        reason="tls",
        remedy="Set ca_path to a file with the certificate of the authority that issued it (and that of the "
        "appliance), and name the proxy as its certificate does; validate_certs and certificate_fingerprint are only "
        "about the appliance",
        stage="connect",
    )
    return Failed(error, sent=False, final=True)


def _certificate_refused(attempt: _Attempt) -> Failed | None:
    for cause in attempt.causes:
        code = getattr(cause, "verify_code", 0)
        if "Fingerprints did not match" in str(cause):
            error = _wrong_fingerprint(str(cause), attempt.settings)
        elif code in _NAME_CODES or _WRONG_NAME.search(str(cause)):
            error = _wrong_name(attempt)
        elif code:
            error = _untrusted(str(getattr(cause, "verify_message", "") or cause), code, attempt)
        else:
            continue
        return Failed(error, sent=False, final=True)
    return None


def _wrong_fingerprint(text: str, settings: Settings) -> ApplianceError:
    expected = settings.certificate_fingerprint or ""
    presented = [fingerprint_text(digest) for digest in _DIGEST.findall(text) if digest != expected]
    return ApplianceError(
        f"{settings.where} presents a certificate with the SHA-256 fingerprint {(presented or ['unknown'])[0]}, but "
        f"certificate_fingerprint is {fingerprint_text(expected)}",
        reason="tls",
        remedy="If the certificate of the appliance was replaced on purpose, set certificate_fingerprint to the new "
        "fingerprint; otherwise find out who answers there before a password is sent to it",
        stage="connect",
    )


def _wrong_name(attempt: _Attempt) -> ApplianceError:
    settings = attempt.settings
    return ApplianceError(
        f"The certificate of {settings.where} is not valid for the host name {settings.hostname}",
        reason="tls",
        remedy=f"Set hostname to a name in the certificate, or {_pin(settings, _presented_fingerprint(attempt))}; "
        "a fingerprint replaces the check of the name",
        stage="connect",
    )


def _untrusted(why: str, code: int, attempt: _Attempt) -> ApplianceError:
    settings, presented = attempt.settings, _presented_fingerprint(attempt)
    if code in _TIME_CODES:
        remedy = "Replace the certificate on the appliance (or correct the clock of the machine that runs the module)"
    else:
        remedy = "Set ca_path to a file with the certificate of the authority that issued it"
    last_resort = "" if presented else "; validate_certs: false is the last resort"
    return ApplianceError(
        f"The certificate of {settings.where} is not trusted: {why}",
        reason="tls",
        remedy=f"{remedy}, or {_pin(settings, presented)}{last_resort}",
        stage="connect",
    )


def _pin(settings: Settings, presented: str | None) -> str:
    if presented is None:
        return "set certificate_fingerprint to the SHA-256 fingerprint of the appliance's certificate"
    return (
        f"compare the SHA-256 fingerprint {presented}, which {settings.where} presents, with that of the appliance's "
        "certificate and set certificate_fingerprint to it"
    )


def _presented_fingerprint(attempt: _Attempt) -> str | None:
    """Return the SHA-256 fingerprint of the certificate that the host presents now, or None if it is unknown.

    Only a handshake: nothing is sent. Behind a proxy it is unknown, since a proxy may want a password first.
    """
    settings, seconds = attempt.settings, min(attempt.settings.connect_timeout, attempt.deadline.left())
    if attempt.proxy or not seconds:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        plain = socket.create_connection((settings.hostname, settings.port), seconds)
        with plain, context.wrap_socket(plain, server_hostname=settings.hostname) as connection:
            certificate = connection.getpeercert(binary_form=True)
    except (OSError, ValueError):
        return None
    return fingerprint_text(hashlib.sha256(certificate).hexdigest()) if certificate else None
