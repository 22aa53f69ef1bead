"""Scrubbing: the rulebook over any number of claims, what it holds, and what a person may set aside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from operator import attrgetter

from openmso.charges import queries as charge_queries
from openmso.charges import services as charges
from openmso.claims import contracts
from openmso.claims.contracts import Built
from openmso.claims.events import ClaimHeld
from openmso.claims.models.claims import Claim, ClaimLine
from openmso.claims.models.findings import ClaimFinding, Override
from openmso.claims.models.trials import RuleHit
from openmso.claims.queries.desk import Desk
from openmso.claims.queries.register import Register
from openmso.claims.rules import book, findings
from openmso.claims.rules.findings import Finding, Severity, blocking, still_open
from openmso.claims.services import moving, waiting
from openmso.claims.states import EDITABLE, S
from openmso.kit.errors import Refused
from openmso.kit.memory import uncollected
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.database.writing import insert, insert_new, update
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic

CHUNK = 12_500
"""Claims judged at a time, so that memory does not grow with their number."""

WHY_LENGTH_MIN = 5
JUDGED = ("blocks", "warnings", "top_finding", "due_on")
STANDING = ("state", "hold_reason", "is_held_by_hand", *JUDGED)
"""What a scrub may change of a claim, besides when its state changed."""
NOT_ASKED = (
    "built_at", "state_at", "sent_at", "first_sent_on", "crossed_on", "recognised_amount", "paid_amount",
    "adjusted_amount", "patient_amount", "denied_amount", "open_amount", "split_from", "forwarded", "version",
    "sheet_version",
)  # fmt: skip
"""What nothing in a scrub looks at."""
SAID = ("code", "severity", "words", "fix", "field", "line", "source", "overridden", "is_first", "due_on")
"""What tells one finding of a claim from another."""


class NotOverridable(Refused):
    """The finding cannot be set aside."""

    code = "not_overridable"


class NotHeld(Refused):
    """The claim is not on hold by hand."""

    code = "not_held"


@atomic
def scrub(*, actor: Actor, practice: int, claim_ids: Collection[int], at: datetime) -> Built:
    """Judge claims that are not with a payer, and put each on hold or make it ready."""
    decision = actor.must(contracts.WORK.code, practice)
    rows = [
        row
        for row in moving.locked_plainly(claim_ids, without=NOT_ASKED)
        if row.practice_id == practice and row.state in EDITABLE
    ]
    _name_biller([row for row in rows if row.billing_provider_id is None], practice, at)
    _price(rows, Actor.system(f"claims for {actor.name}", at=at, behind=decision.grant), practice, at)
    built = judge(rows, actor=actor, at=at, under=decision)
    audit.record(
        actor=actor, action="claims.scrubbed", practice=practice, subject=("claims.claim", ""), at=at,
        facts={"count": len(rows), "ready": built.ready, "held": built.held}, decision=decision,
    )  # fmt: skip
    return built


def _name_biller(rows: Sequence[Claim], practice: int, at: datetime) -> None:
    """Claims that were built before the practice had a billing provider go out under the one it has now."""
    if not rows:
        return
    register = Register([practice], tenancy.today(practice, at))
    named = []
    for row in rows:
        if biller := register.open_biller(practice, row.service_on):
            row.billing_provider_id = biller.id
            named.append(row)
    update(named, ["billing_provider_id"])


def _price(rows: Sequence[Claim], house: Actor, practice: int, at: datetime) -> None:
    """Lines that had no price get the one that was published since."""
    unpriced = ClaimLine.objects.select_for_update().filter(claim_id__in={row.id for row in rows}, amount=0)
    free = list(unpriced.order_by("pk"))
    if not charges.price_anew(actor=house, practice=practice, charge_ids=[line.charge_id for line in free], at=at):
        return
    priced = charge_queries.by_ids({line.charge_id for line in free})
    by_claim = {row.id: row for row in rows}
    for line in free:
        line.amount = priced[line.charge_id].amount.amount
        by_claim[line.claim_id].total_amount += line.amount
    update(free, ["amount"])
    update(rows, ["total_amount"])


def judge(rows: Sequence[Claim], *, actor: Actor, at: datetime, under: Decision, mended: bool = False) -> Built:
    """Scrub locked claims and move them: a block holds, else ready. `under` is what allowed the caller.

    A rejected claim waits for a change: only when `mended` does it become ready again.
    """
    ready = held = 0
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        with uncollected():
            states = _judge_chunk(chunk, actor, at, mended, under)
        ready += sum(state is S.READY for state in states.values())
        held += sum(state is S.HELD for state in states.values())
    return Built(tuple(row.public_id for row in rows), ready, held)


def _judge_chunk(rows: Sequence[Claim], actor: Actor, at: datetime, mended: bool, under: Decision) -> dict[int, S]:
    if not rows:
        return {}
    before = {row.id: _written(row) for row in rows}
    aside = overridden(rows)
    found = _judged(rows, at)
    first = _count(rows, found, aside)
    _keep(rows, found, aside, at)
    to, reasons = {}, {}
    for row in rows:
        block = first.get(row.id)
        to[row.id] = _state(row, blocks=block is not None, mended=mended)
        reasons[row.id] = block.words if block else row.hold_reason
    _move(rows, to, reasons, actor, at, under, before)
    return to


def _judged(rows: Sequence[Claim], at: datetime) -> dict[int, tuple[Finding, ...]]:
    """What the rules say of each claim, with the practice's own day as today; each is told its filing limit."""
    answers: dict[int, tuple[Finding, ...]] = {}
    for practice, mine in moving.by_practice(rows).items():
        answers |= judged_at(Desk(mine, today=tenancy.today(practice, at), shared=True), mine)
    return answers


def judged_at(desk: Desk, rows: Sequence[Claim]) -> dict[int, tuple[Finding, ...]]:
    """The same of claims at a desk whose claims share lines."""
    answers: dict[int, tuple[Finding, ...]] = {}
    for row in rows:
        row.due_on = desk.due_on(row)
        asked = desk.asked(row, row.due_on)
        answers[row.id] = findings.judge(desk.sheet(row), desk.context(row), asked) if asked else ()
    return answers


def _state(row: Claim, *, blocks: bool, mended: bool) -> S:
    if not mended and row.state == S.REJECTED:
        return S.REJECTED
    return S.HELD if blocks or (row.is_held_by_hand and row.state == S.HELD) else S.READY


_written = attrgetter(*STANDING)


def _count(
    rows: Sequence[Claim], found: dict[int, tuple[Finding, ...]], aside: dict[int, frozenset[tuple[str, int]]]
) -> dict[int, Finding]:
    """Count the findings that stand on their claims; the first that keeps each claim from going out."""
    first = {}
    for row in rows:
        if not found[row.id]:
            row.blocks, row.warnings, row.top_finding = 0, 0, ""
            continue
        left = still_open(found[row.id], aside[row.id])
        blocks = blocking(left)
        row.blocks, row.warnings = len(blocks), len(left) - len(blocks)
        top = next(iter(blocks or left), None)
        row.top_finding = top.words[:200] if top else ""
        if blocks:
            first[row.id] = blocks[0]
    return first


def _keep(
    rows: Sequence[Claim],
    found: dict[int, tuple[Finding, ...]],
    aside: dict[int, frozenset[tuple[str, int]]],
    at: datetime,
) -> None:
    """Put the findings in the place of those before; what was found before is left as it is."""
    kept: dict[int, list[tuple[object, ...]]] = defaultdict(list)
    before = ClaimFinding.objects.filter(claim_id__in={row.id for row in rows}).order_by("pk")
    for claim, *said in before.values_list("claim_id", *SAID):
        kept[claim].append(tuple(said))
    new = {row.id: _findings(row, found[row.id], aside[row.id]) for row in rows if found[row.id]}
    changed = {claim for claim in kept.keys() | new.keys() if kept.get(claim, []) != new.get(claim, [])}
    ClaimFinding.objects.filter(claim_id__in=changed & kept.keys()).delete()
    fresh = [(row.practice_id, row.id, said) for row in rows if row.id in changed for said in new.get(row.id, ())]
    insert(ClaimFinding, ["practice_id", "claim_id", *SAID], ((*whose, *said) for *whose, said in fresh), found_at=at)
    hits = dict.fromkeys((practice, claim, said[0]) for practice, claim, said in fresh)
    insert_new(RuleHit, ["practice_id", "claim_id", "code"], hits, first_at=at)


def _findings(row: Claim, found: Sequence[Finding], aside: frozenset[tuple[str, int]]) -> list[tuple[object, ...]]:
    """What is said of a claim, as `SAID` names it."""
    firsts = {f.code: f for f in reversed(still_open(found, aside))}
    return [
        (
            f.code, f.severity.value, f.words[:300], f.fix[:300], f.field, f.line, f.source, f.key in aside,
            firsts.get(f.code) is f, row.due_on,
        )
        for f in found
    ]  # fmt: skip


def _move(
    rows: Sequence[Claim],
    to: dict[int, S],
    reasons: dict[int, str],
    actor: Actor,
    at: datetime,
    under: Decision,
    before: dict[int, tuple[object, ...]],
) -> None:
    """Move the claims, and write of each what is not as it was `before`."""
    others = [row for row in rows if not (row.is_held_by_hand and to[row.id] is S.HELD)]
    newly_held = [row for row in others if to[row.id] is S.HELD and row.state != S.HELD]
    moving.tell_moves(others, to=to, actor=actor, at=at, reasons=reasons)
    moved = [row for row in rows if row.state != before[row.id][0]]
    for clean in (True, False):
        update([row for row in moved if clean is not bool(row.blocks or row.warnings)], [*moving.MOVED, *JUDGED])
    update([row for row in rows if row.state == before[row.id][0] and _written(row) != before[row.id]], STANDING)
    for practice, mine in moving.by_practice(newly_held).items():
        outbox.publish_all([ClaimHeld(row.public_id, "finding") for row in mine], practice=practice, at=at)
    waiting.keep_in_step(rows, actor=actor, at=at, under=under)


def overridden(rows: Sequence[Claim]) -> dict[int, frozenset[tuple[str, int]]]:
    """What people have set aside, by claim."""
    found: dict[int, set[tuple[str, int]]] = defaultdict(set)
    overrides = Override.objects.filter(claim_id__in={row.id for row in rows})
    for claim, code, line in overrides.values_list("claim_id", "code", "line"):
        found[claim].add((code, line))
    nothing: frozenset[tuple[str, int]] = frozenset()
    return {row.id: frozenset(found[row.id]) if row.id in found else nothing for row in rows}


@atomic
def override(*, actor: Actor, claim: str, code: str, line: int | None, why: str, at: datetime) -> None:
    """Set a finding aside with a reason.

    What the 837 itself requires cannot be set aside; a block of a rule written on screen only by who makes rules live.
    """
    row = moving.one(claim)
    decision = actor.must(contracts.OVERRIDE.code, row.practice_id)
    finding = ClaimFinding.objects.filter(claim=row, code=code, line=line).first()
    if finding is None:
        raise NotOverridable("The claim has no such finding.", field="code")
    if Severity(finding.severity) is Severity.BLOCK:
        if code in book.BY_CODE:
            raise NotOverridable("A claim without this cannot be sent.", field="code", fix="Mend it instead.")
        decision = actor.must(contracts.RULES.code, row.practice_id)
    if len(why.strip()) < WHY_LENGTH_MIN:
        raise NotOverridable(
            "Say why it does not matter here.", field="why", fix="A few words the next person can check."
        )
    Override.objects.bulk_create(
        [
            Override(
                practice_id=row.practice_id, claim=row, code=code, line=line or 0, why=why.strip()[:300], at=at,
                actor_name=actor.name[:160], user=actor.user_id,
            )
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    judge([row], actor=actor, at=at, under=decision)
    audit.record(
        actor=actor, action="claims.overridden", practice=row.practice_id, subject=("claims.claim", claim), at=at,
        facts={"code": code, "line": line or 0}, why=why.strip(), decision=decision,
    )  # fmt: skip


@atomic
def hold(*, actor: Actor, claim: str, why: str, at: datetime) -> None:
    """Keep a claim from going out until a person lets it go; says why."""
    row = moving.one(claim)
    decision = actor.must(contracts.WORK.code, row.practice_id)
    if len(why.strip()) < WHY_LENGTH_MIN:
        raise Refused("Say why the claim has to wait.", code="no_reason", field="why", fix="A few words will do.")
    moving.move(row, to=S.HELD, actor=actor, at=at, why=why, hold_reason=why.strip(), by_hand=True)
    outbox.publish(ClaimHeld(claim, "by_hand"), practice=row.practice_id, at=at)
    waiting.keep_in_step([row], actor=actor, at=at, under=decision)
    audit.record(
        actor=actor, action="claims.held", practice=row.practice_id, subject=("claims.claim", claim), at=at,
        why=why.strip(), decision=decision,
    )  # fmt: skip


@atomic
def unhold(*, actor: Actor, claim: str, at: datetime) -> None:
    """Let a claim go that a person held; the scrubber then decides."""
    row = moving.one(claim)
    decision = actor.must(contracts.WORK.code, row.practice_id)
    if not row.is_held_by_hand:
        raise NotHeld("Nobody holds this claim by hand.", fix="Mend its findings.")
    row.is_held_by_hand = False
    judge([row], actor=actor, at=at, under=decision)
    audit.record(
        actor=actor, action="claims.unheld", practice=row.practice_id, subject=("claims.claim", claim), at=at,
        decision=decision,
    )  # fmt: skip
