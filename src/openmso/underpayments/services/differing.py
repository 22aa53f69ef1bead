"""Finding where payments differ in another way than paid short: above the contract, taken back, recoded, denied."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from openmso.claims.contracts import ExpectedLine
from openmso.claims.queries import expected as expecting
from openmso.claims.queries import stories
from openmso.eligibility.contracts import CheckRow
from openmso.eligibility.queries import checks
from openmso.kit.money import ZERO, Money
from openmso.parties.queries import payers
from openmso.platform.database.writing import update
from openmso.remittances.contracts import DeniedLine, JudgedLine, PatientPart, Unusual
from openmso.remittances.queries import denied, unusual
from openmso.underpayments.contracts import About
from openmso.underpayments.models import Difference
from openmso.underpayments.rules import unlike
from openmso.underpayments.services import rulebook

WORDS_MAX = 300


def find(
    *, practice: int, remittance: str, lines: Sequence[ExpectedLine], judged: Mapping[int, JudgedLine], today: date,
    at: datetime,
) -> int:  # fmt: skip
    """Find what differs in a remittance and ask the rules about it; how many differences stand in it.

    `lines` are those with an expected amount. What a remittance takes back differs no more, and a line that is no
    longer above its contract neither.
    """
    found: dict[tuple[str, str, int], Difference] = {}
    for row in _found(practice, remittance, lines, judged):
        before = found.setdefault((row.source, row.about, row.line), row)
        if before is not row:
            before.amount += row.amount
    _name_claims(practice, found.values(), today)
    mine = Difference.objects.select_for_update().filter(practice_id=practice)
    known = {(row.source, row.about, row.line): row for row in mine.filter(source__in={key[0] for key in found})}
    fresh = [row for key, row in found.items() if key not in known]
    Difference.objects.bulk_create(fresh, batch_size=1000)
    over = {row.claim_line_id for row in found.values() if row.about == About.OVERPAID}
    gone = [*mine.filter(gone_on=None, source__in=unusual.taken_back_by(practice=practice, remittance=remittance)),
            *mine.filter(gone_on=None, about=About.OVERPAID, claim_line_id__in=set(judged) - over)]  # fmt: skip
    end(practice, gone, today, at)
    rulebook.ask_about_differences(practice, [row.pk for row in (*fresh, *known.values())], today, at)
    return len(found)


def end(practice: int, rows: Iterable[Difference], today: date, at: datetime) -> None:
    """These differ no more; what was proposed for them lapses."""
    gone = {row.pk: row for row in rows}
    for row in gone.values():
        row.gone_on = today
    update(list(gone.values()), ["gone_on"])
    rulebook.lapse(rulebook.DIFFERENCE, practice, gone, at)


def matched(*, practice: int, payment: str, today: date, at: datetime) -> None:
    """A payment that fitted no claim has found one."""
    end(practice, Difference.objects.filter(practice_id=practice, source=payment, about=About.UNMATCHED), today, at)


def _found(
    practice: int, remittance: str, lines: Sequence[ExpectedLine], judged: Mapping[int, JudgedLine]
) -> Iterator[Difference]:
    which = {"practice": practice, "remittance": remittance}
    yield from _above(practice, lines, judged)
    for one in unusual.taken_back_alone(**which):  # type: ignore[arg-type]
        yield _row(practice, About.TAKEN_BACK, one, -one.amount, "A payment is taken back that is not in our books")
    for one in unusual.unmatched(**which):  # type: ignore[arg-type]
        yield _row(practice, About.UNMATCHED, one, one.amount, "Paid for a claim that we do not know")
    for one in unusual.interest(**which):  # type: ignore[arg-type]
        side = "charged" if one.amount < ZERO else "paid"
        yield _row(practice, About.INTEREST, one, one.amount, f"Interest {side}, {'claim' if one.claim else 'PLB'}")
    for one in unusual.recoded(**which):  # type: ignore[arg-type]
        yield _row(practice, About.RECODED, one, one.amount, f"Billed {one.submitted}, judged as {one.code}")
    for left in denied.of_remittance(practice=practice, remittance=remittance):
        yield _denied(practice, left)
    yield from _patients(practice, remittance, lines)


def _above(practice: int, lines: Sequence[ExpectedLine], judged: Mapping[int, JudgedLine]) -> Iterator[Difference]:
    names = payers.names() if lines else {}
    for one in lines:
        line, due = judged[one.id], one.expected.amount
        assert due is not None, "only lines with an expected amount are compared"
        if more := unlike.above(due, line.allowed):
            yield Difference(
                practice_id=practice, about=About.OVERPAID, source=line.payment, claim_id=line.claim_id,
                claim_name=line.claim, claim_line_id=one.id, line=one.number, code=one.code, service_on=one.service_on,
                payer_id=one.payer_id, payer_name=names.get(one.payer_id or 0, "")[:80], reasons=sorted(line.reasons),
                expected_amount=due.amount, amount=more.amount,
                words=f"{line.allowed} allowed where {one.expected.source} expects {due}"[:WORDS_MAX],
            )  # fmt: skip


def _row(practice: int, about: About, one: Unusual, amount: Money, words: str) -> Difference:
    return Difference(
        practice_id=practice, about=about, source=one.source, claim_id=one.claim, line=one.line, code=one.code,
        service_on=one.service_on, payer_id=one.payer, payer_name=one.payer_name, reasons=list(one.reasons),
        remarks=list(one.remarks), amount=amount.amount, words=words[:WORDS_MAX],
    )  # fmt: skip


def _denied(practice: int, one: DeniedLine) -> Difference:
    said = ", ".join(dict.fromkeys(reason.words for reason in one.reasons[:3]))
    return Difference(
        practice_id=practice, about=About.DENIED, source=one.payment_name, claim_id=one.claim, line=one.number,
        code=one.code, service_on=one.service_on, payer_id=one.payer, payer_name=one.payer_name,
        reasons=[f"{reason.group}-{reason.reason}" for reason in one.reasons], remarks=list(one.remarks),
        amount=one.denied.amount,
        words=f"{one.denied} of {one.charge} left open: {said or 'no reason given'}"[:WORDS_MAX],
    )  # fmt: skip


def _patients(practice: int, remittance: str, lines: Sequence[ExpectedLine]) -> Iterator[Difference]:
    parts = unusual.patient_parts(practice=practice, remittance=remittance)
    covers = expecting.coverages([one.claim for one in parts])
    told = checks.latest_of(set(covers.values()))
    due: dict[int, Money] = defaultdict(lambda: ZERO)
    for line in lines:
        due[line.claim_id] += line.expected.amount or ZERO
    for one in parts:
        said = list(_beyond(one, told.get(covers.get(one.claim, 0)), due.get(one.claim)))
        if said:
            amount = max(each for each, _ in said)
            words = "; ".join(words for _, words in said)
            yield Difference(
                practice_id=practice, about=About.PATIENT, source=one.source, claim_id=one.claim,
                service_on=one.service_on, payer_id=one.payer, payer_name=one.payer_name, amount=amount.amount,
                expected_amount=(one.owed - amount).amount, words=words[:WORDS_MAX], reasons=_asked(one),
            )  # fmt: skip


def _beyond(one: PatientPart, told: CheckRow | None, due: Money | None) -> Iterator[tuple[Money, str]]:
    """Benefits tell the deductible that was left when they were asked: of the same year, and before the service."""
    on = one.service_on
    fits = told is not None and on is not None and told.on.year == on.year and told.on <= on
    return unlike.patient_words(
        copay=one.copay, deductible=one.deductible, owed=one.owed, told_copay=told.copay if told else None,
        left=told.deductible_left if told and fits else None, expected=due,
    )  # fmt: skip


def _asked(one: PatientPart) -> list[str]:
    asked = ((unusual.DEDUCTIBLE, one.deductible), (unusual.COINSURANCE, one.coinsurance), (unusual.COPAY, one.copay))
    return [f"PR-{reason}" for reason, amount in asked if amount]


def _name_claims(practice: int, rows: Collection[Difference], today: date) -> None:
    missing = {row.claim_id for row in rows if row.claim_id and not row.claim_name}
    names = {pk: one.public_id for pk, one in stories.keys_by_id(missing).items()} if missing else {}
    for row in rows:
        row.found_on = today
        row.claim_name = row.claim_name or names.get(row.claim_id or 0, "")
