# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets that a run must not show, the spellings that a hostile answer gives them, and the search for them."""

from __future__ import annotations

import base64
import html
import json
import random
import re
import string
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus, unquote, unquote_plus

PART = 12
"""Characters of a secret in a row that count as the secret."""

LONGEST_DECODED = 1_000_000
"""Characters: longer outputs are searched as they are, because decoding them takes minutes."""

_PLAIN = string.ascii_letters + string.digits
_PASSWORD_MARKS = '+/%&"\\ é😀<>='
_TOKEN_MARKS = "+/%&=.-_~<>"


def _drawn(chance: random.Random, length: int, marks: str) -> str:
    """A text that contains each mark, begins and ends with a letter, and has no long part without a mark."""
    wanted = list(marks)
    chance.shuffle(wanted)
    text = chance.choice(string.ascii_letters)
    while wanted or len(text) < length:
        text += "".join(chance.choices(_PLAIN, k=chance.randint(2, 5)))
        text += wanted.pop() if wanted else chance.choice(marks)
    return text + chance.choice(string.ascii_letters)


@dataclass
class Canaries:
    """The secrets of one run by their name. Tokens are added as the appliance issues them."""

    chance: random.Random
    secrets: dict[str, str] = field(default_factory=dict)

    def password(self, name: str, *, latin: bool = False) -> str:
        """Draw a password. latin: without characters that a header in Latin-1 cannot hold."""
        self.secrets[name] = _drawn(self.chance, 30, _PASSWORD_MARKS.replace("😀", "" if latin else "😀"))
        return self.secrets[name]

    def token(self, name: str, length: int = 0) -> str:
        """Draw a token, which has only characters that a header may hold."""
        self.secrets[name] = _drawn(self.chance, length or self.chance.choice((40, 40, 190, 700)), _TOKEN_MARKS)
        return self.secrets[name]

    def found_in(self, text: str, but: Iterable[str] = ()) -> dict[str, tuple[bool, str]]:
        """The secrets that a text shows in any spelling: whether the whole secret, and the place.

        but: names of secrets that it may show.
        """
        wanted = {name: value for name, value in self.secrets.items() if name not in set(but) and len(value) >= PART}
        found: dict[str, tuple[bool, str]] = {}
        for shown in _readings(text):
            for name, value in wanted.items():
                if name in found and (found[name][0] or value not in shown):
                    continue
                place = _place(value, shown)
                if place is not None:
                    found[name] = value in shown, shown[max(0, place - 40) : place + 60]
        return found


def _place(secret: str, text: str) -> int | None:
    for start in range(len(secret) - PART + 1):
        place = text.find(secret[start : start + PART])
        if place >= 0:
            return place
    return None


def _from_escapes(text: str) -> str:
    r"""Undo ``\u002b``, ``\x2b``, ``\/``, ``\"`` and ``\\``."""

    def one(match: re.Match[str]) -> str:
        code = match[1] or match[2] or match[3]
        if code is None:
            return match[4]
        number = int(code, 16)
        return chr(number) if number < 0x110000 else match[0]

    plain = re.sub(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|([/\"'\\]))", one, text)
    # Two escapes that are the halves of a character beyond the first plane.
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _from_bytes(text: str) -> str:
    """Read characters up to 255 as the bytes of UTF-8."""
    return re.sub("[\x80-\xff]+", lambda match: match[0].encode("latin-1").decode("utf-8", "replace"), text)


def _from_base64(text: str) -> str:
    """The texts in whatever looks like base64, from each of its four possible beginnings."""
    read = []
    for run in re.findall(r"[A-Za-z0-9+/_-]{16,}", text):
        for skip in range(4):
            part = run[skip:].translate(str.maketrans("-_", "+/"))
            part = part[: len(part) // 4 * 4] if len(part) % 4 == 1 else part + "=" * (-len(part) % 4)
            # A header with the credentials of a proxy is in Latin-1.
            read += [base64.b64decode(part).decode(charset, "replace") for charset in ("utf-8", "latin-1")]
    return "\n".join(read)


_DECODERS: tuple[Callable[[str], str], ...] = (
    unquote,
    unquote_plus,
    html.unescape,
    _from_escapes,
    _from_bytes,
    _from_base64,
)


def _readings(text: str) -> Iterator[str]:
    """The text, and what it reads after up to three steps of decoding."""
    yield text
    if len(text) > LONGEST_DECODED:
        return
    seen, last = {text}, [text]
    for _step in range(3):
        read = dict.fromkeys(decode(one) for one in last for decode in _DECODERS)
        last = [one for one in read if one not in seen]
        seen.update(last)
        yield from last


def _percent(text: str, *, lower: bool, safe: str = "") -> str:
    spelled = quote(text, safe=safe)
    return re.sub("%[0-9A-F]{2}", lambda match: match[0].lower(), spelled) if lower else spelled


def _each(text: str, form: str) -> str:
    return "".join(one if one in _PLAIN else form.format(ord(one)) for one in text)


def _units(text: str) -> str:
    r"""``\u`` escapes of everything but letters and digits, in UTF-16 as JSON has them."""
    return "".join(
        one if one in _PLAIN else json.dumps(one)[1:-1] if ord(one) > 127 else f"\\u{ord(one):04X}" for one in text
    )


SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": lambda text: text,
    "percent": lambda text: _percent(text, lower=False),
    "percent_lower": lambda text: _percent(text, lower=True),
    "percent_safe": lambda text: _percent(text, lower=False, safe="/&=+"),
    "percent_plus": quote_plus,
    "percent_twice": lambda text: quote(quote(text, safe=""), safe=""),
    "percent_all": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "entities_all": lambda text: "".join(f"&#{ord(one)};" for one in text),
    "entities": lambda text: html.escape(text, quote=True),
    "entities_decimal": lambda text: _each(text, "&#{};"),
    "entities_hex": lambda text: _each(text, "&#x{:x};"),
    "unicode_escapes": _units,
    "json_slashes": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "json_in_json": lambda text: json.dumps(json.dumps({"password": text}))[1:-1],
    "bytes": lambda text: repr(text.encode()),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64_url": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "basic": lambda text: base64.b64encode(f"automation:{text}".encode()).decode(),
    "latin": lambda text: text.encode().decode("latin-1"),
}
"""How an answer spells a secret that it echoes. The whole secret: an appliance can choose a part that nothing masks."""
