"""Real servers on loopback, a process each: ``python -m tests.sources.serve KIND FOLDER [writable]`` prints the port.

They serve a folder on the disk, so that a test puts files there as a unit would, and read it only unless told else.
"""

from __future__ import annotations

import asyncio
import sys
from base64 import b64encode
from collections.abc import Callable
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from werkzeug.serving import BaseWSGIServer

LOGIN = "unit"
PASSWORD = "秘密-pass"
HOST = "127.0.0.1"
IS_WRITABLE = "writable" in sys.argv[3:]


def announce(port: int) -> None:
    print(port, flush=True)


def sftp(folder: Path) -> None:
    import asyncssh

    class Server(asyncssh.SSHServer):
        def begin_auth(self, username: str) -> bool:
            return True

        def password_auth_supported(self) -> bool:
            return True

        def validate_password(self, username: str, password: str) -> bool:
            return (username, password) == (LOGIN, PASSWORD)

    class Files(asyncssh.SFTPServer):
        def __init__(self, channel: asyncssh.SSHServerChannel[bytes]) -> None:
            super().__init__(channel, chroot=str(folder).encode())

    async def serve() -> None:
        key = asyncssh.read_private_key(str(folder.parent / "host_key"))
        acceptor = await asyncssh.listen(HOST, 0, server_factory=Server, server_host_keys=[key], sftp_factory=Files)
        announce(acceptor.get_port())
        await acceptor.wait_closed()

    asyncio.run(serve())


def ftp(folder: Path, *, is_secure: bool = False, is_old: bool = False, is_implicit: bool = False) -> None:
    """``is_old``: as servers are that know no listing made for programs; ``is_implicit``: TLS from the beginning."""
    from pyftpdlib.authorizers import DummyAuthorizer
    from pyftpdlib.handlers import FTPHandler, TLS_FTPHandler
    from pyftpdlib.servers import ThreadedFTPServer

    authorizer = DummyAuthorizer()
    authorizer.add_user(LOGIN, PASSWORD, str(folder), perm="elradfmw" if IS_WRITABLE else "elr")

    class Handler(TLS_FTPHandler if is_secure else FTPHandler):  # type: ignore[misc]
        encoding = "utf-8"

        def handle(self) -> None:
            if is_implicit:
                self.secure_connection(self.ssl_context)
            else:
                super().handle()

        def handle_ssl_established(self) -> None:
            if is_implicit:  # only now may the server greet
                super().handle()

    Handler.authorizer = authorizer
    if is_secure:
        Handler.certfile = str(folder.parent / "server.pem")
        Handler.tls_control_required = Handler.tls_data_required = True
    if is_old:
        Handler.proto_cmds = {name: rest for name, rest in Handler.proto_cmds.items() if name not in ("MLSD", "MLST")}
    server = ThreadedFTPServer((HOST, 0), Handler)
    announce(server.address[1])
    server.serve_forever(handle_exit=False)


def webdav(folder: Path, *, is_secure: bool = False) -> None:
    from werkzeug.serving import make_server
    from wsgidav.fs_dav_provider import FilesystemProvider
    from wsgidav.wsgidav_app import WsgiDAVApp

    app = WsgiDAVApp(
        {
            "provider_mapping": {"/": FilesystemProvider(str(folder), readonly=not IS_WRITABLE)},
            "simple_dc": {"user_mapping": {"*": {LOGIN: {"password": PASSWORD}}}},
            "http_authenticator": {"accept_basic": True, "accept_digest": False, "default_to_digest": False},
            "verbose": 0,
            "logging": {"enable": False},
        }
    )
    certificate = str(folder.parent / "server.pem")
    context = (certificate, certificate) if is_secure else None
    serve_http(make_server(HOST, 0, app, threaded=True, ssl_context=context))


def http(folder: Path) -> None:
    """Lists folders as pages of links."""

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *args: Any) -> None:
            super().__init__(*args, directory=str(folder))

        def parse_request(self) -> bool:
            if not super().parse_request():
                return False
            key = b64encode(f"{LOGIN}:{PASSWORD}".encode()).decode()
            if self.headers["Authorization"] != f"Basic {key}":
                self.send_error(401)
                return False
            return True

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer((HOST, 0), Handler) as server:
        announce(server.server_address[1])
        server.serve_forever()


def s3(folder: Path) -> None:
    from moto.server import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    serve_http(make_server(HOST, 0, DomainDispatcherApplication(create_backend_app), threaded=True))


def serve_http(server: BaseWSGIServer) -> None:
    announce(server.server_port)
    server.serve_forever()


def smb(folder: Path) -> None:
    from impacket import smbserver
    from impacket.nt_errors import STATUS_OBJECT_NAME_NOT_FOUND
    from impacket.ntlm import compute_lmhash, compute_nthash

    smbserver.STATUS_NO_SUCH_FILE = STATUS_OBJECT_NAME_NOT_FOUND  # as Windows says it
    server = smbserver.SimpleSMBServer(listenAddress=HOST, listenPort=0)
    server.addShare("REPORTS", str(folder), readOnly="no" if IS_WRITABLE else "yes")
    server.setSMB2Support(True)
    server.addCredential(LOGIN, 0, compute_lmhash(PASSWORD), compute_nthash(PASSWORD))
    announce(server.getServer().server_address[1])
    server.start()


KINDS: dict[str, Callable[[Path], None]] = {
    "sftp": sftp,
    "ftp": ftp,
    "old-ftp": lambda folder: ftp(folder, is_old=True),
    "implicit-ftps": lambda folder: ftp(folder, is_secure=True, is_implicit=True),
    "ftps": lambda folder: ftp(folder, is_secure=True),
    "webdav": webdav,
    "webdavs": lambda folder: webdav(folder, is_secure=True),
    "http": http,
    "s3": s3,
    "smb": smb,
}

if __name__ == "__main__":
    KINDS[sys.argv[1]](Path(sys.argv[2]))
