# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Version and revisions of an appliance, found by asking a real server; and where its document is taken from."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._errors import ApplianceError
from ansible_collections.vbaws.appliance.plugins.module_utils._http.deadline import Deadline
from ansible_collections.vbaws.appliance.plugins.module_utils._http.transport import BODY_CAP
from ansible_collections.vbaws.appliance.plugins.module_utils._module.options import CONNECTION
from ansible_collections.vbaws.appliance.plugins.module_utils._module.task import Task
from ansible_collections.vbaws.appliance.plugins.module_utils._rest.client import connect
from ansible_collections.vbaws.appliance.plugins.modules.appliance_info import APPLIANCE, appliance_info
from ansible_collections.vbaws.appliance.tests.unit.support.builders import options_of
from ansible_collections.vbaws.appliance.tests.unit.support.servers import Appliance, Reply, Seen

DOCUMENT = {"openapi": "3.0.0", "info": {"title": "Theirs"}, "paths": {}}
PAGES = {"/page": b"<html><head><title>Swagger UI</title></head></html>", "/yaml": b"openapi: 3.0.0\npaths: {}\n"}


class Run:
    """Runs the work of the module against a server that accepts some revisions."""

    def __init__(self, appliance: Appliance) -> None:
        self.appliance = appliance
        self.accepted = ["1.7-rev0"]
        self.version: dict[str, Any] = {"version": " 9.0.0.128 ", "about": "Veeam Backup for AWS"}
        self.warnings: list[str] = []
        self.deadline = Deadline(30)
        appliance.tokens[:] = [self.token] * 30
        appliance.replies[:] = [self.answer] * 30

    def token(self, seen: Seen) -> Reply:
        return self.gate(seen) or (Reply(204) if seen.method == "DELETE" else Reply(body={"access_token": "t"}))

    def gate(self, seen: Seen) -> Reply | None:
        if seen.headers["x-api-version"] in self.accepted:
            return None
        return Reply(400, {"errorCode": "unsupportedApiVersion", "details": "Not that one"})

    def answer(self, seen: Seen) -> Reply:
        if seen.target == "/swagger/v1/swagger.json":
            return Reply(body=DOCUMENT)
        if seen.target.startswith("/elsewhere"):
            return Reply(404)
        if seen.target in PAGES:
            return Reply(body=PAGES[seen.target], headers={"Content-Type": "text/html"})
        return self.gate(seen) or Reply(body=self.version)

    def __call__(self, **given: Any) -> dict[str, Any]:
        options = options_of(CONNECTION, APPLIANCE, **{**self.appliance.options(), **given})
        client = connect(options, Deadline(30))
        task = Task(client, options, False, self.warnings.append, self.deadline, lambda _seconds: None)
        try:
            return appliance_info(task)
        finally:
            assert client.logout() == []

    def failure(self, **given: Any) -> ApplianceError:
        with pytest.raises(ApplianceError) as caught:
            self(**given)
        return caught.value


@pytest.fixture
def run(appliance: Appliance) -> Iterator[Run]:
    run = Run(appliance)
    yield run
    # Whatever was asked for in between: a token that was obtained is given back, with an accepted revision.
    calls = appliance.calls()
    obtained = sum(seen.path == "/token" and seen.method == "POST" and not run.gate(seen) for seen in appliance.seen)
    assert calls.count("DELETE /token") == obtained


def test_what_the_appliance_is(run: Run) -> None:
    assert run() == {
        "changed": False,
        "version": "9.0.0.128",
        "about": "Veeam Backup for AWS",
        "product": "9",
        "api_version": "1.7-rev0",
        "api_versions": ["1.7-rev0"],
        "contract": None,
    }
    asked = [seen.headers["x-api-version"] for seen in run.appliance.seen if seen.path == "/system/version"]
    assert asked[0] == "1.7-rev0"
    assert sorted(asked) == sorted(APPLIANCE["api_versions"]["default"])
    assert run.appliance.calls().count("POST /token") == 1
    assert run.appliance.handshakes == 1
    assert run.warnings == []


def test_revisions_are_sorted_by_their_numbers(run: Run) -> None:
    run.accepted = ["1.10-rev0", "1.9-rev1", "1.7-rev0"]
    found = run(api_versions=["1.10-rev0", "1.9-rev1", " 1.7-rev0 "])["api_versions"]
    assert found == ["1.7-rev0", "1.9-rev1", "1.10-rev0"]


def test_another_revision_is_found_where_the_one_of_the_option_is_refused(run: Run) -> None:
    run.accepted = ["1.8-rev0", "1.9-rev0"]
    result = run(openapi={"url": "/swagger/v1/swagger.json", "path": None})
    assert (result["api_version"], result["api_versions"]) == ("1.9-rev0", ["1.8-rev0", "1.9-rev0"])
    assert "does not accept the revision 1.7-rev0" in run.warnings[0]
    assert "1.8-rev0, 1.9-rev0" in run.warnings[0]
    # Each refusal of a revision costs a login, which does not count against the user; an accepted one ends that.
    logins = [seen.headers["x-api-version"] for seen in run.appliance.seen if seen.path == "/token"][:-1]
    assert logins[-1] == "1.8-rev0"


def test_an_appliance_that_accepts_none_is_a_failure(run: Run) -> None:
    run.accepted = []
    error = run.failure()
    assert error.reason == "api_version"
    assert "accepts none of the revisions" in error.message
    assert "Not that one" in str(error)


def test_a_refused_password_is_final(run: Run) -> None:
    run.appliance.tokens[:] = [Reply(401)]
    run.accepted = []
    assert run.failure().reason == "auth"
    assert len(run.appliance.seen) == 1


@pytest.mark.parametrize("status", [403, 500, 503])
def test_nothing_else_counts_as_not_accepted(run: Run, status: int) -> None:
    run.appliance.replies[2] = Reply(status)
    assert run.failure(retries=0).status == status


def test_a_revision_without_the_call_is_an_accepted_one(run: Run) -> None:
    run.accepted = ["1.7-rev0", "1.6-rev0"]
    run.appliance.replies[1] = Reply(404)
    result = run(api_versions=["1.6-rev0"])
    assert (result["api_versions"], result["version"]) == (["1.6-rev0", "1.7-rev0"], "9.0.0.128")


@pytest.mark.parametrize(
    ("version", "product"),
    [("9.0.0.128", "9"), ("9.1.0.2", "9.1"), ("10.0.0.232 ", "10"), ("11", "11"), ("12.0.1", None), ("9.2.1", None)],
)
def test_the_product_by_its_version(run: Run, version: str, product: str | None) -> None:
    run.version = {"version": version}
    result = run()
    assert (result["product"], result["version"], result["about"]) == (product, version.strip(), None)


def test_an_appliance_that_does_not_tell(run: Run) -> None:
    run.version = {"version": None}
    result = run()
    assert (result["product"], result["version"]) == (None, None)


def test_its_own_document_by_path_and_by_its_own_url(run: Run) -> None:
    where = f"127.0.0.1:{run.appliance.port}"
    for url in ("/swagger/v1/swagger.json", f"https://{where}/swagger/v1/swagger.json"):
        contract = run(openapi={"url": url, "path": None})["contract"]
        assert (contract["title"], contract["holds"]) == ("Theirs", False)


def test_a_document_that_is_a_file(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "openapi.json"
    file.write_text("\ufeff" + json.dumps(DOCUMENT), encoding="utf-8")
    assert run(openapi={"url": None, "path": str(file)})["contract"]["title"] == "Theirs"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"url": "https://elsewhere.example.com/swagger.json"}, "names another place"),
        ({"url": "http://127.0.0.1/swagger.json"}, "names another place"),
        ({"url": "https://127.0.0.1:99999/swagger.json"}, "names another place"),
        ({"url": "https://127.0.0.1:x/swagger.json"}, "names another place"),
        ({"url": "https://["}, "is not a valid URL"),
        ({"url": "//[/swagger.json"}, "is not a valid URL"),
        ({"url": "swagger.json"}, "is not a path"),
        ({"url": ""}, "is not a path"),
        ({"path": "/nowhere/openapi.json"}, "No such file"),
        ({"path": ""}, "it is not a regular file"),
        ({"path": "/"}, "it is not a regular file"),
        ({"path": "/dev/zero"}, "it is not a regular file"),
        ({"path": "/x" * 5000}, "File name too long"),
        ({"path": "/nowhere/\0"}, "its name is not valid"),
        ({"path": "/nowhere/\ud800"}, "its name is not valid"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_another_place_is_refused(run: Run, given: dict[str, str], says: str) -> None:
    error = run.failure(openapi={"url": None, "path": None, **given})
    assert (error.reason, error.stage) == ("invalid", "contract")
    assert says in error.message
    assert all(seen.path in ("/token", "/system/version") for seen in run.appliance.seen)


def test_a_pipe_is_refused_and_not_waited_for(run: Run, tmp_path: Path) -> None:
    def hangs(_number: int, _frame: Any) -> None:
        pytest.fail("the module waits for a writer")

    os.mkfifo(tmp_path / "pipe")
    before = signal.signal(signal.SIGALRM, hangs)
    signal.alarm(10)
    try:
        error = run.failure(openapi={"url": None, "path": str(tmp_path / "pipe")})
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    assert "it is not a regular file" in error.message


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (json.dumps(DOCUMENT).encode("utf-16"), "it is not text in UTF-8"),
        ('{"title": "Größe"}'.encode("latin-1"), "it is not text in UTF-8"),
        (b"x" * (BODY_CAP + 1), "it is larger than 16 MiB"),
        (b"x: " * 100, "is not an OpenAPI document"),
        (b"", "is not an OpenAPI document"),
    ],
    ids=["utf-16", "latin-1", "large", "yaml", "empty"],
)
def test_a_file_that_is_not_a_document_is_refused(run: Run, tmp_path: Path, content: bytes, says: str) -> None:
    file = tmp_path / "openapi.json"
    file.write_bytes(content)
    error = run.failure(openapi={"url": None, "path": str(file)})
    assert (error.reason, error.stage) == ("invalid", "contract")
    assert str(file) in error.message
    assert says in error.message


def test_what_is_not_a_document_is_quoted_if_it_is_served(run: Run) -> None:
    error = run.failure(openapi={"url": "/page", "path": None})
    assert error.reason == "invalid"
    assert f"The answer of 127.0.0.1:{run.appliance.port} to GET /page is not an OpenAPI document" in error.message
    assert error.message.endswith('It begins with: "Swagger UI"')


def test_the_document_is_read_within_the_time_of_the_task(run: Run) -> None:
    run.deadline = Deadline(0)
    assert run.failure(openapi={"url": "/yaml", "path": None}).reason == "timeout"


def test_a_path_where_nothing_is_says_how_to_find_it(run: Run) -> None:
    error = run.failure(openapi={"url": "/elsewhere", "path": None})
    assert error.reason == "not_found"
    assert "browser" in error.remedy


def test_a_likeness_is_warned_of(run: Run, tmp_path: Path) -> None:
    schema = {"properties": {"name": {}, "theWorker": {"type": "string"}}}
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps({**DOCUMENT, "components": {"schemas": {"AmazonOrganizationSpec": schema}}}))
    contract = run(openapi={"url": None, "path": str(file)})["contract"]
    assert contract["wire_names"] == {"organization.production_worker_iam_role_name": "theWorker"}
    assert "organization.production_worker_iam_role_name is theWorker" in run.warnings[0]
