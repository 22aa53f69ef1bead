"""Lists of people and of tokens, as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from openmso.platform.ui.contracts import Column, Empty, Filter, Status, TableSpec, Tone


class AccountState(Status):
    """What can be done with an account."""

    ACTIVE = "active", "Active", Tone.GOOD
    INVITED = "invited", "Invited", Tone.INFO
    SERVICE = "service", "Service account", Tone.NONE
    DISABLED = "disabled", "Disabled", Tone.BAD


class TokenState(Status):
    """Whether a token still opens anything."""

    ACTIVE = "active", "Active", Tone.GOOD
    EXPIRED = "expired", "Expired", Tone.NONE
    REVOKED = "revoked", "Revoked", Tone.BAD


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as the list shows them."""

    public_id: str
    name: str
    email: str
    roles: str
    practices: str
    state: AccountState
    has_second_factor: bool
    last_seen_at: datetime | None


PEOPLE = TableSpec(
    name="accounts.people",
    noun=("person", "people"),
    search="name or e-mail",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("accounts:person", args=[row.public_id]),
    columns=(
        Column("name", "Name", heading=True, hint=lambda row: row.email),
        Column("roles", "Roles"),
        Column("practices", "Practices", wide=True),
        Column("state", "State", "status"),
        Column("has_second_factor", "Second factor", "yes", wide=True),
        Column("last_seen_at", "Last seen", "instant", wide=True),
    ),
    filters=(
        Filter("is", "State", choices=[(state.value, state.label) for state in AccountState], many=False),
        Filter("unsecured", "Without a second factor", "flag"),
    ),
    empty=Empty("Nobody yet", "People get an account by invitation.", "Invite somebody", "/people/new/", icon="people"),
)
