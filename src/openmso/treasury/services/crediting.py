"""Verb: take what a dispute won of a fee that was lent off the deficit loan, with the interest that it bore."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from openmso.kit.clock import day_in
from openmso.kit.money import ZERO, Money
from openmso.ledger.services import posting as ledger
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy.scope import atomic
from openmso.settlement import queries as statements
from openmso.settlement.queries import accounts as invoices
from openmso.settlement.services import paying_out as fees
from openmso.treasury import books, models, rules
from openmso.treasury.contracts import LOANS, RUN
from openmso.treasury.queries import loans
from openmso.treasury.services.moving import tell
from openmso.treasury.states import Moved, Part


@atomic
def credit(*, actor: Actor, settlement: str, dispute: str, amount: Money, at: datetime) -> Money:
    """Credit the loan by what of an amount was lent and is owed still, and by its interest; what came off of the fee.

    The rest waits to be paid back in money. Interest that was paid meets what else the loan is made of; where it is
    less than that, as much less of the fee comes off and is paid back instead.
    """
    one = statements.settlement(settlement)
    practice = one.practice
    row = loans.register_of(practice, one.agreement)
    lent = invoices.lent_of(settlement)
    if row is None or not lent:
        return ZERO
    row = models.DeficitLoan.objects.select_for_update(of=("self",)).select_related("practice").get(pk=row.pk)
    parts = loans.parts(row)
    found = min(amount, -one.due, Money.total(each for _, each in lent), parts.get(Part.FEE, ZERO))
    if found <= ZERO or models.LoanMovement.objects.filter(loan=row, dispute=dispute).exists():
        return ZERO
    interest, how = loans.interest_on(row, found, since=lent[0][0])
    off, meets = rules.credited(parts, found, interest)
    if off:
        fees.lent_no_more(actor=actor, settlement=settlement, amount=off, dispute=dispute, at=at)
    _move(row, {Part.FEE: off}, meets, dispute, how, actor=actor, at=at)
    decision = actor.must(RUN.code, practice)
    if meets:
        both = books.Books(
            dispute, row.practice_entity_id, row.mso_entity_id, row.practice.public_id, day_in(row.practice.zone, at)
        )
        drafts = books.interest_credited(both, meets, f"Interest of a fee that {dispute} won, {row.public_id}")
        under = [decision, actor.must(RUN.code, loans.mso_of(row))]
        ledger.post(actor=actor, entries=drafts, at=at, under=under)
    facts = {"fee": str(off), "interest": str(Money.total(meets.values())), "dispute": dispute}
    tell(row, LOANS, "treasury.credited", actor, at, decision, facts=facts)
    return off


def _move(
    row: models.DeficitLoan, fee: Mapping[Part, Money], interest: Mapping[Part, Money], dispute: str, how: str, *,
    actor: Actor, at: datetime,
) -> None:  # fmt: skip
    """One movement of each part, with what it is for."""
    for part in Part:
        won, bore = fee.get(part, ZERO), interest.get(part, ZERO)
        said = [f"fee won by {dispute}"] * bool(won) + [f"{bore} interest it bore: {how}"] * bool(bore)
        if said:
            models.LoanMovement.objects.create(
                practice_id=row.practice_id, loan=row, kind=Moved.CREDIT.value, part=part.value,
                amount=-(won + bore).amount, moved_on=day_in(row.practice.zone, at), moved_at=at,
                moved_by=actor.name[:120], words="; ".join(said)[:200].capitalize(), dispute=dispute,
            )  # fmt: skip
