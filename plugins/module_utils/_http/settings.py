# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of the connection options, and the settings of the transport."""

from __future__ import annotations

import ipaddress
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .._errors import ApplianceError
from .._secrets.userinfo import split_userinfo

API_ROOT = "/api/v1"
"""The beginning of every path of the API."""

LONGEST_CONNECT = 10
"""Seconds: a host that takes longer to accept a connection will not accept it."""


@dataclass(frozen=True)
class Option:
    """One connection option, as the argument spec, the settings and the messages need it.

    ``secret`` keeps the whole value out of the log. ``limits`` are the lowest and the highest number of an option of
    type ``int``. ``hint`` describes a correct value, for messages.
    """

    name: str
    type: str = "str"
    default: Any = None
    required: bool = False
    secret: bool = False
    limits: tuple[int, int] = (0, 0)
    hint: str = ""

    @property
    def variable(self) -> str:
        """The environment variable that is used if the option is not set."""
        return f"VBAWS_{self.name.upper()}"

    @property
    def remedy(self) -> str:
        """The sentence that asks for a correct value."""
        low, high = self.limits
        limits = f" (from {low} to {high}, {self.default} by default)" if self.type == "int" else ""
        return f"Set {self.name}, or the environment variable {self.variable}, to {self.hint}{limits}"

    def given(self, options: Mapping[str, Any]) -> Any:
        """Return the value that is set, or the default if it is empty."""
        value = options.get(self.name)
        return self.default if value is None or value == "" else value

    def text(self, options: Mapping[str, Any]) -> str:
        """Return the value as text without spaces around it."""
        return str(self.given(options) or "").strip()

    def number(self, options: Mapping[str, Any]) -> int:
        """Return the value as a number within the limits."""
        value = self.given(options)
        low, high = self.limits
        try:
            number = int(value)
        except (TypeError, ValueError):
            number = low - 1
        if isinstance(value, bool) or not low <= number <= high:
            raise self.error(f"The option {self.name} cannot be {value}")
        return number

    def error(self, message: str, more: str = "") -> ApplianceError:
        """Return the error for a wrong value; ``more`` is added to the remedy."""
        return ApplianceError(message, reason="invalid", remedy=self.remedy + more, stage="options")


HOSTNAME = Option(
    "hostname", required=True, hint="the host name or IP address of the appliance, without scheme, port or path"
)
PORT = Option("port", "int", 11005, limits=(1, 65535), hint="a TCP port")
VALIDATE_CERTS = Option("validate_certs", "bool", True)
CA_PATH = Option(
    "ca_path", "path", hint="a file on the machine that runs the module, with the certificates to trust in PEM format"
)
CERTIFICATE_FINGERPRINT = Option("certificate_fingerprint", hint="64 hexadecimal digits, with or without colons")
# Secret as a whole, because Ansible logs the options before a module can separate the password from the rest.
PROXY = Option("proxy", secret=True, hint="the URL of an HTTP proxy, such as http://proxy.example.com:3128")
TIMEOUT = Option("timeout", "int", 30, limits=(1, 86400), hint="the seconds that a single read may take")
RETRIES = Option("retries", "int", 4, limits=(0, 1000), hint="how often to repeat a call, 0 for never")

# The default is the only revision whose contract for organizations is public.
API_VERSION = Option("api_version", default="1.7-rev0")

OPTIONS = (
    HOSTNAME,
    PORT,
    Option("username"),
    Option("password", secret=True),
    Option("access_token", secret=True),
    API_VERSION,
    VALIDATE_CERTS,
    CA_PATH,
    CERTIFICATE_FINGERPRINT,
    PROXY,
    TIMEOUT,
    RETRIES,
    Option("read_only", "bool", False),
    Option("wire_names", "dict"),
)
"""Every connection option; documented in the fragment ``vbaws.appliance.connection``."""

_HOST = re.compile(r"^[^\s/:@?#\[\]%\\,;\"'<>]+$")
_FINGERPRINT_LABEL = re.compile(r"^sha-?256(?:\s+fingerprint)?\s*[:=]\s*", re.IGNORECASE)
_FINGERPRINT = re.compile(r"^[0-9a-f]{64}$")


def fingerprint_text(digest: str) -> str:
    """Write a hexadecimal digest as certificates are shown: upper case, a colon after each byte."""
    digest = digest.upper()
    return ":".join(digest[start : start + 2] for start in range(0, len(digest), 2))


@dataclass(frozen=True)
class Settings:
    """The connection options that the transport uses, checked.

    ``certificate_fingerprint`` is 64 lower-case hexadecimal digits, ``timeout`` the seconds of a single read,
    ``retries`` how often a call is repeated after a failed attempt.
    """

    hostname: str
    port: int
    validate_certs: bool
    ca_path: str | None
    certificate_fingerprint: str | None
    proxy: str | None
    timeout: float
    retries: int

    @classmethod
    def from_options(cls, options: Mapping[str, Any]) -> Settings:
        """Check the connection options of a module; the ``ApplianceError`` (invalid) names the wrong option."""
        return cls(
            hostname=_hostname(HOSTNAME.text(options)),
            port=PORT.number(options),
            validate_certs=bool(VALIDATE_CERTS.given(options)),
            ca_path=_ca_path(CA_PATH.text(options)),
            certificate_fingerprint=_fingerprint(CERTIFICATE_FINGERPRINT.text(options)),
            proxy=_proxy(PROXY.text(options)),
            timeout=TIMEOUT.number(options),
            retries=RETRIES.number(options),
        )

    @property
    def where(self) -> str:
        """``host:port`` for messages and URLs, with brackets around an IPv6 address."""
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
    def connect_timeout(self) -> float:
        """The seconds that making a connection may take."""
        return min(self.timeout, LONGEST_CONNECT)


def trusting(authorities: str) -> ssl.SSLContext:
    """Return a context that trusts the certificates in a file or folder. Raises OSError for a file that has none."""
    if Path(authorities).is_dir():
        return ssl.create_default_context(capath=authorities)
    return ssl.create_default_context(cafile=authorities)


def _hostname(text: str) -> str:
    if not text:
        raise HOSTNAME.error("The option hostname is empty")
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        pass
    if _HOST.match(text):
        return text
    shown = text if "@" not in text else split_userinfo(text)[1]
    raise HOSTNAME.error(f"The option hostname is not a host name: {shown}", _parts_of_url(text))


def _parts_of_url(text: str) -> str:
    """Name the options that the parts of a URL belong to, or return nothing if there is not a host in it."""
    try:
        parts = urlsplit(text if "://" in text else "//" + text)
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    if not host or not _HOST.match(host):
        return ""
    return f": hostname is {host} here" + (f", and the option port is {port}" if port else "")


def _ca_path(path: str) -> str | None:
    if not path:
        return None
    if Path(path).exists() and not (Path(path).is_file() or Path(path).is_dir()):
        raise CA_PATH.error(f"The file {path} of the option ca_path cannot be used: it is not a regular file")
    try:
        trusting(path)
    except OSError as error:
        # ssl.SSLError is an OSError too: the file has no certificate, or a broken one.
        why = "it has no readable certificate" if isinstance(error, ssl.SSLError) else error.strerror
        raise CA_PATH.error(f"The file {path} of the option ca_path cannot be used: {why}") from error
    return path


def _fingerprint(text: str) -> str | None:
    digest = re.sub(r"[\s:-]", "", _FINGERPRINT_LABEL.sub("", text)).lower()
    if not digest:
        return None
    if not _FINGERPRINT.match(digest):
        sha1 = " (40 digits are a SHA-1 fingerprint, which is not accepted)" if len(digest) == 40 else ""
        raise CERTIFICATE_FINGERPRINT.error(
            f"The option certificate_fingerprint is not a SHA-256 fingerprint: {text}", sha1
        )
    return digest


def _proxy(text: str) -> str | None:
    if not text:
        return None
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable:
        _userinfo, host = split_userinfo(text)
        raise PROXY.error(f"The option proxy is not the URL of an HTTP proxy: {host or 'no host'}")
    return text
