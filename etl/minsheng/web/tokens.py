"""The units' tokens: who may hand in files over HTTP, and in whose name.

A token is ``<county>.<unit>.<secret>``. ``HOME/<county>/tokens.json`` keeps of it the SHA-256, which is enough for a
secret that was drawn at random: nobody can try them all.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from pydantic import AwareDatetime

from minsheng.core.errors import DamagedError, UserError
from minsheng.core.files import atomic_write, locked
from minsheng.core.home import Home
from minsheng.core.notes import Note, UnreadableError

_SECRET_BYTES = 24
_ID_LENGTH = 8
_LONGEST = 200
_OWNER_ONLY = 0o600


@dataclass(frozen=True)
class Token:
    """What is kept of a token. ``revoked_at`` null: it is good.

    ``is_signer``: it signs for its unit, and hands in nothing.
    """

    token_id: str
    unit_code: str
    sha256: str
    made_at: AwareDatetime
    revoked_at: AwareDatetime | None = None
    is_signer: bool = False


@dataclass(frozen=True)
class Sender:
    """Whom a token speaks for."""

    county: str
    unit_code: str
    token_id: str


_TOKENS = Note(list[Token])


def new_token(home: Home, unit_code: str, made_at: datetime, *, is_signer: bool = False) -> str:
    """Make a token for a unit of a county, or for who signs for it; gives the token itself, which is kept nowhere."""
    secret = f"{home.county}.{unit_code}.{secrets.token_urlsafe(_SECRET_BYTES)}"
    digest = _digest(secret)
    with locked(home.root):
        _write(home, [*read_tokens(home), Token(digest[:_ID_LENGTH], unit_code, digest, made_at, is_signer=is_signer)])
    return secret


def read_tokens(home: Home) -> list[Token]:
    """All tokens of a county, oldest first; raises DamagedError when they can no longer be read."""
    if not home.tokens.exists():
        return []
    try:
        return _TOKENS.read(home.tokens)
    except UnreadableError as error:
        raise DamagedError("tokens_damaged", home.tokens, reason=error) from error


def revoke_token(home: Home, token_id: str, moment: datetime) -> Token:
    """Have a token open nothing from now on; one that was revoked before stays as it is.

    Raises UserError when there is none with this number.
    """
    with locked(home.root):
        held = read_tokens(home)
        found = next((one for one in held if one.token_id == token_id), None)
        if found is None:
            raise UserError("token_missing", "TOKEN_ID", token=token_id, known=[one.token_id for one in held])
        revoked = found if found.revoked_at else replace(found, revoked_at=moment)
        _write(home, [revoked if one is found else one for one in held])
    return revoked


def sender_of(token: str, homes: Mapping[str, Home]) -> Sender | None:
    """Whom a token speaks for; None for one that is wrong, revoked or of nobody.

    ``homes``: those of the counties served, by name. What the token names is looked up in it and never becomes a path.
    """
    county, _, rest = token[:_LONGEST].partition(".")
    unit_code, home = rest.partition(".")[0], homes.get(county)
    digest = _digest(token)
    found = [
        one
        for one in (read_tokens(home) if home else ())
        if hmac.compare_digest(one.sha256, digest) and one.unit_code == unit_code and one.revoked_at is None
    ]
    return Sender(county, unit_code, found[0].token_id) if found else None


def is_good(sender: Sender, home: Home) -> bool:
    """Whether the token somebody came with is still good."""
    return any(
        one.token_id == sender.token_id and one.unit_code == sender.unit_code and one.revoked_at is None
        for one in read_tokens(home)
    )


def is_signer(sender: Sender, home: Home) -> bool:
    """Whether the token somebody came with signs for its unit instead of reporting."""
    return any(one.token_id == sender.token_id and one.is_signer for one in read_tokens(home))


def _write(home: Home, tokens: list[Token]) -> None:
    atomic_write(home.tokens, _TOKENS.written(tokens), _OWNER_ONLY)


def _digest(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()
