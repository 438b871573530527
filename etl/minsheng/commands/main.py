"""The ``minsheng`` command: calls the one that is named, and says what went wrong in one line."""

from __future__ import annotations

import sys

import typer
from typer.exceptions import TyperException

from minsheng.commands.catalogue import Catalogue
from minsheng.commands.usage import PROGRAM, speak_chinese, wrong_call
from minsheng.core.collector import collect_rarely
from minsheng.core.errors import UserError

app = typer.Typer(
    cls=Catalogue,
    help="民生实事月报：收取、校验、入库、发布。",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@app.callback()
def _minsheng() -> None:
    """Have typer see a group of commands."""


def main() -> None:
    """Run the command; what a user can put right is one line on stderr and exit code 2."""
    collect_rarely()
    speak_chinese(sys.argv[1:])
    try:
        sys.exit(app(prog_name=PROGRAM, standalone_mode=False))
    except UserError as error:
        _fail(str(error))
    except OSError as error:  # a full disk, a missing permission: the system's own words say it best
        _fail(str(UserError("system_refuses", error.filename or "系统", reason=error.strerror or error)))
    except typer.Abort:
        sys.exit(1)
    except TyperException as error:
        if told := error.format_message():  # none: the help is printed where no command was named
            _fail(str(wrong_call(error, told)))
        sys.exit(2)


def _fail(message: str) -> None:
    from rich.console import Console

    Console(stderr=True).print(f"minsheng: {message}", style="red", highlight=False, markup=False, soft_wrap=True)
    sys.exit(2)
