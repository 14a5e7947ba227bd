# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The appliance's configuration database: SQLite, in memory or in a file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (key TEXT PRIMARY KEY, value TEXT);
CREATE TABLE IF NOT EXISTS tokens (
    access TEXT PRIMARY KEY, refresh TEXT, user TEXT, expires REAL, refresh_expires REAL
);
CREATE TABLE IF NOT EXISTS half_logins (token TEXT PRIMARY KEY, user TEXT, expires REAL);
CREATE TABLE IF NOT EXISTS failed_logins (user TEXT PRIMARY KEY, in_a_row INTEGER);
CREATE TABLE IF NOT EXISTS roles (
    position INTEGER PRIMARY KEY, id TEXT UNIQUE, name TEXT, description TEXT, aws_account_id TEXT,
    aws_organization TEXT, permissions TEXT, trusted INTEGER
);
CREATE TABLE IF NOT EXISTS aws_organizations (id TEXT PRIMARY KEY, name TEXT);
CREATE TABLE IF NOT EXISTS organizations (
    position INTEGER PRIMARY KEY, id TEXT UNIQUE, name TEXT UNIQUE, description TEXT, aws_organization TEXT UNIQUE,
    rescan_role TEXT, backup_role TEXT, worker_role TEXT, other TEXT
);
CREATE TABLE IF NOT EXISTS scopes (
    position INTEGER PRIMARY KEY, id TEXT UNIQUE,
    organization TEXT REFERENCES organizations (id) ON DELETE CASCADE, name TEXT, units TEXT, other TEXT
);
CREATE INDEX IF NOT EXISTS scopes_of ON scopes (organization);
CREATE TABLE IF NOT EXISTS policies (
    organization TEXT REFERENCES organizations (id) ON DELETE CASCADE,
    scope TEXT REFERENCES scopes (id) ON DELETE CASCADE,
    policy TEXT
);
CREATE TABLE IF NOT EXISTS nodes (
    owner TEXT, position INTEGER, aws_id TEXT, name TEXT, type TEXT, parent TEXT, id TEXT, iam_roles TEXT,
    PRIMARY KEY (owner, position)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sessions (
    position INTEGER PRIMARY KEY, id TEXT UNIQUE, kind TEXT, name TEXT, started REAL, seconds REAL, status TEXT,
    reason TEXT, payload TEXT
);
CREATE INDEX IF NOT EXISTS open_sessions ON sessions (status);
CREATE TABLE IF NOT EXISTS session_log (
    session TEXT, position INTEGER, status TEXT, message TEXT, PRIMARY KEY (session, position)
) WITHOUT ROWID;
"""

# In an order in which no table is emptied before those that refer to it.
TABLES = (
    "facts",
    "tokens",
    "half_logins",
    "failed_logins",
    "roles",
    "aws_organizations",
    "policies",
    "scopes",
    "organizations",
    "nodes",
    "sessions",
    "session_log",
)


class Database:
    """A few words around SQLite. Everything happens in one thread."""

    def __init__(self, path: str = ":memory:") -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        try:
            # Nobody's data are at stake: speed goes before durability.
            self._connection.executescript(
                "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;" + SCHEMA
            )
        except sqlite3.Error:
            self.close()
            raise

    def run(self, statement: str, *values: Any) -> int:
        """Carries a statement out. Answers how many rows it changed."""
        return self._connection.execute(statement, values).rowcount

    def many(self, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Carries a statement out for each row of values."""
        self._connection.executemany(statement, rows)

    def all(self, statement: str, *values: Any) -> list[sqlite3.Row]:
        """All rows of a query."""
        return self._connection.execute(statement, values).fetchall()

    def one(self, statement: str, *values: Any) -> sqlite3.Row | None:
        """The first row of a query, or None."""
        row: sqlite3.Row | None = self._connection.execute(statement, values).fetchone()
        return row

    def get(self, key: str) -> str | None:
        """A fact about the appliance itself."""
        row = self.one("SELECT value FROM facts WHERE key = ?", key)
        return None if row is None else str(row["value"])

    def put(self, key: str, value: str) -> None:
        """Keeps a fact about the appliance itself."""
        self.run("INSERT INTO facts VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", key, value)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it or nothing. One inside another is part of the outer one."""
        if self._connection.in_transaction:
            yield
            return
        self._connection.execute("BEGIN")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def clear(self) -> None:
        """Empties every table."""
        with self.transaction():
            for table in TABLES:
                self.run(f"DELETE FROM {table}")  # noqa: S608  (the names are written above)

    def close(self) -> None:
        """Lets go of the file."""
        self._connection.close()
