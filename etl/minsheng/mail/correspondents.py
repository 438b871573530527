"""Whose each address is, for the mail that comes in: the contacts read the other way round."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from minsheng.mail.contacts import Contacts
from minsheng.source.mailbox import Correspondents


def correspondents(contacts: Contacts | None) -> Correspondents:
    """The units' addresses in lower case; one that several units share is nobody's, for it does not say whose it is.

    So are those of their signers.
    """
    if contacts is None:
        return Correspondents({})
    own = frozenset({contacts.data_team.lower(), (contacts.reply_to or contacts.data_team).lower()})
    return Correspondents(_owners(contacts.units, own), own, _owners(contacts.signers, own))


def _owners(addresses: Mapping[str, Sequence[str]], own: Collection[str]) -> dict[str, str]:
    pairs = {(address.lower(), code) for code, each in addresses.items() for address in each}
    counts = Counter(address for address, _ in pairs)
    return {address: code for address, code in pairs if counts[address] == 1 and address not in own}
