"""What the pages of a statement say: where each figure leads, why a fee is what it is, what can be done and why not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from openmso.agreements import registry
from openmso.agreements.contracts import Level
from openmso.agreements.fees import charging
from openmso.agreements.fees.units import unit_of
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.kit.periods import DayRange, Month
from openmso.ledger.contracts import Entry
from openmso.platform.access import duties
from openmso.platform.access.contracts import Actor
from openmso.platform.ui import respond, tables
from openmso.platform.ui.cells import money_text
from openmso.platform.ui.contracts import Event, Filters, Page, PageAsk, Tone, Totals, Why, WhyTerm
from openmso.platform.ui.figures import Part
from openmso.settlement import parts, queries, rules
from openmso.settlement.contracts import (
    AGES,
    ANSWER,
    APPROVE,
    DISPUTE,
    PAY,
    RUN,
    Dispute,
    DisputeRow,
    FeeStep,
    Input,
    Row,
    Said,
    Settlement,
    Statement,
)
from openmso.settlement.contracts.figures import Waiting
from openmso.settlement.contracts.parts import INVOICE, parted
from openmso.settlement.contracts.permissions import SHARED as SEES_SHARED
from openmso.settlement.forms import HEARERS, PaidForm, WithdrawForm
from openmso.settlement.queries import causes, disputes, metering
from openmso.settlement.states import HEARD, D, S, Whose
from openmso.settlement.tables import open_of
from openmso.settlement.tables.openbook import LEVEL, items

OPEN_BOOK = "governance.read"
SECTIONS = (
    ("in", "What came in"),
    ("fee", "Our fee, step by step"),
    ("back", "Rebates passed on to you"),
    ("keep", "What is yours"),
    ("owed", "What insurers and patients still owe you"),
)
NAMES = {
    "net_collections": "Net collections", "claims": "Claims first sent", "visits": "Visits that took place",
    "providers": "Clinicians at work", "late_items": "Items that we touched late", "other": "Without a payer",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """A stage of a dispute, as the stepper shows it."""

    label: str
    done: bool
    current: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A row with where its figure leads: to entries, to the fee's reckoning, or to a reckoning that opens in place."""

    section: str
    row: Row
    url: str = ""
    why: Why | None = None


def named(key: str) -> str:
    """An input or a category in words."""
    if level := charging.level_of(key):
        return f"Months below {level[1]}% in time"
    known = unit_of(key) or registry.figure(key)
    return NAMES.get(key) or (known.heading if known else key.replace("_", " ").capitalize())


def of_part(name: str, category: str) -> str:
    """Of which part a figure is told: the kind of payer, or what the figure is where it has no parts."""
    known = registry.figure(name)
    return named(category) if known is None or known.categories else known.words


def part(name: str, category: str, days: DayRange | None) -> str:
    """A figure and its part, as a title; of a month in several parts with its days."""
    known = registry.figure(name)
    of = named(name) if known and not known.categories else f"{named(name)}, {named(category).lower()}"
    return f"{of}, {parts.words(days)}" if days else of


def waits(found: Iterable[Waiting]) -> list[tuple[str, str]]:
    """What a fee waits for, each in words with the page where it is entered or confirmed."""
    return [(one.sentence, _waits_url(one)) for one in found]


def _waits_url(one: Waiting) -> str:
    if one.is_shared:
        return reverse("settlement:allocation-draft", args=[str(one.month)])
    return enter_url(one.practice_code, one.month, one.name, one.figure)


def enter_url(practice_code: str, month: Month, name: str, figure: str = "") -> str:
    """Where a figure is entered, or where the one that is there is confirmed and corrected."""
    if figure:
        return reverse("settlement:figure", args=[figure])
    return reverse("settlement:enter-figure", args=[practice_code, str(month), name])


def way(one: Settlement) -> list[tuple[str, str]]:
    """The way back from a page below a statement."""
    return [(f"{one.month.first:%B %Y}", reverse("settlement:statement", args=[one.public_id]))]


def book(actor: Actor, practice: int, place: str) -> list[tuple[str, str]]:
    """The way back to the open book of a practice, for whoever may read it."""
    may = actor.can(OPEN_BOOK, practice)
    return [("Open book", reverse("governance:open-book", args=[place]))] if may else []


def sections(one: Statement) -> list[tuple[str, str, list[Shown]]]:
    """The statement's sections: name, title, rows with where they lead."""
    made = [(name, title, [_shown(one, title, row) for row in one.section(name)]) for name, title in SECTIONS]
    return [each for each in made if each[2]]


def strip(totals: Totals, on: date) -> list[Part]:
    """What is to be paid by age, as one bar; each part opens to its invoices."""
    made = []
    for age, shade in zip(AGES, ("d1", "d2", "d3", "d-warn", "d-bad"), strict=True):
        first, last = age.days(on)
        days = " ".join(word for word in (f"due:>={first}" if first else "", f"due:<={last}" if last else "") if word)
        made.append(Part(age.words, totals[age.key], shade, open_of(more=days)))
    return made


def statement(actor: Actor, one: Statement) -> dict[str, Any]:
    """The page of a statement."""
    settlement, contested = one.settlement, disputes.of_settlement(one.settlement.public_id)
    return {
        "settlement": settlement,
        "sections": sections(one),
        "disputable": _disputable(actor, one, contested),
        "fee_why": _fee_why(one),
        "approve": _button(actor, "Approve invoice", APPROVE.code, settlement, S.APPROVED),
        "pay": _button(
            actor,
            "Record that it was paid back" if settlement.to_pay_back else "Record payment",
            PAY.code,
            settlement,
            S.PAID,
        ),
        "withdraw": _button(actor, "Withdraw", RUN.code, settlement, S.WITHDRAWN),
        "open": settlement.state in queries.OPEN,
        "disputes": contested,
        "memos": disputes.memos_of(settlement.public_id),
        "paid_form": PaidForm(),
        "withdraw_form": WithdrawForm(),
        "entries": [(book, entry, _entry_url(entry)) for book, entry in queries.entries(settlement)],
        "events": [Event(move.at, f"{move.state.label} · {move.by}", move.state.tone, move.why) for move in one.moves],
        "levels": queries.levels(settlement),
        "here": f"{settlement.month.first:%B %Y}",
    }


def _disputable(actor: Actor, one: Statement, contested: list[DisputeRow]) -> set[int]:
    """The rows of a statement beside which the reader can dispute."""
    settlement = one.settlement
    if not actor.can(DISPUTE.code, settlement.practice):
        return set()
    before = {each.row: each.public_id for each in contested if each.state is not D.TAKEN_BACK}
    paid = Money.total(each.contested for each in contested if each.of_paid)
    return {
        row.number for row in one.rows
        if not rules.why_not_dispute(settlement, row, before=before.get(row.number, ""), contested=paid)
    }  # fmt: skip


def dispute(actor: Actor, one: Dispute) -> dict[str, Any]:
    """The page of a dispute: where it stands, its story, and what its reader can do."""
    row, invoice = one.row, one.settlement
    entries = [(book, entry, _entry_url(entry)) for book, entry in queries.entries(invoice)]
    ours = {name for memo in one.memos for name in (memo.practice_entry, memo.mso_entry)}
    return {
        "one": one,
        "row": row,
        "settlement": invoice,
        "stages": _stages(one),
        "waits": _waits(row, actor.day_in(row.practice)),
        "acts": _acts(actor, row),
        "events": [_said(said) for said in reversed(one.story)],
        "papers": [(said, paper) for said in one.story for paper in said.papers],
        "entries": [each for each in entries if each[1].public_id in ours],
        "crumbs": [("Disputes", reverse("settlement:disputes"))],
        "here": row.public_id,
    }


def _stages(one: Dispute) -> list[Step]:
    """Through which stages a dispute went, and where it is."""
    seen, now = {said.state for said in one.story}, one.row.state
    return [Step(words, stage in seen and stage is not now, stage is now) for stage, words in HEARERS.items()]


def _waits(row: DisputeRow, today: date) -> tuple[Tone, str, str] | None:
    """Who has the word and until when: tone, title, and what follows."""
    if row.due_on is None:
        return None
    late, day = rules.ran_out(row, today), f"{row.due_on:%-d %B %Y}"
    if row.state is D.ANSWERED:
        return Tone.INFO, f"The practice decides until {day}.", "After that day the answer stands."
    who = "The MSO's answer" if row.state is D.OPEN else "The outcome"
    passed = " The practice can take the dispute further without it." if rules.further(row) else ""
    if late:
        return Tone.BAD, f"{who} was due on {day}.", f"{row.contested} is still contested.{passed}"
    passed = " If none comes by then, the practice can take the dispute further." if rules.further(row) else ""
    until = "What is won is paid back." if row.of_paid else f"Until it is settled, {row.held} is not to be paid."
    return Tone.WARN, f"{who} is due on {day}.", f"{until}{passed}"


def _acts(actor: Actor, row: DisputeRow) -> list[tuple[respond.Button, bool]]:
    """What the reader can do with a dispute now, and whether it is the likeliest."""
    same = duties.why_not(actor, did=row.opened_by_user, first=f"opened {row.public_id}", then="answer it")
    asked = (
        (ANSWER, "Answer" if row.state is D.OPEN else "Record the outcome", "answer-dispute", row.state in HEARD, True),
        (DISPUTE, "Accept", "accept-answer", not rules.why_not_accept(row), True),
        (DISPUTE, "It was decided otherwise" if rules.further(row) == (D.ARBITRATION,) and row.stage is D.ARBITRATION
         else "Take it further", "escalate-dispute",
         not rules.why_not_take_further(row, actor.day_in(row.practice)), False),
        (ANSWER, "Take it further", "refer-dispute",
         not rules.why_not_refer(row, actor.day_in(row.practice)) and not actor.can(DISPUTE.code, row.practice), False),
        (DISPUTE, "Take it back", "take-back-dispute", not rules.why_not_take_back(row), False),
    )  # fmt: skip
    made = (
        (respond.act(actor, may.code, label, practice=row.practice, why_not=same if name == "answer-dispute" else None,
                     url=reverse(f"settlement:{name}", args=[row.public_id])), likeliest)
        for may, label, name, shown, likeliest in asked if shown
    )  # fmt: skip
    return [(button, likeliest) for button, likeliest in made if button]


def _said(said: Said) -> Event:
    if not said.came_from:
        return Event(said.at, f"Disputed · {said.by}", said.state.tone)
    credited = f"{said.credited} credited. " if said.credited else ""
    words = "Answered" if said.state is D.ANSWERED else said.state.label
    return Event(said.at, f"{words} · {said.by}", said.state.tone, f"{credited}{said.why}")


def level_of(one: Settlement, kind: str) -> Level:
    """A promise in the month of a statement; raises `NotFound`."""
    found = next((each for each in queries.levels(one) if each.kind == kind), None)
    if found is None:
        raise NotFound("The agreement promised nothing of that name in this month.")
    return found


def level(request: Any, one: Settlement, kind: str) -> dict[str, Any]:
    """The page of a promise in the month of a statement: the items that it was measured by."""
    found = level_of(one, kind)
    (kept,) = causes.judged([found], one.practice, one.practice_code, one.month, at=request.actor.at)
    return {
        "settlement": one, "level": found, "table": tables.static(request, LEVEL, kept.judged), "crumbs": way(one),
        "here": found.words,
    }  # fmt: skip


def fee(request: Any, one: Statement) -> dict[str, Any]:
    """The page of a fee."""
    settlement = one.settlement
    return {
        "settlement": settlement,
        "inputs": [
            (
                f"{named(each.name)}, {parts.words(each.days)}" if each.days else named(each.name),
                of_part(each.name, each.category), each, _value(each), _input_url(request.actor, settlement, each),
            )
            for each in one.inputs
        ],
        "steps": [
            (row.step, step, _charged_url(step)) for row, step in zip(one.section("fee"), one.steps, strict=False)
        ],
        "agreement": reverse("agreements:agreement", args=[settlement.agreement]),
        "entries": [(book, entry, _entry_url(entry)) for book, entry in queries.entries(settlement)],
        "crumbs": way(settlement),
        "here": "Fee",
    }  # fmt: skip


def opener(actor: Actor, one: Settlement, count: str) -> Callable[[str], str]:
    """Where the records of a count open for a reader; nowhere where they may not, or where it has no pages."""
    meter = registry.meter(parted(count)[0])
    if meter is None or not meter.url or (meter.permission and not actor.can(meter.permission, one.practice)):
        return lambda record: ""
    return lambda record: reverse(meter.url, args=[record])


def metered(
    actor: Actor, settlement: str, count: str
) -> tuple[dict[str, Any], Callable[[PageAsk, Filters], Page[Any]]]:  # fmt: skip
    """The page of a count of a fee, and how its records are found; raises `NotFound`."""
    one, found = queries.settlement(settlement), metering.frozen(settlement, count)
    opens = opener(actor, one, count)

    def fetch(asked: PageAsk, filters: Filters) -> Page[Any]:
        page = metering.records(settlement, count, filters, asked)
        return replace(page, rows=[replace(row, url=opens(row.name)) for row in page.rows])

    fee_page = reverse("settlement:fee", args=[settlement])
    return {"settlement": one, "one": found, "crumbs": [*way(one), ("Fee", fee_page)], "here": found.heading}, fetch


def _shown(one: Statement, title: str, row: Row) -> Shown:
    settlement = one.settlement
    if row.opens:
        return Shown(title, row, reverse("settlement:behind", args=[settlement.public_id, row.number]))
    if row.section == "keep" and row.total:
        return Shown(title, row, why=_yours_why(one, row))
    if row.section == "back":
        return Shown(title, row, reverse("settlement:rebates") + f"?q=invoice:{settlement.invoice}")
    step = next((step for each, step in zip(one.section("fee"), one.steps, strict=False) if each is row), None)
    if step is not None and (url := _charged_url(step)):
        return Shown(title, row, url)
    anchor = f"#step-{row.step}" if row.step else ""
    return Shown(title, row, reverse("settlement:fee", args=[settlement.public_id]) + anchor)


def _charged_url(step: FeeStep) -> str:
    """Where the invoice opens that a true-up takes off; nowhere where a step is none."""
    named = next((use.removeprefix(INVOICE) for use in step.uses if use.startswith(INVOICE)), "")
    return reverse("settlement:statement", args=[named]) if named else ""


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
    why_not = rules.why_not_pay(one) if to is S.PAID else rules.why_not(one.state, to, invoice=f"Invoice {one.invoice}")
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
        return reverse("settlement:given", args=[one.public_id, each.address, each.category])
    if each.is_shared:
        if actor.can(SEES_SHARED.code, one.practice):
            return reverse("settlement:allocation", args=[each.entered])
        return reverse("settlement:cost", args=[one.practice_code])
    if each.entered:
        return reverse("settlement:figure", args=[each.entered])
    if each.metered is not None:
        return reverse("settlement:metered", args=[one.public_id, each.address])
    if each.name == queries.LATE_ITEMS:
        return items(one.practice_code, one.month, f"is:late cause:{Whose.MSO.value}")
    if each.name == "providers" and actor.can("parties.read", one.practice):
        return reverse("parties:practice", args=[one.practice_code])
    if each.name == "claims" and actor.can("claims.read", one.practice):
        query = f"practice:{one.practice_code.lower()} sent:{one.month}"
        return f"{reverse('claims:worklist')}?{urlencode({'q': query})}"
    return ""
