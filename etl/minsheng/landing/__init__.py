"""What was received, kept as received: the one thing that cannot be made again.

``landing/<plan>/objects/<sha256>`` holds the bytes, ``landing/<plan>/receipts/<submission_id>.json``
says who sent them, under which name and when. The receipt is written last: bytes without a
receipt were never received, and are received again by the next run. Of a file with personal data
there is a receipt only: its bytes and its name are not kept. ``landing/<plan>/openings/<period>.json`` says when
a month was opened. With the plan that is all a warehouse is made from. ``landing/<plan>/books/`` can be made again, see
``minsheng.landing.books``.
"""

from minsheng.landing.content import content_path, is_whole, keep_content, land, read_content
from minsheng.landing.openings import Opening, opening_files, openings, read_opening, record_opening
from minsheng.landing.receipts import (
    PersonalData,
    Receipt,
    Withheld,
    acknowledge,
    all_receipts,
    arrivals,
    damaged_receipts,
    find_receipt,
    plans,
    receipt_path,
    receipts,
    submission_id,
)

__all__ = [
    "Opening",
    "PersonalData",
    "Receipt",
    "Withheld",
    "acknowledge",
    "all_receipts",
    "arrivals",
    "content_path",
    "damaged_receipts",
    "find_receipt",
    "is_whole",
    "keep_content",
    "land",
    "opening_files",
    "openings",
    "plans",
    "read_content",
    "read_opening",
    "receipt_path",
    "receipts",
    "record_opening",
    "submission_id",
]
