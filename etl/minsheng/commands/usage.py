"""What is wrong with a command as it was typed, told as every other error is: typer says it in English only."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from typer import BadParameter
from typer.exceptions import TyperException

from minsheng.core.errors import UserError

# The code of what typer says, by how it says it; groups: where it is, and what was given or would have been right.
_OF_CALLS: Mapping[re.Pattern[str], str] = {
    re.compile(r"No such option: (?P<where>\S++)(?: \(Possible options: (?P<near>[^)]*+)\))?"): "option_unknown",
    re.compile(r"No such command '(?P<where>[^']*+)'\.(?: Did you mean (?P<near>[^?]*+)\?)?"): "command_unknown",
    re.compile(r"Missing command"): "call_unfinished",
    re.compile(r"Missing \w++ '(?P<where>[^']++)'"): "option_missing",
    re.compile(r"Got unexpected extra argument\S*+ \((?P<where>[^)]*+)\)"): "argument_needless",
    re.compile(r"Option '(?P<where>[^']++)' does not take a value"): "option_takes_no_value",
    re.compile(r"Option '(?P<where>[^']++)' requires an argument"): "option_without_value",
}
_OF_VALUES: Mapping[re.Pattern[str], str] = {
    re.compile(r"Input should be a valid (?:integer|number)"): "value_no_number",
    re.compile(r"\A\w++ '(?P<value>[^']*+)' does not exist"): "path_missing",
    re.compile(r"'(?P<value>[^']*+)' is not one of (?P<options>[^.]*+)"): "value_not_offered",
}
PROGRAM = "minsheng"


def call_codes() -> frozenset[str]:
    """The code of the sentence for each."""
    return frozenset((*_OF_CALLS.values(), *_OF_VALUES.values()))


def speak_chinese(arguments: Sequence[str]) -> None:
    """Have the pages of ``--help`` say in Chinese what is typer's own; where none can be printed nothing is imported.

    Typer prints one where it is asked to, and where a group is named and nothing in it.
    """
    if len(arguments) > 1 and "--help" not in arguments:
        return
    from typer import rich_utils

    rich_utils.ARGUMENTS_PANEL_TITLE = "参数"
    rich_utils.OPTIONS_PANEL_TITLE = "选项"
    rich_utils.COMMANDS_PANEL_TITLE = "命令"
    rich_utils.REQUIRED_LONG_STRING = "[必填]"
    rich_utils.DEFAULT_STRING = "[默认：{}]"


def wrong_call(error: TyperException, told: str) -> UserError:
    """What typer has ``told`` of a call as a whole, or of the value of one of its parameters."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else PROGRAM
    if isinstance(error, BadParameter) and not told.startswith("Missing"):
        return _said(error.message, _OF_VALUES, _name_of(error, command), command)
    return _said(told, _OF_CALLS, command, command)


def _said(words: str, known: Mapping[re.Pattern[str], str], where: str, command: str) -> UserError:
    for pattern, code in known.items():
        if found := pattern.match(words):
            parts = {name: (part or "").replace("'", "") for name, part in found.groupdict().items()}
            parts["near"] = f"是不是“{near}”？" if (near := parts.get("near")) else ""
            return UserError(code, parts.pop("where", where), command=command, **parts)
    return UserError("usage_wrong", where, reason=words, command=command)


def _name_of(error: BadParameter, command: str) -> str:
    """The parameter that has the value: an option as it is typed, an argument as ``--help`` shows it."""
    return error.param.get_error_hint().split(" / ")[0].strip("'") if error.param else command
