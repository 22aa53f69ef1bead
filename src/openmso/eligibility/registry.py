"""The line over which payers are asked at once; without one, inquiries are files that somebody carries."""

from __future__ import annotations

from typing import Protocol


class Unreachable(Exception):
    """Nobody answered, or not with an answer; the text is safe to show and to keep."""


class Line(Protocol):
    """Whoever takes a 270 and gives the 271 back: a clearinghouse, a payer's own service."""

    def ask(self, content: bytes, *, payer: str) -> bytes:
        """The answer to an inquiry; `payer` is the payer's EDI id. Raises `Unreachable`."""


_lines: list[Line] = []


def connect(line: Line) -> None:
    """Ask over this line from now on."""
    _lines[:] = [line]


def disconnect() -> None:
    """Ask nobody at once."""
    _lines.clear()


def line() -> Line | None:
    """The line that is connected, if any."""
    return _lines[0] if _lines else None
