"""Verbs of rebates: record what a vendor paid back and share it, pass shares on with an invoice, take that back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from openmso.agreements.queries import agreements
from openmso.kit.clock import day_in
from openmso.kit.errors import Refused
from openmso.kit.ids import public_id as fresh_id
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month
from openmso.ledger.services import posting as ledger
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import atomic
from openmso.settlement import books, queries
from openmso.settlement.contracts import REBATE, RUN
from openmso.settlement.contracts.rebates import NewRebate, RebateShare
from openmso.settlement.models import Rebate
from openmso.settlement.models import RebateShare as Row
from openmso.settlement.models import Settlement as SettlementModel


class NoRebate(Refused):
    """A rebate cannot be recorded so; the sentence says why."""

    code = "no_rebate"


@atomic
def record(*, actor: Actor, mso: int, new: NewRebate, at: datetime) -> str:
    """Record a rebate that the MSO received and share it by the rule, to the cent; its public id.

    What is a practice's is owed to it at once, in the MSO's book, and credited on the practice's next invoice; what
    the MSO bought itself stays with it. Raises `NoRebate`.
    """
    weights = {tenant: weight for tenant, weight in new.weights.items() if weight}
    practices = [tenant for tenant in weights if tenant != mso]
    under = [actor.must(RUN.code, mso), *(actor.must(RUN.code, practice) for practice in practices)]
    tenants = Tenant.objects.in_bulk([mso, *practices])
    if no := _faults(new, practices, today=day_in(tenants[mso].zone, at)):
        raise NoRebate(no[1], field=no[0])
    keys = sorted(weights, key=lambda one: tenants[one].code)
    parts = dict(zip(keys, new.amount.split([weights[one] for one in keys]), strict=True))
    made, entity = fresh_id("RBT"), _entity(mso, practices, new)
    parties = {tenants[one].public_id: parts[one] for one in keys if one != mso}
    draft = books.rebate(new, entity=entity, rebate=made, parts=parties, kept=parts.get(mso, ZERO))
    (entry,) = ledger.post(actor=actor, entries=[draft], at=at, under=under)
    if Rebate.objects.filter(practice_id=mso, vendor=new.vendor.strip(), starts_on=new.starts_on, ends_on=new.ends_on,
                             received_on=new.received_on, amount=new.amount.amount).exists():  # fmt: skip
        raise NoRebate("This rebate is recorded already.", field="vendor", fix="Look at the list of rebates.")
    Rebate.objects.create(
        practice_id=mso, public_id=made, vendor=new.vendor.strip(), what=new.what.strip(), starts_on=new.starts_on,
        ends_on=new.ends_on, received_on=new.received_on, amount=new.amount.amount,
        kept_amount=parts.get(mso, ZERO).amount, rule=new.rule.strip(), mso_entry=entry.public_id, recorded_at=at,
        recorded_by=actor.name[:120],
    )  # fmt: skip
    for one in (each for each in keys if each != mso and parts[each]):
        Row.objects.create(
            practice_id=one, rebate=made, vendor=new.vendor.strip(), what=new.what.strip(), starts_on=new.starts_on,
            ends_on=new.ends_on, received_on=new.received_on, rule=new.rule.strip(), whole_amount=new.amount.amount,
            weight=weights[one], weights_total=sum(weights.values()), amount=parts[one].amount,
        )  # fmt: skip
    audit.record(
        actor=actor, action="settlement.rebate_recorded", practice=mso, subject=(REBATE, made), at=at,
        facts={"vendor": new.vendor.strip(), "amount": str(new.amount), "count": str(len(practices))},
        decision=under[0],
    )  # fmt: skip
    return made


def pass_on(
    row: SettlementModel, shares: Sequence[RebateShare], *, actor: Actor, at: datetime, under: Sequence[Decision]
) -> None:  # fmt: skip
    """Credit shares of rebates on an invoice that is issued: an entry in each of two books."""
    if not shares:
        return
    one, amount = queries.settlement(row.public_id), Money.total(share.amount for share in shares)
    drafts = books.rebates_passed_on(one, amount, party=row.practice.public_id)
    ours, theirs = ledger.post(actor=actor, entries=drafts, at=at, under=under)
    Row.objects.filter(practice_id=row.practice_id, rebate__in=[share.rebate for share in shares]).update(
        settlement=row, practice_entry=ours.public_id, mso_entry=theirs.public_id
    )


def take_back(row: SettlementModel, *, actor: Actor, why: str, at: datetime, under: Sequence[Decision]) -> None:
    """Free the shares that an invoice which is withdrawn credited: they wait for the next one."""
    shares = Row.objects.filter(practice_id=row.practice_id, settlement=row)
    first = shares.first()
    if first is None:
        return
    for entry, entity in ((first.practice_entry, row.practice_entity_id), (first.mso_entry, row.mso_entity_id)):
        ledger.reverse(
            actor=actor, entry=entry, entity=entity, why=why, on=Month.of(row.month).last, at=at, under=under
        )
    shares.update(settlement=None, practice_entry="", mso_entry="")


def _faults(new: NewRebate, practices: Sequence[int], *, today: object) -> tuple[str, str] | None:
    for field, words, said in (
        ("vendor", "Say who paid it back.", new.vendor), ("what", "Say for what it was paid.", new.what),
        ("rule", "Say by which rule it is shared.", new.rule),
    ):  # fmt: skip
        if not said.strip():
            return field, words
    if new.amount <= ZERO:
        return "amount", "The amount is above zero."
    if new.ends_on < new.starts_on:
        return "ends_on", "The period ends before it begins."
    if not new.starts_on <= new.received_on <= today:  # type: ignore[operator]
        return "received_on", "It was received after the period began, and by today."
    if any(weight < 0 for weight in new.weights.values()) or not practices:
        return "weights", "Give what at least one practice counts for; nobody counts for less than nothing."
    return None


def _entity(mso: int, practices: Sequence[int], new: NewRebate) -> int:
    """The entity of the MSO under whose agreements the practices bought."""
    entities = set()
    for practice in practices:
        version = agreements.in_force(practice, new.ends_on) or agreements.in_force(practice, new.received_on)
        if version is None or version.terms.mso.tenant != mso:
            name = Tenant.objects.values_list("name", flat=True).get(pk=practice)
            raise NoRebate(f"{name} had no agreement with the MSO then.", field="weights", fix="Leave it out.")
        entities.add(version.terms.mso.entity)
    if len(entities) > 1:
        raise NoRebate("The practices have agreements with different entities of the MSO.", field="weights",
                       fix="Record the part of each by itself.")  # fmt: skip
    return entities.pop()
