"""Pages and messages that are no workbook are looked through before they are kept: however their text is packed."""

import base64
import quopri
from email.message import EmailMessage

import pytest

from minsheng.landing import Withheld
from minsheng.spreadsheet.pages import read_page
from tests.books import withhold
from tests.growth import grows_with_its_input
from tests.unit.guard.test_guard import ID_NUMBER, PHONE
from tests.workbooks import words

TABLE = "<html><body><table><tr><td>姓名</td><td>性别</td></tr><tr><td>李娜</td><td>女</td></tr></table></body></html>"
NUMBERS = f"<html><body><p>学员 {ID_NUMBER}</p></body></html>"
COUNTS = "<html><body><table><tr><td>马楼</td><td>138</td><td>1234</td><td>5678</td></tr></table></body></html>"


def kinds(content: bytes) -> list[str]:
    withheld = withhold(content, "导出.mht", words())
    return sorted(one.kind for one in withheld.found) if withheld else []


def test_no_message_is_kept_for_there_may_be_files_in_it() -> None:
    withheld = withhold(saved(COUNTS, "base64"), "导出.mht", words())
    assert withheld == Withheld("mhtml")


def saved(page: str, encoding: str, charset: str = "utf-8", first: str = "MIME-Version: 1.0") -> bytes:
    """A page as a browser saves it in one file."""
    body = page.encode(charset)
    encoded = base64.encodebytes(body) if encoding == "base64" else quopri.encodestring(body)
    head = (
        f"{first}\r\nContent-Type: multipart/related; boundary=B\r\n\r\n--B\r\n"
        f"Content-Type: text/html; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    )
    return head.encode() + encoded + b"\r\n--B--\r\n"


@pytest.mark.parametrize("first", ["MIME-Version: 1.0", "From: <Saved by Blink>\r\nSubject: a\r\nMIME-Version: 1.0"])
@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
def test_a_page_saved_in_one_file_is_decoded(encoding: str, charset: str, first: str) -> None:
    assert kinds(saved(TABLE, encoding, charset, first)) == ["roster"]
    assert kinds(saved(NUMBERS, encoding, charset, first)) == ["id_number"]
    assert kinds(saved(COUNTS, encoding, charset, first)) == []


def test_a_message_with_its_text_encoded_is_decoded() -> None:
    message = EmailMessage()
    message["Subject"] = f"名单 {PHONE}"
    message.set_content(f"学员 {ID_NUMBER}", cte="base64")
    assert "id_number" in kinds(bytes(message))


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_the_tables_of_a_page_are_tables(charset: str) -> None:
    assert kinds(TABLE.encode(charset)) == ["roster"]
    assert kinds(COUNTS.encode(charset)) == []


@pytest.mark.parametrize(
    "page",
    [
        f"<p>{''.join(f'&#{ord(digit)};' for digit in PHONE)}</p>",
        "<p>138<b>0000</b><span>0000</span></p>",
        f'<img alt="{PHONE}">',
        f"<!-- {PHONE} -->",
        f'<a href="tel:{PHONE}">电话</a>',
        f'<script>var x = {{"phone": "{PHONE}"}}</script>',
        f'<object data="data:text/plain;base64,{base64.b64encode(PHONE.encode()).decode()}">',
    ],
)
def test_whatever_a_page_says_is_looked_at(page: str) -> None:
    assert kinds(f"<html><body>{page}</body></html>".encode()) == ["phone"]


def test_a_picture_inside_a_page_is_a_picture() -> None:
    assert kinds(b'<html><img src="data:image/png;base64,iVBORw0KGgo="></html>') == ["picture"]
    part = b"--B\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--B--"
    assert kinds(saved(COUNTS, "base64").replace(b"--B--", part)) == ["picture"]


def test_a_page_without_persons_is_kept() -> None:
    assert kinds("<html><body><p>县残联 0375-5051234</p></body></html>".encode()) == []


@pytest.mark.parametrize(
    "piece",
    ["<", "<a ", '<a "', "<td>", "<tr><td>", "&#4", "data:", "data:a;base64,", "\\u00", "=3D", "--B\n", "a: b\n", " "],
)
@pytest.mark.parametrize("head", ["<html>", "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n"])
def test_a_page_takes_no_longer_than_its_length_asks_for(piece: str, head: str) -> None:
    long, short = ((head + piece * (letters // len(piece))).encode() for letters in (200_000, 10_000))
    assert grows_with_its_input(read_page, long, short)
