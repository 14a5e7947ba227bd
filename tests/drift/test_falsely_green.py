# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A drift report is green only where every appliance was read: each way to lose one is an error in it.

Two appliances are in sync. Then something happens to one of them, which is called south.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.vbaws.appliance.tests.drift.reports import Report, host, inventory, run

from simulator.web.process import RunningAppliance, running_simulator

ROLE = {"name": "vbaws.appliance.drift_report"}
ONE = {"name": "production", "rescan_iam_role": "prod-rescan", "backup_restore_iam_role_name": "VeeamBackupRestore"}
DECLARED = [{**ONE, "scope": "entire"}]
SOUTH_FAILS = {"ansible.builtin.fail": {"msg": "before the report"}, "when": "inventory_hostname == 'south'"}
EVERY_FAILS = {"ansible.builtin.fail": {"msg": "before the report"}}
Hosts = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def _fleet() -> Iterator[tuple[RunningAppliance, RunningAppliance]]:
    with running_simulator(seed=1) as north, running_simulator(seed=2) as south:
        for appliance in (north, south):
            appliance.control("POST", "/organizations", ONE)
        yield north, south


@pytest.fixture
def south(_fleet: tuple[RunningAppliance, RunningAppliance]) -> Iterator[RunningAppliance]:
    """The appliance to which something happens."""
    yield _fleet[1]
    _fleet[1].control("DELETE", "/faults")


@pytest.fixture
def hosts(_fleet: tuple[RunningAppliance, RunningAppliance], south: RunningAppliance) -> Hosts:
    """Variables of both."""
    own = {"declare_organizations": DECLARED, "vbaws_retries": 0}
    return {"north": host(_fleet[0], **own), "south": host(south, **own)}


def play(folder: Path, *plays: dict[str, Any]) -> str:
    """Writes a playbook of somebody's own: the usual play of the role, and what is other about it."""
    usual = {
        "name": "Report",
        "hosts": "vbaws",
        "gather_facts": False,
        "connection": "local",
        "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
        "roles": [ROLE],
    }
    path = folder / "play.yml"
    path.write_text(yaml.safe_dump([{**usual, **one} for one in plays]), encoding="utf-8")
    return str(path)


def require_error(report: Report, reason: str, expected: int = 2) -> None:
    """South is an error in the report, which fails; north is as it is."""
    assert report.code != 0
    found = report.json
    assert (found["outcome"], found["read"], found["expected"]) == ("partial", 1, expected), report.output
    assert report.reasons("south") == [reason], report.output
    assert "in_sync" not in report.states("south").values()
    assert report.states("north") == {"production": "in_sync"}
    assert report.statistics["drift_report_summary"]["outcome"] == "partial"
    assert report.statistics["drift_report_summary"]["fails"]
    assert list(report.statistics["declare_expected_plans"]) == ["north"]


def require_green(report: Report) -> None:
    """Both were read and are in sync."""
    assert report.code == 0, report.output
    assert (report.json["outcome"], report.json["read"], report.json["expected"]) == ("in_sync", 2, 2)


@pytest.mark.parametrize("options", [(), ("--check",)])
def test_a_fleet_in_sync_is_green(hosts: Hosts, tmp_path: Path, options: tuple[str, ...]) -> None:
    report = run(tmp_path, inventory(hosts), *options)
    require_green(report)
    assert list(report.statistics["declare_expected_plans"]) == ["north", "south"]


UNREADABLE: dict[str, tuple[str, dict[str, Any]]] = {
    "down": ("unreachable", {}),
    "undeclared": ("not_declared", {"declare_organizations": None}),
    "undeclared-inside": ("not_declared", {"declare_organizations": "{{ nowhere }}"}),
    "undefined-defaults": ("api", {"declare_defaults": {"description": "{{ nowhere }}"}}),
    "no-list": ("api", {"declare_organizations": "production"}),
    "wrong-connection": ("unreachable", {"ansible_connection": "ssh", "ansible_port": 9}),
    "undefined-address": ("invalid", {"vbaws_hostname": "{{ nowhere | mandatory }}"}),
}
"""Name of a host -> reason, and what is other about it than that nothing listens there."""


def test_each_appliance_that_cannot_be_read_is_an_error(hosts: Hosts, south: RunningAppliance, tmp_path: Path) -> None:
    for port, (name, (_reason, variables)) in enumerate(UNREADABLE.items(), 20):
        hosts[name] = {**hosts["north"], "vbaws_port": port, **variables}
    hosts["refused"] = {**hosts.pop("south"), "vbaws_password": "wrong"}
    # By another name, so that it is not the target of the host before.
    hosts["untrusted"] = {**hosts["refused"], "vbaws_hostname": "localhost", "vbaws_ca_path": ""}
    report = run(tmp_path, inventory(hosts), "--forks", "15")
    assert report.code != 0
    wanted = {name: [reason] for name, (reason, _variables) in UNREADABLE.items()}
    assert {name: report.reasons(name) for name in hosts if name != "north"} == {
        **wanted,
        "refused": ["auth"],
        "untrusted": ["tls"],
    }, report.output
    assert report.states("north") == {"production": "in_sync"}
    assert (report.json["outcome"], report.json["read"], report.json["expected"]) == ("partial", 1, len(hosts))


@pytest.mark.parametrize(
    ("reason", "fault"),
    [
        ("timeout", {"match": {"path": "organizations"}, "kind": "slow", "seconds": 3, "times": -1}),
        ("api", {"match": {"path": "organizations"}, "kind": "html", "times": -1}),
    ],
)
def test_an_appliance_that_answers_wrongly_is_an_error(
    hosts: Hosts, south: RunningAppliance, tmp_path: Path, reason: str, fault: dict[str, Any]
) -> None:
    hosts["south"]["vbaws_timeout"] = 1
    south.control("POST", "/faults", fault)
    require_error(run(tmp_path, inventory(hosts)), reason)


def test_an_organization_in_which_ansible_hides_a_secret_is_an_error(
    hosts: Hosts, south: RunningAppliance, tmp_path: Path
) -> None:
    south.control("PATCH", "/organizations/production", {"description": f"by {south.password}"})
    try:
        report = run(tmp_path, inventory(hosts))
    finally:
        south.control("PATCH", "/organizations/production", {"description": None})
    assert report.code != 0
    assert report.states("south") == {"production": "error"}, report.output
    assert report.states("north") == {"production": "in_sync"}
    assert "A secret of this task, such as its password, also occurs in the returned data" in report.output
    for extension in ("json", "md", "xml", "txt", "html"):
        assert "********" not in report.text(extension)
        assert south.password not in report.text(extension)
    assert south.password not in report.output


def test_two_hosts_on_one_target_are_errors(hosts: Hosts, tmp_path: Path) -> None:
    hosts["south"]["vbaws_port"] = hosts["north"]["vbaws_port"]
    report = run(tmp_path, inventory(hosts))
    assert report.code != 0
    assert (report.reasons("north"), report.reasons("south")) == (["same_target"], ["same_target"])
    assert (report.json["outcome"], report.json["read"]) == ("partial", 0)


def test_a_host_that_the_limit_leaves_out_is_an_error(hosts: Hosts, tmp_path: Path) -> None:
    require_error(run(tmp_path, inventory(hosts), "--limit", "north"), "not_in_play")


def test_an_appliance_that_is_not_in_the_inventory_is_missed(hosts: Hosts, tmp_path: Path) -> None:
    report = run(tmp_path, inventory(hosts, drift_report_expected="3"))
    assert report.code != 0
    assert (report.json["outcome"], report.json["read"], report.json["expected"]) == ("partial", 2, 3)


def test_each_host_that_drops_out_before_is_an_error(hosts: Hosts, tmp_path: Path) -> None:
    lost = {"failed": "dropped_out", "unreachable": "dropped_out", "ended": "dropped_out", "skipped": "not_read"}
    for port, name in enumerate(lost, 20):
        hosts[name] = {**hosts["north"], "vbaws_port": port}
    hosts["unreachable"] |= {"ansible_connection": "ssh", "ansible_port": 9, "ansible_host": "127.0.0.1"}
    before = [
        {**EVERY_FAILS, "when": "inventory_hostname == 'failed'"},
        {"ansible.builtin.raw": "true", "when": "inventory_hostname == 'unreachable'"},
        {"ansible.builtin.meta": "end_host", "when": "inventory_hostname == 'ended'"},
    ]
    role = {**ROLE, "when": "inventory_hostname != 'skipped'"}
    report = run(tmp_path, inventory(hosts), playbook=play(tmp_path, {"pre_tasks": before, "roles": [role]}))
    assert report.code != 0
    assert {name: report.reasons(name) for name in lost} == {name: [reason] for name, reason in lost.items()}
    assert (report.json["outcome"], report.json["read"], report.json["expected"]) == ("partial", 2, 6)


def test_a_report_is_written_where_the_first_host_is_skipped(hosts: Hosts, tmp_path: Path) -> None:
    role = {**ROLE, "when": "inventory_hostname != 'north'"}
    report = run(tmp_path, inventory(hosts), playbook=play(tmp_path, {"roles": [role]}))
    assert report.code != 0
    assert (report.json["outcome"], report.reasons("north")) == ("partial", ["not_read"])


def test_a_host_that_was_read_for_an_earlier_report_is_an_error(hosts: Hosts, tmp_path: Path) -> None:
    role = {**ROLE, "when": "inventory_hostname != 'south'"}
    report = run(tmp_path, inventory(hosts), playbook=play(tmp_path, {}, {"roles": [role]}))
    require_error(report, "not_read")


def test_a_host_that_drops_out_between_two_reports_is_an_error(hosts: Hosts, tmp_path: Path) -> None:
    report = run(tmp_path, inventory(hosts), playbook=play(tmp_path, {"post_tasks": [SOUTH_FAILS]}, {}))
    require_error(report, "dropped_out")


@pytest.mark.parametrize("play_level", [{}, {"any_errors_fatal": True}, {"max_fail_percentage": 0}])
def test_an_unreadable_appliance_takes_no_other_along(hosts: Hosts, tmp_path: Path, play_level: dict[str, Any]) -> None:
    hosts["south"]["vbaws_port"] = 9
    require_error(run(tmp_path, inventory(hosts), playbook=play(tmp_path, play_level)), "unreachable")


@pytest.mark.parametrize(
    "play_level",
    [{"pre_tasks": [EVERY_FAILS]}, {"pre_tasks": [SOUTH_FAILS], "any_errors_fatal": True}],
)
def test_a_play_that_ends_before_fails(hosts: Hosts, tmp_path: Path, play_level: dict[str, Any]) -> None:
    report = run(tmp_path, inventory(hosts), playbook=play(tmp_path, play_level))
    assert report.code != 0
    assert not report.written


@pytest.mark.parametrize("options", [("--limit", "web.example.com"), ("-e", "vbaws_hosts=nobody")])
def test_the_playbook_fails_where_no_appliance_is_asked(hosts: Hosts, tmp_path: Path, options: tuple[str, ...]) -> None:
    report = run(tmp_path, inventory(hosts), *options)
    assert report.code != 0
    assert "No report was written." in report.output
    assert not report.written


def test_the_playbook_fails_without_an_inventory(tmp_path: Path) -> None:
    report = run(tmp_path, {})
    assert report.code != 0
    assert "No report was written." in report.output


def test_in_batches_the_last_report_is_whole(hosts: Hosts, tmp_path: Path) -> None:
    report = run(tmp_path, inventory(hosts), playbook=play(tmp_path, {"serial": 1}))
    require_green(report)
    assert report.statistics["drift_report_text"] == report.text("txt")


@pytest.mark.parametrize("lost", ["north", "south"])
def test_in_batches_a_lost_host_is_an_error(hosts: Hosts, tmp_path: Path, lost: str) -> None:
    hosts[lost]["vbaws_port"] = 9
    report = run(tmp_path, inventory(hosts), playbook=play(tmp_path, {"serial": 1}))
    assert report.code != 0
    assert (report.json["outcome"], report.reasons(lost)) == ("partial", ["unreachable"])
    assert report.json["read"] == 1


def test_hosts_that_do_not_wait_for_each_other_are_errors(
    hosts: Hosts, south: RunningAppliance, tmp_path: Path
) -> None:
    south.control("POST", "/faults", {"match": {"path": "organizations"}, "kind": "slow", "seconds": 5})
    report = run(tmp_path, inventory(hosts), playbook=play(tmp_path, {"strategy": "free"}))
    require_error(report, "not_read")


def test_options_that_cannot_be_meant_fail(hosts: Hosts, tmp_path: Path) -> None:
    wrong: list[dict[str, Any]] = [
        {"drift_report_fail_on": ["diferent"]},
        {"drift_report_fail_on": ["never", "error"]},
        {"drift_report_formats": ["pdf"]},
        {"drift_report_expected": "two"},
        {"drift_report_name": "a/b"},
    ]
    each = {f"wrong-{number}": {**hosts["north"], **variables} for number, variables in enumerate(wrong)}
    report = run(tmp_path, inventory(each))
    assert report.code != 0
    assert report.output.count("failed=1") == len(wrong), report.output
    assert not report.written


def test_a_baseline_that_is_no_report_fails(hosts: Hosts, tmp_path: Path) -> None:
    report = run(tmp_path, inventory(hosts, drift_report_baseline="hosts.json"))
    assert report.code != 0
    assert not report.written


@pytest.mark.parametrize(
    ("fail_on", "fails"),
    [("", True), ("different, missing", True), (["never"], False)],
)
def test_an_unreadable_appliance_fails_unless_nothing_is_to_fail(
    hosts: Hosts, tmp_path: Path, fail_on: Any, fails: bool
) -> None:
    hosts["south"]["vbaws_port"] = 9
    report = run(tmp_path, inventory(hosts, drift_report_fail_on=fail_on))
    assert (report.code != 0) == fails == report.statistics["drift_report_summary"]["fails"]
    assert report.reasons("south") == ["unreachable"]


def test_what_was_asked_for_and_is_not_known_is_an_error(hosts: Hosts, south: RunningAppliance, tmp_path: Path) -> None:
    for path in ("rescan$", "validateDelete$"):
        south.control("POST", "/faults", {"match": {"path": path}, "kind": "status", "status": 500, "times": -1})
    report = run(tmp_path, inventory(hosts, drift_report_structure="yes", drift_report_coverage="yes"))
    assert report.code != 0
    assert sorted(report.reasons("south")) == ["coverage", "structure"]
    assert report.reasons("north") == []


def test_the_survey_of_a_report_may_be_left_blank(hosts: Hosts, tmp_path: Path) -> None:
    names = ("fail_on", "formats", "baseline", "accepted", "links", "expected", "structure", "coverage")
    blank = {f"drift_report_{name}": "" for name in names}
    report = run(tmp_path, inventory(hosts), "-e", json.dumps({**blank, "vbaws_hosts": ""}))
    require_green(report)
    assert len(list(report.folder.iterdir())) == 5


@pytest.mark.parametrize("prune", [False, True])
def test_the_plan_is_the_one_that_declare_makes(
    hosts: Hosts, south: RunningAppliance, tmp_path: Path, prune: bool
) -> None:
    by_hand = ("acquired", "research", "subsidiary")
    for name in by_hand:
        south.control("POST", "/organizations", {**ONE, "name": name, "rescan_iam_role": f"{name}-rescan"})
    hosts["south"]["declare_organizations"] = [{**DECLARED[0], "description": "declared"}]
    try:
        variables = {"declare_prune": prune, "declare_prune_limit": 3, "drift_report_fail_on": ["never"]}
        report = run(tmp_path, inventory(hosts, **variables))
        assert report.states("south") == {"production": "different", **dict.fromkeys(by_hand, "unmanaged")}
        declared = run(tmp_path, inventory(hosts, **variables), "--check", playbook="vbaws.appliance.declare")
        assert report.statistics["declare_expected_plans"] == declared.statistics["declare_expected_plans"]
        assert len(report.statistics["declare_expected_plans"]["south"].split("-")) == (5 if prune else 2)
    finally:
        for name in by_hand:
            south.control("DELETE", f"/organizations/{name}")


def test_a_second_report_remembers_the_first(hosts: Hosts, south: RunningAppliance, tmp_path: Path) -> None:
    hosts["north"]["declare_organizations"] = [{**DECLARED[0], "description": "declared"}]
    own = str(tmp_path / "drift-report" / "drift-report.json")
    rule = {"appliance": "south", "organization": "production", "state": "different", "reason": "It may."}
    variables = {"drift_report_baseline": own, "drift_report_accepted": [rule]}
    first = run(tmp_path, inventory(hosts, **variables), "--check")
    assert (first.code, first.json["memory"], first.json["counts"]["different"]) == (0, None, 1)
    assert first.json["acceptances"]["stale"]
    began = first.json["meta"]["generated_at"]
    hosts["south"]["declare_organizations"] = hosts["north"]["declare_organizations"]
    second = run(tmp_path, inventory(hosts, **variables, drift_report_fail_on=["different"]))
    assert second.code != 0
    summary = second.statistics["drift_report_summary"]
    assert (summary["new"], summary["known"], summary["resolved"]) == (1, 1, 0)
    assert (summary["counts"]["different"], summary["counts"]["accepted"]) == (1, 1)
    assert second.json["meta"]["first_seen"][f"{second.json['records'][0]['key']}#different"] == began
