# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command: starts a simulated appliance and says how to reach it."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..state import worlds
from ..state.appliance import Appliance, Start
from ..state.settings import REVISIONS, User, users
from ..state.shape import Shape
from . import certificates, server

HOSTNAME = "127.0.0.1"


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """The options of the command."""
    parser = argparse.ArgumentParser(
        prog="simulator", description="A simulated Veeam Backup for AWS appliance on loopback."
    )
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0 is any free one (default)")
    parser.add_argument(
        "--shape", default="documented", help='documented (default), random, unknown, or JSON such as {"page_cap": 5}'
    )
    parser.add_argument("--seed", type=int, help="seed of system IDs and of a random or unknown shape (default: drawn)")
    parser.add_argument("--product", choices=list(REVISIONS), default="9", help="version of the product (default: 9)")
    parser.add_argument(
        "--world", type=Path, default=worlds.DEFAULT, help="YAML file of AWS Organizations, IAM roles and so on"
    )
    parser.add_argument("--session-seconds", type=float, default=0.2, help="how long a session takes (default: 0.2)")
    parser.add_argument("--state", type=Path, help="SQLite file to keep the state in; one that exists is gone on with")
    parser.add_argument(
        "--ready-file", type=Path, help="file to write when requests are answered: JSON with the same as is printed"
    )
    parser.add_argument("--username", default="", help="name of the administrator")
    parser.add_argument("--password", default="", help="password of the administrator (default: long and random)")
    parser.add_argument(
        "--mfa-password",
        default="",
        help="password of the user with multi-factor authentication (default: long and random)",
    )
    parser.add_argument(
        "--until-stdin-closes",
        action="store_true",
        help="stop when standard input ends, that is with the parent process",
    )
    return parser.parse_args(argv)


def _stop_with_stdin() -> None:
    def wait() -> None:
        while os.read(0, 4096):  # not sys.stdin, whose lock the interpreter needs when it ends
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


def _user(everybody: dict[str, User], number: int) -> User:
    return list(everybody.values())[number]


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command until it is stopped."""
    options = arguments(argv)
    seed = random.randrange(10**6) if options.seed is None else options.seed
    try:
        wish = json.loads(options.shape) if options.shape.startswith("{") else options.shape
        everybody = users(options.username, options.password, options.mfa_password)
        world = worlds.load(options.world)
        start = Start(world, everybody, wish, seed, options.product, options.session_seconds)
        appliance = Appliance(start, str(options.state or ""))
    except (OSError, ValueError, LookupError, TypeError, sqlite3.Error) as error:
        print(f"simulator: {error}", file=sys.stderr)
        return 2
    with appliance:
        _serve(appliance, everybody, options)
    return 0


def _serve(appliance: Appliance, everybody: dict[str, User], options: argparse.Namespace) -> None:
    if options.until_stdin_closes:
        _stop_with_stdin()
    # The server raises the signal that stopped it again, which would be the end without any cleanup.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with (
        tempfile.TemporaryDirectory(prefix="vbaws-simulator-") as folder,
        server.listen(HOSTNAME, options.port) as listening,
    ):
        own = certificates.make(Path(folder), HOSTNAME)
        facts = _facts(listening.getsockname()[1], own, everybody, appliance)

        def ready() -> None:
            _tell(facts)
            if options.ready_file is not None:
                _write(options.ready_file, facts)

        with contextlib.suppress(KeyboardInterrupt):
            server.serve(appliance, listening, own.context, ready)


def _facts(
    port: int, own: certificates.Certificates, everybody: dict[str, User], appliance: Appliance
) -> dict[str, Any]:
    admin, mfa, operator = (_user(everybody, number) for number in range(3))
    return {
        "hostname": HOSTNAME,
        "port": port,
        "ca_file": str(own.ca_file),
        "username": admin.name,
        "password": admin.password,
        "mfa_username": mfa.name,
        "mfa_password": mfa.password,
        "mfa_code": mfa.mfa_code,
        "operator_username": operator.name,
        "operator_password": operator.password,
        "fingerprint": own.fingerprint,
        "control": f"https://{HOSTNAME}:{port}/_simulator",
        "shape": appliance.shape.as_dict(),
        "seed": appliance.seed,
        "product": appliance.settings.product,
        "pid": os.getpid(),
    }


def _tell(facts: dict[str, Any]) -> None:
    print(
        f"A simulated appliance (product {facts['product']}) answers on https://{facts['hostname']}:{facts['port']}/api/v1"
    )
    print(f"  CA file       {facts['ca_file']}")
    print(f"  fingerprint   {facts['fingerprint']}")
    print(f"  administrator {facts['username']}  {facts['password']}")
    print(f"  with MFA      {facts['mfa_username']}  {facts['mfa_password']}  code {facts['mfa_code']}")
    print(f"  operator      {facts['operator_username']}  {facts['operator_password']}  (may only look)")
    print(f"  control       {facts['control']}")
    print(f"  shape         {json.dumps(facts['shape'])}")
    names = Shape.from_dict(facts["shape"]).wire_names()
    if names:
        print(f"  to set        VBAWS_WIRE_NAMES='{json.dumps(names)}'")
    print(f"  seed          {facts['seed']}", flush=True)


def _write(path: Path, facts: dict[str, Any]) -> None:
    # It holds passwords, and a reader must never see half of it.
    partial = path.with_name(path.name + ".partial")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(facts, file, indent=2)
    partial.replace(path)
