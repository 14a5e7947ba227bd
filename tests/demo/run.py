# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Show in less than a minute what the collection does, on a simulated appliance, and check that it did.

run.py

Exit code 0 only if every step came out as it says; 1 if one did not, 130 after Ctrl-C.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import NoReturn

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from demo.fleet import report_fleet  # found through the line above
from demo.screen import BOLD, Screen
from demo.stage import Stage
from demo.steps import Demo, Unexpected
from simulator.web.process import RunningAppliance, running_simulator

INTRODUCTION = """\
Somebody has registered an AWS Organization on it by hand, as "research (by hand)".
The playbook tests/demo/declare.yml declares three: all of production, the northern
and the southern shops of the subsidiary, and research under its proper name."""


def perform(screen: Screen) -> None:
    """Sets the stage, plays, and clears up. Raises Unexpected."""
    began = time.monotonic()
    screen.line("The demonstration of the collection vbaws.appliance", BOLD)
    screen.line("It reaches no real appliance and no AWS: a simulated appliance is started.")
    with tempfile.TemporaryDirectory(prefix="vbaws-demo-") as folder, running_simulator() as appliance:
        stage = Stage(Path(folder), appliance, screen)
        screen.good(f"It listens on https://{appliance.hostname}:{appliance.port}")
        screen.line(INTRODUCTION)
        demo = Demo(stage)
        demo.story()
        page = report_fleet(demo)
        demo.conclude()
    screen.heading("Clean up", "Nothing may be left on this machine but the report.")
    left = [path for path in (folder, appliance.ca_file) if Path(path).exists()]
    if left or runs(appliance):
        wanted = "the simulator stopped and the temporary folders removed"
        raise Unexpected(f"  expected: {wanted}\n  found:    folders {left}, simulator runs: {runs(appliance)}")
    screen.good("The simulator is stopped and the temporary folders removed")
    screen.line(f"\nEverything came out as it should, in {time.monotonic() - began:.0f} s.", BOLD)
    screen.line(f"The report as a page: {page}")


def runs(appliance: RunningAppliance) -> bool:
    """Whether the process of an appliance is there."""
    try:
        os.kill(appliance.facts["pid"], 0)
    except ProcessLookupError:
        return False
    return True


def interrupted(_signal: int, _frame: object) -> NoReturn:
    """Ctrl-C or a termination: clears up once, whatever else comes."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def main() -> int:
    """Returns the exit code."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupted)
    screen = Screen()
    try:
        perform(screen)
    except (Unexpected, RuntimeError, OSError) as error:  # the latter two if the simulator does not start or answer
        screen.failed(str(error))
        return 1
    except KeyboardInterrupt:
        screen.failed("  interrupted; everything was cleared up")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
