"""What the pages of a statement say: where each figure leads, why a fee is what it is, what can be done and why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from openmso.agreements.contracts import Level
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.ledger.contracts import Entry
from openmso.platform.access.contracts import Actor
from openmso.platform.ui import respond, tables
from openmso.platform.ui.cells import money_text
from openmso.platform.ui.contracts import Event, Why, WhyTerm
from openmso.settlement import queries, rules
from openmso.settlement.contracts import APPROVE, PAY, RUN, Input, Row, Settlement, Statement
from openmso.settlement.forms import PaidForm, WithdrawForm
from openmso.settlement.states import S
from openmso.settlement.tables import LEVEL

SECTIONS = (
    ("in", "What came in"),
    ("fee", "Our fee, step by step"),
    ("keep", "What is yours"),
    ("owed", "What insurers and patients still owe you"),
)
NAMES = {
    "net_collections": "Net collections", "claims": "Claims first sent", "visits": "Visits that took place",
    "providers": "Clinicians at work", "late_items": "Items that we touched late", "other": "Without a payer",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """A row with where its figure leads: to entries, to the fee's reckoning, or to a reckoning that opens in place."""

    section: str
    row: Row
    url: str = ""
    why: Why | None = None


def named(key: str) -> str:
    """An input or a category in words."""
    return NAMES.get(key) or key.replace("_", " ").capitalize()


def way(one: Settlement) -> list[tuple[str, str]]:
    """The way back from a page below a statement."""
    return [(f"{one.month.first:%B %Y}", reverse("settlement:statement", args=[one.public_id]))]


def sections(one: Statement) -> list[tuple[str, str, list[Shown]]]:
    """The statement's sections: name, title, rows with where they lead."""
    return [(name, title, [_shown(one, title, row) for row in one.section(name)]) for name, title in SECTIONS]


def statement(actor: Actor, one: Statement) -> dict[str, Any]:
    """The page of a statement."""
    settlement = one.settlement
    return {
        "settlement": settlement,
        "sections": sections(one),
        "fee_why": _fee_why(one),
        "approve": _button(actor, "Approve invoice", APPROVE.code, settlement, S.APPROVED),
        "pay": _button(actor, "Record payment", PAY.code, settlement, S.PAID),
        "withdraw": _button(actor, "Withdraw", RUN.code, settlement, S.WITHDRAWN),
        "open": settlement.state in queries.OPEN,
        "paid_form": PaidForm(),
        "withdraw_form": WithdrawForm(),
        "entries": [(book, entry, _entry_url(entry)) for book, entry in queries.entries(settlement)],
        "events": [Event(move.at, f"{move.state.label} · {move.by}", move.state.tone, move.why) for move in one.moves],
        "levels": queries.levels(settlement),
        "here": f"{settlement.month.first:%B %Y}",
    }


def level_of(one: Settlement, kind: str) -> Level:
    """A promise in the month of a statement; raises `NotFound`."""
    found = next((each for each in queries.levels(one) if each.kind == kind), None)
    if found is None:
        raise NotFound("The agreement promised nothing of that name in this month.")
    return found


def level(request: Any, one: Settlement, kind: str) -> dict[str, Any]:
    """The page of a promise in the month of a statement: the items that it was measured by."""
    found = level_of(one, kind)
    return {
        "settlement": one, "level": found, "table": tables.static(request, LEVEL, found.items), "crumbs": way(one),
        "here": found.words,
    }  # fmt: skip


def fee(request: Any, one: Statement) -> dict[str, Any]:
    """The page of a fee."""
    settlement = one.settlement
    return {
        "settlement": settlement,
        "inputs": [
            (named(each.name), named(each.category), each, _value(each), _input_url(request.actor, settlement, each))
            for each in one.inputs
        ],
        "steps": list(zip([row.step for row in one.section("fee")], one.steps, strict=False)),
        "agreement": reverse("agreements:agreement", args=[settlement.agreement]),
        "entries": [(book, entry, _entry_url(entry)) for book, entry in queries.entries(settlement)],
        "crumbs": way(settlement),
        "here": "Fee",
    }  # fmt: skip


def _shown(one: Statement, title: str, row: Row) -> Shown:
    settlement = one.settlement
    if row.opens:
        return Shown(title, row, reverse("settlement:behind", args=[settlement.public_id, row.number]))
    if row.section == "keep" and row.total:
        return Shown(title, row, why=_yours_why(one, row))
    anchor = f"#step-{row.step}" if row.step else ""
    return Shown(title, row, reverse("settlement:fee", args=[settlement.public_id]) + anchor)


def _yours_why(one: Statement, row: Row) -> Why:
    terms = tuple(WhyTerm(each.label, money_text(each.figure), total=each.total) for each in one.section("keep"))
    return Why(key="yours", value=money_text(row.figure), terms=terms)


def _fee_why(one: Statement) -> Why:
    """Why the fee is what it is: the steps that add to it."""
    steps = [row for row in one.section("fee") if row.amount is not None]
    return Why(
        key="fee",
        value=money_text(one.settlement.fee),
        terms=tuple(WhyTerm(row.label, money_text(row.figure), total=row.total) for row in steps),
        note=f"Agreement {one.settlement.agreement}, version {one.settlement.version}.",
        url=reverse("settlement:fee", args=[one.settlement.public_id]),
        rows="Every step",
    )


def _button(actor: Actor, label: str, permission: str, one: Settlement, to: S) -> respond.Button | None:
    """A button, or why there is nothing to press, in the words of the rule that forbids it."""
    why_not = rules.why_not(one.state, to, invoice=f"Invoice {one.invoice}")
    names = {S.APPROVED: "approve", S.PAID: "pay", S.WITHDRAWN: "withdraw"}
    url = reverse(f"settlement:{names[to]}", args=[one.public_id])
    return respond.act(actor, permission, label, practice=one.practice, why_not=why_not, url=url)


def _value(each: Input) -> str:
    return money_text(Money.of(each.amount)) if each.selection else each.amount


def _entry_url(entry: Entry) -> str:
    return reverse("ledger:entry-of", args=[entry.public_id])


def _input_url(actor: Actor, one: Settlement, each: Input) -> str:
    """Where an input leads: to the ledger lines it was summed from, or to the list that was counted."""
    if each.selection:
        return reverse("settlement:given", args=[one.public_id, each.name, each.category])
    if each.name == "claims" and actor.can("claims.read", one.practice):
        query = f"practice:{one.practice_code.lower()} sent:{one.month}"
        return f"{reverse('claims:worklist')}?{urlencode({'q': query})}"
    return ""
