"""Files of every other kind, each as small as it can be and still be known."""

from __future__ import annotations

import gzip
import io
import zipfile
from struct import pack

from tests.unit.spreadsheet.binary import compound

_MOMENT = (2022, 6, 1, 0, 0, 0)
_MAIL = "From: 经办 <a@example.com>\r\nTo: b@example.com\r\nSubject: =?utf-8?B?5oql?=\r\nMIME-Version: 1.0\r\n"


def _zip(*names: str, mime_type: str = "") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in (("mimetype", mime_type), *((name, "x") for name in names)):
            if content:
                archive.writestr(zipfile.ZipInfo(name, _MOMENT), content)
    return stream.getvalue()


SAMPLES: dict[str, bytes] = {
    "ofd": _zip("OFD.xml", "Doc_0/Document.xml"),
    "uof": _zip("uof.xml", "content.xml", "_meta/meta.xml"),
    "pptx": _zip("[Content_Types].xml", "ppt/presentation.xml"),
    "ppt": compound(b"", "PowerPoint Document"),
    "doc": compound(b"", "WordDocument"),
    "odt": _zip("content.xml", mime_type="application/vnd.oasis.opendocument.text"),
    "sxc": _zip("content.xml", mime_type="application/vnd.sun.xml.calc"),
    "pages": _zip("Index/Document.iwa", "Metadata/BuildVersionHistory.plist"),
    "apk": _zip("AndroidManifest.xml", "classes.dex"),
    "rtf": b"{\\rtf1\\ansi M03-01}",
    "msg": compound(b"", "__properties_version1.0"),
    "eml": f"{_MAIL}Content-Type: text/plain\r\n\r\n附件\r\n".encode(),
    "mht": b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\nContent-Type: multipart/related; boundary=x\r\n\r\n",
    "json": '{"code":401,"msg":"未登录"}'.encode(),
    "url": b"[InternetShortcut]\r\nURL=https://docs.example.com/sheet/A\r\n",
    "share": "【在线文档】5月民生实事\nhttps://docs.example.com/sheet/A\n".encode(),
    "lnk": b"L\0\0\0\x01\x14\x02\0" + bytes(68),
    "webloc": b'<?xml version="1.0"?><plist version="1.0"><dict><key>URL</key><string>x</string></dict></plist>',
    "sqlite": b"SQLite format 3\0" + bytes(84),
    "mdb": b"\0\x01\0\0Standard Jet DB\0" + bytes(40),
    "exe": b"MZ\x90\0\x03\0\0\0",
    "gz": gzip.compress(b"x", mtime=0),
    "rar": b"Rar!\x1a\x07\x01\0",
    "7z": b"7z\xbc\xaf'\x1c\0\x04",
    "heic": b"\0\0\0\x20ftypheic\0\0\0\0",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><text>205</text></svg>',
    "amr": b"#!AMR\n\0\0",
    "owner": b"\x07Windows".ljust(55) + b"\x07\0" + "Windows".encode("utf-16-le").ljust(108),
    "drm": b"%TSD-Header-###%" + bytes(16),
    "appledouble": b"\0\x05\x16\x07\0\x02\0\0",
    "biff4": pack("<5H", 0x0409, 6, 0, 0x10, 0),
    "spaces": b"\r\n  \t\r\n",
    "zeros": bytes(4096),
    "fods": b'<?xml version="1.0"?><o:d o:mimetype="application/vnd.oasis.opendocument.spreadsheet" xmlns:o="a"/>',
}
