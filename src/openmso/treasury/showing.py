"""What the pages of treasury say: each figure with where it leads, what can be done now, and why not."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.urls import reverse

from openmso.governance.queries import interests
from openmso.kit.errors import Refused
from openmso.kit.money import Money
from openmso.platform.access import duties
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Event, Status, Tone
from openmso.treasury import rules
from openmso.treasury.contracts import (
    APPROVE,
    INSTRUCT,
    PREPARE,
    RELEASE,
    RUN,
    SEND,
    BankFile,
    Correction,
    Given,
    Run,
    Step,
    Told,
)
from openmso.treasury.forms import PostForm, RevokeForm, WhyForm
from openmso.treasury.queries import accounts as deposits
from openmso.treasury.queries import loans, paying, runs
from openmso.treasury.services.paying import approves
from openmso.treasury.states import F, Held, Noted, R
from openmso.treasury.tables import PAYMENTS

BEHIND = {
    "refunds": "refunds",
    "practice_expenses": "practice_expenses",
    "physician_compensation": "physician_compensation",
}
"""Which figure a step of a run opens to."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure of a run, with where it leads: to ledger lines, or to the invoices it is made of."""

    given: Given
    url: str
    invoices: tuple[tuple[str, str, Money], ...]
    """Address, number and amount of each."""


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step of a run, with where what it wanted leads."""

    step: Step
    url: str


def run(request: Any, one: Run) -> dict[str, Any]:
    """The page of a run."""
    actor, payments = request.actor, paying.payments_of(one.practice, one.public_id)
    loan = loans.of_agreement(one.practice, one.agreement)
    later = runs.later_than_month(one.practice, one.row.month)
    return {
        "run": one, "row": one.row, "figures": [_figure(one, each) for each in one.given],
        "steps": [ShownStep(each, _behind(one, each)) for each in one.steps], "loan": loan, "payments": payments,
        "table": tables.static(request, PAYMENTS, interests.flag(payments, lambda row: row.to_holder, at=actor.at)),
        "agreement": reverse("agreements:agreement", args=[one.agreement]),
        "approve": _approve(actor, one), "post": _act(actor, RUN.code, "Post in both books", one, R.POSTED, "post"),
        "withdraw": _act(actor, RUN.code, "Withdraw", one, R.WITHDRAWN, "withdraw"),
        "reverse": respond.act(actor, RUN.code, "Reverse the run", practice=one.practice,
                               why_not=rules.may_reverse(one, payments, later=later),
                               url=reverse("treasury:reverse", args=[one.public_id])),
        "post_form": PostForm(initial={"on": actor.day_in(one.practice)}), "why_form": WhyForm(),
        "entries": [(entry, reverse("ledger:entry-of", args=[entry.public_id])) for entry in runs.entries(one)],
        "events": _events(deposits.history(one.practice, [one.public_id]), R),
        "standing": [("Loan", "loan"), ("Fees that stacked", "stacked"), ("Reserve", "reserve"),
                     ("In the government account", "held")],
        "crumbs": [("Waterfall", reverse("treasury:runs"))], "here": f"{one.row.month.first:%B %Y}",
    }  # fmt: skip


def accounts(actor: Actor) -> dict[str, Any]:
    """The page of deposit accounts, practice by practice."""
    found = deposits.accounts(on=actor.today)
    shown = [
        (name, [(one, _instruct(actor, one.practice, one.public_id, has=one.instruction is not None),
                 one.instruction and respond.act(
                     actor, INSTRUCT.code, "Revoke now", practice=one.practice,
                     url=reverse("treasury:revoke", args=[one.instruction.public_id])))
                for one in mine])
        for name, mine in groupby(found, key=lambda one: one.practice_name)
    ]  # fmt: skip
    return {
        "practices": shown, "revoke_form": RevokeForm(), "citation": rules.CITATION,
        "revoked": [one for one in deposits.instructions() if one.state is Held.REVOKED], "here": "Deposit accounts",
    }  # fmt: skip


def file(request: Any, one: BankFile, *, again: bool = False) -> dict[str, Any]:
    """The page of a bank file."""
    actor, payments = request.actor, paying.payments_in(one.practice, one.public_id)
    same = duties.why_not(actor, did=one.prepared_by_user, first="prepared this file", then="approve it")
    url = {name: reverse(f"treasury:{name}", args=[one.public_id]) for name in ("approve-file", "take", "cancel")}
    where = tenancy.mso() if one.from_mso else one.practice
    return {
        "file": one, "payments": payments, "table": tables.static(request, PAYMENTS, payments), "again": again,
        "approve": respond.act(actor, approves(one), "Approve the file", practice=where, url=url["approve-file"],
                               why_not=rules.why_not_file(one.state, F.APPROVED) or same),
        "take": respond.act(actor, SEND.code, "Take it to the bank", practice=one.practice, url=url["take"],
                            why_not=rules.why_not_file(one.state, F.SENT)),
        "cancel": respond.act(actor, PREPARE.code, "Cancel the file", practice=one.practice, url=url["cancel"],
                              why_not=rules.why_not_file(one.state, F.CANCELLED)),
        "who_approves": rules.acts_on(one), "why_form": WhyForm(),
        "notes": [(each, *_noted(actor, each), WhyForm(auto_id=f"{each.public_id}-%s"))
                  for each in paying.corrections(practice=one.practice, file=one.public_id)],
        "back": [(each, _act_on(actor, each.practice, "Record it", "authorize", each.public_id),
                  WhyForm(auto_id=f"{each.public_id}-%s"))
                 for each in payments if each.needs],
        "events": _events(deposits.history(one.practice, [one.public_id]), F),
        "crumbs": [("Bank files", reverse("treasury:files"))], "here": one.public_id,
    }  # fmt: skip


def _noted(actor: Actor, one: Correction) -> tuple[respond.Button | None, respond.Button | None]:
    """Taking a note of a bank over, and leaving the account as it is; nothing once it is decided."""
    if one.state is not Noted.TOLD:
        return None, None
    same = duties.why_not(actor, did=one.told_by_user, first="read this note of the bank", then="take it over")
    where = tenancy.mso() if one.from_mso else one.practice
    return (
        _act_on(actor, where, "Take it over", "take-over", one.public_id, why_not=same),
        _act_on(actor, where, "Leave the account as it is", "leave", one.public_id),
    )


def _act_on(
    actor: Actor, practice: int, label: str, name: str, key: str, *, why_not: Refused | None = None
) -> respond.Button | None:  # fmt: skip
    url = reverse(f"treasury:{name}", args=[key])
    return respond.act(actor, RELEASE.code, label, practice=practice, why_not=why_not, url=url)


def payable() -> list[tuple[str, str]]:
    """Practices and accounts out of which something waits to be paid, as choices."""
    codes = {one.pk: one.code for one in tenancy.tenants_in_scope()}
    found = dict[str, tuple[str, list[Money]]]()
    for one in paying.to_pay():
        key = f"{codes.get(one.practice, '')}:{one.from_account}"
        found.setdefault(key, (f"{one.practice_name}, {one.from_name}", []))[1].append(one.amount)
    return [(key, f"{words}: {len(amounts)} of {Money.total(amounts):,.2f}") for key, (words, amounts) in found.items()]


def waiting() -> Money:
    """What waits to be put into a bank file."""
    return Money.total(one.amount for one in paying.to_pay())


def _figure(one: Run, given: Given) -> Shown:
    url = reverse("treasury:behind", args=[one.public_id, given.key]) if given.selection else ""
    invoices = tuple(
        (reverse("settlement:statement", args=[name]), number, Money.of(amount))
        for name, number, amount in given.invoices
    )
    return Shown(given, url, invoices)


def _behind(one: Run, step: Step) -> str:
    key = BEHIND.get(step.line, "")
    return reverse("treasury:behind", args=[one.public_id, key]) if key else ""


def _approve(actor: Actor, one: Run) -> respond.Button | None:
    same = duties.why_not(actor, did=one.proposed_by_user, first="proposed this run", then="approve it")
    return respond.act(
        actor, APPROVE.code, "Approve the run", practice=one.practice,
        why_not=rules.why_not(one.row.state, R.APPROVED) or same, url=reverse("treasury:approve", args=[one.public_id]),
    )  # fmt: skip


def _act(actor: Actor, permission: str, label: str, one: Run, to: R, name: str) -> respond.Button | None:
    return respond.act(
        actor, permission, label, practice=one.practice, why_not=rules.why_not(one.row.state, to),
        url=reverse(f"treasury:{name}", args=[one.public_id]),
    )  # fmt: skip


def _instruct(actor: Actor, practice: int, account: str, *, has: bool) -> respond.Button | None:
    why = "Revoke the instruction that holds first." if has else ""
    return respond.act(
        actor, INSTRUCT.code, "Give an instruction", practice=practice, why_not=why,
        url=reverse("treasury:instruct", args=[account]),
    )  # fmt: skip


def _events(told: list[Told], states: type[Status]) -> list[Event]:
    made = []
    for one in told:
        state = states(one.state)
        made.append(Event(one.at, f"{state.label} · {one.by}", state.tone or Tone.NONE, one.why))
    return made
