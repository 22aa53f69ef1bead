"""Terms and opinions that run out wait for compliance ninety days ahead, and no longer once there is a next one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime

from django.db import connection

from openmso.agreements.queries import clocks
from openmso.compliance.contracts import ARRANGEMENT, ONE_DAY, Arrangement
from openmso.compliance.queries import register
from openmso.compliance.rules import terms
from openmso.kit.words import day as said_day
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.platform.work.contracts import NewItem, when

LOCK = 0x61727267
"""Advisory lock class of arrangements: one act at a time on each, because nothing in them is updated."""
PRIORITY, PRIORITY_OVER = 60, 85


def lock(arrangement: int) -> None:
    """Have nobody else add to an arrangement until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, arrangement % 2**31])


@atomic
def watch(*, actor: Actor, at: datetime) -> int:
    """Look at every arrangement in scope; how many terms and opinions run out. Run every morning, and twice is once."""
    items: dict[int, list[NewItem]] = defaultdict(list)
    for one in register.in_scope():
        items[one.practice] += _items(one, tenancy.today(one.practice, at))
    for practice, found in items.items():
        work.open_items(practice=practice, items=found, at=at)
    return sum(map(len, items.values()))


@atomic
def look(one: Arrangement, *, actor: Actor, at: datetime, under: Decision) -> None:
    """Bring what waits of one arrangement up to date: what runs out is opened, what has a next one is closed."""
    found = {item.key: item for item in _items(one, tenancy.today(one.practice, at))}
    gone = [key for key in _keys(one) if key not in found]
    work.close_items(
        keys=[(one.practice, key) for key in gone], actor=actor, at=at, outcome="There is a next one", under=under
    )
    work.open_items(practice=one.practice, items=list(found.values()), at=at)


def _keys(one: Arrangement) -> Iterator[str]:
    yield from (f"{ARRANGEMENT}|term|{each.public_id}" for each in one.terms)
    yield from (f"{ARRANGEMENT}|value|{each.public_id}" for each in one.opinions)


def _items(one: Arrangement, today: date) -> Iterator[NewItem]:
    """What runs out within ninety days, or has run out, and has no next one."""
    term = terms.holding(one, today)
    if one.ending is not None or term is None or term.activated_on is None:
        return
    if term.last_on is not None and term.last_on <= today + terms.AHEAD:
        after = terms.holding(one, term.last_on + ONE_DAY)
        if after is None or after is term or after.activated_on is None:
            words = (
                "goes on in holdover on the same terms"
                if terms.may_hold_over(one, term)
                else "may not be paid after it"
            )
            why = f"Term {term.number} ends on {said_day(term.last_on)} and {words}. Renew the arrangement, or end it."
            yield _item(one, f"term|{term.public_id}", f"{one.title} with {one.name} ends", why, term.last_on, today)
    opinion = terms.opinion_on(one.opinions, term.pay, today)
    if opinion is not None and opinion.expires_on <= today + terms.AHEAD:
        why = (
            f"The opinion of {opinion.appraiser} holds through {said_day(opinion.expires_on)}; what is done after it "
            "is not paid. File a new opinion."
        )
        title = f"Opinion of value of {one.title} expires"
        yield _item(one, f"value|{opinion.public_id}", title, why, opinion.expires_on, today)


def _item(one: Arrangement, key: str, title: str, why: str, on: date, today: date) -> NewItem:
    return NewItem(
        kind=ARRANGEMENT, subject=(ARRANGEMENT, one.public_id), title=title[:160], why=why,
        priority=PRIORITY if on >= today else PRIORITY_OVER, priority_why=f"payments stop after {when(on)}",
        due_at=clocks.closing(one.practice, on), key=f"{ARRANGEMENT}|{key}",
    )  # fmt: skip
