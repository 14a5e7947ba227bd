# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run ansible-test without containers, and accept its success only if it skipped nothing.

run_ansible_test.py sanity [ARGUMENT ...]
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from bootstrap import prepare_home
from collection_tree import collection_tree, python_version, tool_environment

# ansible-test exits with 0 after each of these lines, although something was not tested.
SKIPPED = re.compile(
    r"All targets skipped"
    r"|Ignoring config "
    r"|Skipping tests? "
    r"|Skipping sanity test .* due to missing"
    r"|Skipping .* collection version checks"
)
RUNNING = re.compile(r"^Running (?:sanity test \S+|\S+ integration test)")


def ansible_test(tree: Path, python: Path, command: str, *arguments: str) -> int:
    """Run one command of a Python's ansible-test in a collection tree, and print its output.

    The Python also runs the tests. Return ansible-test's exit code, or 1 if it succeeded but skipped something.
    """
    version = python_version(python)
    prepare_home(python)
    call = ["ansible-test", command, "--python", version, "--color", "no", *arguments]
    print("$", *call, flush=True)
    tests, skipped = 0, []
    with subprocess.Popen(
        call,
        cwd=tree,
        env=tool_environment(python),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            tests += bool(RUNNING.match(line))
            if SKIPPED.search(line):
                skipped.append(line.strip())
    if process.returncode == 0 and (skipped or not tests):
        print(f"ansible-test {command} ran {tests} tests, but it skipped some:", *skipped, sep="\n  ")
        return 1
    if process.returncode == 0:
        print(f"ansible-test {command}: {tests} tests on Python {version}", flush=True)
    return process.returncode


def main() -> int:
    """Return the exit code."""
    command, *arguments = sys.argv[1:]
    with collection_tree(command) as tree:
        return ansible_test(tree, Path(sys.executable), command, *arguments)


if __name__ == "__main__":
    sys.exit(main())
