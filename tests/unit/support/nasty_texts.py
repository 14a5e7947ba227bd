# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts that an appliance can hold, and that attack a terminal, a page, a file or a template."""

from __future__ import annotations

NASTY_TEXTS = {
    "escape sequence": "a\x1b]0;title\x07\x1b[31m\x1b[2Jb",
    "C1 control": "a\u009b31mb\u0085c",
    "bidi marks": "a\u202eb\u202ac\u2066d\u2069e\u200f",
    "lone surrogate": "a\ud800b\udfff",
    "lines": "a\nok: [north]\r\nb\u2028c\u2029d",
    "overwriting": "error\r\x08\x08\x7fok\x0b\x0c",
    "null character": "a\x00b",
    "invisible": "a\u200bb\ufeffc\u00add\u2060e",
    "private and unassigned": "a\ue000b\uffffc\U000e0041",
    "spaces": "a\u00a0b\u3000c\td",
    "template": "{{ lookup('pipe', 'id') }}",
    "statement": "{% set x = 1 %}{# x #}",
    "template header": "#jinja2: variable_start_string:'[['",
    "YAML tag": "!unsafe '{{ 1 + 1 }}'",
    "YAML": "a: [b, {c: *d}] # e\n---\n- f",
    "HTML": "<script>alert(1)</script><img src=x onerror=alert(1)>&lt;\"'`",
    "Markdown": "[a](javascript:alert(1)) | `b` **c** ![d](http://e) <!-- @everyone #1",
    "XML": "]]><failure/>&x;<?xml version='1.0'?>",
    "formula": "=HYPERLINK(\"http://example.com\",\"x\")",
    "escaped already": r"a\x1b[31m\u202e",
}  # fmt: skip
"""By what they are."""
