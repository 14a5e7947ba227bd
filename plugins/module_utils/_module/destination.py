# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file on the machine that runs the module, which is replaced as a whole if its content is different."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from .._errors import ApplianceError
from .._rest.client import Change
from .._wording import printable
from .journal import Journal

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

DIFF_LIMIT = 1 << 20
"""Bytes of a file that a diff shows: the limit of Ansible's own modules."""

_SPECIAL = {
    stat.S_IFDIR: "a directory",
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


class Destination:
    """The file of the option ``dest``, with the attributes that Ansible's common file options set."""

    def __init__(self, module: AnsibleModule) -> None:
        self._module = module
        # Ansible's functions for files look at the parent, which a name without a folder does not have.
        self._path = Path(module.params["dest"]).absolute()
        self._exists = False

    @classmethod
    def of(cls, module: AnsibleModule) -> Destination | None:
        """Return the destination of a module, None if it is not set."""
        return cls(module) if module.params.get("dest") else None

    def check(self) -> None:
        """Raise ``ApplianceError`` (invalid) if the file cannot be written, in check mode too."""
        folder = self._path.parent
        if not os.path.isdir(folder):  # noqa: PTH112  (Path.is_dir raises an error if a parent cannot be searched)
            raise self._error(f"is in {folder}, which is not a directory", "Create the directory first.")
        mode = self._mode()
        self._exists = mode is not None
        if mode is not None and not stat.S_ISREG(mode):
            kind = _SPECIAL.get(stat.S_IFMT(mode), "a special file")
            raise self._error(f"is {kind}", "Set dest to the path of a regular file.")
        if not os.access(folder, os.W_OK | os.X_OK):
            raise self._error(
                f"is in {folder}, and this user may not write there",
                "Change the permissions of the directory, or run the task with become.",
            )
        if self._exists and not os.access(self._path, os.R_OK):
            raise self._error("cannot be read to compare it", "Change its permissions, or run the task with become.")

    def put(self, content: bytes, journal: Journal) -> dict[str, Any]:
        """Give the file this content and the requested attributes, and return its part of the result.

        The content is written to a temporary file, which then replaces the file in one step. Check mode writes nothing.
        """
        module, path = self._module, str(self._path)
        before = self._read(max(len(content), DIFF_LIMIT)) if self._exists else None
        differs = content != before
        if differs and not module.check_mode:
            self._replace(content, before, journal)
        diff: dict[str, Any] = {}
        changed = self._set_attributes(differs, diff, journal)
        result: dict[str, Any] = {"changed": changed, "dest": path}
        if module._diff:
            result["diff"] = self._diff(before, content, diff) if differs else diff
        return result

    def _mode(self) -> int | None:
        """Return the type and the permissions of the file itself, None if it does not exist."""
        try:
            return self._path.lstat().st_mode
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:  # ValueError: a null character, or a text that is not Unicode
            raise self._error(f"is not a usable path: {_reason(error)}", "Set another path.") from error

    def _read(self, limit: int) -> bytes | None:
        """Return the old content, None if it is longer than ``limit`` bytes."""

        def opener(path: str, flags: int) -> int:
            # Without these flags, a pipe that replaced the file during the export would block the task.
            return os.open(path, flags | os.O_NONBLOCK | os.O_NOFOLLOW)

        try:
            with open(self._path, "rb", opener=opener) as file:
                return file.read(limit) if os.fstat(file.fileno()).st_size <= limit else None
        except OSError as error:
            raise self._error(f"cannot be read to compare it: {_reason(error)}", "Run the task again.") from error

    def _replace(self, content: bytes, before: bytes | None, journal: Journal) -> None:
        module, path = self._module, self._path
        journal.sent(Change("write", "written", f"the file {path}"))
        try:
            with _raised_failures(module):
                handle, partial = tempfile.mkstemp(dir=module.tmpdir)
                module.add_cleanup_file(partial)
                with os.fdopen(handle, "wb") as file:
                    file.write(content)
                module.atomic_move(partial, str(path), unsafe_writes=bool(module.params.get("unsafe_writes")))
        except Exception as error:  # newer versions of Ansible raise nothing more specific
            self._enter_failure(content, before, journal)
            remedy = "Check the free space and the permissions of the file system."
            raise self._error(f"cannot be written: {_reason(error)}", remedy, not journal.untouched) from error
        journal.succeeded()

    def _enter_failure(self, content: bytes, before: bytes | None, journal: Journal) -> None:
        """Enter what a failed replacement left behind. Ansible may fail after it too, and unsafe writes are partial."""
        try:
            now = self._read(max(len(content), DIFF_LIMIT)) if self._path.exists() else None
        except ApplianceError:
            return
        if now == content:
            journal.succeeded()
        elif now == before:
            journal.failed()

    def _set_attributes(self, differs: bool, diff: dict[str, Any], journal: Journal) -> bool:
        """Set the attributes and return whether the file is changed by this task. diff: filled by Ansible."""
        module = self._module
        try:
            with _raised_failures(module):
                arguments = module.load_file_common_arguments(module.params, path=str(self._path))
                changed: bool = module.set_fs_attributes_if_different(arguments, differs, diff)
        except Exception as error:  # newer versions of Ansible raise nothing more specific
            if diff and not module.check_mode:
                journal.sent(Change("change", "changed", f"an attribute of the file {self._path}"))
            remedy = "Correct the options mode, owner, group and the other attributes of the file."
            why = f"cannot get its attributes: {_reason(error)}"
            raise self._error(why, remedy, not journal.untouched) from error
        return changed

    def _diff(
        self, before: bytes | None, content: bytes, diff: dict[str, Any]
    ) -> dict[str, Any] | list[dict[str, Any]]:
        texts: dict[str, Any] = {"before_header": str(self._path), "after_header": str(self._path)}
        if self._exists and (before is None or len(before) > DIFF_LIMIT):
            texts["dst_larger"] = DIFF_LIMIT
        elif len(content) > DIFF_LIMIT:
            texts["src_larger"] = DIFF_LIMIT
        else:
            texts |= {"before": _shown(before or b""), "after": _shown(content)}
        # For a new file, the difference from the attributes of the temporary file has no meaning.
        return [texts, diff] if diff and self._exists else texts

    def _error(self, why: str, remedy: str, changed: bool = False) -> ApplianceError:
        message = f"The file {self._path} of the option dest {why}"
        result = {"changed": True} if changed else {}
        return ApplianceError(message, reason="invalid", stage="write", remedy=remedy, result=result)


class _Failed(Exception):
    """The message of Ansible's fail_json, which would have ended the process."""


@contextlib.contextmanager
def _raised_failures(module: AnsibleModule) -> Iterator[None]:
    """Let Ansible's functions for files raise an exception instead of printing a result and ending the process."""

    def fail(msg: str, **_details: Any) -> NoReturn:
        raise _Failed(msg)

    printing = module.fail_json
    setattr(module, "fail_json", fail)  # noqa: B010  (an assignment is an error of the type checker)
    try:
        yield
    finally:
        setattr(module, "fail_json", printing)  # noqa: B010


def _reason(error: Exception) -> str:
    """Return the text of an error, and of the system's error that caused it."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    text, cause = str(error).rstrip("."), error.__cause__ or error.__context__
    detail = cause.strerror if isinstance(cause, OSError) else None
    return text if not detail or detail in text else f"{text}: {detail}"


def _shown(content: bytes) -> str:
    """Return a text for a diff, which a terminal shows. Its lines stay lines."""
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    lines = content.decode(encoding, "replace").split("\n")
    return "\n".join(printable(line[:-1]) + "\r" if line.endswith("\r") else printable(line) for line in lines)
