# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why the appliance's certificate was not accepted, with what the host presents, so that the remedy can be copied."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .._errors import ApplianceError
from .adapter import new_session, proxies_of, requests, urllib3
from .settings import Settings, fingerprint_text

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
