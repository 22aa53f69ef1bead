"""The API about oneself, tokens, people and access."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from openmso.kit.errors import NotFound
from openmso.platform.access import queries as access
from openmso.platform.access import registry
from openmso.platform.access import services as grants
from openmso.platform.access.contracts import Actor, TenantRow
from openmso.platform.accounts import mail, sight
from openmso.platform.api.operations import operation, own_operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.schemas import Body, Count, Yes, public_id, text
from openmso.platform.identity import queries, services
from openmso.platform.identity.contracts import Account, AccountFilters, TokenRow

router = Router(tags=["People and access"])
AccountId = Annotated[str, public_id("USR")]
AssignmentId = Annotated[str, public_id("ASG")]
TenantId = Annotated[str, public_id("TEN")]
TokenId = Annotated[str, public_id("TOK")]
SessionId = Annotated[str, Field(pattern="^[0-9a-f]{20}$", examples=["0" * 20])]


class TenantOut(Schema):
    id: str
    code: str
    name: str
    is_mso: bool


class MeOut(Schema):
    id: str
    name: str
    kind: str
    practices: list[TenantOut]
    permissions: Annotated[list[str], Field(description="Held in at least one of the practices")]


class SessionOut(Schema):
    id: str
    began_at: datetime
    last_seen_at: datetime
    address: str
    device: str
    is_current: bool


class TokenIn(Body):
    name: Annotated[str, text(80)]
    permissions: Annotated[list[Annotated[str, text(64)]], Field(min_length=1, max_length=100)]
    practices: Annotated[list[TenantId], Field(min_length=1, max_length=100)]
    days: Annotated[Count, Field(ge=1, le=90)] = 30
    networks: Annotated[list[Annotated[str, text(43)]], Field(max_length=20)] = []


class TokenOut(Schema):
    id: str
    name: str
    hint: Annotated[str, Field(description="How the secret begins")]
    state: str
    acts_for: str
    permissions: list[str]
    practices: list[str]
    networks: list[str]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


class TokenOnceOut(Schema):
    id: str
    secret: Annotated[str, Field(description="Shown in this answer and never again")]
    expires_at: datetime


class UserIn(Body):
    name: Annotated[str, text(120)]
    email: Annotated[str, Field(min_length=3, max_length=254, pattern=r"^[^\s@\x00]+@[^\s@\x00]+$")]
    is_service: Yes = False


class UserOut(Schema):
    id: str
    name: str
    email: str
    state: str
    has_second_factor: bool
    last_seen_at: datetime | None


class AccountReasonIn(Body):
    why: Annotated[str, text(200)]


class AssignmentIn(Body):
    practice: TenantId
    role: Annotated[str, text(32)]
    line: Annotated[str, text(24, length_min=0)] = ""
    starts_on: date
    ends_on: date | None = None


class AssignmentEndIn(AccountReasonIn):
    ends_on: date


class AssignmentOut(Schema):
    id: str
    practice: str
    role: str
    line: str
    starts_on: date
    ends_on: date | None
    approved_by: str
    approved_at: datetime | None


class DecisionOut(Schema):
    permission: str
    allowed: bool
    reason: str
    grant: str


@router.get("/me", response=MeOut)
@own_operation("who calls, and what they may")
def get_me(request: Any) -> Any:
    """Who calls, where they stand, and which permissions they hold somewhere."""
    actor: Actor = request.actor
    return {
        "id": actor.user, "name": actor.name, "kind": actor.kind.value,
        "practices": [_tenant(row) for row in access.tenants(actor.standing.tenants)],
        "permissions": [code for code in sorted(registry.permissions()) if actor.can(code)],
    }  # fmt: skip


@router.get("/tokens", response=PageOut[TokenOut])
@operation("tokens.read")
def list_tokens(request: Any, page: Query[PageAsk]) -> Any:
    """One's own API tokens, newest first; no secrets."""
    rows = queries.tokens_of(request.actor.user_id)
    shown = [_token(row, request.actor.at) for row in rows[page.offset : page.offset + page.size]]
    return paged(request, shown, len(rows), page)


@router.post("/tokens", response={201: TokenOnceOut})
@operation("tokens.issue")
def issue_token(request: Any, body: TokenIn) -> Any:
    """Make a token. A token cannot make tokens: call this from a session that has just been confirmed."""
    issued = services.issue_token(
        actor=request.actor, name=body.name, permissions=body.permissions, days=body.days, networks=body.networks,
        practices=[_practice(request.actor, one) for one in body.practices], at=request.actor.at,
    )  # fmt: skip
    return Status(201, {"id": issued.public_id, "secret": issued.secret, "expires_at": issued.expires_at})


@router.get("/tokens/{token}", response=TokenOut)
@operation("tokens.read")
def get_token(request: Any, token: TokenId) -> Any:
    """One of one's own tokens."""
    return _token(queries.token(token, user_id=request.actor.user_id), request.actor.at)


@router.delete("/tokens/{token}", response={204: None})
@operation("tokens.revoke")
def revoke_token(request: Any, token: TokenId) -> Any:
    """End a token at once; ending it again changes nothing."""
    services.revoke_token(actor=request.actor, token=token, at=request.actor.at, why="by API")
    return Status(204, None)


@router.get("/users", response=PageOut[UserOut])
@operation("users.read")
def list_users(request: Any, page: Query[PageAsk], q: Annotated[str, text(100, length_min=0)] = "") -> Any:
    """The accounts of the network by name; `q` looks in names and addresses."""
    found, total = queries.accounts(AccountFilters(text=q), offset=page.offset, limit=page.size)
    return paged(request, [_user(account) for account in found], total, page)


@router.post("/users", response={201: UserOut})
@operation("users.manage")
def add_user(request: Any, body: UserIn) -> Any:
    """Make an account; no invitation is sent."""
    made = services.add_user(
        actor=request.actor, email=body.email, name=body.name, is_service=body.is_service, at=request.actor.at
    )
    return Status(201, _user(made))


@router.get("/users/{user}", response=UserOut)
@operation("users.read")
def get_user(request: HttpRequest, user: AccountId) -> Any:
    """One account."""
    return _user(queries.account(user))


@router.post("/users/{user}/disabling", response=UserOut)
@operation("users.manage")
def disable_user(request: Any, user: AccountId, body: AccountReasonIn) -> Any:
    """Close an account at once: its sessions and tokens end."""
    return _user(services.disable(actor=request.actor, account=user, why=body.why, at=request.actor.at))


@router.post("/users/{user}/enabling", response=UserOut)
@operation("users.manage")
def enable_user(request: Any, user: AccountId) -> Any:
    """Open a disabled account again."""
    return _user(services.enable(actor=request.actor, account=user, at=request.actor.at))


@router.post("/users/{user}/invitation", response=UserOut)
@operation("users.manage")
def invite_user(request: Any, user: AccountId) -> Any:
    """Send the invitation, for the first time or once more; an earlier link ends with the password that is set."""
    account = queries.account(user)
    services.tell_invited(actor=request.actor, account=user, at=request.actor.at)
    mail.invite(request, account)
    return _user(account)


@router.post("/users/{user}/sessions/end", response={204: None})
@operation("users.manage")
def end_sessions_of_user(request: Any, user: AccountId) -> Any:
    """Sign somebody out everywhere."""
    services.end_sessions(actor=request.actor, account=user, at=request.actor.at)
    return Status(204, None)


@router.get("/sessions", response=list[SessionOut])
@own_operation("where one is signed in")
def list_sessions(request: Any) -> Any:
    """Every place where one is signed in; a service is nowhere."""
    current = request.session.session_key or ""
    return [
        {"id": row.public_id, "began_at": row.began_at, "last_seen_at": row.last_seen_at, "address": row.address,
         "device": row.device, "is_current": row.is_current}
        for row in queries.sessions_of(request.actor.user_id, current=current)
    ]  # fmt: skip


@router.delete("/sessions/{session}", response={204: None})
@own_operation("ending one of one's own sessions")
def end_session(request: Any, session: SessionId) -> Any:
    """Sign one place out; ending it again changes nothing."""
    services.end_session(actor=request.actor, session=session, at=request.actor.at)
    return Status(204, None)


@router.delete("/sessions", response={204: None})
@own_operation("ending all of one's own sessions")
def end_own_sessions(request: Any) -> Any:
    """Sign every place out, the calling one too."""
    services.end_sessions(actor=request.actor, account=request.actor.user, at=request.actor.at)
    return Status(204, None)


@router.get("/users/{user}/assignments", response=list[AssignmentOut])
@operation("access.read")
def list_assignments(request: Any, user: AccountId) -> Any:
    """The roles of a person in the practices one may see, latest first."""
    them = sight.account(request.actor, user)
    practices = {row.practice: row.public_id for row in access.tenants(request.actor.standing.tenants)}
    return [
        {"id": row.public_id, "practice": practices[row.practice], "role": row.role, "line": row.line,
         "starts_on": row.starts_on, "ends_on": row.ends_on, "approved_by": row.approved_by,
         "approved_at": row.approved_at}
        for row in access.assignments([them.user_id])
    ]  # fmt: skip


@router.post("/users/{user}/assignments", response={201: dict[str, str]})
@operation("access.assign")
def assign_user(request: Any, user: AccountId, body: AssignmentIn) -> Any:
    """Give a person a role in a practice from a day on."""
    practice, them = _practice(request.actor, body.practice), sight.account(request.actor, user)
    made = grants.assign(
        actor=request.actor, practice=practice, user_id=them.user_id,
        role=body.role, line=body.line, starts_on=body.starts_on, ends_on=body.ends_on, at=request.actor.at,
    )  # fmt: skip
    return Status(201, {"id": made})


@router.post("/practices/{practice}/assignments/{assignment}/end", response={204: None})
@operation("access.assign")
def end_assignment(request: Any, practice: TenantId, assignment: AssignmentId, body: AssignmentEndIn) -> Any:
    """End a person's role from a day on."""
    grants.end_assignment(
        actor=request.actor, practice=_practice(request.actor, practice), assignment=assignment,
        ends_on=body.ends_on, why=body.why, at=request.actor.at,
    )  # fmt: skip
    return Status(204, None)


@router.post("/practices/{practice}/assignments/{assignment}/approval", response={204: None})
@operation("access.approve")
def approve_assignment(request: Any, practice: TenantId, assignment: AssignmentId) -> Any:
    """Approve for the practice that somebody of the MSO works for it; only a licensee of the practice may."""
    grants.approve_assignment(
        actor=request.actor, practice=_practice(request.actor, practice), assignment=assignment, at=request.actor.at
    )
    return Status(204, None)


@router.get("/users/{user}/decisions", response=list[DecisionOut])
@operation("access.read")
def list_decisions(request: Any, user: AccountId, practice: TenantId) -> Any:
    """What a person may do in a practice today: each permission with the reason and the grant behind it."""
    where, seen = _practice(request.actor, practice), sight.account(request.actor, user)
    them = access.as_seen_from_here(queries.user(seen.public_id), at=request.actor.at)
    answers = [them.may(code, where) for code in sorted(registry.permissions())]
    return [
        {"permission": one.permission, "allowed": one.allowed, "reason": one.reason, "grant": one.grant}
        for one in answers
    ]


def _practice(actor: Actor, wanted: str) -> int:
    """The key of a practice in which the caller stands."""
    found = next((row for row in access.tenants(actor.standing.tenants) if row.public_id == wanted), None)
    if found is None:
        raise NoSuchPractice("There is no such practice for you.", field="practice")
    return found.practice


class NoSuchPractice(NotFound):
    """The caller has no standing in a practice of that name."""

    code = "no_such_practice"


def _tenant(row: TenantRow) -> dict[str, Any]:
    return {"id": row.public_id, "code": row.code, "name": row.name, "is_mso": row.is_mso}


def _user(account: Account) -> dict[str, Any]:
    return {
        "id": account.public_id, "name": account.name, "email": account.email, "state": account.state,
        "has_second_factor": account.has_second_factor, "last_seen_at": account.last_seen_at,
    }  # fmt: skip


def _token(row: TokenRow, at: datetime) -> dict[str, Any]:
    return {
        "id": row.public_id, "name": row.name, "hint": row.hint, "state": row.state_at(at), "acts_for": row.owner,
        "permissions": row.permissions, "practices": [one.public_id for one in access.tenants(row.practices)],
        "networks": row.networks, "created_at": row.created_at, "expires_at": row.expires_at,
        "last_used_at": row.last_used_at,
    }  # fmt: skip
