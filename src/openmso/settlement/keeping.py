"""What a settlement leaves behind: the fee with its terms, inputs and steps; the statement's rows; the papers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from openmso.agreements.fees import sentences, writing
from openmso.agreements.fees.quote import Quote
from openmso.kit.errors import Conflict
from openmso.kit.periods import Month
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.documents import services as documents
from openmso.settlement import pdf, queries
from openmso.settlement.contracts import SOURCE, Row
from openmso.settlement.contracts.metering import Reading
from openmso.settlement.contracts.parts import TrueUp
from openmso.settlement.models import FeeComputation, MeteredRecord, StatementRow
from openmso.settlement.models import Settlement as SettlementModel
from openmso.settlement.queries.reckoning import Reckoned

AT_A_TIME = 2_000


def fee(
    *, practice: int, found: Sequence[Reckoned], true_ups: Sequence[TrueUp], quote: Quote, at: datetime
) -> FeeComputation:  # fmt: skip
    """A fee as it was computed: enough to compute it again to the cent, and to open what it was computed from.

    `found` are the parts of the month, `true_ups` the periods that it trues up, `quote` is all of it.
    """
    version, alone = found[-1].part.version, len(found) == 1
    return FeeComputation.objects.create(
        practice_id=practice,
        agreement=version.agreement,
        version=version.number,
        starts_on=quote.days.starts_on,
        ends_on=quote.days.ends_on,
        amount=quote.amount.amount,
        terms=writing.terms_json(quote.terms),
        inputs=quote.inputs.as_json(),
        opens=dict(found[0].given.opens) if alone else {},
        meters=_meters(found),
        parts=[] if alone else [_part(one) for one in found],
        true_ups=[_true_up(one) for one in true_ups],
        steps=[
            {
                "kind": step.kind.value,
                "label": step.label,
                "formula": step.formula,
                "exact": step.exact,
                "amount": str(step.amount),
                "rounding": step.rounding,
                "effect": str(step.effect),
                "so_far": str(step.so_far),
                "uses": list(step.uses),
            }
            for step in quote.steps
        ],
        sentence=writing.said_of(quote),
        computed_at=at,
    )


def _part(one: Reckoned) -> dict[str, Any]:
    """A part of a month, by itself enough to be computed again and opened."""
    return {
        "agreement": one.part.version.agreement, "version": one.part.version.number,
        "starts_on": str(one.quote.days.starts_on), "ends_on": str(one.quote.days.ends_on),
        "amount": str(one.quote.amount), "terms": writing.terms_json(one.quote.terms),
        "inputs": one.quote.inputs.as_json(), "opens": dict(one.given.opens), "meters": _meters([one]),
        "sentence": sentences.sentence(one.quote.terms),
    }  # fmt: skip


def _true_up(one: TrueUp) -> dict[str, Any]:
    """A period that is trued up, with the figures of its months and what they were charged."""
    return {
        "per": one.per.value, "starts_on": str(one.days.starts_on), "ends_on": str(one.days.ends_on),
        "charged": [
            {"month": str(each.month), "amount": str(each.amount), "settlement": each.settlement,
             "invoice": each.invoice}
            for each in one.charged
        ],
        "runs": [
            {
                "terms": writing.terms_json(run.terms),
                "months": [
                    {
                        "month": str(Month.of(each.dated.period.starts_on)),
                        "starts_on": str(each.dated.days.starts_on), "ends_on": str(each.dated.days.ends_on),
                        "inputs": each.dated.inputs.as_json(), "credits": str(each.dated.credits),
                        "opens": dict(each.opens),
                    }
                    for each in run.months
                ],
            }
            for run in one.runs
        ],
    }  # fmt: skip


def _meters(found: Sequence[Reckoned]) -> dict[str, dict[str, str]]:
    """What was metered, by name; of several parts together."""
    read: dict[str, list[Reading]] = {}
    for part in found:
        for count, one in part.given.metered.items():
            read.setdefault(count, []).append(one)
    return {
        count: {
            "heading": some[0].heading, "words": some[0].words,
            "quantity": f"{sum((one.quantity for one in some), Decimal(0)).normalize():f}",
            "records": str(sum(len(one.records) for one in some)), "late": str(sum(one.late for one in some)),
        }
        for count, some in read.items()
    }  # fmt: skip


def rows(row: SettlementModel, made: Sequence[Row]) -> None:
    """The statement's rows, as they are issued."""
    StatementRow.objects.bulk_create(
        StatementRow(
            practice_id=row.practice_id,
            settlement=row,
            number=each.number,
            section=each.section,
            label=each.label,
            note=each.note,
            amount=each.amount.amount if each.amount is not None else None,
            part=each.part.amount if each.part is not None else None,
            total=each.total,
            selection=dict(each.selection),
            sign=each.sign,
            step=each.step,
        )
        for each in made
    )


def metered(row: SettlementModel, found: Sequence[Reckoned]) -> None:
    """The records that the fee was charged by; of two settlements that would count one, the database takes one."""
    kept = [
        MeteredRecord(
            practice_id=row.practice_id, settlement=row, meter=count, record=one.name, on=one.on,
            quantity=one.quantity, late=one.late, again=reading.again, part=number if len(found) > 1 else 0,
        )
        for number, part in enumerate(found, 1)
        for count, reading in part.given.metered.items() for one in reading.records
    ]  # fmt: skip
    try:
        with transaction.atomic():
            MeteredRecord.objects.bulk_create(kept, batch_size=AT_A_TIME)
    except IntegrityError:
        raise Conflict(
            "Another month that is being settled counts some of the same records.", code="metered_already",
            fix="Settle this month again when that one is done.",
        ) from None  # fmt: skip


def unmetered(row: SettlementModel) -> None:
    """What a withdrawn settlement was charged by can be counted again."""
    MeteredRecord.objects.filter(practice_id=row.practice_id, settlement=row).update(standing=False)


def papers(row: SettlementModel, *, actor: Actor, at: datetime, under: Decision) -> None:
    """The statement and the invoice as PDF, stored like every file that leaves the house."""
    statement = queries.statement(row.public_id)
    made = {"statement": pdf.statement(statement), "invoice": pdf.invoice(statement)}
    for kind, content in made.items():
        stored = documents.store(
            actor=actor,
            practice=row.practice_id,
            name=f"{kind}-{row.invoice}.pdf",
            content=content,
            media_type="application/pdf",
            purpose=f"settlement.{kind}",
            at=at,
            under=under,
        )
        setattr(row, f"{kind}_document", stored.public_id)
        documents.became(document=stored.public_id, subject=(SOURCE, row.public_id), practice=row.practice_id, at=at)
    row.save(update_fields=["statement_document", "invoice_document"])
