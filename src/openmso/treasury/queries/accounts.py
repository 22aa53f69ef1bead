"""Deposit accounts, the instructions that hold for them, and what became of each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.parties.contracts import AccountUse, BankAccount
from openmso.parties.queries import practices
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import current
from openmso.treasury import models
from openmso.treasury.contracts import Account, Instruction, Told
from openmso.treasury.states import Formula, Held

DEPOSITS = frozenset({AccountUse.DEPOSIT_GOVERNMENT, AccountUse.DEPOSIT})


def accounts(*, on: date) -> list[Account]:
    """The deposit accounts of the practices in scope, practice by practice, that of the government first."""
    names = dict(Tenant.objects.filter(pk__in=current().practices, kind="practice").values_list("pk", "name"))
    holders = _holders(names, on)
    held = {one.account: one for one in instructions(state=Held.GIVEN)}
    found = [one for one in practices.accounts(*names) if one.use in DEPOSITS and one.closed_on is None]
    rows = [
        Account(
            one.practice, names[one.practice], one.public_id, one.name, one.bank_name, one.masked_number, one.use,
            holders.get(one.entity, ""), held.get(one.public_id),
        )
        for one in found
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row.practice_name, not row.is_government, row.name))


def account(public_id: str, *, on: date) -> Account:
    """A deposit account in scope; raises `NotFound`."""
    found = next((one for one in accounts(on=on) if one.public_id == public_id), None)
    if found is None:
        raise NotFound("There is no such deposit account among the practices you may see.", field="account")
    return found


def of_use(practice: int, use: AccountUse) -> BankAccount | None:
    """The open account of a tenant for a use, the first by name; none where it keeps none."""
    found = [one for one in practices.accounts(practice) if one.use is use and one.closed_on is None]
    return found[0] if found else None


def instructions(*, practice: int | None = None, state: Held | None = None) -> list[Instruction]:
    """Instructions in scope, the latest first."""
    found = models.Instruction.objects.select_related("account").order_by("-given_at", "-pk")
    if practice is not None:
        found = found.filter(practice_id=practice)
    if state is not None:
        found = found.filter(state=state.value)
    return [as_instruction(row) for row in found]


def instruction(public_id: str) -> Instruction:
    """An instruction by its public id; raises `NotFound`."""
    row = models.Instruction.objects.select_related("account").filter(public_id=public_id).first()
    if row is None:
        raise NotFound("There is no such instruction among the practices you may see.")
    return as_instruction(row)


def holds_for(practice: int, account: str, on: date) -> Instruction | None:
    """The instruction of an account that holds on a day; one to the MSO's own account moves nothing."""
    row = (
        models.Instruction.objects.select_related("account")
        .filter(
            practice_id=practice, account__public_id=account, state=Held.GIVEN.value, starts_on__lte=on, to_mso=False
        )
        .first()
    )
    return as_instruction(row) if row else None


def history(practice: int, subjects: Collection[str]) -> list[Told]:
    """What happened to things of a practice, the latest first."""
    rows = models.Move.objects.filter(practice_id=practice, subject__in=list(subjects)).order_by("-pk")
    return [Told(row.moved_at, row.to_state, row.moved_by, row.why) for row in rows]


def as_instruction(row: models.Instruction) -> Instruction:
    """A row as what leaves treasury; its account is loaded with it."""
    return Instruction(
        row.public_id, row.practice_id, row.account.public_id, row.account.name, AccountUse(row.use), row.target,
        row.target_name, row.target_holder, row.to_mso, row.agreement, row.version, row.clause, Formula(row.formula),
        None if row.amount is None else Money.of(row.amount), row.starts_on, Held(row.state), row.given_at,
        row.given_by, row.revoked_at, row.revoked_by, row.revoked_why,
    )  # fmt: skip


def _holders(names: Mapping[int, str], on: date) -> dict[int, str]:
    return {one.id: one.legal_name for key in names for one in practices.entities(key, on=on)}
