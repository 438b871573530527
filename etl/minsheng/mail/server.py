"""Where mail is handed in, how long that may take, and what is handed in."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Patience:
    """Seconds the server may take for each answer; a client that goes sooner doubles mails (RFC 5321, 4.5.3.2)."""

    greeting: float = 300
    command: float = 300
    data: float = 120
    block: float = 180
    final: float = 600
    farewell: float = 5


@dataclass(frozen=True)
class Server:
    """Where mail is handed in."""

    host: str
    port: int
    login: str = ""
    password: str = field(default="", repr=False)
    is_ssl: bool = False
    is_starttls: bool = False
    is_verified: bool = True
    patience: Patience = Patience()

    @property
    def name(self) -> str:
        """How it is called in messages."""
        return f"邮件服务器 {self.host}:{self.port}"


@dataclass(frozen=True)
class Envelope:
    """One message as it is handed in: from whom, for whom, and the bytes, whose lines end with CRLF."""

    sender: str
    addresses: tuple[str, ...]
    content: bytes
