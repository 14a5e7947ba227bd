# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the integration targets against the simulated appliance, in two shapes and through both doors of the collection.

integration.py [--shape documented|random] [--door module|worker] [--seed N] [--python PATH] [TARGET ...]

The doors are those of the action plugins: a module of its own, and Ansible's worker process.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bootstrap import prepare_home
from collection_tree import ROOT, collection_tree
from run_ansible_test import ansible_test

sys.path.insert(0, str(ROOT / "tests"))

from simulator.web.process import running_simulator  # found through the line above

RUNS = (("documented", "module"), ("documented", "worker"), ("random", "worker"))
"""Without options. A task takes longest as a module of its own, so one run by that door takes about as long as two."""

ONLY_AS_MODULE = re.compile(rb"dest\\*\": ")
"""The option of a task that even the worker's door runs as a module, in the file that Ansible makes of the module."""


def integration(python: Path, shape: str, door: str, seed: int, targets: list[str]) -> int:
    """Run the targets against one appliance, with the ansible-core of a Python. Return ansible-test's exit code."""
    print(f"== integration, {shape} shape, seed {seed}, through the door of the {door}", flush=True)
    with collection_tree(f"integration-{shape}-{door}") as tree, running_simulator(shape=shape, seed=seed) as appliance:
        # ansible-test passes no environment variable to the tests, but it passes the variables of this file. All facts
        # are in one variable, because Ansible reserves names such as port.
        known = {"wire_names": appliance.wire_names(), "documented": shape == "documented"}
        variables = {
            "appliance": {**appliance.facts, **known},
            "vbaws_run_in_worker": door == "worker",
            # The inventory of ansible-test leads to a wrapper of the interpreter, and so to the door of the module.
            "ansible_python_interpreter": "{{ ansible_playbook_python }}",
        }
        folder = tree / "tests" / "integration"
        (folder / "integration_config.yml").write_text(json.dumps(variables, indent=2), encoding="utf-8")
        kept = tree.parents[2] / "kept"
        settings = f"[defaults]\nkeep_remote_files = true\nremote_tmp = {kept}\nasync_dir = {kept / 'jobs'}\n"
        (folder / "integration.cfg").write_text(settings, encoding="utf-8")
        code = ansible_test(tree, python, "integration", *targets)
        problems = wrong_door(door, tree, kept)
        shutil.rmtree(kept, ignore_errors=True)
        violations = appliance.state()["violations"]
    if violations:
        print("The simulated appliance left its contract:", *violations, sep="\n  ")
    if problems:
        print(f"Not through the door of the {door}:", *problems, sep="\n  ")
    code = code or bool(violations or problems)
    if code:
        again = f"SHAPE={shape} DOOR={door} SEED={seed} TARGETS='{' '.join(targets)}'"
        print(f"To run it again: make integration {again}")
    return code


def wrong_door(door: str, tree: Path, kept: Path) -> list[str]:
    """Return what shows that tasks took another door. kept: the files that Ansible made of modules."""
    modules = {f"AnsiballZ_{path.name}" for path in (tree / "plugins" / "modules").glob("*.py")}
    ran = [file for file in kept.glob("*/AnsiballZ_*.py") if file.name in modules]
    if door == "module":
        return [] if ran else ["no module of the collection was run"]
    return [
        f"{file.name} was run as a module"
        for file in ran
        if not ONLY_AS_MODULE.search(file.read_bytes()) and not (file.parent / "async_wrapper.py").exists()
    ]


def side_by_side(python: Path, shape: str | None, seed: int, targets: list[str]) -> int:
    """Run both doors at the same time, each in its own process. Print the output of the second after its end."""
    prepare_home(python)  # before both, because they would write the same files
    command = [sys.executable, __file__, "--python", str(python), "--seed", str(seed), *targets]
    command += ["--shape", shape] if shape else []
    with tempfile.TemporaryFile() as output:
        second = subprocess.Popen([*command, "--door", "worker"], stdout=output, stderr=subprocess.STDOUT)
        first = subprocess.run([*command, "--door", "module"], check=False)
        second.wait()
        output.seek(0)
        print(output.read().decode(errors="replace"), end="", flush=True)
    return first.returncode or second.returncode


def main() -> int:
    """Return 0 if every target passed in every run."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shape", choices=("documented", "random"), help="only this shape")
    parser.add_argument("--door", choices=("module", "worker"), help="only through this door")
    parser.add_argument("--seed", type=int, help="repeat the appliance with this seed")
    parser.add_argument("--python", type=Path, default=Path(sys.executable), help="the Python that has ansible-core")
    parser.add_argument("targets", nargs="*", help="only these targets")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.randrange(1_000_000)
    wanted = options.shape, options.door
    runs = [(shape, door) for shape, door in RUNS if options.shape in (None, shape) and options.door in (None, door)]
    runs = runs or [wanted]
    if {door for _shape, door in runs} == {"module", "worker"}:
        return side_by_side(options.python, options.shape, seed, options.targets)
    return max(integration(options.python, shape, door, seed, options.targets) for shape, door in runs)


if __name__ == "__main__":
    sys.exit(main())
