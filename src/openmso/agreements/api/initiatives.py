"""The API of initiatives: what the network offers, who takes part, a practice's yes or no."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema, Status
from pydantic import Field

from openmso.agreements.api.conversion import router as router
from openmso.agreements.api.schemas import IdOut, PracticeId
from openmso.agreements.contracts import READ
from openmso.agreements.initiatives.catalogue import SAYS_MAX, WORDS_MAX
from openmso.agreements.initiatives.contracts import INITIATIVES, JOIN, Choice, TakesPart
from openmso.agreements.queries import initiatives as queries
from openmso.agreements.services import initiatives
from openmso.parties.queries import practices
from openmso.platform.access.contracts import Actor
from openmso.platform.api.operations import operation
from openmso.platform.api.schemas import Body, Yes, text
from openmso.platform.tenancy.queries import key_in_scope
from openmso.platform.tenancy.scope import reading

Code = Annotated[str, Field(max_length=40)]


class InitiativeRowOut(Schema):
    """An initiative for a practice as it stands today."""

    practice: str
    initiative: str
    words: str
    says: str
    uses: str
    part: TakesPart
    since: date | None
    by: str


class InitiativeOut(Schema):
    """An initiative as it is written now; number 0 comes with OpenMSO."""

    code: str
    number: int
    words: str
    says: str
    uses: str


class InitiativeChoiceOut(Schema):
    """A yes or no from a day on."""

    joins: bool
    from_on: date
    why: str
    at: datetime
    by: str


class InitiativeChoiceIn(Body):
    """Yes or no; today where no day is said."""

    joins: Yes
    from_on: date | None = None
    why: Annotated[str, text(300, length_min=0)] = ""


class InitiativeIn(Body):
    """A version of an initiative; what it uses stays what practices said yes to."""

    words: Annotated[str, text(WORDS_MAX)]
    says: Annotated[str, text(SAYS_MAX)]
    uses: Annotated[str, text(SAYS_MAX)]
    why: Annotated[str, text(300)]


class InitiativeWhyIn(Body):
    """Why."""

    why: Annotated[str, text(300)]


@router.get("/initiatives", response=list[InitiativeRowOut])
@operation(READ.code)
def list_initiatives(request: Any) -> Any:
    """Every initiative for every practice one may read of, and whether it takes part today."""
    return [
        {"practice": one.practice_code, "initiative": one.code, "words": one.words, "says": one.says, "uses": one.uses,
         "part": one.part, "since": one.since, "by": one.by}
        for one in queries.rows_of(on=request.actor.today)
    ]  # fmt: skip


@router.get("/initiatives/{initiative}", response=InitiativeOut)
@operation(READ.code)
def get_initiative(request: Any, initiative: Code) -> Any:
    """An initiative as it is written now."""
    return queries.initiative(initiative)


@router.put("/initiatives/{initiative}", response=InitiativeOut)
@operation(INITIATIVES.code)
def write_initiative(request: Any, initiative: Code, body: InitiativeIn) -> Any:
    """Write the next version of an initiative, or a new one; no practice takes part until it says yes."""
    given = body.model_dump() | {"code": initiative}
    initiatives.write(actor=request.actor, mso=_mso(request.actor), given=given, why=body.why, at=request.actor.at)
    with reading():
        return queries.initiative(initiative)


@router.post("/initiatives/{initiative}/withdrawal", response=IdOut)
@operation(INITIATIVES.code)
def withdraw_initiative(request: Any, initiative: Code, body: InitiativeWhyIn) -> Any:
    """Withdraw an initiative: no practice takes part any longer."""
    initiatives.withdraw(
        actor=request.actor, mso=_mso(request.actor), code=initiative, why=body.why, at=request.actor.at
    )
    return {"id": initiative}


@router.get("/practices/{practice}/initiatives/{initiative}", response=list[InitiativeChoiceOut])
@operation(READ.code)
def list_initiative_choices(request: Any, practice: PracticeId, initiative: Code) -> Any:
    """What a practice said to an initiative, in the order in which it said it."""
    return [_choice(one) for one in queries.choices(key_in_scope(practice), initiative)]


@router.post("/practices/{practice}/initiatives/{initiative}", response={201: InitiativeChoiceOut})
@operation(JOIN.code)
def choose_initiative(request: Any, practice: PracticeId, initiative: Code, body: InitiativeChoiceIn) -> Any:
    """Say yes or no for a practice; only its own people do, and take it back whenever they want."""
    with reading():
        key = key_in_scope(practice)
    made = initiatives.choose(
        actor=request.actor, practice=key, code=initiative, joins=body.joins, from_on=body.from_on, why=body.why,
        at=request.actor.at,
    )  # fmt: skip
    return Status(201, _choice(made))


def _choice(one: Choice) -> dict[str, Any]:
    return {"joins": one.joins, "from_on": one.from_on, "why": one.why, "at": one.at, "by": one.by}


def _mso(actor: Actor) -> int:
    with reading():
        return practices.mso_that_decides(actor, INITIATIVES.code, otherwise=initiatives.NOT_THE_MSO)
