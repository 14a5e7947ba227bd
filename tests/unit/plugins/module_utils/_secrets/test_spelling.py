# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets are found in every usual spelling, and nothing is cut before it is masked."""

from __future__ import annotations

import ast
import base64
import contextlib
import html
import json
import re
import string
import time
from collections.abc import Callable, Iterator
from urllib.parse import quote, quote_plus, unquote, unquote_plus

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._secrets.needles import Needles
from ansible_collections.vbaws.appliance.plugins.module_utils._secrets.redactor import (
    LONGEST_REST,
    MASK,
    WINDOW,
    Redactor,
)
from ansible_collections.vbaws.appliance.plugins.module_utils._secrets.spelling import origins, readings
from hypothesis import example, given, settings
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


def halves(text: str) -> str:
    """Characters above U+FFFF as the two numbers of UTF-16, as some software writes them."""
    return "".join(f"&#{int.from_bytes(pair, 'big')};" for pair in _pairs(text.encode("utf-16-be")))


def percent_u(text: str) -> str:
    """As the function escape of JavaScript."""
    return "".join(f"%u{int.from_bytes(pair, 'big'):04x}" for pair in _pairs(text.encode("utf-16-be")))


def braces(text: str) -> str:
    return "".join(f"\\u{{{ord(one):x}}}" for one in text)


def long_unicode(text: str) -> str:
    return "".join(f"\\U{ord(one):08x}" for one in text)


def shell(text: str) -> str:
    """As printf %q of a shell."""
    return re.sub(r"([ -$&-/:-@\[-`{-~])", r"\\\1", text)


def misread(text: str) -> str:
    """UTF-8 that was read as Latin-1."""
    return text.encode().decode("latin-1")


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
    "percent, UTF-16": percent_u,
    "HTML, halves": halves,
    "HTML, without semicolons": lambda text: "".join(f"&#{ord(one):07d}" for one in text),
    "HTML, names": lambda text: html.escape(text).replace("+", "&plus;").replace("/", "&sol;"),
    "braces": braces,
    "eight digits": long_unicode,
    "ascii": lambda text: ascii(text)[1:-1],
    "shell": shell,
    "misread": misread,
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


def test_a_secret_whose_characters_are_spelled_in_several_ways_is_masked():
    spelled = "".join(list(SPELLINGS.values())[place % len(SPELLINGS)](one) for place, one in enumerate(SECRET))
    assert redactor(SECRET).text(f"<{spelled}>") == f"<{MASK}>"


def plain(text: str) -> Iterator[str]:
    """Undo the spellings, by the functions of the standard library, in any order that helps."""
    yield from (text, unquote(text), unquote_plus(text), html.unescape(text))
    for quoted in (f'"""{text} """', f"'''{text} '''", f'b"""{text} """', f"b'''{text} '''"):
        with contextlib.suppress(SyntaxError, ValueError):
            value = ast.literal_eval(quoted)
            yield value.decode(errors="replace") if isinstance(value, bytes) else str(value)
    for run in re.findall("[A-Za-z0-9+/_-]{8,}", text):
        for start in range(4):
            whole = run[start : start + (len(run) - start) // 4 * 4].replace("-", "+").replace("_", "/")
            yield base64.b64decode(whole).decode(errors="replace")
    for run in re.findall("[0-9a-fA-F]{8,}", text):
        for start in range(2):
            yield bytes.fromhex(run[start : start + (len(run) - start) // 2 * 2]).decode(errors="replace")


def safe_percent(safe: str) -> Spelling:
    return lambda text: quote(text, safe=safe)


ANY_SPELLING = st.one_of(
    st.sampled_from([function for name, function in SPELLINGS.items() if name != "HTML, without semicolons"]),
    st.text(string.punctuation.replace("%", ""), max_size=20).map(safe_percent),
)
# What comes before a spelled secret does not reach into it.
BEFORE = st.text('ab\\%&4u;"\u00e9', max_size=20).map(lambda text: text + " ")
AFTER = st.text('ab0 >};,"%\\&', max_size=20)


@given(
    st.text(st.characters(exclude_categories=("Cs",)), min_size=8, max_size=40).filter(lambda text: len(set(text)) > 6),
    st.sampled_from([str, *ENCODINGS.values()]),
    st.lists(ANY_SPELLING, max_size=3),
    BEFORE,
    AFTER,
)
def test_no_part_of_a_secret_survives(secret, encoding, functions, before, after):
    spelled = encoding(secret)
    for function in functions if encoding is str else functions[:2]:
        spelled = function(spelled)
    shown = redactor(secret).text(before + spelled + after)
    texts = {shown}
    for _level in range(3):
        texts = {text for one in texts for text in plain(one)}
    pieces = [secret[start : start + 6] for start in range(len(secret) - 5)]
    assert not [piece for piece in pieces for text in texts if piece in text and piece not in before + after]


@given(st.text("\\xuU%&#;0aAfF9{}\u00c3\u00a9\ud83d\ude00 ", max_size=60))
@example("C:\\xampp and CORP\\user and \\Ufffffffff and &#x7fffff; and %u and \\u{ffffff}")
def test_a_text_that_resembles_spellings_is_no_trouble(text):
    assert redactor("never").text(text) == text


@given(st.text("\\xu%&#;lt04126aA {}\u00c3\u00a9\ud83d\ude00", max_size=60))
def test_each_decoded_character_has_an_origin(text):
    """What is between two origins is decoded to what is between the two positions."""
    decoded = list(readings(text))[1:2]
    for one in decoded:
        starts = origins(text, range(len(one) + 1))
        assert starts[0] == 0
        assert starts[-1] == len(text)
        for position, character in enumerate(one):
            spelled = text[starts[position] : starts[position + 1]]
            assert spelled == character or character in list(readings(spelled))[1:2]


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


@given(
    st.integers(20, 5000),
    st.sampled_from([str, ENCODINGS["base64"]]),
    st.lists(st.sampled_from([percent_lower, escaped, decimal, SPELLINGS["JSON"]]), max_size=2),
    st.sampled_from(["", " ", "%", "\\"]),
    st.integers(0, 300),
)
@settings(max_examples=10)
@example(5000, str, [percent_lower, percent_lower], " ", 7)
@example(4000, str, [percent_lower, decimal], "\\", 1)
def test_a_secret_at_the_end_of_the_window_is_not_shown(length, encoding, functions, between, shift):
    secret = "".join(chr(ord("a") + index * index % 26) for index in range(length - 4)) + "0/+3"
    spelled = encoding(secret)
    for function in functions:
        spelled = function(spelled)
    text = ("." * shift + (spelled + between + " ") * (2 * WINDOW // len(spelled) + 1))[: 2 * WINDOW]
    one = redactor(secret)
    for cap in (200, 2 * WINDOW):
        quoted = one.quote(text, cap)
        assert len(quoted) <= cap
        assert set(quoted) <= {*MASK, " ", ".", *between}


def test_what_was_cut_is_marked():
    assert redactor("secret").quote("x" * 300, 200) == "x" * 197 + "..."
    assert redactor("secret").quote("x" * 200, 200) == "x" * 200


@pytest.mark.parametrize("cut", [1, 2, 10, 11, 100, 101, 111, 150, 990, 1500, 5100])
@pytest.mark.parametrize("functions", [(), (long_unicode,), (decimal, long_unicode), (decimal, decimal, decimal)])
def test_a_character_that_the_window_cuts_through_does_not_show_those_before_it(functions, cut):
    secret = spelled = "Tr0ub4"
    for function in functions:
        spelled = function(spelled)
    one = redactor(secret)
    read = WINDOW + LONGEST_REST + Needles.of(secret).longest
    missing = min(cut, len(spelled) - 1)
    quoted = one.quote("." * (read - len(spelled) + missing) + spelled + "." * 9000, 2 * WINDOW)
    assert set(quoted) <= {".", "*"}


@pytest.mark.parametrize("spelling", [str, decimal, lambda text: decimal(decimal(text))])
def test_the_beginning_of_a_secret_that_is_longer_than_the_window_is_not_shown(spelling):
    secret = "t0" * 50_000
    quoted = redactor(secret).quote("is: " + spelling(secret + " ") * 5, 200)
    assert quoted.replace(MASK, "").replace(" ", "") in ("is:...", "...")


def test_what_is_before_a_long_secret_in_a_long_text_is_shown():
    secret = "t0" * 2000
    assert redactor(secret).quote("it is: " + decimal(secret) * 10, 200) == f"it is: {MASK}..."
    assert redactor(secret).quote("x" * (WINDOW + 1), WINDOW) == "x" * (WINDOW - 3) + "..."


@pytest.mark.parametrize(("cap", "quoted"), [(0, ""), (1, "."), (2, ".."), (3, "..."), (4, "*...")])
def test_a_quotation_is_never_longer_than_asked_for(cap, quoted):
    assert redactor("secret").quote("secret " * 5, cap) == quoted


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


@pytest.mark.parametrize(
    "piece",
    [
        "%41",
        "\\\\",
        "&#65;",
        "&amp;amp;amp;",
        "%25\\\\&amp;",
        "a",
        "+",
        "x",
        "\u00c3\u00a9",
        "A" * 1000 + " ",
        "&#" + "0" * 5000,
        base64.b64encode(SECRET.encode()).decode(),
        percent_lower(SECRET),
    ],
    ids=lambda piece: repr(piece[:20]),
)
def test_a_quotation_of_a_large_answer_costs_little(piece):
    text = piece * (16 * 1024 * 1024 // len(piece))
    one = redactor(SECRET, "a", "x" * 4000)
    begin = time.process_time()
    one.quote(text, 200)
    assert time.process_time() - begin < 1
