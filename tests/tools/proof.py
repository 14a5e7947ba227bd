# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a check that also succeeds if it finds nothing to check, and require the line that proves its work.

proof.py PATTERN COMMAND [ARGUMENT ...]
"""

from __future__ import annotations

import re
import subprocess
import sys


def main() -> int:
    """Return the command's exit code, 1 if it succeeded without a line that matches the pattern."""
    pattern, *command = sys.argv[1:]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    print(done.stdout, end="", flush=True)
    if done.returncode == 0 and not re.search(pattern, done.stdout):
        print(f"{command[0]} printed nothing that matches {pattern!r}: it checked nothing")
        return 1
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
