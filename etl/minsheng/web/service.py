"""What all requests share, and who is asking: a program by its token, a person by the session the token opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_bytes

from starlette.requests import HTTPConnection, Request

from minsheng.core.errors import UserError
from minsheng.core.home import Home, Installation
from minsheng.landing.editions import received_county
from minsheng.plan.county import County
from minsheng.web.buckets import Buckets
from minsheng.web.judging import Judging
from minsheng.web.refusals import WHERE, Refused
from minsheng.web.sessions import Sessions
from minsheng.web.tokens import Sender, is_good, is_signer, sender_of

COOKIE = "minsheng"
_KEY_BYTES = 32

# The moment a file of this home is received; raises UserError when the clock cannot be trusted.
Clock = Callable[[Home], datetime]


def _tries_by_address() -> Buckets:
    """An office may be behind one address."""
    return Buckets(capacity=120, refill_seconds=0.5)


def _tries_by_token() -> Buckets:
    """Files shown or handed in by one token."""
    return Buckets(capacity=20, refill_seconds=6)


@dataclass(frozen=True)
class Service:
    """One installation, open to its units."""

    installation: Installation
    clock: Clock
    judging: Judging = field(default_factory=Judging)
    sessions: Sessions = field(default_factory=lambda: Sessions(token_bytes(_KEY_BYTES)))
    tries_by_address: Buckets = field(default_factory=_tries_by_address)
    tries_by_token: Buckets = field(default_factory=_tries_by_token)

    def homes(self) -> dict[str, Home]:
        """The counties' homes by name."""
        return {county: self.installation.home(county) for county in self.installation.counties}


@dataclass(frozen=True)
class Caller:
    """Who is asking, from which home, and when."""

    sender: Sender
    home: Home
    moment: datetime

    @property
    def county(self) -> County:
        """The county by its plans in force; raises UserError when it has not begun."""
        return received_county(self.home, self.moment)

    @property
    def is_signer(self) -> bool:
        """Whether it is who signs for the unit."""
        return is_signer(self.sender, self.home)

    @property
    def unit_name(self) -> str:
        """The unit's name by the latest plan that has it; its code where none has."""
        code = self.sender.unit_code
        named = (unit.name for plan in reversed(self.county.plans) for unit in plan.units if unit.code == code)
        return next(named, code)


def service_of(connection: HTTPConnection) -> Service:
    """The service that answers."""
    found: Service = connection.app.state.service
    return found


def by_token(request: Request) -> Caller:
    """Whose token the request bears; raises Refused, always the same, when it bears none that is good."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    service = service_of(request)
    sender = sender_of(token.strip(), service.homes()) if scheme.lower() == "bearer" else None
    if sender is None:
        raise Refused(401, UserError("token_wrong", WHERE))
    return _caller(request, sender)


def by_session(request: Request) -> Caller | None:
    """Whose session the request belongs to; None when it has none, or its token is no longer good."""
    service = service_of(request)
    cookie, homes = request.cookies.get(COOKIE, ""), service.homes()
    county = cookie.partition(".")[0]
    if county not in homes:
        return None
    sender = service.sessions.sender(cookie, service.clock(homes[county]))
    return _caller(request, sender) if sender and is_good(sender, homes[county]) else None


def by_either(request: Request) -> Caller:
    """The same for what both may see; raises Refused where neither is good."""
    return by_session(request) or by_token(request)


def require_reporter(caller: Caller) -> None:
    """Raises Refused for who signs: whoever confirms a report is not who hands it in."""
    if caller.is_signer:
        raise Refused(403, UserError("signer_reports", WHERE))


def require_try(request: Request, caller: Caller) -> None:
    """Raises Refused when this token has shown or handed in too much of late."""
    if wait := service_of(request).tries_by_token.wait(f"{caller.sender.county}.{caller.sender.token_id}"):
        raise Refused(429, UserError("too_many_files", WHERE, seconds=round(wait) or 1), retry_seconds=wait)


def _caller(request: Request, sender: Sender) -> Caller:
    request.state.sender = sender
    home = service_of(request).homes()[sender.county]
    return Caller(sender, home, service_of(request).clock(home))
