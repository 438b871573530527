"""Whose each address is, for the mail that comes in: the contacts read the other way round."""

from __future__ import annotations

from collections import Counter

from minsheng.mail.contacts import Contacts
from minsheng.source.mailbox import Correspondents


def correspondents(contacts: Contacts | None) -> Correspondents:
    """The units' addresses in lower case; one that several units share is nobody's, for it does not say whose it is."""
    if contacts is None:
        return Correspondents({})
    pairs = {(address.lower(), code) for code, addresses in contacts.units.items() for address in addresses}
    counts = Counter(address for address, _ in pairs)
    own = {contacts.data_team.lower(), (contacts.reply_to or contacts.data_team).lower()}
    units = {address: code for address, code in pairs if counts[address] == 1 and address not in own}
    return Correspondents(units, frozenset(own))
