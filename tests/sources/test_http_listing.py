"""Pages of links as web servers make them: what of it lies in the folder."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from minsheng.core.access import Access
from minsheng.source.http import open_http
from minsheng.source.troubles import StoreError

# As Apache writes it, with its other orders; as nginx does; and with whole addresses, in Chinese as browsers take it.
APACHE = """<table><tr><th><a href="?C=N;O=D">Name</a></th><th><a href="?C=M;O=A">Last modified</a></th></tr>
<tr><td><a href="/reports/">Parent Directory</a></td></tr>
<tr><td><a href="%e4%b8%80%e6%9c%88.xlsx">x</a></td></tr><tr><td><a href="CGJ/">CGJ/</a></td></tr></table>"""
NGINX = """<html><body><h1>Index of /</h1><pre><a href="../">../</a>
<a href="a%20b%231.csv">a b#1.csv</a>      07-Feb-2022 10:00   12
<a href="CGJ/">CGJ/</a>                    07-Feb-2022 10:00    -</pre></body></html>"""
WRITTEN_OUT = """<A HREF="http://elsewhere.example/reports/jan/x.csv">x</A> <a href='/reports/jan/一月.xlsx'>a</a>
<a href="//elsewhere.example/y.csv">y</a> <a href="/reports/jan/CGJ/deep.csv">z</a> <a href="mailto:a@b.example">m</a>
<a href="x%2F..%2F..%2Fother%2Fz.csv">z</a> <a href="%2e%2e/">up</a> <a href="http://[">none</a>
<a href="..%5cw.csv">w</a>
<a name="top">top</a> <a href="#top">up</a> <a href="/reports/jan/一月.xlsx">once more</a>"""
PAGES = {"apache": APACHE, "nginx": NGINX, "written-out": WRITTEN_OUT}


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def port(page: str) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_page = self.path.endswith("/") and "plain" not in self.path
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8" if is_page else "text/csv")
            self.send_header("Last-Modified", "Mon, 07 Feb 2022 02:00:00 GMT")
            self.send_header("ETag", '"7"')
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(PAGES[page].encode() if is_page else b"1,2\n")

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


LISTED = {
    "apache": [("一月.xlsx", "file"), ("CGJ", "folder")],
    "nginx": [("a b#1.csv", "file"), ("CGJ", "folder")],
    "written-out": [("一月.xlsx", "file")],
}


def test_only_what_lies_in_the_folder_is_listed(page: str, port: int) -> None:
    with open_http(Access(f"http://127.0.0.1:{port}/reports")) as store:
        found = list(store.entries("jan"))
        assert [(one.raw.decode(), one.kind) for one in found] == LISTED[page]
        file = found[0]
        assert (file.mark.byte_count, file.mark.tag) == (None, '"7"')
        assert file.changed_at and file.changed_at.isoformat() == "2022-02-07T02:00:00+00:00"
        assert b"".join(store.chunks(file.path)) == b"1,2\n"


def test_an_answer_that_is_no_page_is_no_empty_folder(port: int) -> None:
    with open_http(Access(f"http://127.0.0.1:{port}")) as store, pytest.raises(StoreError, match="不是文件夹的列表"):
        list(store.entries("plain"))
