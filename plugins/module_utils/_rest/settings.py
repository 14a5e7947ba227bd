# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the appliance is and how to reach it: the connection options, checked before anything is sent."""

from __future__ import annotations

import ipaddress
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import unquote, urlsplit

from .._errors import ApplianceError

PORT = 11005
"""The port of the appliance's REST API, unless somebody changed it on the appliance."""

API_ROOT = "/api/v1"
"""What the paths of the API begin with."""

_NAME = re.compile(r"^[^\s/:@?#\[\]%\\,;\"'<>]+$")
_PIN_LABEL = re.compile(r"^sha-?256(?:\s+fingerprint)?\s*[:=]\s*", re.IGNORECASE)
_PIN = re.compile(r"^[0-9a-f]{64}$")


def invalid(message: str, remedy: str) -> NoReturn:
    """Refuse an option; ``message`` names the option and what is wrong with its value, ``remedy`` says what to set."""
    raise ApplianceError(message, reason="invalid", remedy=remedy, stage="options")


def fingerprint_text(digest: str) -> str:
    """Write a hexadecimal digest the way certificates are shown: upper case, a colon after each byte."""
    digest = digest.upper()
    return ":".join(digest[start : start + 2] for start in range(0, len(digest), 2))


def split_userinfo(url: str) -> tuple[str, str]:
    """Take the userinfo out of a URL: ``http://u:p@host:1/`` is ``("u:p", "host:1")``; the userinfo may be empty.

    It never fails, since it also serves to hide what is in a malformed URL.
    """
    authority = url.split("://", 1)[-1]
    userinfo, at, rest = authority.rpartition("@")
    host = re.split(r"[/?#]", rest if at else authority, maxsplit=1)[0]
    return userinfo, host


def proxy_secrets(url: str) -> list[str]:
    """Return what must be hidden of a proxy's URL: its password and ``user:password``, raw and percent-decoded.

    The user's name alone is left out: it is no secret, and hiding a name such as ``admin`` would hide ordinary results.
    """
    userinfo, _host = split_userinfo(url)
    _user, colon, password = userinfo.partition(":")
    if not colon or not password:
        return []
    return sorted({password, unquote(password), userinfo, unquote(userinfo)}, key=lambda secret: -len(secret))


@dataclass(frozen=True)
class Settings:
    """The transport's share of the connection options.

    ``certificate_fingerprint`` is 64 lower-case hexadecimal digits, ``timeout`` the seconds of a single read,
    ``retries`` how often a call that failed on its way is repeated.
    """

    hostname: str
    port: int = PORT
    validate_certs: bool = True
    ca_path: str | None = None
    certificate_fingerprint: str | None = None
    proxy: str | None = None
    timeout: float = 30
    retries: int = 4

    @classmethod
    def from_options(cls, options: Mapping[str, Any]) -> Settings:
        """Check the connection options of a module; the ``ApplianceError`` (invalid) names the one to mend."""
        validate_certs = options.get("validate_certs")
        return cls(
            hostname=_hostname(options.get("hostname")),
            port=_number("port", options.get("port"), PORT, 1, 65535, "a TCP port from 1 to 65535, 11005 by default"),
            validate_certs=True if validate_certs is None else bool(validate_certs),
            ca_path=_ca_path(options.get("ca_path")),
            certificate_fingerprint=_pin(options.get("certificate_fingerprint")),
            proxy=_proxy(options.get("proxy")),
            timeout=_number("timeout", options.get("timeout"), 30, 1, 86400, "the seconds that a single read may take"),
            retries=_number("retries", options.get("retries"), 4, 0, 1000, "how often to repeat a call, 0 for never"),
        )

    @property
    def where(self) -> str:
        """``host:port``, for messages and for URLs: an IPv6 address in brackets."""
        return f"[{self.hostname}]:{self.port}" if ":" in self.hostname else f"{self.hostname}:{self.port}"

    @property
    def origin(self) -> str:
        """The URL of the appliance, without a slash at the end."""
        return f"https://{self.where}"

    @property
    def base(self) -> str:
        """The URL of the API, without a slash at the end."""
        return self.origin + API_ROOT

    @property
    def verify(self) -> bool | str:
        """What ``requests`` is told with EVERY request.

        Only True lets it look for a CA bundle in the environment; a path and False are final. A fingerprint replaces
        the chain and the host name, hence False.
        """
        if self.certificate_fingerprint or not self.validate_certs:
            return False
        return self.ca_path or True


def _hostname(value: Any) -> str:
    text = str(value or "").strip()
    if not text:
        invalid(
            "The option hostname is empty",
            "Set hostname, or the environment variable VBAWS_HOSTNAME, to the name or address of the appliance",
        )
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        pass
    if _NAME.match(text):
        return text
    remedy = "Set hostname to a host name or an address alone, without scheme, port, path or spaces"
    try:
        parts = urlsplit(text if "://" in text else "//" + text)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if host and _NAME.match(host):
        remedy += f": hostname is {host} here" + (f", and the option port is {port}" if port else "")
    shown = text if "@" not in text else split_userinfo(text)[1]
    invalid(f"The option hostname is not a host name: {shown}", remedy)


def _number(option: str, value: Any, default: int, low: int, high: int, meaning: str) -> int:
    if value is None or value == "":
        return default
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = low - 1
    if isinstance(value, bool) or not low <= number <= high:
        invalid(f"The option {option} cannot be {value}", f"Set {option}, or VBAWS_{option.upper()}, to {meaning}")
    return number


def _ca_path(value: Any) -> str | None:
    path = str(value or "").strip()
    if not path:
        return None
    if Path(path).is_dir():
        return path
    remedy = "Set ca_path to a file on the machine that runs the module with the certificates to trust in PEM format"
    try:
        ssl.create_default_context(cafile=path)
    except OSError as error:
        # ssl.SSLError is an OSError as well: it says that there is no certificate in the file, or a broken one.
        why = "it has no readable certificate" if isinstance(error, ssl.SSLError) else error.strerror
        invalid(f"The file {path} of the option ca_path cannot be used: {why}", remedy)
    return path


def _pin(value: Any) -> str | None:
    text = _PIN_LABEL.sub("", str(value or "").strip())
    digest = re.sub(r"[\s:-]", "", text).lower()
    if not digest:
        return None
    if not _PIN.match(digest):
        sha1 = " (40 digits are a SHA-1 fingerprint, which is not accepted)" if len(digest) == 40 else ""
        invalid(
            f"The option certificate_fingerprint is not a SHA-256 fingerprint: {value}",
            f"Set it to 64 hexadecimal digits, with or without colons{sha1}",
        )
    return digest


def _proxy(value: Any) -> str | None:
    text = str(value or "").strip()
    if not text:
        return None
    _userinfo, host = split_userinfo(text)
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable:
        invalid(
            f"The option proxy is not the URL of an HTTP proxy: {host or 'no host'}",
            "Set proxy, or VBAWS_PROXY, to something like http://proxy.example.com:3128",
        )
    return text
