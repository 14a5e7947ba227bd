# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bodies: cut, not JSON, or JSON that is not what was promised."""

from __future__ import annotations

import copy
import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from ansible_collections.vbaws.appliance.tests.robustness.hostile.attacks.act import Act, Chance
from ansible_collections.vbaws.appliance.tests.robustness.hostile.servers.server import Exchange
from ansible_collections.vbaws.appliance.tests.robustness.hostile.servers.world import IDS, Good

JSON = {"Content-Type": "application/json"}


class Raw(str):
    """JSON text that stands for itself: a value that json.dumps would not write."""

    __slots__ = ()


def _deep(levels: int, opening: str = "[", closing: str = "]") -> Raw:
    return Raw(opening * levels + "1" + closing * levels)


VALUES: dict[str, Callable[[], Any]] = {
    "null": lambda: None,
    "0": lambda: 0,
    "-1": lambda: -1,
    "2**70": lambda: 2**70,
    "1e9": lambda: Raw("1e9"),
    "1.5": lambda: 1.5,
    "NaN": lambda: Raw("NaN"),
    "Infinity": lambda: Raw("-Infinity"),
    "1e999": lambda: Raw("1e999"),
    "true": lambda: True,
    "false": lambda: False,
    "empty text": lambda: "",
    "text": lambda: "other",
    "list": list,
    "list of null": lambda: [None],
    "list of text": lambda: ["a", "b"],
    "list of lists": lambda: [[], [[]]],
    "object": dict,
    "object of null": lambda: {"id": None, "name": None},
    "700 lists": lambda: _deep(700),
    "700 objects": lambda: _deep(700, '{"a":', "}"),
    "5,000 lists": lambda: _deep(5000),
    "100,000 lists": lambda: _deep(100_000),
    "low surrogate": lambda: Raw('"\\udc80x"'),
    "high surrogate": lambda: Raw('"x\\ud800"'),
    "raw surrogate": lambda: Raw('"\udcff"'),
    "20 MB text": lambda: "x" * 20_000_000,
    "6 million objects": lambda: Raw("[" + "{}," * 6_000_000 + "{}]"),
    "500,000 lists": lambda: Raw("[" + "[[]]," * 500_000 + "[]]"),
    "200,000 keys": lambda: {f"k{number}": number for number in range(200_000)},
    "controls": lambda: "a\x00b\x07\x1b[31mred\x1b[0m\x9b2J\x7f\r\nx",
    "title escape": lambda: "\x1b]0;owned\x07\x1b]8;;http://x\x07",
    "bidi": lambda: "\u202eevil\u2066x\u200f\u061c",
    "template": lambda: "{{ lookup('pipe', 'id') }}{% raw %}{#",
    "100,000 digits": lambda: Raw("9" * 100_000),
    "text of digits": lambda: "9" * 100_000,
    "5,000 digits": lambda: Raw("9" * 5000),
    "long name": lambda: "n" * 30_000,
    "line ends": lambda: "a\r\nb\u2028c\u2029d\x85e\x0bf",
    "byte order mark": lambda: "\ufeffa\ufffe",
    "other id": lambda: IDS["subsidiary"],
    "path": lambda: "../../token?x=1#y",
    "up": lambda: "..",
    "query": lambda: "a?b#c/d",
    "markup": lambda: "<script>alert(1)</script>]]>&",
    "task result": lambda: "a\r\nTASK [ok] ****\x08",
    "nested secret key": lambda: {"password": "x", "access_token": "y"},
    "unsafe tag": lambda: {"__ansible_unsafe": "x", "__ansible_type": "y", "__ansible_vault": "z"},
}
"""What a node becomes."""

TEXTS: dict[str, bytes] = {
    "empty": b"",
    "space": b" \r\n\t ",
    "text": b"All is well.",
    "HTML": b"<!DOCTYPE html><html><script>alert(1)</script>",
    "XML": b"<?xml version='1.0' encoding='utf-7'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
    "form": b"access_token=abc&token_type=bearer",
    "null": b"null",
    "true": b"true",
    "number": b"17",
    "one text": b'"x"',
    "empty list": b"[]",
    "empty object": b"{}",
    "mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"access_token": "abc"}'.encode("utf-16"),
    "zeros": b"\x00" * 1000,
    "garbage after": b"{} {}",
    "not UTF-8": b'{"name": "\xff\xfe\xed\xa0\x80"}',
    "single quotes": b"{'a': 1}",
    "comma": b'{"a": 1,}',
    "open": b'{"a": "',
    "escapes": b"\x1b[2J\x1b]0;x\x07" * 50,
    "bidi": "\u202eevil".encode() * 50,
    "20 MB of {},": b"{}," * 7_000_000,
    "20 MB list": b"[" + b"{}," * 7_000_000 + b"{}]",
    "20 MB of digits": b"9" * 20_000_000,
    "20 MB of [": b"[" * 20_000_000,
    "100 MB of {},": b"[" + b"{}," * 33_000_000 + b"{}]",
}


def _nodes(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _nodes(one, (*path, key))
    elif isinstance(value, list):
        for number, one in enumerate(value[:4]):
            yield from _nodes(one, (*path, number))


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def dumps(value: Any) -> bytes:
    """JSON, with raw texts as they are."""
    marks: dict[str, str] = {}

    def plain(one: Any) -> Any:
        if isinstance(one, Raw):
            mark = f"raw-{uuid.uuid4()}"
            marks[f'"{mark}"'] = str(one)
            return mark
        if isinstance(one, dict):
            return {key: plain(inner) for key, inner in one.items()}
        return [plain(inner) for inner in one] if isinstance(one, list) else one

    text = json.dumps(plain(value))
    for mark, raw in marks.items():
        text = text.replace(mark, raw)
    return text.encode("utf-8", "surrogateescape")


def _answer(exchange: Exchange, good: Good, body: bytes) -> None:
    exchange.login_body(body)
    exchange.answer(good.status, body, good.headers or JSON)


def _changed(kind: str, text: str, change: Callable[[Any], Any]) -> Act:
    """The honest answer with its JSON changed. change: gets a copy and returns what is sent, or bytes."""

    def work(exchange: Exchange) -> None:
        good = exchange.good()
        try:
            value = json.loads(good.body)
        except ValueError:
            value = good.body.decode()
        changed = change(copy.deepcopy(value))
        _answer(exchange, good, changed if isinstance(changed, bytes) else dumps(changed))

    return Act(kind, text, work)


def node(chance: Chance, which: str | None = None, place: str | None = None) -> Act:
    """One node of the answer becomes something else. place: the name of a key; a node that is not there is added."""
    name, where = which or chance.choice(list(VALUES)), chance.random()

    def change(value: Any) -> Any:
        new = VALUES[name]()
        paths = [path for path in _nodes(value) if place is None or (path and path[-1] == place)]
        if not paths and place is not None and isinstance(value, dict):
            return {**value, place: new}
        if not paths:
            return new
        path = paths[int(where * len(paths))]
        if not path:
            return new
        _at(value, path[:-1])[path[-1]] = new
        return value

    return _changed("JSON node", f"{place or f'at {where:.3f}'} becomes {name}", change)


def unknown_property(chance: Chance, which: str | None = None) -> Act:
    """A property that nobody knows, in each object, with any value."""
    name = which or chance.choice(list(VALUES))

    def change(value: Any) -> Any:
        new, objects = VALUES[name](), [path for path in _nodes(value) if isinstance(_at(value, path), dict)]
        for path in objects[:5]:
            _at(value, path)["somethingNew"] = new
        return value

    return _changed("unknown property", name, change)


def keys(chance: Chance) -> Act:
    """Keys removed, renamed, in other case, or twice."""
    how, where = (
        chance.choice(("removed", "renamed", "upper", "twice", "all removed", "empty", "surrogate", "escape")),
        chance.random(),
    )

    def change(value: Any) -> Any:
        paths = [path for path in _nodes(value) if path and isinstance(path[-1], str)]
        if not paths:
            return value
        chosen = paths if how == "all removed" else [paths[int(where * len(paths))]]
        if how == "twice":
            text = dumps(value)
            key = json.dumps(chosen[0][-1]).encode()
            return text.replace(key + b":", key + b': "first", ' + key + b":", 1)
        for path in sorted(chosen, key=len, reverse=True):
            owner = _at(value, path[:-1])
            old = owner.pop(path[-1])
            new = {
                "renamed": f"{path[-1]}New",
                "upper": path[-1].upper(),
                "empty": "",
                "surrogate": "\ud800",
                "escape": "\x1b[31m",
            }
            if how in new:
                owner[new[how]] = old
        return value

    return _changed("keys", f"{how} at {where:.3f}", change)


def other_object(chance: Chance, key: str = "") -> Act:
    """The ID of another object, where there is an ID."""
    other = chance.choice(
        (
            IDS["subsidiary"],
            IDS["production"],
            str(uuid.UUID(int=chance.getrandbits(128))),
            "",
            "../subsidiary",
            IDS["subsidiary"].upper(),
        )
    )
    where = chance.random()

    def change(value: Any) -> Any:
        paths = [
            path
            for path in _nodes(value)
            if path and str(path[-1]).lower().endswith("id") and (not key or path[-1] == key)
        ]
        if paths:
            path = paths[int(where * len(paths))]
            _at(value, path[:-1])[path[-1]] = other
        return value

    return _changed("other object", f"{key or 'an ID'} at {where:.3f} becomes {other!r}", change)


def pages(chance: Chance) -> Act:
    """Lists that lie about their length, repeat, or never end."""
    how = chance.choice(
        ("1e9", "one more", "none", "negative", "text", "repeat", "endless", "empty page", "double", "no IDs")
    )

    def change(value: Any) -> Any:
        items = next(
            (
                key
                for key in ("results", "identities", "log")
                if isinstance(value, dict) and isinstance(value.get(key), list)
            ),
            None,
        )
        if items is None:
            return value
        value["totalCount"] = {
            "1e9": 10**9,
            "one more": len(value[items]) + 1,
            "none": None,
            "negative": -1,
            "text": "many",
            "endless": 10**9,
            "repeat": 10**9,
            "no IDs": 10**9,
            "empty page": 5,
            "double": 2 * len(value[items]),
        }[how]
        if how == "endless":
            example = value[items][0] if value[items] else {}
            value[items] = [{**example, "id": str(uuid.uuid4()), "name": f"n{uuid.uuid4()}"} for _number in range(200)]
        elif how == "repeat":
            value[items] = (value[items] or [{}]) * 50
        elif how == "no IDs":
            value[items] = [{**one, "id": None} for one in value[items] if isinstance(one, dict)]
        elif how == "empty page":
            value[items] = []
        elif how == "double":
            value[items] = value[items] * 2
        return value

    return _changed("pages", how, change)


def not_json(chance: Chance, which: str | None = None) -> Act:
    """Another body with the honest status."""
    name = which or chance.choice(list(TEXTS))
    content_type = chance.choice(
        ("application/json", "application/json", "text/html", "text/plain", "application/xml", "")
    )

    def work(exchange: Exchange) -> None:
        good = exchange.good()
        exchange.login_body(TEXTS[name])
        exchange.answer(200 if good.status == 204 else good.status, TEXTS[name], {"Content-Type": content_type})

    return Act("not JSON", f"{name} as {content_type!r}", work)


def cut(chance: Chance) -> Act:
    """The honest answer up to some byte, with the length of the whole one or of the part."""
    where, after = chance.random(), chance.choice(("right length", "end", "reset", "silence"))

    def work(exchange: Exchange) -> None:
        good = exchange.good()
        part = good.body[: int(where * len(good.body))]
        if after == "right length":
            _answer(exchange, good, part)
            return
        exchange.send(
            b"HTTP/1.1 %d OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            % (good.status, len(good.body))
            + part
        )
        if after == "silence":
            exchange.wait(4)
        exchange.reset() if after == "reset" else exchange.end()

    return Act("cut", f"at {where:.3f}, {after}", work)


def chain(length: int) -> Act:
    """A structure whose units are each in the one before."""

    def change(value: Any) -> Any:
        units = [
            {
                "id": str(uuid.UUID(int=n + 1)),
                "awsId": f"ou-x-{n:08}",
                "name": f"u{n}",
                "type": "Unit",
                "parentId": f"ou-x-{n - 1:08}",
            }
            for n in range(length)
        ]
        units[0]["parentId"] = ""
        return {**value, "identities": units, "totalCount": length, "statistics": {"units": length, "accounts": 0}}

    return _changed("structure", f"a chain of {length}", change)


def swapped(first: str, second: str) -> Act:
    """The answer about another object than was asked for, under its own ID."""

    def work(exchange: Exchange) -> None:
        exchange.seen.path = exchange.seen.path.replace(first, second)
        good = exchange.good()
        exchange.seen.path = exchange.seen.path.replace(second, first)
        exchange.answer(good.status, good.body, good.headers)

    return Act("other object", f"the answer about {second} in place of {first}", work)
