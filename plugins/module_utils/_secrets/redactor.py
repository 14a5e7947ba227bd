# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The secrets of a task, which are hidden in everything that is shown."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator, Mapping, MutableSet, Sequence
from typing import Any
from urllib.request import getproxies_environment

from .needles import Needles
from .spelling import origins, readings
from .userinfo import proxy_secrets

MASK = "********"

SECRET_OPTIONS = ("password", "access_token", "refresh_token", "mfa_token", "mfa_code")
"""Options whose whole value is secret; in the URL of a proxy only the userinfo is secret."""

WINDOW = 256 * 1024
"""Characters at the beginning of a long text that a quotation may contain."""

LONGEST_REST = 128
"""Characters that remain of a spelled character that is cut through, once all that is complete is decoded."""

_SEQUENCES = (list, tuple, set, frozenset)
_OUR_KEY = re.compile("[a-z_]+")
_WEAK = 8
"""Characters of a secret. A shorter one may be equal to a key that a playbook reads."""


class Redactor:
    """Masks every known secret in every usual spelling. Thread-safe.

    ``no_log_values`` is Ansible's own set, which hides values in the result of the module. It gets the same secrets.
    """

    def __init__(self, no_log_values: MutableSet[str]) -> None:
        self._no_log_values = no_log_values
        self._lock = threading.Lock()
        self._secrets: dict[str, Needles] = {}
        self._needles = Needles()
        for secret in tuple(no_log_values):
            self.add_secret(secret)

    def add_options(self, options: Mapping[str, Any]) -> None:
        """Add the secrets in the options of a module, and the userinfo of the proxies of the environment."""
        for name in SECRET_OPTIONS:
            self.add_secret(str(options.get(name) or ""))
        # A hostname with a user and a password is refused, and Ansible also shows the options of a refused task.
        given = [str(options.get(name) or "") for name in ("proxy", "hostname")]
        # "no" is the list of hosts that need no proxy.
        for url in (*given, *(url for scheme, url in getproxies_environment().items() if scheme != "no")):
            for secret in proxy_secrets(url):
                self.add_secret(secret)

    def add_secret(self, secret: str) -> None:
        """Hide a text from now on; an empty text is ignored."""
        with self._lock:
            if secret and secret not in self._secrets:
                self._no_log_values.add(secret)
                self._keep({**self._secrets, secret: Needles.of(secret)})

    def reveal(self, texts: Iterable[str]) -> None:
        """Let no secret mask these texts, not even in part: they are what the user asked for."""
        for text in texts:
            with self._lock:
                self._no_log_values -= {secret for secret in self._no_log_values if secret in text}
                self._keep({key: needles for key, needles in self._secrets.items() if not needles.occur(text)})

    def masks(self, data: Any) -> bool:
        """Return whether a mask is shown in place of a part of the data, because a secret occurs in it."""
        texts, numbers = self._parts(data)
        hidden = tuple(self._no_log_values)
        others = [secret for secret in hidden if secret not in self._secrets]
        # Ansible also masks a number that contains a secret.
        if any(secret in part for part in numbers for secret in hidden) or any(
            secret in text for secret in others for text in texts
        ):
            return True
        # One search in everything is much faster than one in each text, and usually finds nothing.
        return self._occurs("\n".join(texts)) and any(self._occurs(text) for text in texts)

    def text(self, text: str) -> str:
        """Return a text without secrets."""
        return self._masked(text, 0)

    def quote(self, text: str, cap: int) -> str:
        """Return the beginning of a text without secrets, at most ``cap`` characters.

        A secret is masked before anything is cut. Of a very long text only the beginning is read, and its last
        characters, which may be the beginning of a secret, are not quoted.
        """
        unsure = self._needles.longest + LONGEST_REST
        whole = len(text) <= WINDOW + unsure
        masked = self._masked(text, 0) if whole else self._masked(text[: WINDOW + unsure], unsure)
        return masked if whole and len(masked) <= cap else (masked[: max(0, cap - 3)].rstrip() + "...")[:cap]

    def value(self, value: Any) -> Any:
        """Return a value of a result without secrets in its texts, and in keys that came from an appliance."""
        if not self.masks(value):
            return value
        if isinstance(value, Mapping):
            return {key if _is_ours(key) else self._key(key): self._value(member) for key, member in value.items()}
        return self._value(value)

    def _keep(self, secrets: dict[str, Needles]) -> None:
        # New objects, since another thread may be reading the present ones.
        self._secrets, self._needles = secrets, Needles.merged(secrets.values())

    def _occurs(self, text: str) -> bool:
        needles = self._needles
        return any(needles.occur(reading) for reading in readings(text))

    def _masked(self, text: str, unsure: int) -> str:
        """Return a text with masks in place of the secrets, without its end, which in no reading is sure.

        unsure: the characters at the end of each reading that may be the beginning of a secret.
        """
        needles = self._needles
        *others, deepest = readings(text)
        places = _united(needles.places(deepest))
        end = len(deepest) - unsure
        for reading in reversed(others):
            places = _united([*_before_decoding(reading, places), *needles.places(reading)])
            end = min(len(reading) - unsure, *origins(reading, [end]))
        end = max(0, end)
        pieces: list[str] = []
        done = 0
        for first, last in places:
            if first < end:
                pieces += [text[done:first], MASK]
                done = last
        return "".join(pieces) + text[done:end]

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self._key(key): self._value(member) for key, member in value.items()}
        return [self._value(member) for member in value] if isinstance(value, _SEQUENCES) else value

    def _key(self, key: Any) -> Any:
        return self.text(key) if self._is_open(key) else key

    def _is_open(self, key: Any) -> bool:
        """Whether a key within a result can show a secret. A weak secret in a key that may be ours does not count."""
        strong = (secret for secret in self._secrets if len(secret) >= _WEAK)
        return isinstance(key, str) and (not _is_ours(key) or any(secret in key for secret in strong))

    def _parts(self, data: Any) -> tuple[list[str], list[str]]:
        """Return the texts and the numbers in the data. Keys that can show a secret are texts."""
        texts: list[str] = []
        numbers: list[str] = []
        keys: set[Any] = set()
        rest = [data]
        if isinstance(data, Mapping):
            keys, rest = {key for key in data if not _is_ours(key)}, list(data.values())
        while rest:
            value = rest.pop()
            if isinstance(value, str):
                texts.append(value)
            elif isinstance(value, (int, float)) and not isinstance(value, bool):
                numbers.append(str(value))
            elif isinstance(value, Mapping):
                keys.update(value)
                rest.extend(value.values())
            elif isinstance(value, _SEQUENCES):
                rest.extend(value)
        return [*texts, *(key for key in keys if self._is_open(key))], numbers


def _is_ours(key: Any) -> bool:
    """Whether a key may be one that the collection chose. Playbooks read these whatever the secrets are."""
    return not isinstance(key, str) or _OUR_KEY.fullmatch(key) is not None


def _before_decoding(text: str, places: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Return the places in a text that became these places when it was decoded."""
    found = origins(text, [position for place in places for position in place])
    return zip(found[::2], found[1::2])


def _united(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return places in order, joined if they overlap or touch."""
    united: list[tuple[int, int]] = []
    for first, last in sorted(places):
        if united and first <= united[-1][1]:
            united[-1] = united[-1][0], max(last, united[-1][1])
        else:
            united.append((first, last))
    return united
