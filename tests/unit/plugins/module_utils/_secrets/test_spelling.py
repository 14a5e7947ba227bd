# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets are found in every usual spelling, and nothing is cut before it is masked."""

from __future__ import annotations

import ast
import base64
import html
import json
import time
from collections.abc import Callable
from urllib.parse import quote, quote_plus, unquote, unquote_plus

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._secrets.redactor import MASK, WINDOW, Redactor
from hypothesis import given
from hypothesis import strategies as st

SECRET = 'p%41+/&"\\x é\N{GRINNING FACE}<s>'
Spelling = Callable[[str], str]


def percent_lower(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode())


def decimal(text: str) -> str:
    return "".join(f"&#{ord(one):07d};" for one in text)


def hexadecimal(text: str) -> str:
    return "".join(f"&#X{ord(one):x};" for one in text)


def escaped(text: str) -> str:
    r"""Every character as \uXXXX, as JSON may."""
    return "".join(f"\\u{int.from_bytes(pair, 'big'):04X}" for pair in _pairs(text.encode("utf-16-be")))


def _pairs(raw: bytes) -> list[bytes]:
    return [raw[start : start + 2] for start in range(0, len(raw), 2)]


SPELLINGS: dict[str, Spelling] = {
    "as it is": str,
    "percent": lambda text: quote(text, safe=""),
    "percent, more is safe": lambda text: quote(text, safe="+/&<>"),
    "percent, lower case": percent_lower,
    "query": quote_plus,
    "HTML": html.escape,
    "HTML, decimal": decimal,
    "HTML, hexadecimal": hexadecimal,
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON, not ASCII": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "JSON, slashes": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "JSON, all": escaped,
    "repr": lambda text: repr(text)[1:-1],
    "repr of bytes": lambda text: repr(text.encode())[2:-1],
}
ENCODINGS: dict[str, Spelling] = {
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    "basic": lambda text: base64.b64encode(f"u:{text}".encode()).decode(),
    "basic, longer": lambda text: base64.b64encode(f"us:{text}:more".encode()).decode(),
    "basic, Latin-1": lambda text: base64.b64encode(f"user:{text}".encode("latin-1", "ignore")).decode(),
    "hex": lambda text: text.encode().hex(),
    "HEX": lambda text: text.encode().hex().upper(),
}


def redactor(*secrets: str) -> Redactor:
    made = Redactor(set())
    for secret in secrets:
        made.add_secret(secret)
    return made


@pytest.mark.parametrize("name", [*SPELLINGS, *ENCODINGS])
def test_a_spelling_is_masked_and_what_is_around_it_stays(name):
    spelled = {**SPELLINGS, **ENCODINGS}[name](SECRET)
    assert redactor(SECRET).text(f"it is '{spelled}', is it") == f"it is '{MASK}', is it"
    assert redactor(SECRET).masks([{"name": f"x {spelled}"}])


@pytest.mark.parametrize("outer", SPELLINGS)
@pytest.mark.parametrize("inner", [*SPELLINGS, *ENCODINGS])
def test_a_spelling_within_another_is_masked(inner, outer):
    spelled = SPELLINGS[outer]({**SPELLINGS, **ENCODINGS}[inner](SECRET))
    assert redactor(SECRET).text(f"<{spelled}>") == f"<{MASK}>"


def test_a_secret_in_a_header_is_masked_as_a_library_reads_it():
    assert redactor(SECRET).text(f"to {SECRET.encode().decode('latin-1')}, it says") == f"to {MASK}, it says"


def test_a_long_secret_is_masked_in_lower_and_upper_case():
    """IDs of the appliance are compared in lower case, and shown so."""
    one = redactor("Correct+Horse/Battery", "Admin")
    assert one.text("correct+horse/battery CORRECT%2BHORSE/BATTERY Admin admin") == f"{MASK} {MASK} {MASK} admin"


def plain(text: str) -> list[str]:
    """Undo the spellings, by the functions of the standard library, in any order that helps."""
    found = [text, unquote(text), unquote_plus(text), html.unescape(text)]
    for quoted in (f'"{text}"', f'b"{text}"'):
        try:
            value = ast.literal_eval(quoted)
            found.append(value if isinstance(value, str) else value.decode(errors="replace"))
        except (SyntaxError, ValueError):
            continue
    return found


@given(
    st.text(st.characters(exclude_categories=("Cs",)), min_size=8, max_size=40).filter(lambda text: len(set(text)) > 6),
    st.lists(st.sampled_from(sorted(SPELLINGS)), min_size=1, max_size=3),
    st.text("ab <{;,", max_size=20),
    st.text("ab >};,", max_size=20),
)
def test_no_part_of_a_secret_survives(secret, names, before, after):
    spelled = secret
    for name in names:
        spelled = SPELLINGS[name](spelled)
    shown = redactor(secret).text(before + spelled + after)
    texts = [shown]
    for _level in range(len(names)):
        texts = [text for one in texts for text in plain(one)]
    pieces = [secret[start : start + 6] for start in range(len(secret) - 5)]
    assert not [piece for piece in pieces for text in texts if piece in text and piece not in before + after]


ESCAPES = ("\\", "\\u", "\\x", "\\U", "%", "&#", "&", ";")
PIECES = (*ESCAPES, "41", "00C3", "A9", "x", "u", "ud83d", "secret", " ", "\ud800", "99999999")


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_no_text_is_an_error(text):
    one = redactor("secret", "\\%41")
    one.text(text)
    one.quote(text, 20)
    one.masks({"a": text})


# Cutting


@pytest.mark.parametrize("length", [8, 40, 1000, 4000])
@pytest.mark.parametrize("before", [0, 150, 190, 199, 8000, WINDOW - 5000, WINDOW - 500, WINDOW - 20, WINDOW - 1])
def test_a_secret_is_never_cut_before_it_is_masked(length, before):
    secret = "".join(chr(ord("a") + index * index % 26) for index in range(length - 4)) + "0123"
    for text in (" " * before + secret + " ", " " * before + percent_lower(secret) + " ", (secret + " ") * 2):
        for cap in (200, 8192, WINDOW):
            quoted = redactor(secret).quote(text, cap)
            assert len(quoted) <= cap
            assert secret[:4] not in unquote(quoted)


def test_the_end_of_a_text_full_of_long_secrets_does_not_show_a_beginning():
    """Masks are shorter than what they replace, so that what was far behind comes near."""
    secret = "secret-" + "x7" * 2000
    quoted = redactor(secret).quote((secret + "\n") * (2 * WINDOW // len(secret)), WINDOW)
    assert quoted.replace(MASK, "").strip("\n.") == ""


def test_what_was_cut_is_marked():
    assert redactor("secret").quote("x" * 300, 200) == "x" * 197 + "..."
    assert redactor("secret").quote("x" * 200, 200) == "x" * 200


# Data


def test_the_own_keys_of_a_result_stay():
    masked = redactor("organizations", "hunter2-hunter2").value(
        {"organizations": "organizations", "hunter2-hunter2": 1}
    )
    assert masked == {"organizations": MASK, MASK: 1}


def test_what_is_asked_for_is_revealed():
    values: set[str] = set()
    one = Redactor(values)
    for secret in ("refresh-token-1", "token", "password"):
        one.add_secret(secret)
    one.reveal(["refresh-token-1"])
    assert values == {"password"}
    assert one.text("refresh-token-1 password") == f"refresh-token-1 {MASK}"


@pytest.mark.parametrize("secret", ["\ud800abc", "caf\udce9 password", "\ud800"])
def test_a_secret_that_utf_8_cannot_write_is_masked(secret):
    assert redactor(secret).text(f"<{secret}>") == f"<{MASK}>"
    assert redactor(secret).masks({"name": secret})


# Cost


@pytest.mark.parametrize("piece", ["%41", "\\\\", "&#65;", "a", "+", "A" * 1000 + " "])
def test_a_quotation_of_a_large_answer_costs_little(piece):
    text = piece * (16 * 1024 * 1024 // len(piece))
    one = redactor(SECRET, "a", "x" * 4000)
    begin = time.process_time()
    one.quote(text, 200)
    assert time.process_time() - begin < 1
