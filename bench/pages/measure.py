"""Measure the pages of the demo network and of the large one; prints the rows as JSON."""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openmso.cli import serve, setup


def main() -> None:
    """Build the demo network as `openmso demo` does, walk it, make it large, walk it again."""
    os.environ["OPENMSO_DEMO"] = "1"
    with setup.database():
        serve.prepare()
        setup.ready()
        from openmso.simulator import services

        if not services.exists():
            services.demo(progress=lambda step, done, whole: None)
        print(json.dumps(list(rows())))


def rows() -> Iterator[dict[str, Any]]:
    """One row for each network."""
    from bench.pages import large, walk

    yield walk.row("any list or story page of the demo network", list(visited()), 80)
    claims = large.enlarge()
    yield walk.row(f"the same over {claims:,} claims of {large.practices()} practices", list(visited()), 150)


def visited() -> Iterator[Any]:
    """What one person of each role opens."""
    from bench.pages import walk
    from openmso.platform.identity.models import User
    from openmso.simulator.network import building

    users = {user.email: user for user in User.objects.filter(is_demo=True)}
    met: defaultdict[bool, walk.Kinds] = defaultdict(lambda: defaultdict(int))
    for one in {one.role: one for one in reversed(building.everybody())}.values():
        yield from walk.walk(walk.Visitor(users[one.email]), walk.lists(), met[len(one.practices) == 1])


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    main()
