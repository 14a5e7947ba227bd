# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The authenticated way to the API: token, one re-login, version header, JSON, pages, logout."""

from __future__ import annotations

import copy
import json as json_codec
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Union

from .._errors import ApplianceError, UnknownOutcome
from .deadline import Backoff, Deadline
from .login import Credentials, Login
from .paging import collect
from .response import Answer, refusal
from .settings import API_ROOT, Settings
from .transport import Http, Request

__all__ = ["API_VERSION", "Answer", "Client", "connect"]

API_VERSION = "1.7-rev0"
"""The revision that is asked for: the only one whose contract for organizations is public."""

Query = Union[Mapping[str, Any], Iterable[tuple[str, Any]], None]


class Client:
    """One appliance, one user, one task. Logs in at the first call; several threads may call it at the same time."""

    def __init__(
        self,
        http: Http,
        credentials: Credentials,
        *,
        api_version: str = API_VERSION,
        read_only: bool = False,
        learn: Callable[[str], None] | None = None,
    ) -> None:
        self._http = http
        self._credentials = credentials
        self._api_version = api_version
        self._read_only = read_only
        self._learn = learn
        self._login = self._logged_in_by = Login(http, credentials, api_version, learn)
        self._lock = threading.Lock()
        self._token = credentials.access_token or None
        self._own = False
        self._login_error: ApplianceError | None = None
        self.written: list[str] = []
        self.pending: list[str] = []
        self.lost: list[str] = []

    @property
    def where(self) -> str:
        """``host:port`` of the appliance, for messages."""
        return self._http.settings.where

    @property
    def api_version(self) -> str:
        """The revision of the API that is asked for."""
        return self._api_version

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Query = None,
        json: Any = None,
        accept: str = "application/json",
        repeatable: bool = True,
        writes: str | None = None,
        root: str = API_ROOT,
    ) -> Answer:
        """Make one call and return its answer, which is a success.

        ``path`` is below ``root``, which is ``/api/v1`` unless said otherwise. ``query`` is pairs, or a mapping
        whose lists become repeated pairs; a value None is left out. ``repeatable=False``: where it is not known
        whether the call was carried out, ``UnknownOutcome`` is raised instead of sending it again. ``writes`` marks
        a change of the configuration and names it as in "it would WRITES" (``add the organization 'x'``);
        ``read_only`` refuses it before anything is sent. Any other answer is an ``ApplianceError``: ``NotFound``
        for 404, ``Refused`` for the other 4xx.
        """
        if writes and self._read_only:
            raise ApplianceError(
                f"The appliance {self.where} was to be changed, which read_only forbids: it would {writes}",
                reason="invalid",
                remedy="To let this task change it, set read_only to false; see also the environment "
                "variable VBAWS_READ_ONLY",
                stage="read_only",
                method=method,
                path=path,
            )
        headers = {"x-api-version": self._api_version, "Accept": accept}
        body = None
        if json is not None:
            headers["Content-Type"] = "application/json"
            body = json_codec.dumps(json, ensure_ascii=False)
        token = self._current()
        request = Request(method, path, _pairs(query), headers, body, token, repeatable, writes, root=root)
        answer = self._send(request)
        if answer.status == 401:
            answer = self._send_again(request, token, answer)
        if answer.status >= 400:
            raise refusal(answer, self._api_version, writes)
        if writes:
            self.written.append(f"the appliance was asked to {writes}")
        return answer

    def collect(
        self, fetch: Callable[[int, int], Any], items_key: str, *, limit: int | None = None, offset: int = 0
    ) -> tuple[list[dict[str, Any]], int, dict[str, Any]]:
        """Read a list page by page, see ``_paging.collect``: its items, total and last page; never a short list."""
        return collect(fetch, items_key, limit=limit, offset=offset)

    def use_api_version(self, api_version: str) -> None:
        """Ask for another revision of the API from now on. A token that there is already goes on to be used."""
        self._api_version = api_version
        self._login = Login(self._http, self._credentials, api_version, self._learn)
        if self._login_error is not None and self._login_error.reason == "api_version":
            # It was the revision that was refused, not the user.
            self._login_error = None

    def login_for_others(self) -> Login:
        """Return the token call itself, for a module whose purpose are tokens: they are the caller's to revoke.

        They are not told to ``learn``, because a module that returns a token must not have it masked.
        """
        return Login(self._http, self._credentials, self._api_version)

    def settled(self, unknown: str | None) -> None:
        """Tell that it was looked what became of a change whose answer was lost. unknown: as its error says it."""
        self.lost[:] = [other for other in self.lost if other != unknown]

    def logout(self) -> str | None:
        """Give back the token that this client obtained, if it did, and close the connections; never raises.

        Returns None, or a warning for the user.
        """
        token, own, self._token, self._own = self._token, self._own, None, False
        # With the revision that the login had: it is one that the appliance accepts.
        warning = self._logged_in_by.revoke(token) if own and token else None
        self._http.close()
        return warning

    def _send(self, request: Request) -> Answer:
        if not request.writes:
            return self._http.send(request)
        self.pending.append(request.unknown)
        try:
            answer = self._http.send(request)
        except Exception as error:
            # The error itself says what is not known. Only an interruption, which is no Exception, leaves the entry
            # behind; it may also come while somebody looks what became of a lost call.
            self.pending.remove(request.unknown)
            if isinstance(error, UnknownOutcome):
                self.lost.append(request.unknown)
            raise
        self.pending.remove(request.unknown)
        return answer

    def _send_again(self, request: Request, token: str, refused: Answer) -> Answer:
        """Repeat a request whose token was refused; what an attempt before that left open stays open."""
        try:
            answer = self._send(replace(request, token=self._renewed(token, refused)))
        except ApplianceError as error:
            error.unknown = error.unknown or refused.unknown
            raise
        return replace(answer, unknown=answer.unknown or refused.unknown)

    def _current(self) -> str:
        with self._lock:
            return self._token or self._log_in()

    def _renewed(self, used: str, answer: Answer) -> str:
        """Return a token that is not ``used``, which the appliance has refused; of many threads only one logs in."""
        with self._lock:
            if self._token and self._token != used:
                return self._token
            if self._credentials.can_log_in:
                self._token, self._own = None, False
                return self._log_in()
        error = refusal(answer, self._api_version)
        error.message = f"The appliance {self.where} does not accept the access_token"
        error.remedy = (
            "Get a new one, since tokens expire (after an hour by default), or set username and password as well, "
            "with which the task logs in again"
        )
        raise error

    def _log_in(self) -> str:
        """Log in; the caller holds the lock. A failure is final for all threads: more would lock the user out."""
        if self._login_error is not None:
            raise copy.copy(self._login_error)
        try:
            self._token = str(self._login.obtain()["access_token"])
        except ApplianceError as error:
            self._login_error = error
            raise
        self._own, self._logged_in_by = True, self._login
        return self._token


def connect(
    options: Mapping[str, Any],
    deadline: Deadline,
    *,
    backoff: Backoff | None = None,
    learn: Callable[[str], None] | None = None,
) -> Client:
    """Make the client that the connection options of a module describe; sends nothing.

    ``learn`` is told each token that the appliance answers, so that it can be hidden.
    """
    http = Http(Settings.from_options(options), deadline, backoff)
    return Client(
        http,
        Credentials.from_options(options),
        api_version=str(options.get("api_version") or API_VERSION).strip(),
        read_only=bool(options.get("read_only")),
        learn=learn,
    )


def _pairs(query: Query) -> Sequence[tuple[str, str]]:
    """Flatten a query: a list becomes repeated pairs, a boolean is spelled as in JSON, None is left out."""
    pairs: list[tuple[str, str]] = []
    for name, value in query.items() if isinstance(query, Mapping) else query or ():
        for single in value if isinstance(value, (list, tuple)) else (value,):
            text = str(single).lower() if isinstance(single, bool) else str(single)
            pairs += [(name, text)] if single is not None else []
    return pairs
