"""Finding what was paid short, accepting or disputing it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from openmso.agreements.queries import clocks
from openmso.claims.contracts import ExpectedLine
from openmso.claims.queries import expected
from openmso.contracting import queries as contracting
from openmso.contracting.contracts import Ask
from openmso.kit.errors import NotFound, Refused
from openmso.kit.money import ZERO, Money
from openmso.kit.states import check_move
from openmso.kit.words import counted
from openmso.parties.queries import payers
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.database.writing import update
from openmso.platform.documents import services as documents
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.platform.work.contracts import NewItem
from openmso.remittances.contracts import JudgedLine
from openmso.remittances.queries import lines as decided
from openmso.underpayments import contracts, packet, queries
from openmso.underpayments.models import Dispute, Underpayment
from openmso.underpayments.rules import short as rules
from openmso.underpayments.services import differing, rulebook
from openmso.underpayments.states import MOVES, S

LINE, CLOCK = "payment_posting", "short_paid"
LARGE = Money.of(1000)
PACKET_MAX = 2000


@atomic
def look_at(*, actor: Actor, practice: int, remittance: str, at: datetime) -> int:
    """Compare the lines a remittance decided with their contracts; how many are short now.

    How else its payments differ is found with it, and posting rules are asked about both. What was short
    before and is paid by now is recovered. A line with money denied waits for its denial.
    """
    judged = {one.line_id: one for one in decided.of_remittance(practice=practice, remittance=remittance)}
    known = {
        row.claim_line_id: row for row in Underpayment.objects.select_for_update().filter(claim_line_id__in=judged)
    }
    told = [
        one for one in expected.of_lines(judged)
        if one.expected.amount is not None and one.payer_id is not None and not judged[one.id].denied
    ]  # fmt: skip
    verdicts = _verdicts(practice, told, judged)
    today = tenancy.today(practice, at)
    fresh, changed = [], []
    for one in told:
        verdict, row = verdicts.get(one.id), known.get(one.id)
        if row is not None:
            _change(row, judged[one.id], verdict)
            changed.append(row)
        elif verdict is not None:
            fresh.append(_row(practice, one, judged[one.id], verdict, today))
    Underpayment.objects.bulk_create(fresh, batch_size=1000)
    fields = ["allowed_amount", "short_amount", "recovered_amount", "cause", "state", "payment", "reasons"]
    update(changed, fields)
    _queue(actor, practice, {row.claim_id for row in (*fresh, *changed)}, at)
    rulebook.ask_about_lines(practice, [row.pk for row in (*fresh, *changed)], today, at)
    differing.find(practice=practice, remittance=remittance, lines=told, judged=judged, today=today, at=at)
    return len(verdicts)


def _verdicts(practice: int, told: Sequence[ExpectedLine], judged: dict[int, JudgedLine]) -> dict[int, rules.Verdict]:
    """What is missing of each line; what it would bring in the other setting is asked only of those that are short."""
    facts = {one.id: _facts(one, judged[one.id]) for one in told}
    short = [one for one in told if rules.judge(facts[one.id]) is not None]
    asks = [
        Ask(one.id, one.visit_id, one.payer_id, one.code, one.modifiers, one.units,
            "11" if one.place_of_service != "11" else "22", one.charge, one.service_on)
        for one in short
    ]  # fmt: skip
    other = contracting.expected(practice=practice, asks=asks)
    keeps = contracting.that_keep_sequestration({one.expected.source for one in short})
    found = {}
    for one in short:
        line = _facts(one, judged[one.id], other[one.id].amount, keeps=one.expected.source in keeps)
        if verdict := rules.judge(line):
            found[one.id] = verdict
    return found


def _facts(one: ExpectedLine, line: JudgedLine, elsewhere: Money | None = None, *, keeps: bool = False) -> rules.Facts:
    assert one.expected.amount is not None, "only lines with an expected amount are compared"
    return rules.Facts(
        one.expected.amount, line.allowed, line.kept, line.reasons, line.is_recoded, keeps, elsewhere
    )  # fmt: skip


def _row(practice: int, one: ExpectedLine, line: JudgedLine, verdict: rules.Verdict, today: date) -> Underpayment:
    assert one.expected.amount is not None, "only lines with an expected amount are compared"
    assert one.payer_id is not None, "a line without a payer has no contract"
    return Underpayment(
        practice_id=practice, claim_id=line.claim_id, claim_line_id=one.id, claim_name=line.claim, line=one.number,
        code=one.code, service_on=one.service_on, payer_id=one.payer_id, payment=line.payment,
        source=one.expected.source, term=one.expected.words, reasons=sorted(line.reasons),
        expected_amount=one.expected.amount.amount, allowed_amount=line.allowed.amount,
        short_amount=verdict.short.amount, cause=verdict.cause, state=S.OPEN, found_on=today,
    )  # fmt: skip


def _change(row: Underpayment, line: JudgedLine, verdict: rules.Verdict | None) -> None:
    """Bring a known underpayment up to date: what came later is recovered; what was taken back is open again."""
    before = Money.of(row.short_amount) + Money.of(row.recovered_amount)
    now = verdict.short if verdict else ZERO
    row.allowed_amount, row.payment = line.allowed.amount, line.payment
    row.short_amount, row.recovered_amount = now.amount, max(before - now, ZERO).amount
    row.reasons = sorted(line.reasons)
    if verdict is None and row.state != S.RECOVERED:
        check_move(MOVES, noun="underpayment", frm=S(row.state), to=S.RECOVERED)
        row.state = S.RECOVERED
    elif verdict is not None:
        row.cause = verdict.cause
        row.state = S.OPEN if row.state == S.RECOVERED else row.state


def _queue(actor: Actor, practice: int, claims: Collection[int], at: datetime) -> None:
    """One item of work a claim with open lines; none where nothing is open any more."""
    found: dict[str, list[Underpayment]] = defaultdict(list)
    for row in Underpayment.objects.filter(practice_id=practice, claim_id__in=claims).order_by("line"):
        found[row.claim_name].append(row)
    if not found:
        return
    names = payers.names()
    due = clocks.sla_due(practice, LINE, CLOCK, at)
    waiting = {name: [row for row in rows if row.state == S.OPEN] for name, rows in found.items()}
    items = [_item(name, rows, names[rows[0].payer_id], due) for name, rows in waiting.items() if rows]
    if items:
        work.open_items(practice=practice, items=items, at=at)
    settled = [(practice, _key(name)) for name, rows in waiting.items() if not rows]
    under = actor.must(contracts.WORK.code, practice)
    work.close_items(keys=settled, actor=actor, at=at, outcome="Nothing is open any more", under=under)


def _item(claim: str, rows: Sequence[Underpayment], payer: str, due: datetime) -> NewItem:
    missing = Money.total(Money.of(row.short_amount) for row in rows)
    causes = ", ".join(dict.fromkeys(f"{row.code} {row.get_cause_display().lower()}" for row in rows[:3]))
    return NewItem(
        kind="underpayments.short_paid", subject=("claims.claim", claim),
        title=f"{payer} paid {missing} less than agreed",
        why=f"{counted(len(rows), 'line')} below the contract: {causes}. Dispute it, or accept it with a reason.",
        priority=20 + int(min(missing, LARGE).amount / LARGE.amount * 50), priority_why=f"{missing} is missing",
        due_at=due, key=_key(claim), amount=missing.amount,
    )  # fmt: skip


def _key(claim: str) -> str:
    return f"underpayments.short_paid:{claim}"


@atomic
def accept(*, actor: Actor, underpayment: str, why: str, at: datetime) -> None:
    """Leave a line as it was paid; says why. Raises `Refused` without a reason."""
    row = Underpayment.objects.select_for_update().filter(public_id=underpayment).first()
    if row is None:
        raise NotFound(f"There is no underpayment {underpayment}.")
    decision = actor.must(contracts.WORK.code, row.practice_id)
    if not why.strip():
        raise Refused("Say why it is accepted.", code="no_reason", field="why", fix="A few words will do.")
    check_move(MOVES, noun="underpayment", frm=S(row.state), to=S.ACCEPTED)
    row.state, row.why = S.ACCEPTED, why.strip()[:300]
    row.save(update_fields=["state", "why"])
    rulebook.lapse(rulebook.LINE, row.practice_id, [row.pk], at)
    audit.record(
        actor=actor, action="underpayments.accepted", practice=row.practice_id, at=at, why=why, decision=decision,
        subject=("underpayments.underpayment", underpayment),
    )  # fmt: skip
    _queue(actor, row.practice_id, {row.claim_id}, at)


@atomic
def dispute(*, actor: Actor, practice: int, payer_id: int, at: datetime) -> str:
    """Make a packet of all that a payer paid short and nobody disputed yet; returns the dispute's public id.

    The packet has a page for each contract version and a table of the lines, what is missing most first.
    """
    decision = actor.must(contracts.WORK.code, practice)
    rows = list(
        Underpayment.objects.select_for_update()
        .filter(practice_id=practice, payer_id=payer_id, state=S.OPEN)
        .order_by("-short_amount", "pk")[:PACKET_MAX]
    )
    if not rows:
        raise Refused("Nothing of this payer is open.", code="nothing_open", field="payer")
    lines = queries.told(rows)
    asked = expected.of_lines([row.claim_line_id for row in rows])
    by_line = {row.claim_line_id: (row.claim_name, row.line) for row in rows}
    paper = packet.pdf(
        lines, _versions(lines), on=tenancy.today(practice, at),
        answers=decided.answers(practice=practice, payments={line.payment for line in lines}),
        charges={by_line[one.id]: one.charge for one in asked},
    )  # fmt: skip
    stored = documents.store(
        actor=actor, practice=practice, name=f"dispute-{lines[0].payer}.pdf".replace(" ", "-").lower(), content=paper,
        media_type="application/pdf", purpose="underpayments.packet", at=at, under=decision,
    )  # fmt: skip
    amount = Money.total(line.short for line in lines)
    made = Dispute.objects.create(
        practice_id=practice, payer_id=payer_id, lines=len(rows), amount=amount.amount, document=stored.public_id,
        made_at=at, made_by=actor.name,
    )  # fmt: skip
    Underpayment.objects.filter(pk__in=[row.pk for row in rows]).update(state=S.DISPUTED, dispute=made)
    rulebook.lapse(rulebook.LINE, practice, [row.pk for row in rows], at)
    audit.record(
        actor=actor, action="underpayments.disputed", practice=practice, at=at, decision=decision,
        subject=("underpayments.dispute", made.public_id),
        facts={"count": len(rows), "payer": lines[0].payer, "amount": str(amount)},
    )  # fmt: skip
    _queue(actor, practice, {row.claim_id for row in rows}, at)
    return made.public_id


def _versions(lines: Iterable[contracts.ShortLine]) -> list[packet.Page]:
    wanted: dict[tuple[str, int], set[str]] = defaultdict(set)
    for line in lines:
        wanted[line.contract, line.version].add(line.code)
    pages = []
    for (name, number), codes in sorted(wanted.items()):
        contract = contracting.contract(name, with_rates=True)
        version = contract.version(number)
        assert version is not None, "a line names the version that it was expected by"
        pages.append(packet.Page(contract, version, frozenset(codes)))
    return pages
