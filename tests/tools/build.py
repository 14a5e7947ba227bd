# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the collection into .build/dist, and use it like its receivers: Galaxy, Ansible, an execution environment."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from collection_tree import BUILD, TREES, collection_tree, tool_environment

IMPORTER = {
    "GALAXY_IMPORTER_CHECK_REQUIRED_TAGS": "true",
    "GALAXY_IMPORTER_ANSIBLE_LOCAL_TMP": str(BUILD / "importer"),
}


def run(*command: str, folder: Path, variables: dict[str, str] | None = None, quiet: bool = False) -> str:
    """Run a command, print its output (if ``quiet``, only after a failure) and return it. A failure exits."""
    print("$", *command, flush=True)
    done = subprocess.run(
        command,
        cwd=folder,
        env=tool_environment(**(variables or {})),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if not quiet or done.returncode:
        print(done.stdout, end="", flush=True)
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout


def import_into_galaxy(artifact: Path, folder: Path) -> None:
    """Run Galaxy's import, and treat its warnings as errors."""
    printed = run(sys.executable, "-m", "galaxy_importer.main", str(artifact), folder=folder, variables=IMPORTER)
    complaints = [line for line in printed.splitlines() if line.startswith(("WARNING", "ERROR"))]
    if complaints or "Importer processing completed successfully" not in printed:
        sys.exit(f"Galaxy's import has {len(complaints)} complaints")


def install(artifact: Path, folder: Path) -> None:
    """Install the artifact and read the documentation of every module, which shows files that are missing in it."""
    home = {"ANSIBLE_COLLECTIONS_PATH": str(folder)}
    # By force, because ansible-galaxy does nothing if the collection is already installed elsewhere on the machine.
    galaxy = ("ansible-galaxy", "collection", "install", "--force", "--offline")
    run(*galaxy, "-p", str(folder), str(artifact), folder=folder)
    installed = folder / "ansible_collections" / "vbaws" / "appliance"
    modules = [f"vbaws.appliance.{path.stem}" for path in sorted((installed / "plugins" / "modules").glob("[!_]*.py"))]
    if not modules:
        sys.exit("The artifact has no module")
    run("ansible-doc", "--type", "module", "--snippet", *modules, folder=folder, variables=home, quiet=True)
    wanted = run("ansible-builder", "introspect", str(folder), folder=folder)
    if "requests" not in wanted:
        sys.exit("An execution environment would lack requests")


def main() -> None:
    """Leave the artifact in .build/dist."""
    dist = BUILD / "dist"
    with collection_tree("build") as tree:
        shutil.rmtree(dist, ignore_errors=True)
        run("ansible-galaxy", "collection", "build", "--output-path", str(dist), folder=tree)
        (artifact,) = dist.glob("*.tar.gz")
        scratch = TREES / "build" / "installed"
        scratch.mkdir()
        import_into_galaxy(artifact, scratch)
        install(artifact, scratch)
    print(f"{artifact.relative_to(BUILD.parent)}: {artifact.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    main()
