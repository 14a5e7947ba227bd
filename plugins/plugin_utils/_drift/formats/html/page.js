/*
 * Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
 * GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

"use strict";
(() => {
  const page = document.documentElement, form = document.getElementById("filters");
  const shown = document.getElementById("shown"), nothing = document.getElementById("nothing");
  const records = [...document.querySelectorAll(".record")];
  const number = (count) => count.toLocaleString("en");
  const groups = [...document.querySelectorAll("main section, main .group, main .group > div")]
    .filter((group) => group.querySelector(".record")).reverse();
  const words = new Map();
  page.classList.add("js");

  // What a person sees of a record without opening anything, and where it is.
  const wordsOf = (record) => {
    if (!words.has(record)) {
      const parts = [...record.childNodes].filter((node) => node.nodeName !== "DETAILS");
      words.set(record, [record.dataset.appliance, ...parts.map((node) => node.textContent)].join(" ").toLowerCase());
    }
    return words.get(record);
  };

  const filter = () => {
    const asked = new FormData(form);
    const states = asked.getAll("state"), appliance = asked.get("appliance"), onlyNew = asked.get("new");
    const text = asked.get("text").trim().toLowerCase();
    let count = 0;
    for (const record of records) {
      const data = record.dataset;
      const fits = (!states.length || states.includes(data.state)) && (!appliance || data.appliance === appliance)
        && (!onlyNew || data.since === "new") && (!text || wordsOf(record).includes(text));
      record.hidden = !fits;
      count += fits;
    }
    const filtered = states.length || appliance || onlyNew || text;
    for (const group of groups) {
      group.hidden = !group.querySelector(".record:not([hidden])");
      if (filtered && group.matches("details") && !group.hidden) group.open = true;
    }
    nothing.hidden = count > 0 || !records.length;
    const all = number(records.length);
    shown.textContent = filtered ? `${number(count)} of ${all} shown` : `${all} records`;
  };

  // A link to a record leads to it, also where it is filtered away or folded up.
  const follow = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target || !target.classList.contains("record")) return;
    if (target.hidden) { form.reset(); filter(); }
    // Chromium unfolds by itself, other browsers do not.
    const folded = target.closest("details");
    if (folded) folded.open = true;
    target.scrollIntoView({ block: "start" });
    target.focus({ preventScroll: true });
  };

  const copyButton = (name, text) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = name;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text);
        button.textContent = "Copied";
      } catch {
        button.textContent = "The browser does not allow to copy";
      }
      setTimeout(() => { button.textContent = name; }, 2000);
    });
    return button;
  };

  document.addEventListener("toggle", (event) => {
    const details = event.target;
    if (details.matches(".accept") && !details.querySelector("button")) {
      details.append(copyButton("Copy", details.querySelector("pre").textContent));
    }
  }, true);
  let waiting;
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 60); });
  form.addEventListener("reset", () => { clearTimeout(waiting); waiting = setTimeout(filter); });
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", follow);
  filter();
  follow();
})();
