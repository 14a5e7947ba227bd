# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The secrets of a task, which are hidden in everything that is shown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, MutableSet
from typing import Any
from urllib.parse import quote, quote_plus
from urllib.request import getproxies_environment

from ansible.module_utils.common.parameters import remove_values

from .userinfo import proxy_secrets

MASK = "********"

SECRET_OPTIONS = ("password", "access_token", "refresh_token", "mfa_token", "mfa_code")
"""Options whose whole value is secret; in the URL of a proxy only the userinfo is secret."""


class Redactor:
    """Replaces every known secret, in each form that a library may quote.

    ``no_log_values`` is Ansible's own set, which hides values in the result of the module. It gets the same secrets.
    """

    def __init__(self, no_log_values: MutableSet[str]) -> None:
        self._no_log_values = no_log_values
        self._forms: set[str] = set()

    def add_options(self, options: Mapping[str, Any]) -> None:
        """Add the secrets in the options of a module, and the userinfo of the proxies of the environment."""
        for name in SECRET_OPTIONS:
            self.add_secret(str(options.get(name) or ""))
        # A hostname with a user and a password is refused, and Ansible also shows the options of a refused task.
        given = (str(options.get(name) or "") for name in ("proxy", "hostname"))
        for url in (*given, *getproxies_environment().values()):
            for secret in proxy_secrets(url):
                self.add_secret(secret)

    def add_secret(self, secret: str) -> None:
        """Hide a text from now on; an empty text is ignored."""
        if not secret:
            return
        self._no_log_values.add(secret)
        escaped = (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], repr(secret)[1:-1])
        self._forms |= {secret, secret.strip() or secret, quote(secret, safe=""), quote_plus(secret), *escaped}

    def masks(self, data: Any) -> bool:
        """Return whether Ansible will show a mask in place of a part of the data, because a secret occurs in it."""
        return _as_json(remove_values(data, self._no_log_values)) != _as_json(data)

    def text(self, text: str) -> str:
        """Return a text without secrets."""
        # The longest secret first, because a secret that begins with another secret would leave its end behind.
        for form in sorted(self._forms, key=len, reverse=True):
            text = text.replace(form, MASK)
        return text

    def quote(self, text: str, cap: int) -> str:
        masked = self.text(text)
        return masked if len(masked) <= cap else masked[: cap - 3] + "..."

    def reveal(self, texts: Iterable[str]) -> None:
        """Let no secret mask these texts, not even in part: they are what the user asked for."""
        for text in texts:
            self._no_log_values -= {secret for secret in self._no_log_values if secret in text}
            self._forms -= {secret for secret in self._forms if secret in text}

    def value(self, value: Any) -> Any:
        """Return a value of a result without secrets in its texts; the keys stay as they are."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {key: self.value(member) for key, member in value.items()}
        return [self.value(member) for member in value] if isinstance(value, (list, tuple)) else value


def _as_json(data: Any) -> str:
    """Return the data in a form in which a tuple is equal to a list."""
    return json.dumps(data, default=str)
