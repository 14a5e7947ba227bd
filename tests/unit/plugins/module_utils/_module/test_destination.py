# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of the option dest, with Ansible's own functions for files: only a regular file is replaced."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import socket
from collections.abc import Callable
from errno import ENOSPC, EXDEV
from pathlib import Path
from typing import Any, NoReturn

import pytest
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.testing import patch_module_args
from ansible_collections.vbaws.appliance.plugins.module_utils._errors import ApplianceError
from ansible_collections.vbaws.appliance.plugins.module_utils._module.destination import DIFF_LIMIT, Destination
from ansible_collections.vbaws.appliance.plugins.module_utils._module.journal import Journal

NEW = b"Name,Scope\r\nproduction,entire\r\n"
OLD = b"what was there\n"


def module_of(dest: Path | str, **options: Any) -> AnsibleModule:
    check = options.pop("check", False)
    internal = {"_ansible_check_mode": check, "_ansible_diff": True}
    with patch_module_args({"dest": str(dest), **options, **internal}):
        return AnsibleModule({"dest": {"type": "path"}}, add_file_common_args=True, supports_check_mode=True)


def put(module: AnsibleModule, content: bytes = NEW, journal: Journal | None = None) -> dict[str, Any]:
    destination = Destination(module)
    destination.check()
    return destination.put(content, journal or Journal())


def failure_of(module: AnsibleModule, journal: Journal) -> ApplianceError:
    with pytest.raises(ApplianceError) as caught:
        put(module, journal=journal)
    assert caught.value.reason == "invalid"
    return caught.value


@pytest.fixture
def dest(tmp_path: Path) -> Path:
    path = tmp_path / "organizations.csv"
    path.write_bytes(OLD)
    return path


def test_a_name_without_a_folder_is_in_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    module, journal = module_of("organizations.csv", mode="0640"), Journal()
    result = put(module, journal=journal)
    file = tmp_path / "organizations.csv"
    assert (result["changed"], result["dest"], file.read_bytes()) == (True, str(file), NEW)
    assert file.stat().st_mode & 0o777 == 0o640
    assert journal.done == [f"the file {file} was written"]
    assert put(module_of("organizations.csv"))["changed"] is False


def directory(path: Path) -> None:
    path.mkdir()


def link_to_itself(path: Path) -> None:
    path.symlink_to(path.name)


def link_to_a_file(path: Path) -> None:
    path.with_suffix(".target").write_bytes(OLD)
    path.symlink_to(path.with_suffix(".target"))


def listening(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (os.mkfifo, "is a named pipe"),
        (directory, "is a directory"),
        (listening, "is a socket"),
        (link_to_a_file, "is a symbolic link"),
        (lambda path: path.symlink_to("nowhere"), "is a symbolic link"),
        (lambda path: path.symlink_to("/dev/full"), "is a symbolic link"),
        (link_to_itself, "is a symbolic link"),
    ],
)
@pytest.mark.parametrize("check", [False, True])
def test_what_is_not_a_regular_file_is_refused(
    tmp_path: Path, make: Callable[[Path], None], why: str, check: bool
) -> None:
    path = tmp_path / "x"
    make(path)
    before = path.lstat()
    with pytest.raises(ApplianceError, match=why):
        Destination(module_of(path, check=check)).check()
    assert path.lstat() == before


@pytest.mark.parametrize(
    ("dest", "why"),
    [
        ("/dev/full", "is a device"),
        ("/none/x.csv", "is in /none, which is not a directory"),
        ("/dev/null/x.csv", "is in /dev/null, which is not a directory"),
        ("a\0b", "is not a usable path"),
        ("a\ud800b", "is not a usable path"),
        ("x" * 5000, "is not a usable path: File name too long"),
    ],
)
def test_a_path_that_cannot_be_written_is_refused(dest: str, why: str) -> None:
    module = module_of("x")
    module.params["dest"] = dest  # as JSON, which is how it comes, has no lone surrogate everywhere
    with pytest.raises(ApplianceError, match=why) as caught:
        Destination(module).check()
    assert caught.value.reason == "invalid"


def test_a_pipe_that_replaces_the_file_during_the_export_does_not_block(dest: Path) -> None:
    destination = Destination(module_of(dest))
    destination.check()
    dest.unlink()
    os.mkfifo(dest)
    assert destination.put(NEW, Journal())["changed"] is True
    assert dest.read_bytes() == NEW


def test_a_huge_file_is_not_read(dest: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.truncate(dest, 1 << 40)
    result = put(module_of(dest, check=True))
    assert (result["changed"], result["diff"]["dst_larger"]) == (True, DIFF_LIMIT)
    assert "before" not in result["diff"]


def test_a_huge_export_is_not_shown(dest: Path) -> None:
    result = put(module_of(dest), b"x" * (DIFF_LIMIT + 1))
    assert (result["changed"], result["diff"]["src_larger"]) == (True, DIFF_LIMIT)
    assert put(module_of(dest), b"x" * (DIFF_LIMIT + 1))["changed"] is False


def test_a_diff_holds_nothing_that_a_terminal_obeys(dest: Path) -> None:
    dest.write_bytes("ä\x1b]0;x\x07\r\n\u009b\u202e\r".encode("utf-16"))
    diff = put(module_of(dest), b"a\x08b\r\nc\rd\xff\n")["diff"]
    assert diff["before"] == "ä\\x1b]0;x\\x07\r\n\\x9b\\u202e\r"
    assert diff["after"] == "a\\x08b\r\nc\\rd\N{REPLACEMENT CHARACTER}\n"


def test_a_file_size_limit_leaves_the_old_file(dest: Path) -> None:
    module, journal = module_of(dest), Journal()
    assert module.tmpdir  # made before the limit
    ignored, limits = signal.signal(signal.SIGXFSZ, signal.SIG_IGN), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4, limits[1]))
    try:
        error = failure_of(module, journal)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert "cannot be written: File too large" in error.message
    assert (dest.read_bytes(), journal.ending(), error.result) == (OLD, "Nothing was changed.", {})
    assert [path for path in Path(module.tmpdir).iterdir() if str(path) not in module.cleanup_files] == []


def full(*_arguments: Any, **_options: Any) -> NoReturn:
    raise OSError(ENOSPC, "No space left on device")


def other_file_system(*_arguments: Any) -> NoReturn:
    raise OSError(EXDEV, "Invalid cross-device link")


def test_a_full_file_system_leaves_the_old_file(dest: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module, journal = module_of(dest), Journal()
    with monkeypatch.context() as patched:
        patched.setattr(os, "rename", other_file_system)
        for function in ("move", "copy", "copy2"):
            patched.setattr(shutil, function, full)
        error = failure_of(module, journal)
    assert "cannot be written: " in error.message
    assert "No space left on device" in error.message
    assert (dest.read_bytes(), journal.ending()) == (OLD, "Nothing was changed.")
    assert list(dest.parent.iterdir()) == [dest]


@pytest.mark.parametrize(
    ("damage", "ending"),
    [
        (lambda _path: None, "Nothing was changed."),
        (lambda path: path.write_bytes(NEW), "Changed before the failure: the file {} was written."),
        (lambda path: path.write_bytes(NEW[:5]), "It is not known whether the file {} was written; run again"),
        (lambda path: (path.unlink(), path.mkdir()), "It is not known whether the file {} was written; run again"),
    ],
)
def test_a_failed_replacement_tells_what_it_left_behind(
    dest: Path, damage: Callable[[Path], Any], ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, journal = module_of(dest), Journal()

    def move(_source: str, target: str, unsafe_writes: bool) -> None:
        damage(Path(target))
        module.fail_json(msg="Could not write data to file")  # as ansible-core 2.16 does

    monkeypatch.setattr(module, "atomic_move", move)
    error = failure_of(module, journal)
    assert error.message.endswith("cannot be written: Could not write data to file")
    assert journal.ending().startswith(ending.format(dest))
    assert bool(error.result) is not journal.untouched


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"owner": "nobody-has-this-name"}, "failed to look up user nobody-has-this-name"),
        ({"group": "nobody-has-this-name"}, "failed to look up group nobody-has-this-name"),
        ({"mode": "rw"}, "mode must be in octal or symbolic form"),
        ({"mode": "u+rw,x"}, "mode must be in octal or symbolic form"),
    ],
)
def test_attributes_that_cannot_be_set_fail_after_the_content(dest: Path, options: dict[str, Any], why: str) -> None:
    journal = Journal()
    error = failure_of(module_of(dest, **options), journal)
    assert why in error.message
    assert (dest.read_bytes(), error.result) == (NEW, {"changed": True})
    assert journal.ending() == f"Changed before the failure: the file {dest} was written."
    again = Journal()
    assert failure_of(module_of(dest, **options), again).result == {}
    assert again.ending() == "Nothing was changed."


def test_an_attribute_that_was_set_before_another_failed_is_not_denied(dest: Path) -> None:
    dest.write_bytes(NEW)
    journal = Journal()
    failure_of(module_of(dest, owner="12345", mode="rw"), journal)
    assert journal.ending().startswith(f"It is not known whether an attribute of the file {dest} was changed")


def test_ansible_fails_as_before_afterwards(dest: Path) -> None:
    module = module_of(dest, mode="rw")
    failure_of(module, Journal())
    assert module.fail_json == AnsibleModule.fail_json.__get__(module)
