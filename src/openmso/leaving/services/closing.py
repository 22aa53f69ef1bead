"""The closing statement is issued, and the compliance officer certifies what became of patients' data."""

from __future__ import annotations

from datetime import datetime

from openmso.kit.ids import public_id as fresh_id
from openmso.kit.states import check_move
from openmso.leaving import models as kept
from openmso.leaving import pdf
from openmso.leaving.contracts import CERTIFICATE, CERTIFY, EXIT, STATE, STATEMENT, Exit, Fate, NotLeft, Stage
from openmso.leaving.queries import cases, closing
from openmso.leaving.services.cases import locked, said, step, tell
from openmso.leaving.states import STAGES
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import queries as trail
from openmso.platform.documents import services as documents
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic


@atomic
def state(*, actor: Actor, exit: str, at: datetime) -> Exit:
    """Issue the closing statement as of today, as PDF; what it says is kept, and a later one takes its place.

    Raises `NotLeft` with what is missing: months not settled, an election, a price.
    """
    one, row, decision = locked(actor, exit, STATE.code, at)
    check_move(STAGES, noun="exit", frm=one.stage, to=Stage.STATED)
    found = closing.closing(one, tenancy.today(one.practice, at), at)
    if found.missing:
        raise NotLeft(found.missing[0], fix=f"{len(found.missing)} in all." if len(found.missing) > 1 else "")
    made = fresh_id("CLO")
    content = pdf.statement(one, found, made, mso=closing.mso_name(one))
    document = _stored(actor, one, f"closing-statement-{made}.pdf", content, STATEMENT.code, at, decision)
    statement = kept.ClosingStatement.objects.create(
        practice_id=one.practice, public_id=made, exit=row, stated_on=found.on, net_amount=found.net.amount,
        document=document, made_at=at, made_by=actor.name[:160],
    )  # fmt: skip
    kept.ClosingLine.objects.bulk_create(
        kept.ClosingLine(
            practice_id=one.practice, statement=statement, number=number, section=line.section, words=line.words[:200],
            how=line.how[:300], amount=line.amount.amount, counts=line.counts, source_kind=line.source[0],
            source_id=line.source[1], made_at=at, made_by=actor.name[:160],
        )
        for number, line in enumerate(found.lines, start=1)
    )  # fmt: skip
    step(row, Stage.STATED, actor, at, f"{found.whom}: {abs(found.net):,.2f}")
    tell("stated", row, actor, at, decision, net=f"{found.whom.lower()}, {abs(found.net):,.2f}")
    return cases.today(exit, at)


@atomic
def certify(*, actor: Actor, exit: str, fate: Fate, sha256: str, words: str, at: datetime) -> Exit:
    """Certify what became of patients' data, as PDF signed by the compliance officer, with the export's manifest.

    The export must be one that the trail tells of; what is kept because it cannot be destroyed yet says why, and how it
    is protected (45 CFR 164.504(e)(2)(ii)(J)). Once for each exit. Raises `NotLeft`.
    """
    one, row, decision = locked(actor, exit, CERTIFY.code, at)
    if one.stage in {Stage.CLOSED, Stage.WITHDRAWN}:
        raise NotLeft(f"The exit is {one.stage.label.lower()}.")
    if one.certificate is not None:
        raise NotLeft(f"{one.certificate.public_id} certifies it already.")
    if fate is Fate.KEPT:
        said(words=words)
    if not trail.is_told(
        cases.TAKEN, practice=one.practice, subject=(cases.ARCHIVE, one.practice_code), facts={"sha256": sha256}
    ):
        raise NotLeft("The trail tells of no export with this manifest.", field="sha256",
                      fix="Have the practice take its archive away first.")  # fmt: skip
    made = fresh_id("CRT")
    content = pdf.certificate(
        one, number=made, mso=closing.mso_name(one), fate=fate, sha256=sha256, words=words, by=actor.name, at=at,
        on=tenancy.today(one.practice, at),
    )  # fmt: skip
    document = _stored(actor, one, f"certificate-{made}.pdf", content, CERTIFICATE.code, at, decision)
    kept.Certificate.objects.create(
        practice_id=one.practice, public_id=made, exit=row, fate=fate, manifest=sha256, words=words.strip(),
        document=document, made_at=at, made_by=actor.name[:160],
    )  # fmt: skip
    tell("certified", row, actor, at, decision, fate=fate.label.lower(), sha256=sha256)
    return cases.today(exit, at)


def _stored(
    actor: Actor, one: Exit, name: str, content: bytes, purpose: str, at: datetime, decision: Decision
) -> str:  # fmt: skip
    filed = documents.store(
        actor=actor, practice=one.practice, name=name, content=content, media_type="application/pdf", purpose=purpose,
        at=at, under=decision,
    )  # fmt: skip
    documents.became(document=filed.public_id, subject=(EXIT, one.public_id), practice=one.practice, at=at)
    return filed.public_id
