"""What leaves identity: accounts, sessions and tokens as others see them; never a secret but the one shown once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from openmso.platform.access.contracts import Permission

READ_USERS = Permission("users.read", "see the accounts of the network")
MANAGE_USERS = Permission("users.manage", "invite, disable and enable accounts", fresh=True)
ISSUE_TOKENS = Permission("tokens.issue", "make API tokens", fresh=True)
READ_TOKENS = Permission("tokens.read", "see one's API tokens")
REVOKE_TOKENS = Permission("tokens.revoke", "revoke one's API tokens")
PERMISSIONS: Iterable[Permission] = (READ_USERS, MANAGE_USERS, ISSUE_TOKENS, READ_TOKENS, REVOKE_TOKENS)


@dataclass(frozen=True, slots=True)
class Account:
    """One person or service that acts in the house."""

    user_id: int
    public_id: str
    email: str
    name: str
    is_active: bool
    is_service: bool
    is_demo: bool
    has_second_factor: bool
    last_seen_at: datetime | None = None

    @property
    def state(self) -> str:
        """In one word what can be done with it."""
        if not self.is_active:
            return "disabled"
        return "service" if self.is_service else "active" if self.last_seen_at else "invited"


@dataclass(frozen=True, slots=True)
class AccountFilters:
    """Which accounts are wanted; an empty field asks nothing."""

    text: str = ""
    state: str = ""
    unsecured: bool = False


@dataclass(frozen=True, slots=True)
class Census:
    """How many accounts there are, by what can be done with them; `unsecured` people have no second factor."""

    active: int
    invited: int
    disabled: int
    service: int
    unsecured: int


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One place where a person is signed in. `key` never leaves the server: `public_id` is its digest."""

    public_id: str
    began_at: datetime
    last_seen_at: datetime
    address: str
    device: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class TokenRow:
    """One API token as its owner sees it."""

    public_id: str
    name: str
    hint: str
    owner: str
    permissions: tuple[str, ...]
    practices: tuple[int, ...]
    networks: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None
    last_used_from: str

    def state_at(self, at: datetime) -> str:
        """`active`, `expired` or `revoked`."""
        if self.revoked_at is not None:
            return "revoked"
        return "active" if at < self.expires_at else "expired"


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A token right after it was made: the only moment at which its secret is known."""

    public_id: str
    secret: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class TokenGrant:
    """What a valid secret opens: whose it is, who vouches for it, and how far it reaches at most."""

    public_id: str
    user_id: int
    vouched_by: int
    permissions: frozenset[str]
    practices: frozenset[int]
