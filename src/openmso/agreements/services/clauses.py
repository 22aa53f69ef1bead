"""The library of clauses and words of a draft's own: written, withdrawn, put in place, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from openmso.agreements.contracts import DRAFT
from openmso.agreements.models.paper import ClauseVersion, OwnWords
from openmso.agreements.paper import clauses
from openmso.agreements.paper.clauses import BadClause
from openmso.agreements.paper.contracts import CLAUSES
from openmso.agreements.queries import agreements as queries
from openmso.agreements.queries import paper
from openmso.agreements.services import rounds, versions
from openmso.agreements.services.drafting import desk, locked
from openmso.kit.errors import NotFound, Refused
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.tenancy.scope import atomic

NOT_THE_MSO = "The library of clauses is kept by the MSO."
_write = partial(versions.write, ClauseVersion, kind="clause")


@atomic
def write(*, actor: Actor, mso: int, given: Mapping[str, Any], why: str, at: datetime) -> int:
    """Write a version of a clause, or a new one; drafts choose it from now on, what was signed stays as it was.

    Returns its number. Raises `BadClause` for one that cannot be filled, `Refused` where no reason is given.
    """
    decision = actor.must(CLAUSES.code, mso)
    made = clauses.clause_of(given)
    if made.instead_of == made.code:
        raise BadClause("A clause does not stand instead of itself.", field="instead_of")
    return _write(actor=actor, mso=mso, code=made.code, body=clauses.as_data(made), why=why, at=at, decision=decision)


@atomic
def withdraw(*, actor: Actor, mso: int, code: str, why: str, at: datetime) -> int:
    """Choose a clause for no draft any longer; a later version brings it back. Returns the number."""
    decision = actor.must(CLAUSES.code, mso)
    paper.clause(code)
    return _write(actor=actor, mso=mso, code=code, body={}, why=why, at=at, decision=decision)


@atomic
def replace(*, actor: Actor, agreement: str, code: str, text: str, why: str, at: datetime) -> None:
    """Put words of this draft's own in place of a clause, or leave it out (no words); with the reason.

    The draft is another one then: signatures under it are void, and counsel looks at it anew.
    """
    row = locked(agreement)
    decision = actor.must(DRAFT.code, row.practice_id)
    desk(row)
    _refuse_unknown(agreement, code)
    if not why.strip():
        raise Refused("Say why it leaves the library.", code="no_reason", field="why")
    if text.strip():
        clauses.refuse_text(text)
    OwnWords.objects.filter(agreement=row, code=code).delete()
    OwnWords.objects.create(
        practice_id=row.practice_id, agreement=row, code=code, text=text.strip(), why=why.strip()[:300], at=at,
        by=actor.name[:160], user=actor.user,
    )  # fmt: skip
    rounds.changed(row, why="The text of the draft was changed.", actor=actor, at=at, under=decision)
    audit.record(
        actor=actor, action="agreements.text_changed", practice=row.practice_id, at=at, decision=decision,
        subject=("agreements.agreement", agreement), facts={"clause": code}, why=why.strip()[:200],
    )  # fmt: skip


@atomic
def restore(*, actor: Actor, agreement: str, code: str, at: datetime) -> None:
    """Take the library's clause back in place of words of the draft's own."""
    row = locked(agreement)
    decision = actor.must(DRAFT.code, row.practice_id)
    desk(row)
    gone, _ = OwnWords.objects.filter(agreement=row, code=code).delete()
    if not gone:
        raise NotFound("This clause is the library's already.", field="code")
    rounds.changed(row, why="The text of the draft was changed.", actor=actor, at=at, under=decision)
    audit.record(
        actor=actor, action="agreements.text_restored", practice=row.practice_id, at=at, decision=decision,
        subject=("agreements.agreement", agreement), facts={"clause": code},
    )  # fmt: skip


def _refuse_unknown(agreement: str, code: str) -> None:
    if all(one.code != code for one in paper.of_draft(queries.agreement(agreement)).articles):
        raise NotFound(f"The clause {code} does not stand in this draft.", field="code")
