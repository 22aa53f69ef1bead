"""Payments on line: whose a link is, what its page shows, the list of what was begun, and cards on file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, QuerySet, Sum

from openmso.billing import links, registry
from openmso.billing.contracts import CardRow, ChargeRow, OnlineRow, PatientPage
from openmso.billing.models import Card, Charge, OnlinePayment, Refund, Statement
from openmso.billing.queries import consents, owing, plans, policies
from openmso.billing.queries.narrowing import narrow
from openmso.billing.rules.plans import DAY_MAX, first_day, in_months, months_allowed
from openmso.billing.states import C, Charging, L, Paying, Reach
from openmso.kit.errors import NotFound
from openmso.kit.money import ZERO, Money
from openmso.parties.queries import practices, providers
from openmso.patients import queries as patients
from openmso.platform.tenancy.queries import tenants
from openmso.platform.ui import counting, paging
from openmso.platform.ui.contracts import Filters, Page, PageAsk, Tally

OPENS_FOR = timedelta(days=120)
"""How long the link of a statement opens its page."""
SORTS = {"made_at": "made_at", "amount": "amount"}


@dataclass(frozen=True, slots=True)
class Opening:
    """Whose page a link opens, and what they say to open it."""

    statement: str
    practice: int
    patient: int
    born_on: date | None


def opening(link: str, *, on: date) -> Opening | None:
    """Whose a link is; none where it is not ours, or no longer opens anything. Asked of the whole network."""
    named = links.statement(link)
    row = Statement.objects.filter(public_id=named, reason="").first() if named else None
    if row is None or on > row.on + OPENS_FOR:
        return None
    who = patients.by_ids([row.patient_id])[row.patient_id]
    return Opening(row.public_id, row.practice_id, row.patient_id, who.person.born_on)


def page(opened: Opening, *, on: date) -> PatientPage:
    """What the patient sees: what is owed line by line now, what is due, and how it can be paid."""
    practice, patient = opened.practice, opened.patient
    lines = tuple(one for one in owing.lines(practice=practice, patients=[patient]).get(patient, []) if one.owed > ZERO)
    owed = Money.total(one.owed for one in lines)
    mine = [one for one in plans.of_patient(practice=practice, patient=patient) if one.state in {L.ASKED, L.ACTIVE}]
    asked = plans.asked(practice=practice, by=on, patient=patient).get(patient)
    policy = policies.current(practice)
    code = next(one.code for one in tenants() if one.pk == practice)
    provider = registry.provider_for(code)
    biller = next((one for one in providers.billers(practice, on=on) if one.closed_on is None), None)
    who = patients.by_ids([patient])[patient]
    return PatientPage(
        opened.statement, practice, practices.practice(practice, on=on).name, biller.phone if biller else "",
        who.public_id, lines, owed, asked.amount if asked else owed,
        mine[0] if mine else None,
        () if mine else tuple((one, in_months(owed, one)) for one in months_allowed(owed, policy)),
        first_day(on, min(on.day, DAY_MAX)),
        card_of(practice=practice, patient=patient),
        patient in consents.texts_allowed(practice, [patient]) if who.phone else None,
        provider is not None, bool(provider and provider.is_test),
        provider.origin if provider else "",
    )  # fmt: skip


def grant_of(statement: str) -> str:
    """The grant under which a statement was sent: what its patient does about it is done under the same."""
    return Statement.objects.values_list("run__grant", flat=True).get(public_id=statement)


def begun(payment: str, *, opened: Opening) -> OnlineRow:
    """A payment that the patient of a page began; raises `NotFound` for anybody else's."""
    return begun_by(payment, practice=opened.practice, patient=opened.patient)


def place_of(payment: str) -> int | None:
    """The practice of a payment on line. Asked of the whole network."""
    return OnlinePayment.objects.filter(public_id=payment).values_list("practice_id", flat=True).first()


def listing(*, filters: Filters, page: PageAsk) -> Page[OnlineRow]:
    """A page of what patients began to pay on line, the latest first unless sorted otherwise."""
    found = filtered(filters)
    column = SORTS.get(page.sort, "made_at")
    shown = paging.rows(found, (f"-{column}" if page.desc or not page.sort else column, "pk"), page)
    return counting.page_of(rows_of(shown), found, page, lambda: tally(filters=filters))


def tally(*, filters: Filters) -> Tally:
    """How many they are, and what they come to."""
    sums = filtered(filters).aggregate(n=Count("pk"), sum=Sum("amount"))
    return Tally(sums["n"], {"amount": Money.of(sums["sum"] or 0)})


def filtered(filters: Filters) -> QuerySet[OnlinePayment]:
    """What the filters leave; the text is one of them, the provider's reference or a patient."""
    return narrow(
        _with_payment(), filters, compared={"amount": "amount"}, ids={"OLP": "public_id"}, says=["reference"]
    )  # fmt: skip


def _with_payment() -> QuerySet[OnlinePayment]:
    return OnlinePayment.objects.select_related("payment")


def rows_of(found: Sequence[OnlinePayment]) -> list[OnlineRow]:
    """Rows as the list shows them."""
    people = patients.by_ids({row.patient_id for row in found})
    names = {one.pk: one.name for one in tenants()}
    return [
        OnlineRow(
            row.public_id, row.practice_id, names.get(row.practice_id, ""), people[row.patient_id].public_id,
            people[row.patient_id].name, row.provider, row.reference, Money.of(row.amount), Paying(row.state),
            row.words, row.payment.public_id if row.payment else "", row.made_at, row.settled_at,
        )
        for row in found
    ]  # fmt: skip


def is_of_online(refund: str) -> bool:
    """Whether a refund is of a payment that came on line, and can go back there."""
    found = Refund.objects.filter(public_id=refund).values_list("payment_id", flat=True)
    return OnlinePayment.objects.filter(payment_id__in=found).exists()


def card_of(*, practice: int, patient: int) -> CardRow | None:
    """The card that a patient has on file, if any."""
    row = Card.objects.filter(practice_id=practice, patient_id=patient, state=C.ACTIVE).first()
    return _card(row) if row else None


def holder(card: str) -> str:
    """Whose card it is: the patient's public id; raises `NotFound`."""
    found = Card.objects.filter(public_id=card).values_list("patient__public_id", flat=True).first()
    if found is None:
        raise NotFound(f"There is no card {card}.")
    return found


def card(public_id: str) -> CardRow:
    """One card; raises `NotFound`."""
    row = Card.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no card {public_id}.")
    return _card(row)


def _card(row: Card) -> CardRow:
    return CardRow(
        row.public_id, row.practice_id, row.provider, row.brand, row.last4, row.expires_on, C(row.state),
        Reach(row.reach), Money.of(row.cap_amount), row.notice_days, row.cancel_days, row.agreed_at, row.agreed_by,
        row.ends_on, row.ended_why,
    )  # fmt: skip


def cards_of(*, practice: int, patient: int) -> list[CardRow]:
    """All cards that a patient put on file, or began to, the latest first."""
    rows = Card.objects.filter(practice_id=practice, patient_id=patient)
    return [_card(row) for row in rows.order_by("-pk")]


def charges_of(*, practice: int, patient: int) -> list[ChargeRow]:
    """What was or will be charged to a patient's cards, the latest first."""
    rows = Charge.objects.filter(practice_id=practice, patient_id=patient).select_related("card").order_by("-pk")
    return [
        ChargeRow(row.public_id, row.practice_id, row.number, row.charge_on, Money.of(row.amount),
                  Charging(row.state), row.words, row.card.last4)
        for row in rows
    ]  # fmt: skip


def begun_by(payment: str, *, practice: int, patient: int) -> OnlineRow:
    """A payment that was begun for a patient; raises `NotFound` for anybody else's."""
    row = _with_payment().filter(practice_id=practice, patient_id=patient, public_id=payment).first()
    if row is None:
        raise NotFound(f"There is no payment {payment} on line.")
    return rows_of([row])[0]
