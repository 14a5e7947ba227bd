# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a command in a copy of the collection that lies where Ansible's tools look for one.

    collection_tree.py STAGE COMMAND [ARGUMENT ...]

A clone may have any name, while Ansible's tools want ``ansible_collections/vbaws/appliance``. They also want a git
repository of its own in it: below a folder that an outer one ignores they find no files at all and call that success.
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
    """The NUL separated names that a git command prints."""
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, stdout=subprocess.PIPE, text=True)
    return [name for name in done.stdout.split("\0") if name]


@contextmanager
def collection_tree(stage: str) -> Iterator[Path]:
    """A fresh copy of the tracked files, as they are on disk, for one stage; a second run waits for the first."""
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
            print(f"{len(missed)} files are not in git and stay out of this stage, for example {missed[0]}", flush=True)
        yield tree


def tool_environment(python: Path = Path(sys.executable), /, **extra: str) -> dict[str, str]:
    """The environment for a tool: first the programs beside a Python, then those of the interpreter it was made from.

    The second matters where ``python3.x`` on PATH is a version manager's shim, which ansible-test cannot use.
    """
    folders = [str(python.parent), str(Path(_says(python, "sys.base_prefix")) / "bin"), os.environ["PATH"]]
    return {**os.environ, "PATH": os.pathsep.join(folders), "ANSIBLE_NOCOLOR": "1", **extra}


def python_version(python: Path) -> str:
    """Such as 3.11."""
    return _says(python, "'%d.%d' % sys.version_info[:2]")


def _says(python: Path, expression: str) -> str:
    """What a Python makes of an expression about itself."""
    asked = [str(python), "-c", f"import sys; print({expression}, end='')"]
    return subprocess.run(asked, check=True, stdout=subprocess.PIPE, text=True).stdout


def main() -> int:
    """Returns the command's exit code."""
    stage, *command = sys.argv[1:]
    with collection_tree(stage) as tree:
        environment = tool_environment(ANSIBLE_COLLECTIONS_PATH=str(TREES / stage))
        return subprocess.run(command, cwd=tree, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
