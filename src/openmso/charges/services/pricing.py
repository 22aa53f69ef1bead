"""Fees are published, charges priced anew, and what is expected of them is worked out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from openmso.charges import contracts, queries, rules
from openmso.charges.contracts import FeeDraft
from openmso.charges.models import Charge as ChargeModel
from openmso.charges.models import Fee, FeeSchedule, FeeVersion
from openmso.charges.services.common import SUBJECT
from openmso.kit.errors import Conflict, Refused
from openmso.platform.access import reserved
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.database.writing import update
from openmso.platform.tenancy.scope import atomic


class FeesTwice(Conflict):
    """A schedule begins once on a day; prices that were published are never changed."""

    code = "fees_published_twice"


class NoFees(Refused):
    """A version without a price."""

    code = "no_fees"


@atomic
def publish_fees(
    *,
    actor: Actor,
    practice: int,
    name: str,
    label: str,
    starts_on: date,
    fees: Iterable[FeeDraft],
    at: datetime,
    payer_id: int | None = None,
) -> str:
    """Publish the prices of a schedule from a day on; returns the schedule's public id.

    A version need not repeat prices that stay: what it leaves out holds on from the version before. Where prices are
    the practice's to decide, the MSO publishes what it agreed to (`NotPermitted`).
    """
    decision = actor.must(contracts.FEES.code, practice)
    drafts = list(fees)
    if not drafts:
        raise NoFees("The schedule has no prices.", fix="Give at least one code with its price.")
    rules.judge(drafts)
    schedule, _ = FeeSchedule.objects.get_or_create(practice_id=practice, name=name, defaults={"payer_id": payer_id})
    if schedule.payer_id != payer_id:
        raise FeesTwice(f"{name} is the schedule of another payer.", fix="Choose another name.")
    if FeeVersion.objects.filter(schedule=schedule, starts_on=starts_on).exists():
        raise FeesTwice(f"{name} has prices from {starts_on} already.", fix="Publish them from a later day.")
    reserved.permit(
        actor=actor, practice=practice, act=contracts.PRICES, subject=("charges.feeschedule", schedule.public_id),
        words=f"Published {len(drafts)} prices of {name} from {starts_on:%-d %B %Y}", at=at, under=decision,
    )  # fmt: skip
    version = FeeVersion.objects.create(
        practice_id=practice, schedule=schedule, label=label, starts_on=starts_on, published_at=at
    )
    Fee.objects.bulk_create(
        [
            Fee(practice_id=practice, version=version, code=d.code, modifier=d.modifier, amount=d.amount.amount)
            for d in drafts
        ],
        batch_size=2000,
    )
    audit.record(
        actor=actor, action="charges.fees_published", practice=practice, subject=("charges.feeschedule",
        schedule.public_id), at=at, facts={"count": len(drafts), "name": name, "starts_on": str(starts_on)},
        decision=decision,
    )  # fmt: skip
    return schedule.public_id


@atomic
def price_anew(*, actor: Actor, practice: int, charge_ids: Collection[int], at: datetime) -> int:
    """Price charges that had no price by the schedules as they are now; how many got one.

    Whoever calls it looks after the claims these charges stand on.
    """
    decision = actor.must(contracts.CAPTURE.code, practice)
    unpriced = ChargeModel.objects.select_for_update().filter(
        practice_id=practice, pk__in=charge_ids, is_priced=False, code_system=""
    )
    rows = list(unpriced.order_by("pk"))
    fees = queries.fees_of(practice=practice, codes={row.code for row in rows})
    priced = []
    for row in rows:
        found = rules.price(fees, code=row.code, modifiers=tuple(row.modifiers), payer_id=None, on=row.service_on)
        if found is not None:
            row.amount = rules.extended(found.amount, Decimal(row.units)).amount
            row.is_priced, row.fee_version = True, found.version
            priced.append(row)
    expect(priced)
    update(priced, ["amount", "is_priced", "fee_version", *EXPECTED])
    if priced:
        audit.record(
            actor=actor, action="charges.priced", practice=practice, subject=(SUBJECT, ""), at=at,
            facts={"count": len(priced)}, decision=decision,
        )  # fmt: skip
    return len(priced)


@atomic
def expect_anew(*, practice: int, charge_ids: Collection[int], payer_id: int | None = None) -> None:
    """Ask again what charges should bring: their payer is known now, or another. Claims call it."""
    rows = list(ChargeModel.objects.select_for_update().filter(practice_id=practice, pk__in=charge_ids).order_by("pk"))
    expect(rows, payer_id=payer_id)
    update(rows, EXPECTED)


def expect(rows: Sequence[ChargeModel], *, payer_id: int | None = None) -> None:
    for row, expected in zip(rows, queries.expected_of(rows, payer_id=payer_id), strict=True):
        row.expected_amount = expected.amount.amount if expected.amount is not None else None
        row.expected_words, row.expected_source = expected.words[:300], expected.source


EXPECTED = ["expected_amount", "expected_words", "expected_source"]
