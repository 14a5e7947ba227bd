# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The authenticated way to the API: token, one re-login, version header, JSON, pages, logout."""

from __future__ import annotations

import json as json_codec
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Union

from .._errors import ApplianceError
from .._http.deadline import Backoff, Deadline
from .._http.response import Answer, refusal
from .._http.settings import API_ROOT, API_VERSION, Settings
from .._http.transport import Http, Request
from .._secrets.redactor import Redactor
from .credentials import Credentials
from .login import Login
from .token import Token

OPTIONAL_SECONDS = 5.0
"""Seconds: how long an optional call may take."""

Query = Union[Mapping[str, Any], Iterable[tuple[str, Any]], None]


@dataclass(frozen=True)
class Change:
    """What a call changes on the appliance, in words: ("add", "added", "the AWS Organization 'x'")."""

    verb: str
    participle: str
    what: str

    @property
    def to_do(self) -> str:
        """``add the AWS Organization 'x'``"""
        return f"{self.verb} {self.what}"

    @property
    def done(self) -> str:
        """``the AWS Organization 'x' was added``"""
        return f"{self.what} was {self.participle}"


@dataclass(frozen=True)
class Call:
    """One call of the API.

    path: below ``root``. query: pairs, or a mapping whose lists become repeated pairs; None is left out. json: the
    body. repeatable: it may be sent again although the first one may have been carried out. change: what it changes;
    None for a call that changes nothing. optional: the task does not need the answer. The call is attempted once,
    for a few seconds, and never leads to a new login.
    """

    method: str
    path: str
    query: Query = None
    json: Any = None
    accept: str = "application/json"
    repeatable: bool = True
    change: Change | None = None
    root: str = API_ROOT
    optional: bool = False


class Client:
    """One appliance, one user, one task. Logs in at the first call. Thread-safe."""

    def __init__(
        self,
        http: Http,
        credentials: Credentials,
        *,
        api_version: str = API_VERSION.default,
        read_only: bool = False,
        add_secret: Callable[[str], None] | None = None,
    ) -> None:
        self._http = http
        self._credentials = credentials
        self._api_version = api_version
        self._read_only = read_only
        self._add_secret = add_secret
        self._token = Token(credentials, Login(http, credentials, api_version, add_secret), http.deadline)

    @property
    def where(self) -> str:
        """``host:port`` of the appliance, for messages."""
        return self._http.settings.where

    @property
    def api_version(self) -> str:
        """The revision of the API that is asked for."""
        return self._api_version

    def call(self, call: Call) -> Answer:
        """Make a call and return its answer, which is a success.

        A change is refused before anything is sent if the client is ``read_only``. Any other answer is an
        ``ApplianceError``: ``NotFound`` for 404, ``Refused`` for the other 4xx, ``UnknownOutcome`` for a call that may
        have been carried out and must not be repeated.
        """
        if call.change and self._read_only:
            raise ApplianceError(
                f"The appliance {self.where} was to be changed, which read_only forbids: it would {call.change.to_do}",
                reason="invalid",
                remedy="To let this task change it, set read_only to false; see also the environment "
                "variable VBAWS_READ_ONLY",
                stage="read_only",
                method=call.method,
                path=call.path,
            )
        token = self._token.get()
        request = self._request(call, token)
        answer = self._http.send(request)
        if answer.status == 401 and not call.optional:
            answer = self._send_again(request, token, answer)
        if answer.status >= 400:
            raise refusal(answer, self._api_version, call.change.to_do if call.change else None)
        return answer

    def use_api_version(self, api_version: str) -> None:
        """Ask for another revision of the API from now on. A token that exists is used on."""
        self._api_version = api_version
        self._token.log_in_with(Login(self._http, self._credentials, api_version, self._add_secret))

    def login_for_others(self) -> Login:
        """Return the token call itself, for a module whose purpose are tokens: they are the caller's to revoke.

        They are not passed to ``add_secret``, because a module that returns a token must not have it masked.
        """
        return Login(self._http, self._credentials, self._api_version)

    def logout(self) -> list[str]:
        """Give back the tokens that this client obtained, and close the connections; never raises.

        Returns warnings for the user.
        """
        warnings = self._token.give_back()
        self._http.close()
        return warnings

    def _request(self, call: Call, token: str) -> Request:
        headers = {"x-api-version": self._api_version, "Accept": call.accept}
        body = None
        if call.json is not None:
            headers["Content-Type"] = "application/json"
            # Escaped, because an answer that is sent back may have characters that UTF-8 cannot write.
            body = json_codec.dumps(call.json)
        return Request(
            call.method,
            call.path,
            query_pairs(call.query),
            headers,
            body,
            token,
            repeatable=call.repeatable,
            writes=call.change is not None,
            deadline=self._http.deadline.at_most(OPTIONAL_SECONDS) if call.optional else None,
            retries=0 if call.optional else None,
            root=call.root,
        )

    def _send_again(self, request: Request, token: str, refused: Answer) -> Answer:
        """Repeat a request whose token was refused; what an attempt before that left open stays open."""
        try:
            renewed = self._token.renew(token)
            if renewed is None:
                raise self._not_accepted(refused)
            answer = self._http.send(replace(request, token=renewed))
            if answer.status == 401:
                self._token.give_up(renewed, refusal(answer, self._api_version))
        except ApplianceError as error:
            raise error.but(unsure=error.unsure or refused.unsure) from error
        return answer.with_unsure(answer.unsure or refused.unsure)

    def _not_accepted(self, refused: Answer) -> ApplianceError:
        return refusal(refused, self._api_version).but(
            message=f"The appliance {self.where} does not accept the access_token",
            remedy="Get a new one, since tokens expire (after an hour by default), or set username and password as "
            "well, with which the task logs in again",
        )


def connect(
    options: Mapping[str, Any],
    deadline: Deadline,
    *,
    backoff: Backoff | None = None,
    redactor: Redactor | None = None,
) -> Client:
    """Make the client that the connection options describe; sends nothing.

    redactor: gets the secrets that the appliance answers, and masks what messages quote.
    """
    quote = {"quote": redactor.quote} if redactor else {}
    http = Http(Settings.from_options(options), deadline, backoff, **quote)
    return Client(
        http,
        Credentials.from_options(options),
        api_version=API_VERSION.text(options),
        read_only=bool(options.get("read_only")),
        add_secret=redactor.add_secret if redactor else None,
    )


def query_pairs(query: Query) -> Sequence[tuple[str, str]]:
    """Flatten a query: a list becomes repeated pairs, a boolean is spelled as in JSON, None is left out."""
    pairs: list[tuple[str, str]] = []
    for name, value in query.items() if isinstance(query, Mapping) else query or ():
        for single in value if isinstance(value, (list, tuple)) else (value,):
            text = str(single).lower() if isinstance(single, bool) else str(single)
            pairs += [(name, text)] if single is not None else []
    return pairs
