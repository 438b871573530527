"""What is there to be looked at: the counties of an installation, and who is told of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime

from minsheng.core.errors import UserError
from minsheng.core.home import Installation
from minsheng.core.layout import enter_home
from minsheng.core.settings import Settings
from minsheng.landing.editions import received_county
from minsheng.mail.contacts import county_contacts
from minsheng.plan.run import Run
from minsheng.source.declared import declared_sources
from minsheng.watch.grounds import Grounds
from minsheng.watch.looking import WatchedCounty
from minsheng.watch.marks import Marks
from minsheng.watch.telling import Readers
from minsheng.words.letters import county_wording


def standings(
    installation: Installation, settings: Settings, now: datetime, only: Collection[str] | None = None
) -> Iterator[WatchedCounty]:
    """Each of these counties, null: of all that have a home here, or what keeps it from being looked at."""
    for county in (each for each in installation.counties if only is None or each in only):
        try:
            home = enter_home(installation, county)
            run = Run(home, received_county(home, now), now, "watch", wording=county_wording(settings.letters, county))
            contacts = county_contacts(settings.contacts, county)
            sources = declared_sources(settings.sources, county) or ()
            yield WatchedCounty(county, Grounds(run, Marks.of(settings), contacts, sources))
        except UserError as error:
            yield WatchedCounty(county, error)


def titles(installation: Installation, counties: Iterable[str], now: datetime) -> Mapping[str, str]:
    """What these counties are called, by their plans; one whose plans cannot be read is left out."""
    found = {}
    for county in counties:
        with suppress(UserError):
            found[county] = received_county(installation.home(county), now).title
    return found


def readers(installation: Installation, settings: Settings) -> Readers:
    """Whom alarms go to: the address of the settings for all, else each county's data team for its own."""
    if settings.alarms_to:
        return {settings.alarms_to: None}
    found: dict[str, frozenset[str]] = {}
    for county, address in _data_teams(installation.counties, settings):
        found[address] = found.get(address, frozenset()) | {county}
    return found


def _data_teams(counties: Iterable[str], settings: Settings) -> Iterator[tuple[str, str]]:
    for county in counties:
        with suppress(UserError):  # contacts that cannot be read are told as damage to whoever else is known
            if contacts := county_contacts(settings.contacts, county):
                yield county, contacts.data_team
