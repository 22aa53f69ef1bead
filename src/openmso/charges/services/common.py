"""What the verbs of charges share: a row and its code, what cannot be billed, and telling of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from openmso.charges import rules
from openmso.charges.contracts import MODIFIERS_MAX, ChargeDraft, VisitCharges
from openmso.charges.events import ChargesCaptured
from openmso.charges.models import Charge as ChargeModel
from openmso.charges.states import S
from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.kit.money import ZERO, Money
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.outbox import services as outbox

SUBJECT = "charges.charge"
MODIFIER_LENGTH = 2
MINUTES_MAX = 1440


class NotALine(Refused):
    """What was typed cannot stand on the line of a claim."""

    code = "not_a_line"


class OnAClaim(Conflict):
    """The charge stands on a claim; it is changed there."""

    code = "charge_on_a_claim"


def tell_captured(actor: Actor, practice: int, rows: Sequence[ChargeModel], at: datetime, decision: Decision) -> None:
    amount = Money.total(Money.of(row.amount) for row in rows)
    visits = len({row.visit_id for row in rows})
    audit.record(
        actor=actor, action="charges.captured", practice=practice, subject=(SUBJECT, ""), at=at,
        facts={"count": len(rows), "visits": visits, "amount": str(amount)}, decision=decision,
    )  # fmt: skip
    outbox.publish(ChargesCaptured(visits, len(rows), str(amount)), practice=practice, at=at)


CODED = [
    "code", "code_system", "modifiers", "pointers", "units", "service_on", "service_through", "ndc", "ndc_quantity",
    "ndc_unit", "note", "revenue_code", "minutes", "amount", "is_priced", "fee_version",
]  # fmt: skip


def row_of(
    practice: int, visit: VisitCharges, number: int, line: ChargeDraft, fees: rules.Fees, at: datetime
) -> ChargeModel:
    row = ChargeModel(
        practice_id=practice, visit_id=visit.visit_id, patient_id=visit.patient_id, number=number, state=S.CAPTURED,
        state_at=at, source_id=line.source_id,
    )  # fmt: skip
    put_code(row, line, fees)
    return row


def put_code(row: ChargeModel, line: ChargeDraft, fees: rules.Fees, *, payer_id: int | None = None) -> None:
    """Write a draft's codes on a row, with its price."""
    row.code, row.code_system = line.code, line.code_system
    row.modifiers, row.pointers, row.units = list(line.modifiers), list(line.pointers), line.units
    row.service_on, row.service_through, row.note = line.service_on, line.service_through, line.note[:80]
    row.revenue_code, row.minutes = line.revenue_code, line.minutes
    row.ndc = line.drug.ndc if line.drug else ""
    row.ndc_quantity = line.drug.quantity if line.drug else None
    row.ndc_unit = line.drug.unit if line.drug else ""
    priced = rules.price(fees, code=line.code, modifiers=line.modifiers, payer_id=payer_id, on=line.service_on)
    if line.amount is not None:
        row.amount, row.is_priced, row.fee_version = line.amount.amount, True, ""
    elif priced is not None:
        row.amount = rules.extended(priced.amount, Decimal(line.units)).amount
        row.is_priced, row.fee_version = True, priced.version
    else:
        row.amount, row.is_priced, row.fee_version = (line.otherwise or ZERO).amount, line.otherwise is not None, ""


def refuse_unbillable(draft: ChargeDraft) -> None:
    """Refuse what no claim line has room for (837P SV101, LIN03)."""
    if len(draft.modifiers) > MODIFIERS_MAX or any(len(one) != MODIFIER_LENGTH for one in draft.modifiers):
        raise NotALine(
            "A line has up to four modifiers of two letters or digits.", field="modifiers", fix="Leave the others out."
        )
    if not draft.code and not draft.revenue_code:
        raise NotALine("A line has a procedure code or a revenue code.", field="code", fix="Enter what was done.")
    if draft.revenue_code and not re.fullmatch(r"[0-9]{4}", draft.revenue_code):
        raise NotALine("A revenue code has four digits.", field="revenue_code", fix="Write it with its zero: 0521.")
    if draft.minutes is not None and not 0 < draft.minutes <= MINUTES_MAX:
        raise NotALine(
            "A service takes one to 1,440 minutes.", field="minutes", fix="Enter how long it took, or nothing."
        )
    if draft.drug and not (re.fullmatch(r"[0-9]{11}", draft.drug.ndc) and draft.drug.quantity > 0):
        raise NotALine(
            "A drug is an NDC of eleven digits and how much was given.", field="ndc", fix="Correct the NDC or quantity."
        )


def locked(charge_id: int) -> ChargeModel:
    row = ChargeModel.objects.select_for_update().filter(pk=charge_id).first()
    if row is None:
        raise NotFound("There is no such charge.")
    return row
