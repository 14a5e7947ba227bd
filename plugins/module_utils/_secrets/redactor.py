# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The secrets of a task, which are hidden in everything that is shown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, MutableSet
from dataclasses import dataclass
from typing import Any
from urllib.request import getproxies_environment

from ansible.module_utils.common.parameters import remove_values

from .spelling import LONGEST_SPELLING, Decoded, encodings, spellings
from .userinfo import proxy_secrets

MASK = "********"

SECRET_OPTIONS = ("password", "access_token", "refresh_token", "mfa_token", "mfa_code")
"""Options whose whole value is secret; in the URL of a proxy only the userinfo is secret."""

WINDOW = 256 * 1024
"""Characters: a quotation of a long text uses only its beginning."""

_OUR_KEY = re.compile("[a-z_]+$")


@dataclass(frozen=True)
class _Secret:
    """What to look for: the secret itself, and what it looks like when it is encoded together with other text."""

    plain: tuple[str, ...]
    encoded: tuple[str, ...]

    @classmethod
    def of(cls, secret: str) -> _Secret:
        return cls(tuple(spellings(secret)), tuple(encodings(secret)))

    def occurs(self, text: str) -> bool:
        return any(needle in text for needle in (*self.plain, *self.encoded))


class Redactor:
    """Masks every known secret in every usual spelling. Thread-safe, if one thread at a time adds secrets.

    ``no_log_values`` is Ansible's own set, which hides values in the result of the module. It gets the same secrets.
    """

    def __init__(self, no_log_values: MutableSet[str]) -> None:
        self._no_log_values = no_log_values
        self._secrets: dict[str, _Secret] = {}

    def add_options(self, options: Mapping[str, Any]) -> None:
        """Add the secrets in the options of a module, and the userinfo of the proxies of the environment."""
        for name in SECRET_OPTIONS:
            self.add_secret(str(options.get(name) or ""))
        # A hostname with a user and a password is refused, and Ansible also shows the options of a refused task.
        given = (str(options.get(name) or "") for name in ("proxy", "hostname"))
        # "no" is the list of hosts that need no proxy.
        proxies = (url for scheme, url in getproxies_environment().items() if scheme != "no")
        for url in (*given, *proxies):
            for secret in proxy_secrets(url):
                self.add_secret(secret)

    def add_secret(self, secret: str) -> None:
        """Hide a text from now on; an empty text is ignored."""
        if secret and secret not in self._secrets:
            self._no_log_values.add(secret)
            # A new object, since another thread may be reading the present one.
            self._secrets = {**self._secrets, secret: _Secret.of(secret)}

    def reveal(self, texts: Iterable[str]) -> None:
        """Let no secret mask these texts, not even in part: they are what the user asked for."""
        for text in texts:
            self._no_log_values -= {secret for secret in self._no_log_values if secret in text}
            self._secrets = {key: secret for key, secret in self._secrets.items() if not secret.occurs(text)}

    def masks(self, data: Any) -> bool:
        """Return whether a mask is shown in place of a part of the data, because a secret occurs in it."""
        written = json.dumps(data, ensure_ascii=False, default=str)
        if not self._occurs(written):
            return False
        before = _as_json(data)
        return _as_json(self.value(data)) != before or _as_json(remove_values(data, self._no_log_values)) != before

    def text(self, text: str) -> str:
        """Return a text without secrets."""
        return _covered(text, self._places(text), len(text))

    def quote(self, text: str, cap: int) -> str:
        """Return the beginning of a text without secrets, at most ``cap`` characters.

        A secret is masked before anything is cut. Of a very long text only the beginning is read, and the end of that
        beginning is not quoted, because it could cut through a secret.
        """
        end = len(text)
        if end > WINDOW:
            longest = max((len(secret) for secret in self._secrets), default=0)
            text, end = text[:WINDOW], max(0, WINDOW - LONGEST_SPELLING * longest)
        masked = _covered(text, self._places(text), end)
        return masked if len(masked) <= cap and end == len(text) else masked[: cap - 3].rstrip() + "..."

    def value(self, value: Any) -> Any:
        """Return a value of a result without secrets in its texts, and in keys that came from an appliance."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {key if _is_ours(key) else self.value(key): self.value(member) for key, member in value.items()}
        return [self.value(member) for member in value] if isinstance(value, (list, tuple)) else value

    def _occurs(self, text: str) -> bool:
        hidden = tuple(self._no_log_values)
        return any(
            any(secret in one.text for secret in hidden)
            or any(secret.occurs(one.text) for secret in self._secrets.values())
            for one in Decoded.variants(text, places=False)
        )

    def _places(self, text: str) -> list[tuple[int, int]]:
        """Return the places of the secrets, in order. They may overlap."""
        if not self._occurs(text):
            return []
        return sorted(
            place
            for decoded in Decoded.variants(text, places=True)
            for secret in self._secrets.values()
            for needles, whole_run in ((secret.plain, False), (secret.encoded, True))
            for needle in needles
            for place in decoded.find(needle, whole_run=whole_run)
        )


def _is_ours(key: Any) -> bool:
    """Whether a key can be one of a result's own, which stay even if they are equal to a weak password."""
    return not isinstance(key, str) or _OUR_KEY.match(key) is not None


def _covered(text: str, places: Iterable[tuple[int, int]], end: int) -> str:
    """Return the text up to ``end`` with a mask in place of each place, and of places that touch together."""
    pieces: list[str] = []
    done = 0
    for first, last in places:
        if first >= end:
            break
        if first > done or not pieces:
            pieces += [text[done:first], MASK]
        done = max(done, last)
    return "".join(pieces) + text[done:end]


def _as_json(data: Any) -> str:
    """Return the data in a form in which a tuple is equal to a list."""
    return json.dumps(data, default=str)
