# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a command in a copy of the collection at a path that Ansible's tools accept.

    collection_tree.py STAGE COMMAND [ARGUMENT ...]

A clone may have any name, but Ansible's tools require the path ``ansible_collections/vbaws/appliance``. They also
require a git repository in it: without its own, the copy is ignored by the git repository around it, and the tools find
no files and succeed.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / ".build"
TREES = BUILD / "trees"


def _git(*arguments: str, folder: Path = ROOT) -> list[str]:
    """Return the NUL separated names that a git command prints."""
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, stdout=subprocess.PIPE, text=True)
    return [name for name in done.stdout.split("\0") if name]


@contextmanager
def collection_tree(stage: str) -> Iterator[Path]:
    """Create a copy of the tracked files, as they are on disk, for one stage; a second run waits for the first."""
    TREES.mkdir(parents=True, exist_ok=True)
    with (TREES / f"{stage}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        tree = TREES / stage / "ansible_collections" / "vbaws" / "appliance"
        shutil.rmtree(TREES / stage, ignore_errors=True)
        for name in _git("ls-files", "-z"):
            source, target = ROOT / name, tree / name
            if source.is_file():  # a deleted file stays tracked until the deletion is staged
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, target)
        _git("init", "--quiet", folder=tree)
        _git("add", "--all", folder=tree)
        missed = _git("ls-files", "-z", "--others", "--exclude-standard")
        if missed:
            print(f"{len(missed)} files are not in git and not part of this stage, for example {missed[0]}", flush=True)
        yield tree


def tool_environment(python: Path = Path(sys.executable), /, **extra: str) -> dict[str, str]:
    """Return the environment for a tool, with the programs of a Python and of its base interpreter first in PATH.

    The base interpreter is needed if ``python3.x`` in PATH is the shim of a version manager, which ansible-test cannot
    use.
    """
    folders = [str(python.parent), str(Path(_evaluate(python, "sys.base_prefix")) / "bin"), os.environ["PATH"]]
    return {**os.environ, "PATH": os.pathsep.join(folders), "ANSIBLE_NOCOLOR": "1", **extra}


def python_version(python: Path) -> str:
    """Return the version of a Python, such as 3.11."""
    return _evaluate(python, "'%d.%d' % sys.version_info[:2]")


def _evaluate(python: Path, expression: str) -> str:
    """Evaluate an expression with another Python."""
    command = [str(python), "-c", f"import sys; print({expression}, end='')"]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def main() -> int:
    """Return the command's exit code."""
    stage, *command = sys.argv[1:]
    with collection_tree(stage) as tree:
        environment = tool_environment(ANSIBLE_COLLECTIONS_PATH=str(TREES / stage))
        return subprocess.run(command, cwd=tree, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
