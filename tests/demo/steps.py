# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of the demonstration, and what must be so after each."""

from __future__ import annotations

from collections import Counter
from typing import Any

from .stage import TOKEN, Run, Stage, writes

BY_HAND = {
    "name": "research (by hand)",
    "rescan_iam_role": "research-rescan",
    "backup_restore_iam_role_name": "VeeamBackupRestore",
}
NORTH, SOUTH, LAB = "ou-subs-north000", "ou-subs-south000", "ou-subs-lab00000"
DRIFT = {
    "description": "Shops, and for now the lab",
    "limited_scopes": [
        {"name": "North", "organizational_units": [NORTH]},
        {"name": "South", "organizational_units": [LAB]},
    ],
}


class Unexpected(Exception):
    """Something came out differently."""


class Demo:
    """Tells the story on a stage: the methods that expect something raise Unexpected."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.screen = stage.screen

    def expect(self, sentence: str, found: Any, wanted: Any) -> None:
        """Prints the sentence if it is true. Raises Unexpected."""
        if found != wanted:
            raise Unexpected(f"  expected: {sentence}\n  that is:  {wanted}\n  found:    {found}")
        self.screen.good(sentence)

    def play(self, *options: str, changed: int) -> Run:
        """Runs the playbook, which must succeed and count so many changes."""
        run = self.stage.play(*options)
        if run.code or run.warnings or run.recap.get("changed") != changed:
            found = f"code {run.code}, warnings: {len(run.warnings)}, changed={run.recap.get('changed')}"
            raise Unexpected(
                f"  expected: code 0 of ansible-playbook, no warning, changed={changed}\n  found:    {found}"
            )
        return run

    def expect_reads_only(self, run: Run) -> None:
        """A run must not have written anything."""
        told = f"{len(run.requests)} requests in {run.seconds:.1f} s, and the appliance's log has no write among them"
        self.expect(told, writes(run.requests), [])

    def organizations(self) -> dict[str, dict[str, Any]]:
        """What is registered on the appliance, by name."""
        return {one["name"]: one for one in self.stage.appliance.state()["organizations"]}

    def units(self) -> dict[str, list[str]]:
        """The limited scopes of the subsidiary, as the appliance has them."""
        scopes = self.organizations()["subsidiary"]["limited_scopes"]
        return {scope["name"]: scope["organizational_units"] for scope in scopes}

    def story(self) -> None:
        """All steps with one appliance. Raises Unexpected at the first that comes out differently."""
        by_hand = self.stage.appliance.control("POST", "/organizations", BY_HAND)["id"]

        self.screen.heading("1. What would change?", "A check run asks and compares. It must write nothing.")
        run = self.play("--check", "--diff", changed=3)
        plan = {"production": "create", "subsidiary": "create", "research": "update"}
        self.expect("3 of 3 would change: two are new, one is taken over from its other name", run.changed, plan)
        self.expect_reads_only(run)

        self.screen.heading(
            "2. Declare them", "The same playbook for real: it writes, waits for the appliance, and reads back."
        )
        run = self.play(changed=3)
        told = f"{len(run.requests)} requests in {run.seconds:.1f} s, three of them writes: two additions, one update"
        self.expect(told, writes(run.requests), ["POST 202", "POST 202", "PUT 200"])
        self.expect(
            "Production, subsidiary and research are registered, and nothing else",
            sorted(self.organizations()),
            sorted(plan),
        )
        self.expect(
            "The unit paths of the playbook became the IDs that they have in AWS",
            self.units(),
            {"North": [NORTH], "South": [SOUTH]},
        )
        self.expect(
            "Research was taken over: it kept the ID by which policies refer to it",
            self.organizations()["research"]["id"],
            by_hand,
        )

        self.screen.heading("3. Run it again", "What is declared is there, so there must be nothing left to do.")
        self.expect_in_sync()

        self.screen.heading(
            "4. A colleague edits the subsidiary by hand", "Another description, and South covers the lab instead."
        )
        before = self.organizations()
        self.stage.appliance.control("PATCH", "/organizations/subsidiary", DRIFT)
        self.screen.line()
        self.screen.quote(f"description   {before['subsidiary']['description']!r} -> {DRIFT['description']!r}")
        self.screen.quote("scope South   /Shops/South -> /Lab")
        self.screen.line()
        self.expect("The appliance has it so", self.units(), {"North": [NORTH], "South": [LAB]})

        self.screen.heading("5. What has drifted?", "A check run must show these two edits, and nothing else.")
        run = self.play("--check", "--diff", changed=1)
        self.expect("Only the subsidiary differs", run.changed, {"subsidiary": "update"})
        fields = [change["field"] for change in run.results["subsidiary"]["changes"]]
        edited = ["description", "limited_scopes.South.organizational_units"]
        self.expect(f"It differs in {' and '.join(edited)}", fields, edited)
        lines = [f'- "description": "{DRIFT["description"]}"', '+ "description": "Shops of the subsidiary"']
        self.expect("The diff shows both, before and after", run.diff, [*lines, '- "/Lab"', '+ "/Shops/South"'])
        self.expect_reads_only(run)

        self.screen.heading("6. Repair it", "The same playbook again. A last run shows that all is in sync.")
        run = self.play(changed=1)
        self.expect("One write repaired it", writes(run.requests), ["PUT 200"])
        self.expect("The appliance is as it was before the edit, IDs included", self.organizations(), before)
        self.expect_in_sync()

    def expect_in_sync(self) -> None:
        """A run finds nothing to do."""
        run = self.play(changed=0)
        found = {name: result["status"] for name, result in run.results.items()}
        told = "changed=0: all three are in sync"
        self.expect(told, found, dict.fromkeys(("production", "subsidiary", "research"), "in_sync"))
        self.expect_reads_only(run)

    def conclude(self) -> None:
        """What it took, and what is left behind on the appliance."""
        self.screen.heading("In all", "What it took, as the appliance saw it.")
        requests, state = self.stage.appliance.requests(), self.stage.appliance.state()
        tokens = Counter(f"{one['method']} {one['status']}" for one in requests if one["path"] == TOKEN)
        told = f"{len(requests)} requests, {self.stage.tasks} tasks, and for each task one login and one logout"
        self.expect(told, tokens, {"POST 200": self.stage.tasks, "DELETE 204": self.stage.tasks})
        self.expect("No token is left open", state["tokens_open"], 0)
        self.expect("No request or answer was outside of the API's contract", state["violations"], [])
