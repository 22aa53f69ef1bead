"""Proposing, deciding, withdrawing and carrying out: separate acts, each signed by whoever did it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max

from openmso.agreements.queries import clocks
from openmso.governance import rules
from openmso.governance.contracts import DECIDE, PAPER, PROPOSE, SUBJECT, NewProposal, Proposal
from openmso.governance.contracts.boards import NewItem
from openmso.governance.models import Proposal as Row
from openmso.governance.models import ProposalStep
from openmso.governance.queries import proposals as queries
from openmso.governance.services import agenda, recusing
from openmso.governance.states import DECIDED, MOVES, S
from openmso.kit.errors import NotFound, Refused
from openmso.kit.states import check_move
from openmso.platform.access import duties
from openmso.platform.access.contracts import Actor, Decision, Side
from openmso.platform.access.queries import role_behind, side_behind
from openmso.platform.audit import services as audit
from openmso.platform.documents import services as documents
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work

PRIORITY = 70
PARTED = {"first": "proposed this", "then": "decide it"}
WHY_MAX = 1000


class NotProposable(Refused):
    """It is not a decision that may be proposed there, or not by them, or not so."""

    code = "not_proposable"


class NotDecidable(Refused):
    """The decision lacks what it needs."""

    code = "not_decidable"


class NotYours(Refused):
    """Only who proposed it withdraws it."""

    code = "not_yours"


@atomic
def propose(*, actor: Actor, practice: int, new: NewProposal, at: datetime) -> str:
    """Ask the practice's licensees to decide something that is reserved to it; the public id of the proposal.

    It waits in their inbox until the day that is asked for, or by the clock of the house. Refused for what is not
    reserved there today, for what the MSO does not prepare, and without an analysis (`NotProposable`).
    """
    decision = actor.must(PROPOSE.code, practice)
    side = side_behind(actor, decision)
    _judge(practice, new, side, at)
    due_at = clocks.closing(practice, new.due_on) if new.due_on else clocks.sla_due(practice, "", SUBJECT, at)
    row = Row.objects.create(
        practice_id=practice, decision=new.decision, title=new.title.strip(), proposed=new.proposed.strip(),
        analysis=new.analysis.strip(), document=_keep(actor, practice, new, at, decision), side=side, proposed_at=at,
        proposed_by=actor.name[:160], user=actor.user, due_at=due_at, party=new.party.strip(),
    )  # fmt: skip
    words = queries.DECISIONS[row.decision]
    agenda.lay_before(
        practice=practice, by=actor.name, at=at,
        new=NewItem(row.title, row.proposed, row.decision, row.party, (SUBJECT, row.public_id)),
    )  # fmt: skip
    work.open_item(
        practice=practice, kind=SUBJECT, subject=(SUBJECT, row.public_id), title=row.title,
        why=f"{actor.name} proposes: {words.lower()}. Only a licensee of the practice decides it.", priority=PRIORITY,
        priority_why="Reserved to the practice", due_at=due_at, key=_key(row), at=at,
    )  # fmt: skip
    audit.record(
        actor=actor, action="governance.proposed", practice=practice, subject=(SUBJECT, row.public_id), at=at,
        facts={"decision": row.decision, "title": row.title, "side": side.value}, decision=decision,
    )  # fmt: skip
    return row.public_id


def _judge(practice: int, new: NewProposal, side: Side, at: datetime) -> None:
    today = tenancy.today(practice, at)
    if new.decision not in queries.DECISIONS:
        raise NotProposable(f"There is no decision {new.decision!r}.", field="decision", fix="Choose one of the list.")
    if side is not Side.PRACTICE and not rules.mso_prepares(new.decision):
        raise NotProposable(
            f"{queries.DECISIONS[new.decision]}: the MSO does not prepare this, people of the practice do.",
            field="decision", fix="Leave it to the practice.",
        )  # fmt: skip
    if all(one.code != new.decision for one in queries.reserved(practice, on=today)):
        raise NotProposable(
            f"{queries.DECISIONS[new.decision]}: neither the agreement nor the law reserves this today.",
            field="decision", fix="The page of reserved decisions lists what is.",
        )  # fmt: skip
    for field, text in (("title", new.title), ("proposed", new.proposed), ("analysis", new.analysis)):
        if not text.strip():
            raise NotProposable("Say it: whoever decides has only this to go by.", field=field)
    if new.due_on is not None and new.due_on < today:
        raise NotProposable("That day is past.", field="due_on", fix="Choose today or a later day.")


def _keep(actor: Actor, practice: int, new: NewProposal, at: datetime, decision: Decision) -> str:
    if new.paper is None:
        return ""
    return documents.store(
        actor=actor, practice=practice, name=new.paper.name, content=new.paper.content,
        media_type="application/octet-stream", purpose=PAPER.code, at=at, under=decision,
    ).public_id  # fmt: skip


@atomic
def decide(*, actor: Actor, proposal: str, outcome: S, why: str, at: datetime, changes: str = "") -> Proposal:
    """Decide what is reserved: approve, approve with changes or decline, with the reason.

    A later decision takes the place of an earlier one until it is carried out. Only a licensee of the practice may
    (`NotAllowed`), never who proposed it (`SamePerson`), and nobody with an interest in its party (`Conflicted`).
    """
    row = _locked(proposal)
    decision = actor.must(DECIDE.code, row.practice_id)
    duties.another(actor, did=row.user, **PARTED)
    recusing.refuse(actor, row.practice_id, row.party, at=at)
    if outcome not in DECIDED:
        raise NotDecidable("Approve it, approve it with changes, or decline it.", field="outcome")
    if (outcome is S.CHANGED) != bool(changes.strip()):
        words = "Changes belong to an approval with changes." if changes.strip() else "Say what is changed."
        raise NotDecidable(words, field="changes", fix="Or choose another decision.")
    _step(row, outcome, actor=actor, role=role_behind(actor, decision), why=why, changes=changes, at=at)
    work.close_item(practice=row.practice_id, key=_key(row), actor=actor, at=at, outcome=outcome.label, under=decision)
    agenda.settled(
        practice=row.practice_id, subject=(SUBJECT, proposal),
        words=f"{actor.name} decided it for the practice: {outcome.label.lower()}.",
    )  # fmt: skip
    audit.record(
        actor=actor, action="governance.decided", practice=row.practice_id, subject=(SUBJECT, proposal), at=at,
        facts={"outcome": outcome.label.lower(), "decision": row.decision}, why=why.strip(), decision=decision,
    )  # fmt: skip
    return queries.proposal(proposal)


@atomic
def withdraw(*, actor: Actor, proposal: str, why: str, at: datetime) -> Proposal:
    """Take back a proposal that nobody has decided; only who proposed it does."""
    row = _locked(proposal)
    decision = actor.must(PROPOSE.code, row.practice_id)
    if row.user != actor.user:
        raise NotYours("Only who proposed it withdraws it.", fix="Ask them, or the practice to decline it.")
    _step(row, S.WITHDRAWN, actor=actor, role=role_behind(actor, decision), why=why, at=at)
    work.close_item(
        practice=row.practice_id, key=_key(row), actor=actor, at=at, outcome=S.WITHDRAWN.label, under=decision
    )
    agenda.settled(
        practice=row.practice_id,
        subject=(SUBJECT, proposal),
        words=f"{actor.name} withdrew the proposal: {why.strip()}",
    )
    audit.record(
        actor=actor, action="governance.withdrawn", practice=row.practice_id, subject=(SUBJECT, proposal), at=at,
        why=why.strip(), decision=decision,
    )  # fmt: skip
    return queries.proposal(proposal)


@atomic
def carry_out(*, actor: Actor, proposal: str, why: str, at: datetime) -> Proposal:
    """Record that what was approved is done, and how; nothing is carried out that the practice did not approve."""
    row = _locked(proposal)
    carried_out(row, actor=actor, why=why, at=at, under=actor.must(PROPOSE.code, row.practice_id))
    return queries.proposal(proposal)


def carried_out(row: Row, *, actor: Actor, why: str, at: datetime, under: Decision) -> None:
    """Write down that an approved proposal was carried out, and by what: it is used up."""
    _step(row, S.CARRIED_OUT, actor=actor, role=role_behind(actor, under), why=why, at=at)
    audit.record(
        actor=actor, action="governance.carried_out", practice=row.practice_id, subject=(SUBJECT, row.public_id), at=at,
        why=why.strip(), decision=under,
    )  # fmt: skip


def _step(row: Row, to: S, *, actor: Actor, role: str, why: str, at: datetime, changes: str = "") -> None:
    if not why.strip():
        raise NotDecidable("Say why.", field="why")
    check_move(MOVES, noun="proposal", frm=S(row.state), to=to)
    last = ProposalStep.objects.filter(proposal=row).aggregate(last=Max("number"))["last"] or 0
    ProposalStep.objects.create(
        practice_id=row.practice_id, proposal=row, number=last + 1, to_state=to, at=at, by=actor.name[:160],
        user_id=actor.user_id, role=role, why=why.strip()[:WHY_MAX], changes=changes.strip(),
    )  # fmt: skip
    row.state = to
    row.save(update_fields=["state"])


def _locked(proposal: str) -> Row:
    row = Row.objects.select_for_update().filter(public_id=proposal).first()
    if row is None:
        raise NotFound(f"There is no proposal {proposal}.", field="proposal")
    return row


def _key(row: Row) -> str:
    return f"{SUBJECT}|{row.public_id}"
