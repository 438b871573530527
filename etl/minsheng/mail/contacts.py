"""Who is written to: addresses of the units, kept outside the repository."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field, StringConstraints, ValidationError

from minsheng.core.errors import UserError
from minsheng.plan.models import Code, Strict

# Nothing that could end a header line or begin another address.
Address = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$")]


# Nothing that could end the name or the header line.
SenderName = Annotated[str, StringConstraints(pattern=r'^[^\x00-\x1f<>"@]{1,40}$')]


class Contacts(Strict):
    """Mail comes from the data team; so do mails of a unit without an address go there.

    ``sender_name`` stands beside its address, null: the county's 民生实事数据组. Answers go to ``reply_to``, null: to
    the data team.
    """

    data_team: Address
    sender_name: SenderName | None = None
    reply_to: Address | None = None
    units: dict[Code, tuple[Address, ...]] = Field(default_factory=dict)

    def of(self, unit_code: str) -> tuple[str, ...]:
        """The unit's addresses; empty if none is known."""
        return self.units.get(unit_code, ())


def load_contacts(path: Path | None) -> Contacts | None:
    """Read a contacts file; None if the settings name none. Raises UserError for a faulty one."""
    if path is None:
        return None
    try:
        return Contacts.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise UserError(str(path), f"cannot be read ({error.strerror})", "correct MINSHENG_CONTACTS") from error
    except yaml.YAMLError as error:
        raise UserError(str(path), f"not readable as YAML ({error})", "correct the place named above") from error
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in fault["loc"])
        raise UserError(f"{path}: {where}", fault["msg"], "see examples/contacts.yaml") from error
