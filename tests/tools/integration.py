# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the integration targets against the simulated appliance, in the documented shape and in a random shape.

integration.py [--shape documented|random] [--seed N] [--python PATH] [TARGET ...]
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from bootstrap import prepare_home
from collection_tree import ROOT, collection_tree
from run_ansible_test import ansible_test

sys.path.insert(0, str(ROOT / "tests"))

from simulator.web.process import running_simulator  # found through the line above


def integration(python: Path, shape: str, seed: int, targets: list[str]) -> int:
    """Run the targets against one appliance, with the ansible-core of a Python. Return ansible-test's exit code."""
    print(f"== integration, {shape} shape, seed {seed}", flush=True)
    with collection_tree(f"integration-{shape}") as tree, running_simulator(shape=shape, seed=seed) as appliance:
        # ansible-test passes no environment variable to the tests, but it passes the variables of this file. All facts
        # are in one variable, because Ansible reserves names such as port.
        known = {"wire_names": appliance.wire_names(), "documented": shape == "documented"}
        facts = {"appliance": {**appliance.facts, **known}}
        config = tree / "tests" / "integration" / "integration_config.yml"
        config.write_text(json.dumps(facts, indent=2), encoding="utf-8")
        code = ansible_test(tree, python, "integration", *targets)
        violations = appliance.state()["violations"]
    if violations:
        print("The simulated appliance left its contract:", *violations, sep="\n  ")
        code = code or 1
    if code:
        print(f"To run it again: make integration SHAPE={shape} SEED={seed} TARGETS='{' '.join(targets)}'")
    return code


def both_shapes(python: Path, seed: int, targets: list[str]) -> int:
    """Run both shapes at the same time, each in its own process. Print the output of the second after its end."""
    prepare_home(python)  # before both, because they would write the same files
    command = [sys.executable, __file__, "--python", str(python), "--seed", str(seed), *targets]
    with tempfile.TemporaryFile() as output:
        second = subprocess.Popen([*command, "--shape", "random"], stdout=output, stderr=subprocess.STDOUT)
        first = subprocess.run([*command, "--shape", "documented"], check=False)
        second.wait()
        output.seek(0)
        print(output.read().decode(errors="replace"), end="", flush=True)
    return first.returncode or second.returncode


def main() -> int:
    """Return 0 if every target passed on every shape."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shape", choices=("documented", "random"), help="only this shape")
    parser.add_argument("--seed", type=int, help="repeat the appliance with this seed")
    parser.add_argument("--python", type=Path, default=Path(sys.executable), help="the Python that has ansible-core")
    parser.add_argument("targets", nargs="*", help="only these targets")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.randrange(1_000_000)
    if options.shape is None:
        return both_shapes(options.python, seed, options.targets)
    return integration(options.python, options.shape, seed, options.targets)


if __name__ == "__main__":
    sys.exit(main())
