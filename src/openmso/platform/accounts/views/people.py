"""People and access: who has an account, which roles they hold where, and why somebody may see something."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from openmso.kit.errors import Refused
from openmso.platform.access import queries as access
from openmso.platform.access import registry
from openmso.platform.access import services as grants
from openmso.platform.access.contracts import Actor, AssignmentRow, Decision
from openmso.platform.access.edges import act, form, page
from openmso.platform.accounts import forms, mail, sight
from openmso.platform.accounts.tables import PEOPLE, AccountState, PersonRow
from openmso.platform.identity import queries, services
from openmso.platform.identity.contracts import Account, AccountFilters
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Filters, Page, PageAsk

ROLES_SHOWN_MAX = 3


@page("access.read")
def index(request: Any) -> HttpResponse:
    """The people one may see: all of the network, or those of one's own practices."""
    ask = tables.ask(request, PEOPLE)
    return tables.answer(
        request, PEOPLE, ask, template="accounts/people.html", context={"may_invite": request.actor.can("users.read")},
        fetch=lambda wanted: _page(request.actor, ask.filters, wanted),
    )  # fmt: skip


@page("access.read")
def person(request: Any, account: str) -> HttpResponse:
    """One person: their account, and their roles in the practices one may see."""
    return render(request, "accounts/person.html", _about(request, account))


@page("access.read")
def why(request: Any, account: str) -> HttpResponse:
    """What somebody may do in a practice today, each with its reason and the grant behind it."""
    them = sight.account(request.actor, account)
    practices = access.tenants(request.actor.practices_for("access.read"))
    chosen = next((row for row in practices if row.public_id == request.GET.get("practice")), practices[0])
    asked = request.GET.get("permission", "")
    actor = access.as_seen_from_here(queries.user(them.public_id), at=request.actor.at)
    decisions = [actor.may(code, chosen.practice) for code in sorted(registry.permissions())]
    context = {
        "account": them,
        "here": "What they may do",
        "practices": practices,
        "chosen": chosen,
        "permissions": registry.permissions().values(),
        "asked": asked,
        "answer": next((one for one in decisions if one.permission == asked), None),
        "allowed": [_told(one) for one in decisions if one.allowed],
        "refused": [_told(one) for one in decisions if not one.allowed],
    }
    return respond.page(request, "accounts/why.html#answer", context)


@form("users.manage")
def invite(request: Any) -> HttpResponse:
    """Make an account and send its invitation."""
    filled = forms.Invitation(request.POST or None)
    if request.method == "POST" and filled.is_valid():
        try:
            made = services.add_user(actor=request.actor, at=request.actor.at, **filled.cleaned_data)
        except Refused as no:
            filled.add_error(no.field if no.field in filled.fields else None, f"{no.sentence} {no.fix}".strip())
        else:
            return _invited(request, made)
    return render(
        request, "accounts/invite.html", {"form": filled, "here": "Invite"}, status=422 if filled.is_bound else 200
    )


@act("users.manage")
def invite_again(request: Any, account: str) -> HttpResponse:
    """Send the invitation once more; older links end with the password that is set."""
    return _invited(request, queries.account(account))


@act("users.manage")
def disable(request: Any, account: str) -> HttpResponse:
    """Close an account at once."""
    services.disable(actor=request.actor, account=account, why=request.POST.get("why", ""), at=request.actor.at)
    return _back(request, account, "Disabled. All their sessions and tokens have ended.")


@act("users.manage")
def enable(request: Any, account: str) -> HttpResponse:
    """Open a disabled account again."""
    services.enable(actor=request.actor, account=account, at=request.actor.at)
    return _back(request, account, "Enabled. They sign in anew.")


@act("users.manage")
def end_sessions(request: Any, account: str) -> HttpResponse:
    """Sign somebody out everywhere."""
    services.end_sessions(actor=request.actor, account=account, at=request.actor.at)
    return _back(request, account, "Signed out everywhere.")


@form("access.assign")
def assign(request: Any, account: str) -> HttpResponse:
    """Give somebody a role in a practice."""
    them = sight.account(request.actor, account)
    practices = {row.public_id: row for row in access.tenants(request.actor.practices_for("access.assign"))}
    filled = forms.Assignment(
        request.POST or None,
        practices=[(key, row.name) for key, row in practices.items()],
        roles=[(role.code, f"{role.words} ({role.side})") for role in registry.roles().values()],
        lines=tuple(registry.LINES.items()),
        initial={"starts_on": request.actor.today},
    )
    if request.method == "POST" and filled.is_valid():
        given = filled.cleaned_data | {"practice": practices[filled.cleaned_data["practice"]].practice}
        try:
            grants.assign(actor=request.actor, user_id=them.user_id, at=request.actor.at, **given)
        except Refused as no:
            filled.add_error(no.field if no.field in filled.fields else None, f"{no.sentence} {no.fix}".strip())
        else:
            return _back(request, account, "Assigned.")
    context = {"form": filled, "account": them, "here": "Give a role"}
    return render(request, "accounts/assign.html", context, status=422 if filled.is_bound else 200)


@form("access.assign")
def end_assignment(request: Any, account: str, assignment: str) -> HttpResponse:
    """End somebody's role in a practice."""
    with reading():
        them = sight.account(request.actor, account)
        row = _assignment(them, assignment)
    filled = forms.AssignmentEnd(request.POST or None, initial={"ends_on": request.actor.day_in(row.practice)})
    if request.method == "POST" and filled.is_valid():
        grants.end_assignment(
            actor=request.actor, practice=row.practice, assignment=assignment, at=request.actor.at,
            **filled.cleaned_data,
        )  # fmt: skip
        return _back(request, account, "Ended.")
    context = {"form": filled, "account": them, "row": row, "here": "End a role"}
    return render(request, "accounts/end_assignment.html", context, status=422 if filled.is_bound else 200)


@act("access.approve")
def approve_assignment(request: Any, account: str, assignment: str) -> HttpResponse:
    """Approve for the practice that somebody of the MSO works for it."""
    with reading():
        row = _assignment(sight.account(request.actor, account), assignment)
    grants.approve_assignment(actor=request.actor, practice=row.practice, assignment=assignment, at=request.actor.at)
    return _back(request, account, "Approved.")


def _page(actor: Actor, filters: Filters, wanted: PageAsk) -> Page[PersonRow]:
    asked = AccountFilters(filters.text, filters.one("is") or "", filters.flag("unsecured"))
    only = None if actor.can("users.read") else access.people_assigned()
    accounts, total = queries.accounts(asked, only=only, offset=wanted.offset, limit=wanted.size)
    held = access.assignments([account.user_id for account in accounts])
    rows = [_row(account, [one for one in held if one.user_id == account.user_id], actor) for account in accounts]
    return Page(rows, total, wanted)


def _row(account: Account, held: list[AssignmentRow], actor: Actor) -> PersonRow:
    now = [one for one in held if not _ended(one, actor)]
    roles, places = sorted({one.role_words for one in now}), sorted({one.practice_name for one in now})
    return PersonRow(
        public_id=account.public_id, name=account.name, email=account.email, roles=_listed(roles),
        practices=_listed(places), state=AccountState(account.state), has_second_factor=account.has_second_factor,
        last_seen_at=account.last_seen_at,
    )  # fmt: skip


def _listed(words: list[str]) -> str:
    more = len(words) - ROLES_SHOWN_MAX
    return ", ".join(words[:ROLES_SHOWN_MAX]) + (f" and {more} more" if more > 0 else "")


def _about(request: Any, public_id: str) -> dict[str, Any]:
    them, actor = sight.account(request.actor, public_id), request.actor
    held = access.assignments([them.user_id])
    return {
        "account": them,
        "here": them.name,
        "state": AccountState(them.state),
        "current": [one for one in held if not _ended(one, actor)],
        "past": [one for one in held if _ended(one, actor)],
        "may_manage": _would(actor, "users.manage"),
        "may_assign": _would(actor, "access.assign"),
        "may_approve": actor.can("access.approve"),
        "is_self": them.user_id == actor.user_id,
    }


def _ended(role: AssignmentRow, actor: Actor) -> bool:
    """Whether a role is over by the day of its practice."""
    return role.ends_on is not None and role.ends_on <= actor.day_in(role.practice)


def _would(actor: Actor, permission: str) -> bool:
    """Whether the actor may, once they have confirmed who they are: the button leads to that confirmation."""
    return replace(actor, fresh=True).can(permission)


def _assignment(them: Account, public_id: str) -> AssignmentRow:
    row = next((one for one in access.assignments([them.user_id]) if one.public_id == public_id), None)
    if row is None:
        raise grants.NoSuchAssignment("There is no such assignment.")
    return row


def _told(decision: Decision) -> dict[str, Any]:
    permission = registry.permission(decision.permission)
    return {"decision": decision, "permission": permission, "line": registry.LINES.get(permission.line, "")}


def _invited(request: Any, account: Account) -> HttpResponse:
    if account.is_service:
        return _back(request, account.public_id, "Made. Give it a role, then a token.")
    mail.invite(request, account)
    services.tell_invited(actor=request.actor, account=account.public_id, at=request.actor.at)
    return _back(request, account.public_id, f"Invited. A link to set a password went to {account.email}.")


def _back(request: Any, account: str, words: str) -> HttpResponse:
    messages.success(request, words)
    return respond.redirect(request, reverse("accounts:person", args=[account]))
