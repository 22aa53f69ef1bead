"""How far a long run is, on the terminal that waits for it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn


@contextmanager
def bar(title: str, *, quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar on standard error, told each step; when machines read, nothing."""
    if quiet:
        yield lambda step, done, whole: None
        return
    columns = (
        TextColumn("{task.description:45}"),
        BarColumn(bar_width=20),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(file=sys.stderr)) as shown:
        task = shown.add_task(title, total=1)

        def tell(step: str, done: int, whole: int) -> None:
            shown.update(task, description=step[:45], completed=done, total=whole)

        yield tell
        shown.update(task, description="Done", completed=1, total=1)
