# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file on the machine that runs the module, which is replaced as a whole if its content is different."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._errors import ApplianceError

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule


class Destination:
    """The file of the option ``dest``, with the attributes that Ansible's common file options set."""

    def __init__(self, module: AnsibleModule) -> None:
        self._module = module
        self._path = Path(module.params["dest"])
        self._before: bytes | None = None

    @classmethod
    def of(cls, module: AnsibleModule) -> Destination | None:
        """Return the destination of a module, None if it is not set."""
        return cls(module) if module.params.get("dest") else None

    def check(self) -> None:
        """Raise ``ApplianceError`` (invalid) if the file cannot be written, in check mode too."""
        folder = self._path.parent
        if self._path.is_dir():
            raise self._error("is a directory", "Add the name of the file.")
        if not folder.is_dir():
            raise self._error(f"is in {folder}, which is not a directory", "Create the directory first.")
        if not os.access(folder, os.W_OK | os.X_OK):
            raise self._error(
                f"is in {folder}, and this user may not write there",
                "Change the permissions of the directory, or run the task with become.",
            )
        try:
            self._before = self._path.read_bytes() if self._path.exists() else None
        except OSError as error:
            raise self._error(f"cannot be read to compare it: {error.strerror}", "Change its permissions.") from error

    def put(self, content: bytes) -> dict[str, Any]:
        """Give the file this content and the requested attributes, and return its part of the result.

        The content is written to a temporary file, which then replaces the file in one step. Check mode writes nothing.
        """
        module, path = self._module, str(self._path)
        differs = content != self._before
        if differs and not module.check_mode:
            self._replace(content)
        diff: dict[str, Any] = {}
        arguments = module.load_file_common_arguments(module.params, path=path)
        changed = module.set_fs_attributes_if_different(arguments, differs, diff)
        result: dict[str, Any] = {"changed": changed, "dest": path}
        if module._diff:
            result["diff"] = self._diff(content, diff) if differs else diff
        return result

    def _replace(self, content: bytes) -> None:
        module = self._module
        try:
            handle, partial = tempfile.mkstemp(dir=module.tmpdir)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
        except OSError as error:
            raise self._error(f"cannot be written: {error.strerror}", "Check whether the disk is full.") from error
        module.add_cleanup_file(partial)
        module.atomic_move(partial, str(self._path), unsafe_writes=bool(module.params.get("unsafe_writes")))

    def _diff(self, content: bytes, attributes: dict[str, Any]) -> dict[str, Any] | list[dict[str, Any]]:
        texts = {
            "before": (self._before or b"").decode("utf-8", "replace"),
            "after": content.decode("utf-8", "replace"),
            "before_header": str(self._path),
            "after_header": str(self._path),
        }
        # For a new file, the difference from the attributes of the temporary file has no meaning.
        return [texts, attributes] if attributes and self._before is not None else texts

    def _error(self, why: str, remedy: str) -> ApplianceError:
        return ApplianceError(
            f"The file {self._path} of the option dest {why}", reason="invalid", stage="write", remedy=remedy
        )
