# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the HTML page looks: in the light, in the dark, on a phone and on paper. Pure."""

from __future__ import annotations

_STATES = ("error", "missing", "different", "unwanted", "unmanaged", "unknown", "in_sync", "accepted")
# Ink and tint of each state. Every ink is readable on its tint and on a card (4.5:1 or more).
_LIGHT = (
    ("#a61b1b", "#fdeceb"),
    ("#95470a", "#fdf0e3"),
    ("#755400", "#fcf4d9"),
    ("#8a2670", "#fbecf6"),
    ("#3f4f9e", "#eceffc"),
    ("#4a5565", "#eceff3"),
    ("#17653a", "#e5f5ec"),
    ("#205f6d", "#e3f3f6"),
)
_DARK = (
    ("#ffa29b", "#3b1b1b"),
    ("#ffbb83", "#372312"),
    ("#f0d074", "#30290f"),
    ("#f3a8da", "#351c2f"),
    ("#b4c0ff", "#20264a"),
    ("#bac5d2", "#262e38"),
    ("#88dcab", "#13301f"),
    ("#94d6e3", "#122e36"),
)


def _inks(pairs: tuple[tuple[str, str], ...]) -> str:
    return " ".join(f"--{state}: {ink}; --{state}-tint: {tint};" for state, (ink, tint) in zip(_STATES, pairs))


_PAPER = "--back: #f4f5f7; --card: #fff; --ink: #1a222d; --soft: #566273; --line: #dde1e7; --link: #0b57a4;"
_NIGHT = "--back: #0f141a; --card: #171d25; --ink: #e7ecf2; --soft: #9daab9; --line: #2b3541; --link: #85bdff;"
_CLASSES = "\n".join(f".s-{state} {{ --state: var(--{state}); --tint: var(--{state}-tint); }}" for state in _STATES)

STYLE = (
    f"""
:root {{ color-scheme: light dark; {_PAPER} {_inks(_LIGHT)} }}
@media (prefers-color-scheme: dark) {{ :root {{ {_NIGHT} {_inks(_DARK)} }} }}
{_CLASSES}
"""
    """
* { box-sizing: border-box; }
html { scroll-padding-top: 9rem; }
body { margin: 0 auto; padding: 0 1rem 3rem; max-width: 66rem; background: var(--back); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  overflow-wrap: anywhere; }
h1, h2, h3, h4, p, ul { margin: 0; }
ul { padding: 0; list-style: none; }
a { color: var(--link); text-underline-offset: .15em; }
small { color: var(--soft); font-size: .875rem; font-weight: 400; }
code, pre, td { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
  font-size: .875rem; }
code { color: var(--soft); }
summary { cursor: pointer; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: .25rem; }
main:focus, .record:focus { outline: none; }
[hidden] { display: none !important; }
.pictures { position: absolute; width: 0; height: 0; }
.icon { width: 1em; height: 1em; flex: none; fill: none; stroke: currentColor; stroke-width: 1.6;
  stroke-linecap: round; stroke-linejoin: round; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: 1rem; top: -4rem; padding: .5rem 1rem; background: var(--card); z-index: 3; }
.skip:focus { top: .5rem; }

.outcome { margin: 1.5rem 0 1rem; padding: 1.5rem 1.75rem; border: 1px solid var(--line); border-radius: 1rem;
  background: linear-gradient(var(--tint), var(--card) 70%); }
.outcome h1 { display: flex; gap: .75rem; align-items: flex-start; margin: .5rem 0 .75rem; color: var(--state);
  font-size: clamp(1.35rem, 1rem + 1.8vw, 1.9rem); line-height: 1.25; letter-spacing: -.01em; text-wrap: balance; }
.outcome h1 .icon { margin-top: .12em; }
.title { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; color: var(--soft);
  font-size: .9rem; }
.read { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem .75rem; }
progress { appearance: none; width: 10rem; height: .5rem; border: 0; border-radius: 1rem; overflow: hidden;
  background: var(--line); }
progress::-webkit-progress-bar { background: var(--line); }
progress::-webkit-progress-value { background: var(--state); }
progress::-moz-progress-bar { background: var(--state); }
.since { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin-top: .75rem; padding-top: .75rem;
  border-top: 1px solid var(--line); color: var(--soft); font-size: .9rem; }
.since ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; }
.since strong { color: var(--ink); }

#filters { margin-bottom: 1.5rem; }
.tiles { display: grid; grid-template-columns: repeat(8, 1fr); gap: .5rem; margin: 0; padding: 0; border: 0;
  min-width: 0; }
.tile { display: grid; grid-template-columns: auto 1fr; gap: 0 .4rem; align-items: center; padding: .6rem .7rem;
  border: 1px solid var(--line); border-radius: .75rem; background: var(--card); font-size: .85rem; }
.tile .icon, .tile strong { color: var(--state); }
.tile strong { font-size: 1.25rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.tile span { grid-column: 1 / -1; }
.tile.none, .tile.none strong, .tile.none .icon { color: var(--soft); }
.tile input { position: absolute; opacity: 0; pointer-events: none; }
.controls { display: none; }
.js .tile { cursor: pointer; }
.js .tile:hover { border-color: var(--state); }
.js .tile:has(:checked) { background: var(--tint); border-color: var(--state);
  box-shadow: inset 0 0 0 1px var(--state); }
.js .tile:has(:focus-visible) { outline: 3px solid var(--link); outline-offset: 2px; }
.js .controls { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; margin-top: .75rem;
  font-size: .9rem; }
.js #filters { position: sticky; top: 0; z-index: 2; padding: .5rem 0; background: var(--back); }
.controls label { display: flex; gap: .5rem; align-items: center; min-width: 0; }
.controls p { margin-left: auto; color: var(--soft); }
input, select, button { font: inherit; color: inherit; }
[type=search], select, button { min-width: 0; max-width: 100%; padding: .35rem .6rem; border: 1px solid var(--soft);
  border-radius: .5rem; background: var(--card); }
select { max-width: 16rem; }
button { cursor: pointer; }
button:hover { border-color: var(--link); color: var(--link); }
[type=checkbox] { width: 1.1rem; height: 1.1rem; accent-color: var(--link); }

section { margin-bottom: 2rem; }
h2 { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 .6rem; margin-bottom: .6rem; font-size: 1.15rem; }
.card { margin-bottom: .75rem; padding: 1rem 1.25rem; border: 1px solid var(--line);
  border-left: 4px solid var(--state);
  border-radius: .75rem; background: var(--card); content-visibility: auto; contain-intrinsic-size: auto 12rem; }
.card:target, .lines :target { box-shadow: 0 0 0 3px var(--link); }
.card h3 { display: flex; flex-wrap: wrap; align-items: center; gap: .3rem .6rem; font-size: 1.05rem;
  line-height: 1.35; }
.badge { display: inline-flex; align-items: center; gap: .35rem; padding: .1rem .6rem .1rem .45rem;
  border-radius: 1rem;
  background: var(--tint); color: var(--state); font-size: .8rem; font-weight: 600; white-space: nowrap; }
.new { padding: 0 .45rem; border: 1px solid currentColor; border-radius: 1rem; color: var(--link);
  font: 600 .75rem/1.4 system-ui, sans-serif;
  white-space: nowrap; }
.about { display: flex; flex-wrap: wrap; gap: 0 1rem; margin-top: .15rem; color: var(--soft); font-size: .875rem; }
.accepted, .fields small { display: flex; gap: .4rem; align-items: center; color: var(--accepted);
  font-size: .875rem; }
.accepted { margin-top: .5rem; }
.notes { margin-top: .5rem; }
.notes li { padding-left: .75rem; border-left: 2px solid var(--line); }
.notes li + li { margin-top: .25rem; }
.fields { width: 100%; margin-top: .75rem; border-collapse: collapse; table-layout: fixed; }
.fields th { width: 28%; padding: .45rem .75rem .45rem 0; text-align: left; vertical-align: top; font-weight: 500;
  font-size: .875rem; }
.fields thead th { width: auto; padding: 0 .75rem .2rem 0; color: var(--soft); font-size: .8rem; }
.fields thead th:first-child { width: 28%; }
.fields td { padding: .45rem .75rem .45rem 0; vertical-align: top; white-space: pre-wrap; }
.fields tbody tr { border-top: 1px solid var(--line); }
.fields .new { margin-left: .4rem; }
.fields ul:has(b) li { padding-left: 1.1rem; }
.fields li b { display: inline-block; width: 1.1rem; margin-left: -1.1rem; }
.only-declared, .only-actual { border-radius: .25rem; background: var(--tint); color: var(--state); }
em { color: var(--soft); font-family: system-ui, sans-serif; }
.card details { margin-top: .6rem; font-size: .875rem; }
.card summary, .self { color: var(--soft); }
.card h4 { margin-top: .5rem; font-size: .875rem; }
pre { margin: .5rem 0 0; padding: .75rem; border-radius: .5rem; background: var(--back); overflow-x: auto;
  white-space: pre-wrap; }
pre code { color: inherit; }
.copy { margin-top: .5rem; font-size: .85rem; }
.accounts, .plain { display: grid; gap: .25rem; }
.plain li { display: flex; flex-wrap: wrap; gap: .1rem .5rem; align-items: baseline; }
.group { margin-bottom: 1rem; padding: .8rem 1.25rem; border: 1px solid var(--line); border-radius: .75rem;
  background: var(--card); }
.group summary .badge { margin-right: .6rem; }
.group h3 { margin: 1rem 0 .3rem; font-size: .95rem; }
.lines { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(19rem, 100%), 1fr)); gap: .15rem 1.5rem; }
.lines li { display: flex; flex-wrap: wrap; gap: 0 .6rem; align-items: baseline; font-size: .9rem; }
.scroll { margin-top: .75rem; overflow-x: auto; }
.numbers { width: 100%; border-collapse: collapse; font-size: .875rem; overflow-wrap: normal; }
.numbers th, .numbers td { padding: .35rem .75rem .35rem 0; border-top: 1px solid var(--line); text-align: left;
  vertical-align: top; }
.numbers thead th { border: 0; color: var(--soft); font-weight: 500; }
.numbers th small { display: block; }
.numbers tbody th { font-weight: 500; overflow-wrap: anywhere; min-width: 9rem; }
.calm { padding: 1rem 0 2rem; color: var(--soft); }
footer { display: flex; flex-wrap: wrap; gap: 0 1.5rem; margin-top: 2rem; color: var(--soft); font-size: .85rem; }

@media (max-width: 60rem) { .tiles { grid-template-columns: repeat(4, 1fr); } }
@media (max-width: 40rem) {
  html { scroll-padding-top: 1rem; }
  body { padding: 0 .75rem 2rem; }
  .outcome { margin-top: .75rem; padding: 1rem; }
  .outcome h1 .icon { display: none; }
  .tiles { grid-template-columns: repeat(auto-fit, minmax(6rem, 1fr)); gap: .4rem; }
  .tile { padding: .4rem .6rem; }
  .js #filters { position: static; }
  .controls label:not(.check) { flex: 1 1 100%; justify-content: space-between; }
  .controls [type=search], .controls select { flex: 1; max-width: none; }
  .controls p { margin: 0; }
  .card { padding: .8rem .9rem; }
  .fields thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .fields tbody tr { display: grid; grid-template-columns: 1fr 1fr; padding: .4rem 0; }
  .fields tbody th { grid-column: 1 / -1; width: auto; padding: 0; }
  .fields td { padding: .1rem .5rem .2rem 0; }
  .fields td::before { display: block; color: var(--soft); font: .75rem/1.4 system-ui, sans-serif;
    content: "On the appliance"; }
  .fields th + td::before { content: "Declared"; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
"""
    f"""
@media print {{
  :root {{ color-scheme: light; {_PAPER} {_inks(_LIGHT)} --back: #fff; }}
  @page {{ margin: 14mm; }}
"""
    """
  body { max-width: none; padding: 0; font-size: 10pt; }
  .controls, .skip, .accept, .self, #nothing { display: none !important; }
  #filters { position: static !important; }
  .card { break-inside: avoid; content-visibility: visible; }
  .outcome, .badge, .tile, .only-declared, .only-actual { print-color-adjust: exact; }
  h2 { break-after: avoid; }
}
"""
)
