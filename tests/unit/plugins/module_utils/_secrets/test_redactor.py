# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A secret is hidden in every form, wherever it is."""

from __future__ import annotations

import base64
import json
import sys
import threading
import time

import pytest
from ansible.module_utils.common.parameters import remove_values
from ansible_collections.vbaws.appliance.plugins.module_utils._secrets.redactor import MASK, Redactor
from hypothesis import given
from hypothesis import strategies as st


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


def test_secrets_that_ansible_knows_already_are_masked():
    assert Redactor({"early-secret"}).text("an early-secret") == f"an {MASK}"


def test_data_is_masked_if_ansible_learned_a_secret_elsewhere():
    values: set[str] = set()
    redactor = Redactor(values)
    values.add("late-secret")
    assert redactor.masks(["a late-secret"])
    assert not redactor.masks(["another"])


def test_the_list_of_hosts_without_proxy_contains_no_secret(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "localhost,host:word@somewhere")
    monkeypatch.setenv("ALL_PROXY", "socks5h://me:all-proxy-1@proxy:1")
    values: set[str] = set()
    Redactor(values).add_options({})
    assert values == {"all-proxy-1", "me:all-proxy-1"}


def test_a_weak_secret_does_not_change_the_keys_that_a_playbook_reads():
    redactor = Redactor(set())
    for secret in ("name", "e", "horsebattery"):
        redactor.add_secret(secret)
    data = {"changed": 1, "failure": {"name": "x", "horsebattery": 2, "Name e": 3}}
    assert redactor.value(data) == {"changed": 1, "failure": {"name": "x", MASK: 2, f"Nam{MASK} {MASK}": 3}}
    assert redactor.masks({"a": {"horsebattery": 1}})
    assert not redactor.masks({"horsebattery": {"name": 1}})


@pytest.mark.parametrize("secret", ["a", " ", "+", "\\", "%", "&", "\u00e9", "\n", "*", "\ud800"])
def test_a_secret_of_one_character_is_masked_without_trouble(secret):
    redactor = Redactor(set())
    redactor.add_secret(secret)
    assert redactor.text(f"<{secret}>{secret}{secret}") == f"<{MASK}>{MASK}"
    begin = time.process_time()
    assert redactor.text(secret * 200_000) == MASK
    assert redactor.masks([secret * 200_000])
    assert time.process_time() - begin < 2


@pytest.mark.parametrize("short", ["abc", "123"])
def test_the_encodings_of_a_short_secret_are_ordinary_text(short):
    redactor = Redactor(set())
    redactor.add_secret(short)
    text = base64.b64encode(short.encode()).decode() + " " + short.encode().hex()
    assert redactor.text(text) == text


@pytest.mark.parametrize(
    ("short", "text"),
    [
        ("%41", "A"),
        ("\u00e9", "\ufffd"),
        ("&lt;", "<"),
        ("\u00e9" * 4, "\ufffd" * 4),
        ("\u65e5" * 4, "????"),
        ("\u65e5\u672c admin", "admin"),
        ("ADMIN", "admin"),
        ("a\\", "a"),
    ],
)
def test_another_form_of_a_short_secret_is_ordinary_text(short, text):
    redactor = Redactor(set())
    redactor.add_secret(short)
    assert redactor.text(f"{short} {text}") == f"{MASK} {text}"


def test_only_the_base64_with_the_secret_is_masked():
    redactor = Redactor(set())
    redactor.add_secret("correct horse")
    basic = base64.b64encode(b"me:correct horse").decode()
    assert redactor.text(f"Basic {basic}, auth={basic} YWJjZGVmZ2g=") == f"Basic {MASK}, auth={MASK} YWJjZGVmZ2g="


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        ("abcabc", "abcabcabc"),
        ("aa", "aaaaa"),
        ("p\u00e4ssw\u00f6rd", base64.b64encode("me:p\u00e4ssw\u00f6rd".encode("latin-1")).decode()),
        ("p\u00e4ssw\u00f6rd", "p%E4ssw%F6rd"),
        ("p\u00e4ssw\u00f6rd", "p\ufffdssw\ufffdrd"),
        ("p\u00e4ssw\u00f6rd", "p?ssw?rd"),
        ("p\u00e4ssw\u65e5rd", "p\ufffdssw\ufffdrd".encode().decode("latin-1")),
        ("caf\udce9 pass", "caf%E9%20pass"),
        ("caf\udce9 pass", base64.b64encode(b"me:caf\xe9 pass").decode()),
        ("\u65e5\udce9 pass", base64.b64encode(b"me:\xe6\x97\xa5\xe9 pass").decode()),
        ("pass\ud800word", "pass\\ud800word"),
        ("pass\ud800word", "pass%ED%A0%80word"),
        ("???>>>~~~", base64.urlsafe_b64encode(b"me:???>>>~~~").decode()),
        ("???>>>~~~", base64.b64encode(b"me:???>>>~~~").decode()),
        ('a"b/c+d e', base64.b64encode(b'{"password": "a\\"b/c+d e"}').decode()),
        ('a"b/c+d e', base64.b64encode(b"password=a%22b%2Fc%2Bd+e").decode()),
        ("001\\\x1f234", "001\\%1F234"),
        ("001\\<234", "001\\&lt;234"),
        ("001\\<&234", "001\\\\\\<\\&234"),
        ("a%41b c", "a%2541b%2520c"),
        ("a&b c\\", 'a&amp;b c\\"'),
        ("two  words", "two words"),
        ("one\r\n\ttwo\b\f", "one\\r\\n\\ttwo\\b\\f"),
        ("one\r\n\ttwo\b\f", json.dumps(json.dumps("one\r\n\ttwo\b\f")[1:-1])[1:-1]),
    ],
)
def test_a_secret_is_hidden_however_software_changed_it(secret, text):
    redactor = Redactor(set())
    redactor.add_secret(secret)
    assert redactor.text(f"<{text}>") in (f"<{MASK}>", f'<{MASK}\\">')
    assert redactor.masks({"a": [f"<{text}>"]})
    assert redactor.value({"a": text}) != {"a": text}


SCALARS = st.one_of(st.text("ab1\n\\", max_size=8), st.integers(-1200, 1200), st.floats(), st.booleans(), st.none())
DATA = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.tuples(inner) | st.dictionaries(st.text("ab1", max_size=2), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.sets(st.text("ab1\n\\", min_size=1, max_size=4), max_size=3), DATA)
def test_data_is_masked_exactly_if_ansible_or_the_redactor_changes_it(secrets, data):
    redactor = Redactor(set(secrets))
    changed = [remove_values({"a": data}, secrets), redactor.value({"a": data})]
    # As JSON a tuple is equal to a list, and NaN to itself.
    assert redactor.masks({"a": data}) == any(json.dumps(one) != json.dumps({"a": data}) for one in changed)


def test_a_large_result_costs_little():
    redactor = Redactor({"Passw0rd!1", "t0" * 500, "r1" * 1000, "proxypass!", "user:proxypass!"})
    words = [
        "Backup account of the shop, east",
        "arn:aws:iam::123456789012:role/Backup",
        "R&D",
        "100% of all\n",
        "C:\\x",
    ]
    data = [dict(zip("abcde", (f"{word} {number}" for word in words), strict=True)) for number in range(20_000)]
    begin = time.process_time()
    assert not redactor.masks({"organizations": data})
    assert redactor.value(data) is data
    assert time.process_time() - begin < 1


def test_a_thread_may_add_a_secret_while_others_are_masked():
    redactor = Redactor(set())
    failures: list[BaseException] = []
    texts = [f"secret-number-{number}" for number in range(300)]

    def mask() -> None:
        try:
            while not done.is_set():
                redactor.text("something %41 of no interest")
                redactor.masks([{"a_key": "something"}, {"another_key": "else"}])
        except RuntimeError as error:
            failures.append(error)

    done = threading.Event()
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    threads = [threading.Thread(target=mask) for _number in range(2)]
    try:
        for thread in threads:
            thread.start()
        for text in texts:
            redactor.add_secret(text)
    finally:
        done.set()
        sys.setswitchinterval(interval)
        for thread in threads:
            thread.join()
    assert not failures
    assert redactor.text(" ".join(texts)) == " ".join([MASK] * len(texts))


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
