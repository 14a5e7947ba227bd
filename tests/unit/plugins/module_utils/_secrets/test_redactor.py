# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A secret is hidden in every form, wherever it is."""

from __future__ import annotations

import threading

from ansible_collections.vbaws.appliance.plugins.module_utils._secrets.redactor import MASK, Redactor


def test_a_secret_is_hidden_in_every_form():
    values: set[str] = set()
    redactor = Redactor(values)
    redactor.add_secret('a/b "c"\\ü')
    redactor.add_secret("")
    quoted = ("a%2Fb%20%22c%22%5C%C3%BC", "a%2Fb+%22c%22%5C%C3%BC")
    for form in ('a/b "c"\\ü', *quoted, 'a/b \\"c\\"\\\\ü', 'a/b \\"c\\"\\\\\\u00fc'):
        assert redactor.text(f"<{form}>") == f"<{MASK}>", form
    assert values == {'a/b "c"\\ü'}


def test_the_longest_secret_goes_first():
    redactor = Redactor(set())
    redactor.add_secret("abc")
    redactor.add_secret("abcdef")
    assert redactor.text("abcdef abc") == f"{MASK} {MASK}"


def test_values_are_hidden_at_any_depth():
    redactor = Redactor(set())
    redactor.add_secret("abc")
    assert redactor.value({"a": ["abc", ("x abc", 1, None)], "b": {"c": "abc"}}) == {
        "a": [MASK, [f"x {MASK}", 1, None]],
        "b": {"c": MASK},
    }


def test_data_is_masked_only_where_a_secret_occurs_in_a_value():
    redactor = Redactor(set())
    redactor.add_secret("shop")
    redactor.add_secret("17")
    for data in ("webshop", {"a": [{"name": "shop"}]}, 17, {"count": 1700}):
        assert redactor.masks(data), data
    for data in ("Shop", {"shop": "by its key"}, 18, True, None, [], ("a", "tuple"), {"odd": "\ud800"}):
        assert not redactor.masks(data), data


def test_options_and_the_environment_give_their_secrets(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://me:s%40same@proxy:1")
    values: set[str] = set()
    options = {"password": "p-1", "access_token": "t-1", "mfa_code": "123456", "refresh_token": None}
    given = {"proxy": "http://u:w-1@p:1", "username": "admin", "hostname": "me:h-1@backup.example.com"}
    Redactor(values).add_options({**options, **given})
    told = {"h-1", "me:h-1"}
    assert values - told == {
        "p-1",
        "t-1",
        "123456",
        "w-1",
        "u:w-1",
        "s%40same",
        "s@same",
        "me:s%40same",
        "me:s@same",
    }
    assert told <= values


def test_a_secret_can_be_added_while_another_thread_masks():
    """A thread logs in anew while another one quotes an answer."""
    redactor = Redactor(set())
    redactor.add_secret("first-secret")
    stop = threading.Event()
    failures: list[Exception] = []

    def mask() -> None:
        while not stop.is_set():
            try:
                redactor.text("first-secret " * 50)
            except Exception as error:  # noqa: BLE001  (reported below)
                failures.append(error)
                return

    thread = threading.Thread(target=mask)
    thread.start()
    for number in range(300):
        redactor.add_secret(f"secret-{number}")
    stop.set()
    thread.join()
    assert failures == []
