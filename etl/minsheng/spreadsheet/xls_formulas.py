"""The plainest formulas of an xls as text, so that their results can be held against them: =A1+B1, =SUM(A1:A9)*2."""

from __future__ import annotations

from struct import error, unpack_from

_ADDED, _SIGNED, _PERCENT, _IN_BRACKETS = (
    {0x03: "+", 0x04: "-", 0x05: "*", 0x06: "/"},
    {0x12: "+", 0x13: "-"},
    0x14,
    0x15,
)
_ATTRIBUTE, _WHOLE, _NUMBER, _FUNCTION, _CELL, _AREA = 0x19, 0x1E, 0x1F, 0x22, 0x24, 0x25
_SUM_OF_ONE, _SAYS_NOTHING = 0x10, (0x01, 0x40, 0x41)
_SUM = 4
_LONGEST = 250


def formula_text(tokens: bytes) -> str:
    """The formula that these tokens of Excel 97 and later stand for; nothing for any but the plainest."""
    stack: list[str] = []
    place = 0
    try:
        while place < len(tokens):
            place += _take(tokens, place, stack)
            if len(stack[-1]) > _LONGEST:
                return ""
    except (LookupError, error):
        return ""
    return stack[0] if len(stack) == 1 else ""


def _take(tokens: bytes, place: int, stack: list[str]) -> int:
    """Apply a token to what is on the stack; how long it is. Raises LookupError or struct.error for others."""
    kind = tokens[place]
    if kind in _ADDED:
        second, first = stack.pop(), stack.pop()
        stack.append(f"({first}{_ADDED[kind]}{second})")
    elif kind in _SIGNED:
        stack.append(f"({_SIGNED[kind]}{stack.pop()})")
    elif kind == _PERCENT:
        stack.append(f"({stack.pop()}%)")
    elif kind == _ATTRIBUTE:
        return _attribute(tokens[place + 1], stack)
    elif kind != _IN_BRACKETS:
        return _operand(tokens, place, stack)
    return 1


def _attribute(kind: int, stack: list[str]) -> int:
    if kind == _SUM_OF_ONE:
        stack.append(f"SUM({stack.pop()})")
    elif kind not in _SAYS_NOTHING:
        raise LookupError(kind)
    return 4


def _operand(tokens: bytes, place: int, stack: list[str]) -> int:
    kind = tokens[place] & 0x1F | (0x20 if tokens[place] >= 0x20 else 0)
    if kind == _WHOLE:
        stack.append(str(*unpack_from("<H", tokens, place + 1)))
        return 3
    if kind == _NUMBER:
        stack.append(f"{unpack_from('<d', tokens, place + 1)[0]:.17g}")
        return 9
    if kind == _CELL:
        stack.append(_address(*unpack_from("<HH", tokens, place + 1)))
        return 5
    if kind == _AREA:
        top, bottom, left, right = unpack_from("<4H", tokens, place + 1)
        stack.append(f"{_address(top, left)}:{_address(bottom, right)}")
        return 9
    count, function = unpack_from("<BH", tokens, place + 1)
    if kind != _FUNCTION or function != _SUM or not 0 < count <= len(stack):
        raise LookupError(kind)
    stack[-count:] = [f"SUM({','.join(stack[-count:])})"]
    return 4


def _address(row: int, column: int) -> str:
    """A cell; the two highest bits of its column say which parts of it are relative."""
    left, right = divmod(column & 0xFF, 26)
    return f"{chr(ord('A') + left - 1) if left else ''}{chr(ord('A') + right)}{row + 1}"
