"""Checks of conservation, as commands tell them: for software, and as a table for people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.table import Column, Table


def told(checks: Iterable[Any]) -> list[dict[str, Any]]:
    """Each check by its name, whether it holds, and both its sides."""
    return [
        {"name": one.name, "holds": one.holds, "words": one.words, "left": one.left, "right": one.right}
        for one in checks
    ]


def show(checks: Iterable[dict[str, Any]]) -> None:
    """Print checks as a table; one that does not hold says what is wrong."""
    table = Table(Column("conservation check", overflow="fold"), "holds", "left", "right")
    for one in checks:
        table.add_row(one["name"], "yes" if one["holds"] else f"NO: {one['words']}", one["left"], one["right"])
    if table.rows:
        Console().print(table)
