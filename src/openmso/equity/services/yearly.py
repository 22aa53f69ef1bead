"""The statement of a year is issued to the practice that holds: kept there, with its paper."""

from __future__ import annotations

from datetime import date, datetime

from openmso.equity import pdf
from openmso.equity.contracts import KEEP, NotKept
from openmso.equity.contracts.yearly import ISSUED, HolderStatement
from openmso.equity.models import yearly as kept
from openmso.equity.queries import ventures
from openmso.equity.queries import yearly as queries
from openmso.equity.rules import yearly as rules
from openmso.kit.ids import public_id as fresh_id
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.documents import services as documents
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic

FIRST_YEAR, LAST_YEAR = 1990, 2199


@atomic
def issue(*, actor: Actor, holder: str, year: int, at: datetime) -> HolderStatement:
    """Issue what a practice of the house held of an entity in a calendar year, or in the part of it that is over.

    It belongs to the practice from then on: its people read it there, and leave with it. A later one stands beside it.
    Raises `NotKept` for a holder that is no practice of the house, and for a year in which nothing was held.
    """
    one, found = ventures.of_holder(holder, at)
    actor.must(KEEP.code, one.practice)
    if not found.tenant:
        raise NotKept(f"{found.name} is no practice of this house.", field="holder",
                      fix="Print the statement of the holder, and send it.")  # fmt: skip
    practice = tenancy.key_in_scope(found.tenant)
    decision = actor.must(KEEP.code, practice)
    today = tenancy.today(one.practice, at)
    if not FIRST_YEAR <= year <= min(today.year, LAST_YEAR):
        raise NotKept("That year is still to come.", field="year")
    starts_on, ends_on = date(year, 1, 1), min(date(year, 12, 31), today)
    classes = tuple(rules.years(one, holder, starts_on, ends_on))
    if not classes:
        raise NotKept(f"{found.name} held nothing in {year}.", field="year")
    made = fresh_id("HST")
    content = pdf.yearly(one.name, found.name, made, classes, starts_on=starts_on, ends_on=ends_on)
    filed = documents.store(
        actor=actor, practice=practice, name=f"holding-{made}.pdf", content=content, media_type="application/pdf",
        purpose=ISSUED, at=at, under=decision,
    )  # fmt: skip
    kept.HolderStatement.objects.create(
        practice_id=practice, public_id=made, venture=one.public_id, holder=holder, entity_name=one.name[:120],
        holder_name=found.name, starts_on=starts_on, ends_on=ends_on, content=[each.as_json() for each in classes],
        document=filed.public_id, made_at=at, made_by=actor.name[:160],
    )  # fmt: skip
    documents.became(document=filed.public_id, subject=(ISSUED, made), practice=practice, at=at)
    audit.record(
        actor=actor, action="equity.statement_issued", practice=practice, subject=(ISSUED, made), at=at,
        facts={"entity": one.name, "days": f"{starts_on} to {ends_on}"}, decision=decision,
    )  # fmt: skip
    return queries.statement(made)
