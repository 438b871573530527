"""An installation of the layout before counties, brought into today's: all it has becomes one county's."""

from __future__ import annotations

from pathlib import Path

from minsheng.core.counties import county_of
from minsheng.core.errors import UserError
from minsheng.core.files import make_folder, move
from minsheng.core.home import Home, Installation
from minsheng.core.layout import ROOT_MODE, VERSION, enter_home, layout_version, sign
from minsheng.landing import plans
from minsheng.stages.roll_up import roll_up
from minsheng.warehouse.connection import open_warehouse


def migrate(root: Path) -> str:
    """Move everything of the former layout into ``HOME/<county>/``; gives the county's name.

    Nothing is read or written but moved, each folder in one step; cut short, it is simply called again, and
    only then is the installation signed as of today's layout. What readers opened, ``HOME/published/current``, leads to
    the same publication afterwards. Raises UserError when there is nothing of the former layout, or it is in use.
    """
    installation = Installation(root)
    found = layout_version(installation)
    if found is None:
        raise UserError("nothing_to_migrate", root)
    if found >= VERSION:
        raise UserError("migrated_already", root, found=found)
    former = Home(root)
    home = installation.home(_county(former, installation))
    _require_idle(former)
    make_folder(home.root, ROOT_MODE)
    for path in (former.landing, former.outbox, former.templates, former.reports, former.published, former.warehouse):
        if path.exists():
            move(path, home.root / path.name)
    sign(installation)
    enter_home(installation, home.county)
    roll_up(installation)
    return home.county


def _county(former: Home, installation: Installation) -> str:
    """The county whose plans landed here, also if a part of it has been moved already."""
    homes = [former, *map(installation.home, installation.counties)]
    counties = sorted({county_of(plan_id) for home in homes for plan_id in plans(home)})
    if not counties:
        raise UserError("migration_of_nobody", former.landing)
    if len(counties) > 1:
        raise UserError("migration_of_several", former.landing, counties=counties)
    return counties[0]


def _require_idle(former: Home) -> None:
    """Raises BusyError while anybody has the warehouse open; what its log holds is written into it."""
    if former.warehouse.exists():
        with open_warehouse(former.warehouse) as connection:
            connection.execute("checkpoint")
