"""Appeals as lists and pages show them; what their letters are filled in with; how appeals end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum

from openmso.claims.queries import decided, stories
from openmso.denials.contracts import Appeal, AppealRow, DenialRow, EnclosureRow, Overturned
from openmso.denials.models import Appeal as AppealModel
from openmso.denials.models import AppealItem, Denial, Enclosure, Template
from openmso.denials.queries import queue
from openmso.denials.rules import letters
from openmso.denials.rules.letters import Letter
from openmso.denials.states import ANSWERED, A
from openmso.kit.errors import NotFound
from openmso.kit.ids import beginning
from openmso.kit.money import Money
from openmso.kit.words import amount, day, phone
from openmso.parties.contracts import BillingProvider
from openmso.parties.queries import payers, providers
from openmso.patients import queries as patients
from openmso.platform.tenancy.queries import tenants
from openmso.platform.ui import counting, paging
from openmso.platform.ui.contracts import Filters, Page, PageAsk, Tally
from openmso.platform.ui.narrowing import by_terms
from openmso.remittances.queries import files
from openmso.remittances.queries import lines as remitted

SORTS = {"drafted_at": "drafted_at", "due_on": "due_on", "amount": "amount", "sent_on": "sent_on"}
SUMS = {"n": Count("pk"), "left": Sum("amount"), "won": Sum("won_amount")}


def appeals(*, filters: Filters, page: PageAsk) -> Page[AppealRow]:
    """Appeals as the filters want them, the latest first unless sorted otherwise."""
    found = _filtered(filters)
    key = SORTS.get(page.sort, "drafted_at")
    order = (f"-{key}" if page.desc or not page.sort else key, "pk")
    if few := paging.summed_if_few(found, order, page, SUMS, named=bool(filters.text)):
        return counting.told(_rows(few[0]), page, _told(few[1]))
    return counting.told(_rows(paging.rows(found, order, page)), page, None)


def tally(*, filters: Filters) -> Tally:
    """How many appeals the filters leave, and what they are about."""
    return _told(_filtered(filters).aggregate(**SUMS))


def _told(sums: dict[str, object]) -> Tally:
    return Tally(int(sums["n"] or 0), {"amount": Money.of(sums["left"] or 0), "won": Money.of(sums["won"] or 0)})  # type: ignore[call-overload, arg-type]


def _filtered(filters: Filters) -> QuerySet[AppealModel]:
    found = AppealModel.objects.all()
    if states := filters.many("is"):
        found = found.filter(state__in=states)
    if named := filters.many("payer"):
        found = found.filter(payer_id__in=payers.keys(named))
    found = found.filter(by_terms(filters, {"amount": "amount", "due": "due_on", "sent": "sent_on", "level": "level"}))
    if filters.text.strip():
        span = beginning("APL", filters.text)
        says = Q(payer_name__icontains=filters.text) | Q(title__icontains=filters.text)
        found = found.filter(says | Q(public_id__range=span) if span else says)
    return found


def _rows(found: Sequence[AppealModel]) -> list[AppealRow]:
    names = {tenant.pk: tenant.name for tenant in tenants()} if found else {}
    return [_row(row, names.get(row.practice_id, "")) for row in found]


def _row(row: AppealModel, practice: str) -> AppealRow:
    return AppealRow(
        row.public_id, row.practice_id, practice, row.payer_name, row.level, row.level_words, row.title, A(row.state),
        Money(row.amount), Money(row.won_amount), row.due_on, row.drafted_at, row.drafted_by, row.sent_on, row.method,
        row.answered_on,
    )  # fmt: skip


def appeal(public_id: str, *, on: date) -> Appeal:
    """One appeal with its denials and enclosures; raises `NotFound`."""
    row = AppealModel.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no appeal {public_id}.")
    held = AppealItem.objects.filter(practice_id=row.practice_id, appeal=row).values("denial_id")
    denials = Denial.objects.filter(practice_id=row.practice_id, pk__in=held).order_by("claim_name", "number")
    names = {tenant.pk: tenant.name for tenant in tenants()}
    papers = Enclosure.objects.filter(practice_id=row.practice_id, appeal=row).order_by("pk")
    return Appeal(
        row=_row(row, names.get(row.practice_id, "")), body=row.body, template=row.template, letter=row.letter,
        proof=row.proof, sent_by=row.sent_by, answer_note=row.answer_note,
        denials=tuple(queue.rows_of(list(denials), on=on)),
        papers=tuple(EnclosureRow(one.document, one.name, one.is_proof, one.at, one.by) for one in papers),
    )  # fmt: skip


def of_denial(denial: str) -> list[AppealRow]:
    """The appeals about a denial, the latest first."""
    held = AppealItem.objects.filter(denial__public_id=denial).values("appeal_id")
    return _rows(list(AppealModel.objects.filter(pk__in=held).order_by("-level", "-drafted_at")))


def overturned() -> list[Overturned]:
    """Of the practices in scope: by payer and level how many appeals were answered and won, and what came in."""
    answered = AppealModel.objects.filter(state__in=sorted(ANSWERED)).order_by()
    rows = answered.values_list("payer_name", "level", "level_words").annotate(
        n=Count("pk"), won=Count("pk", filter=Q(state__in=[A.WON, A.PARTLY])), amount=Sum("amount"),
        promised=Sum("won_amount"),
    )  # fmt: skip
    found = [
        Overturned(payer, level, words, n, won, Money(amount), Money(promised))
        for payer, level, words, n, won, amount, promised in rows
    ]
    return sorted(found, key=lambda one: (-one.answered, one.payer, one.level))


# ---- letters ----------------------------------------------------------------------------------------------------


def templates() -> list[Letter]:
    """The letters that hold: the last version of each name, before those of the house of other names."""
    last: dict[str, Letter] = dict(letters.of_the_house())
    for row in Template.objects.order_by("number"):
        last[row.name] = Letter(row.name, row.number, row.title, row.body, row.category, row.by)
    return sorted(last.values(), key=lambda one: one.name)


def template(name: str) -> Letter:
    """A letter by its name; raises `NotFound`."""
    found = next((one for one in templates() if one.name == name), None)
    if found is None:
        raise NotFound(f"There is no letter {name}.")
    return found


def versions(name: str) -> list[tuple[int, str, object]]:
    """The versions of a letter: number, who kept it, when."""
    return list(Template.objects.filter(name=name).order_by("-number").values_list("number", "by", "at"))


def fitting(category: str) -> str:
    """The name of the letter that fits a kind of denial best."""
    return next((one.name for one in templates() if one.category == category), "general")


def values(denials: Sequence[Denial], *, level: str) -> dict[str, str]:
    """What the fields of a letter about some denials of one payer stand for; empty where nothing is on file."""
    rows = queue.rows_of(denials, on=denials[0].denied_on)
    claims = decided.of_claims(practice=denials[0].practice_id, claims={row.claim_id for row in denials})
    whole = [stories.claim(name) for name in sorted({row.claim_name for row in denials})]
    first = next(iter(claims.values()))
    person = patients.by_ids([first.patient_id])[first.patient_id]
    same = len({one.patient_id for one in claims.values()}) == 1
    cover = next(
        (one for one in patients.coverages_of([first.patient_id]).get(first.patient_id, ())
         if one.payer_id == denials[0].payer_id), None,
    )  # fmt: skip
    biller = biller_of(denials[0])
    sent = [one.first_sent_on for one in claims.values() if one.first_sent_on]
    traces = {files.remittance(name).trace for name in {row.remittance for row in denials}}
    return {
        "amount": f"${Money.total(Money(row.amount) for row in denials):,.2f}",
        "claims": _list(one.public_id for one in whole), "payer_claims": _list(one.payer_control for one in whole),
        "clinician": _list(row.clinician for row in rows), "denied_on": _list(day(row.denied_on) for row in denials),
        "diagnoses": _list(code for one in whole for code in one.diagnoses),
        "first_sent_on": day(min(sent)) if sent else "", "level": level, "lines": letters.LINES,
        "member_id": cover.member_id if cover and same else "", "npi": biller.npi,
        "patient": rows[0].patient if same else "",
        "born_on": day(person.person.born_on) if same and person.person.born_on else "", "payer": rows[0].payer,
        "phone": phone(biller.phone), "practice": biller.name,
        "reasons": _list(f"{row.reason} ({row.words})" for row in rows),
        "remittances": _list(traces), "service_on": _list(day(row.service_on) for row in rows if row.service_on),
        "tin": biller.tin,
    }  # fmt: skip


def claims_of(denials: Sequence[DenialRow]) -> list[list[str]]:
    """The claims of a letter as the payer finds them: our number, its own, patient, birth, member number, payment."""
    rows = Denial.objects.filter(pk__in=[one.id for one in denials]).order_by("claim_name", "pk")
    last = {row.claim_name: row for row in rows}
    answers = remitted.answers(practice=denials[0].practice, payments={row.payment_name for row in last.values()})
    people = patients.by_ids([row.patient_id for row in last.values()])
    covers = patients.coverages_of(list(people))
    told = []
    for name, row in last.items():
        answer, person = answers.get(row.payment_name), people[row.patient_id]
        member = answer.member_id if answer else ""
        mine = (one.member_id for one in covers.get(row.patient_id, ()) if one.payer_id == row.payer_id)
        told.append([
            name, answer.payer_control if answer else "", person.name,
            day(person.person.born_on) if person.person.born_on else "", member or next(mine, ""),
            f"{day(answer.paid_on)}, {answer.trace}" if answer and answer.paid_on else "",
        ])  # fmt: skip
    return told


def services(denials: Sequence[DenialRow]) -> list[list[str]]:
    """The table of services of a letter."""
    return [
        [row.claim, day(row.service_on) if row.service_on else "", row.code or "as a whole",
         f"{row.reason} {row.words}", amount(row.charge.amount), amount(row.amount.amount)]
        for row in denials
    ]  # fmt: skip


def biller_of(row: Denial) -> BillingProvider:
    """Who billed it, as they are today."""
    claim = decided.of_claims(practice=row.practice_id, claims={row.claim_id})[row.claim_id]
    return providers.biller(claim.biller_id or 0, on=row.denied_on)


def biller(appeal: str) -> BillingProvider:
    """Who signs an appeal."""
    held = AppealItem.objects.filter(appeal__public_id=appeal).values("denial_id")
    return biller_of(Denial.objects.filter(pk__in=held).order_by("pk")[0])


def _list(parts: object) -> str:
    return ", ".join(dict.fromkeys(one for one in parts if one))  # type: ignore[attr-defined]
