"""Measure the pages of the demo network and of the large one; prints the rows as JSON."""

from __future__ import annotations

import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
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
    """Lists and stories of each network, and its key figures by themselves."""
    from bench.pages import large

    yield from of_network("of the demo network", 80)
    claims = large.enlarge()
    counted()
    yield from of_network(f"over {claims:,} claims of {large.practices()} practices", 150)


def of_network(name: str, target: float) -> Iterator[dict[str, Any]]:
    """Two rows: all pages but the key figures, and these."""
    from bench.pages import walk

    pages = list(visited())
    walk.tell(name, pages)
    figures = [page for page in pages if page.route.startswith("analytics:")]
    yield walk.row(f"any list or story page {name}", [page for page in pages if page not in figures], target)
    yield walk.row(f"key figures {name}", figures, 300)


def counted() -> None:
    """Count the key figures of every practice anew, as each night; what is kept is what counting anew gives."""
    from openmso.analytics import services
    from openmso.platform.tenancy.queries import reach, tenants
    from openmso.platform.tenancy.scope import atomic, scope

    at, began = datetime.now(UTC), time.perf_counter()
    practices = [one.pk for one in tenants() if not one.is_mso]
    for practice in practices:
        whole = reach(practice)
        with scope(practices=whole.practices, entities=whole.entities):
            services.count(practice=practice, at=at)
    print(f"Key figures of {len(practices)} practices counted in {time.perf_counter() - began:.0f} s", file=sys.stderr)
    whole = reach(practices[-1])
    with scope(practices=whole.practices, entities=whole.entities), atomic.open():
        assert not services.differences(practices[-1])


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
