# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A hostile appliance: no secret is shown, nothing else is changed, and every run ends in time with a result.

Each seed is a module, the number of a request, and an attack on its answer. VBAWS_CAMPAIGN_HOSTILE chooses how many,
VBAWS_CAMPAIGN_FIRST_SEED where they begin.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
import trustme
from ansible_collections.vbaws.appliance.plugins.module_utils._http import deadline as deadlines
from ansible_collections.vbaws.appliance.plugins.module_utils._module import run as runner
from ansible_collections.vbaws.appliance.plugins.module_utils._rest import token as tokens
from ansible_collections.vbaws.appliance.tests.robustness.hostile import attacks, cases, oracle
from ansible_collections.vbaws.appliance.tests.robustness.hostile.canaries import Canaries
from ansible_collections.vbaws.appliance.tests.robustness.hostile.door import run_in_process
from ansible_collections.vbaws.appliance.tests.robustness.hostile.server import LOOPBACK, HostileAppliance
from ansible_collections.vbaws.appliance.tests.robustness.hostile.tally import HostileTally
from ansible_collections.vbaws.appliance.tests.unit.support.servers import serving

HOSTILE = int(os.environ.get("VBAWS_CAMPAIGN_HOSTILE", "400"))
FIRST = int(os.environ.get("VBAWS_CAMPAIGN_FIRST_SEED", "1"))
TITLE = "Hostile appliances"
TASK_SECONDS = 3
LOGOUT_SECONDS = 2


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def certificate(authority: trustme.CA) -> trustme.LeafCert:
    return authority.issue_cert(LOOPBACK)


@pytest.fixture(scope="module")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("authority") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seconds in place of minutes, so that a case takes no longer than it must."""
    monkeypatch.setattr(runner, "TIMEOUTS_PER_TASK", TASK_SECONDS - 1)
    monkeypatch.setattr(tokens, "LOGOUT_SECONDS", LOGOUT_SECONDS)
    monkeypatch.setattr(deadlines, "BACKOFF_BASE", 0.005)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(scope="module")
def hostile_tally(request: pytest.FixtureRequest) -> HostileTally:
    return HostileTally.shown_by(request.config, TITLE)


# If urllib3 refuses a header, it leaves the connection to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("seed", range(FIRST, FIRST + HOSTILE))
def test_nothing_that_an_appliance_does_breaks_a_rule(
    seed: int, certificate: trustme.LeafCert, ca_file: Path, hostile_tally: HostileTally
) -> None:
    rng = random.Random(seed)
    canaries = Canaries.draw(rng)
    simulated, known = cases.appliance()
    case = cases.draw(rng, known)
    kind, attack = attacks.draw(rng, canaries)
    position, persistent = rng.choice((0, 1, 1, 2, 2, 3, 4, 5, 6, 8)), rng.random() < 0.25
    with simulated, HostileAppliance(simulated, certificate, canaries) as server, serving(server):
        server.attack = attack
        server.spoiled = lambda one: one.number == position or (persistent and one.number > position)
        connection = {
            "hostname": LOOPBACK,
            "port": server.port,
            "username": "user",
            "password": canaries.password,
            "ca_path": str(ca_file),
            "timeout": 1,
            "retries": rng.choice((0, 1, 2)),
        }
        outcome = run_in_process(case.module, {**case.options, **connection}, check=case.check)
        deadline = TASK_SECONDS - 1 + len(case.options.get("organizations", ())) + LOGOUT_SECONDS + 1
        violations = oracle.judge(case, server, outcome, deadline)
    hostile_tally.count(seed, kind, violations, outcome.seconds - deadline, outcome.memory)
    shown = [f"{one.number} {one.method} {one.path} {one.status}" for one in server.exchanges]
    assert not violations, "\n".join(
        [f"{kind} at {position}, persistent {persistent}: {case}", *shown, outcome.stdout[:1500], *map(str, violations)]
    )
