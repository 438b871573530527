"""By what in their content the kinds of file are known that units send in place of a workbook.

Libraries that tell files apart know none of those that matter here: OFD, UOF, Numbers, Gnumeric, files of the
programs that encrypt on writing, placeholders of cloud drives.
"""

from __future__ import annotations

import re

from minsheng.spreadsheet.kinds import FileKind, Refusal

# What content begins with; those of two letters only count in what is no text.
BEGINNINGS: tuple[tuple[bytes, FileKind], ...] = (
    (b"%PDF", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"\xfd7zXZ", "archive"),
    (b"BZh", "archive"),
    (b"MSCF", "archive"),
    (b"\xff\xd8\xff", "image"),
    (b"\x89PNG", "image"),
    (b"GIF8", "image"),
    (b"II*\0", "image"),
    (b"MM\0*", "image"),
    (b"BM", "image"),
    (b"8BPS", "image"),
    (b"SQLite format 3\0", "database"),
    (b"\0\x01\0\0Standard", "database"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"#!/", "program"),
    (b"@echo off", "program"),
    (b"ID3", "media"),
    (b"#!AMR", "media"),
    (b"OggS", "media"),
    (b"fLaC", "media"),
    (b"\x1aE\xdf\xa3", "media"),
    (b'x\x9f>"', "email"),  # winmail.dat
    (b"L\0\0\0\x01\x14\x02\0", "link"),  # .lnk
    (b"[InternetShortcut]", "link"),
    (b"[Desktop Entry]", "link"),
    (b"ID;P", "old_spreadsheet"),  # SYLK
    (b"TABLE\r\n0,1", "old_spreadsheet"),  # DIF
    (b"\x09\x00\x04\x00", "old_spreadsheet"),  # Excel 2, 3, 4, and 5 without its container
    (b"\x09\x02\x06\x00", "old_spreadsheet"),
    (b"\x09\x04\x06\x00", "old_spreadsheet"),
    (b"\x09\x08", "old_spreadsheet"),
    (b"\0\0\x02\0\x04\x04", "old_spreadsheet"),  # Lotus 1-2-3
    (b"\0\0\x02\0\x06\x04", "old_spreadsheet"),
    (b"\0\0\x1a\0", "old_spreadsheet"),
    (b"\0\x05\x16\x07", "system_file"),  # ._ of a Mac
    (b"\0\0\0\x01Bud1", "system_file"),  # .DS_Store
    (b"%TSD-Header-###%", "drm"),
    (b"<## NASCA DRM FILE", "drm"),
    (b"b\x14#e", "drm"),
)
# What content has after some bytes.
WITHIN: tuple[tuple[int, bytes, FileKind], ...] = (
    (8, b"WEBP", "image"),
    (8, b"WAVE", "media"),
    (8, b"AVI ", "media"),
    (4, b"ftyphei", "image"),
    (4, b"ftypmif1", "image"),
    (4, b"ftyp", "media"),
    (257, b"ustar", "archive"),
)
# Streams and storages at the top of an OLE file.
OLE_PARTS: tuple[tuple[str, Refusal], ...] = (
    ("EncryptedPackage", "encrypted"),
    ("\x09DRMContent", "drm"),
    ("WordDocument", "word"),
    ("PowerPoint Document", "presentation"),
    ("__properties_version1.0", "email"),
    ("Catalog", "system_file"),  # Thumbs.db
)
# Parts of a ZIP package, in small letters; matched from the beginning of a name.
ZIP_PARTS: tuple[tuple[str, FileKind], ...] = (
    ("word/document", "word"),
    ("ppt/presentation", "presentation"),
    ("ofd.xml", "ofd"),
    ("uof.xml", "uof"),
    ("androidmanifest.xml", "program"),
    ("meta-inf/manifest.mf", "program"),
    ("index/slide", "iwork"),
    ("index.apxl", "iwork"),
    ("index/tables/", "numbers"),
    ("index.zip", "numbers"),
    ("metadata/buildversionhistory.plist", "iwork"),
    ("buildversionhistory.plist", "iwork"),
)
# What the package of an OpenDocument or OpenOffice file says of itself, without ``application/``.
MIME_TYPES: tuple[tuple[str, FileKind], ...] = (
    ("vnd.oasis.opendocument.text", "odt"),
    ("vnd.oasis.opendocument.presentation", "presentation"),
    ("vnd.oasis.opendocument.graphics", "image"),
    ("vnd.oasis.opendocument.database", "database"),
    ("vnd.sun.xml.calc", "old_spreadsheet"),
    ("vnd.sun.xml", "odt"),
)
# The lines a mail begins with.
_MAIL_HEADERS = (
    rb"(?:from|to|cc|subject|date|sender|reply-to|received|return-path|delivered-to|message-id|mime-version|"
    rb"content-type|content-transfer-encoding|dkim-signature|authentication-results|x-[a-z-]+)"
)
_MAIL = rb"(?:from [^\n]*\n)?" + _MAIL_HEADERS + rb":[^\n]*\n(?:[ \t][^\n]*\n){0,50}" + _MAIL_HEADERS + rb":"
# What the head of a text is known by, in small letters; the first that fits.
_TEXTS: tuple[tuple[bytes, FileKind], ...] = (
    (rb"(?:<\?xml.*)?<svg\b", "image"),
    (rb"<.*urn:schemas-microsoft-com:office:spreadsheet", "xml"),
    (rb"<.*opendocument\.spreadsheet", "flat_ods"),
    (rb"<.*www\.gnumeric\.org", "gnumeric"),
    (rb"<.*(?:schemas\.uof\.org|<uof:uof\b)", "uof"),
    (rb"<(?>.*?<plist\b).*<key>url</key>", "link"),
    (rb"<(?:!doctype\s+html|html|head|meta|body|table|style|div)\b|<\?xml.*<html\b", "html"),
    (rb"from: [<\"]saved by|snapshot-content-location:|mime-version:.*content-type:\s*multipart/related", "mhtml"),
    (_MAIL, "email"),
    (rb",[^,\n]*,[^,\n]*,[^,\n]*,file:", "lock_file"),
)
TEXTS: tuple[tuple[re.Pattern[bytes], FileKind], ...] = tuple(
    (re.compile(rb"\A(?:" + text + rb")", re.S), kind) for text, kind in _TEXTS
)
# A text of a few lines that is about an address, as cloud drives give to be passed on.
LINK = re.compile(rb"https?://")
LINK_BYTES, LINK_LINES = 2000, 5
# What says where a document lies, in the small files that stand for one in a synchronised folder.
LINK_KEYS = frozenset({"doc_id", "url"})
