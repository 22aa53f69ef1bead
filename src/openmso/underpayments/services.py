"""Finding what was paid short, accepting or disputing it; the only writer of these tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from openmso.agreements.queries import clocks
from openmso.claims.contracts import ExpectedLine
from openmso.claims.queries import expected
from openmso.contracting import queries as contracting
from openmso.contracting.contracts import Ask
from openmso.kit import conditions
from openmso.kit.errors import Conflict, NotFound, Refused
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
from openmso.underpayments.contracts import Treatment
from openmso.underpayments.models import Dispute, PostingRule, Proposal, Underpayment
from openmso.underpayments.rules import posting
from openmso.underpayments.rules import short as rules
from openmso.underpayments.states import MOVES, Proposed, S

LINE, CLOCK = "payment_posting", "short_paid"
LARGE = Money.of(1000)
PACKET_MAX = 2000


@atomic
def look_at(*, actor: Actor, practice: int, remittance: str, at: datetime) -> int:
    """Compare the lines a remittance decided with their contracts; how many are short now.

    What was short before and is paid by now is recovered. A line with money denied waits for its denial.
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
    _propose(practice, [row.pk for row in (*fresh, *changed)], today, at)
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
    _lapse(row.practice_id, [row.pk], at)
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
    paper = packet.pdf(lines, _versions(lines), on=tenancy.today(practice, at))
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
    _lapse(practice, [row.pk for row in rows], at)
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


# ---- rules of posting -------------------------------------------------------------------------------------------


@atomic
def write_rule(*, actor: Actor, mso: int, draft: contracts.RuleDraft, at: datetime) -> int:
    """Write a version of a posting rule, the first one included; its number. What it proposed before stays as it is.

    Raises `BadCondition` with the place of the fault, and `Refused` for a version without words or a reason, or one
    that begins in the past.
    """
    decision = actor.must(contracts.RULES.code, mso)
    when = conditions.read(draft.when, posting.PROPERTIES)
    for field, said in (("title", draft.title), ("words", draft.words), ("why", draft.why)):
        if not said.strip():
            raise Refused("A rule says what it is, what it proposes, and why.", field=field, fix="Write a sentence.")
    if draft.starts_on < tenancy.today(mso, at):
        raise Refused("A version begins today or later.", field="starts_on", fix="What was proposed stays as it is.")
    last = PostingRule.objects.filter(code=draft.code).order_by("-number").first()
    number = last.number + 1 if last else 1
    PostingRule.objects.create(
        code=draft.code, number=number, title=draft.title.strip()[:120], payer_id=draft.payer_id,
        when=conditions.written(when), treatment=draft.treatment, words=draft.words.strip()[:200],
        starts_on=draft.starts_on, withdrawn=draft.withdrawn, why=draft.why.strip()[:300], at=at, by=actor.name[:160],
    )  # fmt: skip
    audit.record(
        actor=actor, action="underpayments.rule_written", practice=mso, at=at, why=draft.why, decision=decision,
        subject=("underpayments.postingrule", draft.code), facts={"number": number},
    )  # fmt: skip
    return number


@atomic
def propose(*, actor: Actor, practice: int, at: datetime) -> int:
    """Ask the rules about every open line of a practice anew; how many proposals wait then."""
    actor.must(contracts.WORK.code, practice)
    lines = Underpayment.objects.filter(practice_id=practice, state=S.OPEN).values_list("pk", flat=True)
    waiting = Proposal.objects.filter(practice_id=practice, state=Proposed.WAITS)
    _propose(practice, {*lines, *waiting.values_list("underpayment_id", flat=True)}, tenancy.today(practice, at), at)
    return waiting.count()


def _propose(practice: int, lines: Collection[int], today: date, at: datetime) -> None:
    """What the rules of the day propose for some lines: a line that is open has the proposal of its rule, or none.

    The same version does not propose again what a person declined.
    """
    mine = Proposal.objects.filter(practice_id=practice, underpayment_id__in=lines)
    known = {(row.underpayment_id, row.rule, row.number): row for row in mine.order_by("pk")}
    waiting = {row.underpayment_id: row for row in known.values() if row.state == Proposed.WAITS}
    rules_of_day = _rules(today)
    if not rules_of_day and not waiting:
        return
    opened = Underpayment.objects.filter(practice_id=practice, pk__in=lines, state=S.OPEN).select_related("payer")
    whose = next(one.code for one in tenancy.tenants() if one.pk == practice)
    fresh, stand = [], set()
    for row in opened:
        found = posting.first([one for one, _ in rules_of_day.values()], _short(row, whose))
        if found is None:
            continue
        before = known.get((row.pk, found.code, found.number))
        if before is not None and before.state != Proposed.LAPSED:
            stand.add(before.pk)
        else:
            fresh.append(_proposal(row, rules_of_day[found.code][1], at))
    _lapse(practice, [line for line, row in waiting.items() if row.pk not in stand], at)
    Proposal.objects.bulk_create(fresh, batch_size=1000)


def _lapse(practice: int, lines: Collection[int], at: datetime) -> None:
    """What waits for a person on these lines waits no more: something else happened to them."""
    waiting = Proposal.objects.filter(practice_id=practice, underpayment_id__in=lines, state=Proposed.WAITS)
    waiting.update(state=Proposed.LAPSED, decided_at=at)


def _rules(today: date) -> dict[str, tuple[posting.Rule, PostingRule]]:
    """The rules that hold on a day, by code."""
    rows = PostingRule.objects.filter(starts_on__lte=today).select_related("payer").order_by("code", "-number")
    return {
        row.code: (
            posting.Rule(row.code, row.number, row.payer.public_id if row.payer else "",
                         conditions.read(row.when, posting.PROPERTIES)),
            row,
        )
        for row in rows.distinct("code") if not row.withdrawn
    }  # fmt: skip


def _short(row: Underpayment, practice: str) -> posting.Short:
    return posting.Short(
        practice, row.payer.public_id, row.payer.name, row.code, row.service_on, row.found_on, row.cause,
        frozenset(row.reasons), row.expected_amount, row.allowed_amount, row.short_amount,
    )  # fmt: skip


def _proposal(row: Underpayment, rule: PostingRule, at: datetime) -> Proposal:
    return Proposal(
        practice_id=row.practice_id, underpayment=row, rule=rule.code, number=rule.number, title=rule.title,
        treatment=rule.treatment, words=rule.words, amount=row.short_amount, state=Proposed.WAITS, proposed_at=at,
    )  # fmt: skip


@atomic
def decide(*, actor: Actor, underpayment: str, take: bool, at: datetime, why: str = "") -> str:
    """Take what a rule proposes for a line, or decline it with a reason; says what became of the line.

    Taken, a line is accepted as paid with the rule as its reason, or stays open: for the next packet, or for a
    question to the payer. Declined, it stays open. Raises `NotFound`, and `Conflict` where nothing is proposed.
    """
    row = (
        Proposal.objects.select_for_update(of=("self",))
        .filter(underpayment__public_id=underpayment, state=Proposed.WAITS)
        .first()
    )
    queries.underpayment(underpayment)
    if row is None:
        raise Conflict(f"No rule proposes anything for {underpayment}.")
    decision = actor.must(contracts.WORK.code, row.practice_id)
    if not take and not why.strip():
        raise Refused("Say why the proposal is declined.", code="no_reason", field="why", fix="A few words will do.")
    row.state, row.decided_at = (Proposed.TAKEN if take else Proposed.DECLINED), at
    row.decided_by, row.why = actor.name[:160], why.strip()[:300]
    row.save(update_fields=["state", "decided_at", "decided_by", "why"])
    audit.record(
        actor=actor, action="underpayments.proposal_decided", practice=row.practice_id, at=at, why=why,
        decision=decision, subject=("underpayments.underpayment", underpayment),
        facts={"decided": "took" if take else "declined", "rule": f"{row.rule}/{row.number}"},
    )  # fmt: skip
    if take and row.treatment == Treatment.ACCEPT:
        accept(actor=actor, underpayment=underpayment, why=f"{row.words} (rule {row.rule}/{row.number})", at=at)
        return "Accepted as paid."
    if not take:
        return "Declined; the line stays open."
    return (
        "It stays open, for the next packet." if row.treatment == Treatment.DISPUTE else "It stays open: ask the payer."
    )
