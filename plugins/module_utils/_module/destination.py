# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file on the machine that runs the module: replaced as a whole, and only where its content is another one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from .._errors import ApplianceError

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule


class Destination:
    """The file of the option ``dest``, with the attributes that Ansible's common file options ask for."""

    def __init__(self, module: AnsibleModule) -> None:
        self._module = module
        self._path = Path(module.params["dest"])
        self._before: bytes | None = None

    @classmethod
    def of(cls, module: AnsibleModule) -> Destination | None:
        """The destination of a module, None where it has none."""
        return cls(module) if module.params.get("dest") else None

    def check(self) -> None:
        """Raises ApplianceError (invalid) where the file cannot be written, in check mode as well."""
        folder = self._path.parent
        if self._path.is_dir():
            self._refuse("is a directory", "Give the name of the file as well.")
        if not folder.is_dir():
            self._refuse(f"lies in {folder}, which is no directory", "Make the directory first.")
        if not os.access(folder, os.W_OK | os.X_OK):
            self._refuse(
                f"lies in {folder}, where this user may not write", "Change its permissions, or run with become."
            )
        try:
            self._before = self._path.read_bytes() if self._path.exists() else None
        except OSError as error:
            self._refuse(f"cannot be read to compare it: {error.strerror}", "Change its permissions.")

    def put(self, content: bytes) -> dict[str, Any]:
        """Makes the file have this content, and the attributes that are asked for. Returns its part of the result.

        The content is written beside the file, which is then replaced in one step. In check mode nothing is written.
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
            self._refuse(f"cannot be written: {error.strerror}", "See whether the disk is full.")
        module.add_cleanup_file(partial)
        module.atomic_move(partial, str(self._path), unsafe_writes=bool(module.params.get("unsafe_writes")))

    def _diff(self, content: bytes, attributes: dict[str, Any]) -> dict[str, Any] | list[dict[str, Any]]:
        texts = {
            "before": (self._before or b"").decode("utf-8", "replace"),
            "after": content.decode("utf-8", "replace"),
            "before_header": str(self._path),
            "after_header": str(self._path),
        }
        # The attributes that a new file had for a moment are nobody's difference.
        return [texts, attributes] if attributes and self._before is not None else texts

    def _refuse(self, why: str, remedy: str) -> NoReturn:
        raise ApplianceError(
            f"The file {self._path} of the option dest {why}", reason="invalid", stage="write", remedy=remedy
        )
