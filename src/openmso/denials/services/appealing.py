"""Appeals: drafted from a letter, edited, sent with proof, answered, taken to the next level."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from openmso.denials import letter_pdf
from openmso.denials.contracts import APPEAL, SETUP, WORK, Method
from openmso.denials.events import AppealSent
from openmso.denials.models import Appeal, AppealItem, Denial, Enclosure, Template
from openmso.denials.queries import appeals
from openmso.denials.rules import deadlines, letters
from openmso.denials.rules.deadlines import Level
from openmso.denials.services import keeping
from openmso.denials.states import ANSWERED, APPEAL_MOVES, A, S
from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.kit.money import ZERO, Money
from openmso.kit.states import check_move
from openmso.kit.words import day
from openmso.parties.queries import payers
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.database.writing import update
from openmso.platform.documents import services as documents
from openmso.platform.documents.contracts import Content
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic

ANSWER_WITHIN = timedelta(days=60)
"""When whoever waits for the answer to an appeal looks again (42 CFR 405.950: a redetermination takes 60 days)."""


class NotADraft(Conflict):
    """The letter has left; what was sent is not changed."""

    code = "not_a_draft"


@atomic
def draft(*, actor: Actor, denials: Sequence[str], at: datetime, template: str = "") -> str:
    """Write a letter about some denials of one practice and payer, from a template; the public id of the appeal.

    Raises `FieldMissing` where the letter asks for what is not on file.
    """
    rows, decision = keeping.locked(denials, actor)
    for row in rows:
        keeping.refuse_unless_worked(row)
        if (held := _live(row)) is not None:
            raise Conflict(f"{row.public_id} stands in appeal {held}.", code="appealed_already", fix="Open that one.")
    if len({row.payer_name for row in rows}) > 1:
        raise Refused("These denials are of several payers.", code="several_payers", fix="Appeal to each by itself.")
    level, due_on = _level(rows)
    found = appeals.template(template or appeals.fitting(rows[0].category))
    values = appeals.values(rows, level=level.words)
    one = Appeal.objects.create(
        practice_id=rows[0].practice_id, payer_id=rows[0].payer_id, payer_name=rows[0].payer_name, level=level.number,
        level_words=level.words, template=found.version, title=letters.fill(found.title, values)[:200],
        body=letters.fill(found.body, values), state=A.DRAFT, amount=sum(row.amount for row in rows), due_on=due_on,
        drafted_at=at, drafted_by=actor.name[:160],
    )  # fmt: skip
    AppealItem.objects.bulk_create(
        AppealItem(practice_id=one.practice_id, appeal=one, denial=row, amount=row.amount) for row in rows
    )
    _tell(one, "denials.appeal_drafted", actor, at, decision, count=len(rows))
    return one.public_id


def _live(row: Denial) -> str | None:
    """The appeal in which a denial stands now, if it does."""
    held = AppealItem.objects.filter(practice_id=row.practice_id, denial=row, appeal__state__in=[A.DRAFT, A.SENT])
    return held.values_list("appeal__public_id", flat=True).first()


def _level(rows: Sequence[Denial]) -> tuple[Level, date]:
    """The next level of all of them, and its last day. Raises `Refused` where the payer has no further one."""
    payer = next((one for one in payers.every() if one.id == rows[0].payer_id), None)
    ladder = deadlines.levels(payer)
    before = Appeal.objects.filter(
        practice_id=rows[0].practice_id, state__in=sorted(ANSWERED),
        pk__in=AppealItem.objects.filter(denial__in=rows).values("appeal_id"),
    ).order_by("-level").first()  # fmt: skip
    if before is None:
        return ladder[0], min(row.appeal_by for row in rows)
    level = next((one for one in ladder if one.number == before.level + 1), None)
    if level is None or before.answered_on is None:
        raise Refused(
            f"{rows[0].payer_name} has no level of appeal after {before.level_words}.", code="no_further_level",
            fix="Write it off, or ask counsel.",
        )  # fmt: skip
    return level, before.answered_on + timedelta(days=level.days)


@atomic
def change(*, actor: Actor, appeal: str, title: str, body: str, at: datetime) -> None:
    """Write a draft anew. Raises `NotADraft`, and `FieldMissing` for a field that is left in the text."""
    one, _ = _locked(appeal, actor)
    _must_be_draft(one)
    if not title.strip() or not body.strip():
        raise Refused("A letter has a title and says something.", code="empty_letter", field="body")
    letters.check(body)
    if left := [name for name in letters.FIELD.findall(f"{title} {body}") if name != letters.LINES]:
        raise letters.FieldMissing(f"{{{{ {left[0]} }}}} is not filled in.", field="body", fix="Write it out.")
    one.title, one.body = title.strip()[:200], body.strip()
    one.save(update_fields=["title", "body"])


@atomic
def enclose(
    *, actor: Actor, appeal: str, name: str, content: Content, media_type: str, at: datetime, is_proof: bool = False
) -> str:
    """Keep a document with an appeal: an enclosure of a draft, or what shows that it left. Its public id."""
    one, decision = _locked(appeal, actor)
    if not is_proof:
        _must_be_draft(one)
    kept = documents.store(
        actor=actor, practice=one.practice_id, name=name, content=content, media_type=media_type,
        purpose="denials.proof" if is_proof else "denials.enclosure", at=at, under=decision,
    )  # fmt: skip
    Enclosure.objects.bulk_create(
        [Enclosure(practice_id=one.practice_id, appeal=one, document=kept.public_id, name=kept.name, is_proof=is_proof,
                   at=at, by=actor.name[:160])],
        ignore_conflicts=True,
    )  # fmt: skip
    documents.became(document=kept, subject=(APPEAL, appeal), practice=one.practice_id, at=at)
    return kept.public_id


def letter(appeal: str, *, on: date) -> bytes:
    """The letter as PDF, as it stands now; asked within a transaction."""
    found = appeals.appeal(appeal, on=on)
    biller = appeals.biller(appeal)
    payer = next((one for one in payers.every() if one.name == found.row.payer), None)
    return letter_pdf.letter(
        number=appeal, title=found.row.title, body=found.body, day=day(found.row.sent_on or on),
        sender=[biller.name, *_lines(biller.address.one_line), f"NPI {biller.npi} · tax number {biller.tin}"],
        receiver=[found.row.payer, "Appeals", *(_lines(payer.address.one_line) if payer else ())],
        claims=appeals.claims_of(found.denials), services=appeals.services(found.denials),
        enclosures=[paper.name for paper in found.papers if not paper.is_proof], signature=f"For {biller.name}",
    )  # fmt: skip


def _lines(address: str) -> list[str]:
    return [part.strip() for part in address.split(",", 1) if part.strip()]


@atomic
def send(*, actor: Actor, appeal: str, method: Method, proof: str, sent_on: date | None, at: datetime) -> None:
    """Record that an appeal left, how, and what shows it; its letter is kept as it is now and its denials wait.

    Raises `Refused` without proof, and for a day that has not come.
    """
    one, decision = _locked(appeal, actor)
    _move(one, A.SENT)
    on = sent_on or tenancy.today(one.practice_id, at)
    if not proof.strip():
        raise Refused("Say what shows that it left.", code="no_proof", field="proof",
                      fix="The tracking number, the fax confirmation, the portal's number.")  # fmt: skip
    if on > tenancy.today(one.practice_id, at):
        raise Refused("That day has not come.", code="future_day", field="sent_on")
    one.state, one.method, one.proof, one.sent_on, one.sent_by = (
        A.SENT,
        method,
        proof.strip()[:300],
        on,
        actor.name[:160],
    )
    kept = documents.store(
        actor=actor, practice=one.practice_id, name=f"{one.public_id}.pdf", content=letter(appeal, on=on),
        media_type="application/pdf", purpose="denials.letter", at=at, under=decision,
    )  # fmt: skip
    documents.became(document=kept, subject=(APPEAL, appeal), practice=one.practice_id, at=at)
    one.letter = kept.public_id
    one.save(update_fields=["state", "method", "proof", "sent_on", "sent_by", "letter"])
    rows = _denials(one)
    keeping.move(
        rows, to=S.APPEALED, what=f"{one.level_words} {one.public_id} sent", actor=actor, at=at,
        note=f"By {method.label.lower()}: {one.proof}",
    )  # fmt: skip
    keeping.queue(rows, at=at, due_at=at + ANSWER_WITHIN)
    _tell(one, "denials.appeal_sent", actor, at, decision, method=method.label.lower())
    outbox.publish(
        AppealSent(one.public_id, one.payer_name, len(rows), one.amount, on), practice=one.practice_id, at=at
    )


@atomic
def answer(
    *, actor: Actor, appeal: str, outcome: A, amount: Money, note: str, answered_on: date | None, at: datetime
) -> None:  # fmt: skip
    """Record what the payer answered: won, partly, lost. What was lost is to be worked on again, at the next level.

    What was won closes when it is paid. Raises `Refused` for an amount that does not fit the outcome.
    """
    one, decision = _locked(appeal, actor)
    _move(one, outcome)
    promised = Money(one.amount) if outcome is A.WON and not amount else amount
    if (outcome is A.LOST) != (promised == ZERO) or not ZERO <= promised <= Money(one.amount):
        raise Refused(
            f"A {outcome.label.lower()} appeal about {one.amount:,.2f} does not bring {promised}.", code="amount_unfit",
            field="amount", fix="Nothing for a lost one, part of it for a partly won one.",
        )  # fmt: skip
    one.state, one.won_amount, one.answer_note = outcome, promised.amount, note.strip()[:600]
    one.answered_on = answered_on or tenancy.today(one.practice_id, at)
    one.save(update_fields=["state", "won_amount", "answer_note", "answered_on"])
    rows = [row for row in _denials(one) if S(row.state) is S.APPEALED]
    if outcome is A.WON:
        keeping.move(rows, to=S.APPEALED, what="Appeal won: payment awaited", actor=actor, at=at, note=note)
        keeping.queue(rows, at=at, due_at=at + timedelta(days=30))
    else:
        _next_level(rows, one)
        keeping.move(rows, to=S.NEW, what=f"{one.level_words}: {outcome.label.lower()}", actor=actor, at=at, note=note)
        keeping.queue(rows, at=at)
    _tell(one, "denials.appeal_answered", actor, at, decision, outcome=outcome.label.lower())


def _next_level(rows: Sequence[Denial], one: Appeal) -> None:
    """What comes next, and by when: the next level, or the end."""
    payer = next((each for each in payers.every() if each.id == one.payer_id), None)
    level = next((each for each in deadlines.levels(payer) if each.number == one.level + 1), None)
    assert one.answered_on is not None, "it was answered"
    for row in rows:
        row.action = "next_level_appeal" if level else "writeoff_or_good_cause"
        row.due_on = one.answered_on + timedelta(days=level.days) if level else one.answered_on
    update(rows, ["action", "due_on"])


@atomic
def drop(*, actor: Actor, appeal: str, why: str, at: datetime) -> None:
    """Give a draft up, with the reason."""
    one, decision = _locked(appeal, actor)
    _move(one, A.DROPPED)
    if not why.strip():
        raise Refused("Say why.", code="no_reason", field="why")
    one.state, one.answer_note = A.DROPPED, why.strip()[:600]
    one.save(update_fields=["state", "answer_note"])
    audit.record(
        actor=actor, action="denials.appeal_dropped", practice=one.practice_id, subject=(APPEAL, appeal), at=at,
        why=why, decision=decision,
    )  # fmt: skip


@atomic
def keep_template(*, actor: Actor, mso: int, name: str, title: str, body: str, category: str, at: datetime) -> int:
    """Keep a new version of a letter of the network; its number. Raises `FieldMissing` for a field that is unknown."""
    decision = actor.must(SETUP.code, mso)
    letters.check(title)
    letters.check(body)
    if not title.strip() or not body.strip():
        raise Refused("A letter has a title and says something.", code="empty_letter", field="body")
    number = Template.objects.filter(name=name).count() + 1
    Template.objects.create(
        name=name, number=number, title=title.strip()[:200], body=body.strip(), category=category, at=at,
        by=actor.name[:160],
    )  # fmt: skip
    audit.record(
        actor=actor, action="denials.template_kept", practice=mso, subject=("denials.template", name), at=at,
        facts={"number": number, "name": name}, decision=decision,
    )  # fmt: skip
    return number


def _locked(appeal: str, actor: Actor) -> tuple[Appeal, Decision]:
    one = Appeal.objects.select_for_update().filter(public_id=appeal).first()
    if one is None:
        raise NotFound(f"There is no appeal {appeal}.")
    return one, actor.must(WORK.code, one.practice_id)


def _must_be_draft(one: Appeal) -> None:
    if A(one.state) is not A.DRAFT:
        raise NotADraft(f"{one.public_id} is {A(one.state).label.lower()}.", fix="Draft the next one.")


def _move(one: Appeal, to: A) -> None:
    check_move(APPEAL_MOVES, noun="appeal", frm=A(one.state), to=to)


def _denials(one: Appeal) -> list[Denial]:
    held = AppealItem.objects.filter(practice_id=one.practice_id, appeal=one).values("denial_id")
    return list(Denial.objects.select_for_update().filter(practice_id=one.practice_id, pk__in=held).order_by("pk"))


def _tell(one: Appeal, action: str, actor: Actor, at: datetime, under: Decision, **facts: object) -> None:
    audit.record(
        actor=actor, action=action, practice=one.practice_id, subject=(APPEAL, one.public_id), at=at, facts=facts,
        decision=under,
    )  # fmt: skip
