# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the documentation of the collection in the current folder, and write it as HTML pages to .build/docs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from collection_tree import BUILD

COLLECTION = "vbaws.appliance"
# The pages also refer to labels of Ansible's own documentation, which is not built here.
SPHINX = {
    "project": COLLECTION,
    "extensions": "sphinx_antsibull_ext",
    "html_theme": "alabaster",
    "suppress_warnings": "ref.ref",
}


def run(*command: str) -> None:
    """Run a command; its failure ends this program."""
    print("$", *command, flush=True)
    # antsibull-docs writes a log into the home folder.
    code = subprocess.run(command, env={**os.environ, "HOME": str(BUILD)}, check=False).returncode
    if code:
        sys.exit(code)


def main() -> None:
    """Check and build the documentation; the current folder is a copy made by collection_tree.py."""
    run(
        "antsibull-docs",
        "lint-collection-docs",
        "--plugin-docs",
        "--check-extra-docs-refs",
        "--validate-collection-refs=all",
        "--disallow-unknown-collection-refs",
        ".",
    )
    shutil.rmtree(BUILD / "docs", ignore_errors=True)
    source = BUILD / "docs" / "rst"
    source.mkdir(parents=True)
    made = ("--use-current", "--fail-on-error", "--squash-hierarchy", f"--dest-dir={source}")
    run("antsibull-docs", "collection", *made, COLLECTION)
    settings = [f"-D{name}={value}" for name, value in SPHINX.items()]
    run("sphinx-build", "-C", "-q", "-W", "--keep-going", *settings, str(source), str(BUILD / "docs" / "html"))
    modules = {path.stem for path in Path("plugins/modules").glob("[!_]*.py")}
    pages = {path.stem.removesuffix("_module") for path in (BUILD / "docs" / "html").glob("*_module.html")}
    if not modules or modules != pages:
        sys.exit(f"{len(modules)} modules, {len(pages)} pages; no page for {sorted(modules - pages)}")
    print(f"{len(pages)} modules documented in {BUILD / 'docs' / 'html' / 'index.html'}")


if __name__ == "__main__":
    main()
