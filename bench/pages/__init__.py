"""The server time of every list and story page: of the demo network, and over a million claims.

Each sign-in follows the links of its own pages, so that what is measured is what people can open. A page is asked
through the WSGI application that is served, as the runtime role under row-level security. The figure beside ours is
the target itself: the ratio says how much of it is used. The 95th percentile of each page is printed, the worst first;
a page that breaks stops the run. `BENCH_CLAIMS` makes the second network smaller.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bench import apart


def run() -> Iterator[dict[str, Any]]:
    """The rows of the table; measured in a process of its own, on a server of its own."""
    return apart.run("bench.pages.measure")
