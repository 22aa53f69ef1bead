"""The papers that go along with an agreement: of each kind what its terms are, what they may not say, who needs it.

Terms are plain values by name, read and judged here. What may not be said at all is refused with its source; what a
state's law says besides is asked by the rules of law, over the facts that a signed paper tells (`facts`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from openmso.agreements.rules import Fault
from openmso.kit.errors import Refused
from openmso.kit.ids import NAME
from openmso.kit.states import Moves
from openmso.platform.documents.contracts import Purpose
from openmso.platform.ui.contracts import Status, Tone
from openmso.platform.work.contracts import FIRST_DUE, Kind

AHEAD = timedelta(days=60)
"""So long before its end a paper waits for its next one."""
COMPANION = "agreements.companion"
PURPOSE = Purpose(COMPANION, "Paper that goes along with an agreement", "agreements.read")
WORK = Kind(
    COMPANION, "Paper of an agreement that ends", "agreements.draft", url="agreements:companion", ranked=FIRST_DUE
)
SENTENCES = {
    "agreements.companion_drafted": "{actor} drafted {subject}: {kind}",
    "agreements.companion_revised": "{actor} changed the draft of {subject}",
    "agreements.companion_signed": "{actor} recorded {subject} as signed, from {starts_on}",
    "agreements.companion_ended": "{actor} ended {subject} from {ends_on}",
    "agreements.companion_dropped": "{actor} dropped the draft of {subject}",
    "agreements.need_written": "{actor} wrote which agreements need {subject}",
}


class CompanionKind(Status):
    """What goes along with a management services agreement (facts of filed agreements)."""

    BAA = "baa", "Business associate agreement"
    LEASE = "lease", "Lease or sublease"
    MARKS = "marks", "Licence of names and marks"
    POWER = "power_of_attorney", "Power of attorney towards payers"
    BILLING = "billing_agreement", "Billing agreement for government receivables"
    LOAN = "deficit_note", "Deficit loan note"
    SHARES = "stock_transfer", "Stock transfer restriction"
    ASSETS = "asset_list", "Asset list"
    EMPLOYEES = "employee_lease", "Employee lease"


class Standing(Status):
    """Where such a paper stands."""

    DRAFT = "draft", "Draft", Tone.INFO
    SIGNED = "signed", "Signed", Tone.GOOD
    ENDED = "ended", "Ended", Tone.NONE
    DROPPED = "dropped", "Dropped", Tone.NONE


MOVES: Moves[Standing] = {
    Standing.DRAFT: {Standing.SIGNED, Standing.DROPPED},
    Standing.SIGNED: {Standing.ENDED},
    Standing.ENDED: frozenset(),
    Standing.DROPPED: frozenset(),
}


class Held(Status):
    """How a need of an agreement stands on a day."""

    THERE = "there", "There", Tone.GOOD
    ENDS = "ends", "Ends soon", Tone.WARN
    DRAFTED = "drafted", "Drafted, not signed", Tone.WARN
    ENDED = "ended", "Ended", Tone.BAD
    MISSING = "missing", "Missing", Tone.BAD


class TermKind(StrEnum):
    """What a term is."""

    TEXT = "text"
    MONEY = "money"
    RATE = "rate"
    DAY = "day"
    FLAG = "flag"
    CHOICE = "choice"
    MANY = "many"
    CLINICIAN = "clinician"


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a kind of paper; `choices` are values and their words."""

    name: str
    label: str
    kind: TermKind
    needed: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    note: str = ""


class BadCompanion(Refused):
    """The paper cannot say that, or not so."""

    code = "bad_companion"


def _text(name: str, label: str, *, needed: bool = True, note: str = "") -> Term:
    return Term(name, label, TermKind.TEXT, needed, note=note)


def _money(name: str, label: str, *, needed: bool = True, note: str = "") -> Term:
    return Term(name, label, TermKind.MONEY, needed, note=note)


def _flag(name: str, label: str) -> Term:
    return Term(name, label, TermKind.FLAG, needed=False)


def _choice(name: str, label: str, **choices: str) -> Term:
    return Term(name, label, TermKind.CHOICE, choices=tuple(choices.items()))


EVENTS: Mapping[str, str] = {
    "death": "Death", "incapacity": "Incapacity", "licence_lost": "Loss or suspension of the licence",
    "excluded": "Exclusion from a federal health programme", "employment_ended": "End of the employment",
    "agreement_ended": "End of the management agreement", "attempted_transfer": "An attempted transfer",
    "bankruptcy": "Bankruptcy", "at_will": "At the will of the MSO",
}  # fmt: skip
"""Events on which shares go to the permitted transferee (filed stock transfer restrictions)."""
POWERS: Mapping[str, str] = {
    "bill": "Bill and follow claims in the practice's name", "endorse": "Endorse and deposit payments",
    "receive": "Receive remittances and payers' letters", "appeal": "Appeal denials",
    "enrol": "Sign enrolments for electronic claims and payments",
}  # fmt: skip

TERMS: Mapping[CompanionKind, tuple[Term, ...]] = {
    CompanionKind.LEASE: (
        _text("premises", "What is leased", note="Premises or equipment, as the paper describes them"),
        _choice("landlord", "Who leases it out", mso="The MSO", practice="The practice"),
        _flag("is_sublease", "It is a sublease"),
        _choice("rent_kind", "How the rent is set", fixed="Fixed in advance", percentage="A percentage of revenue",
                per_click_referrals="By each use that is referred"),
        _money("rent", "Rent of a month", needed=False),
        _flag("is_fmv", "An opinion says that the rent is fair market value"),
        _flag("beyond_need", "More is leased than is needed"),
    ),
    CompanionKind.MARKS: (
        _text("marks", "Names and marks"),
        _choice("licensor", "Whose they are", mso="The MSO's", practice="The practice's"),
        _money("royalty", "Royalty of a month", needed=False, note="Empty: part of the fee"),
        _flag("ends_with_agreement", "It ends with the management agreement"),
    ),
    CompanionKind.POWER: (
        Term("powers", "What the MSO may do", TermKind.MANY, choices=tuple(POWERS.items())),
        _flag("is_revocable", "The practice may revoke it at any time"),
        _flag("excludes_government", "What government programmes pay is excluded"),
    ),
    CompanionKind.BILLING: (
        _choice("pay", "What the MSO's pay for it follows", flat="A flat amount", per_claim="A price for each claim",
                cost="Its cost", collections="What is billed or collected"),
        _flag("agent_receives", "The MSO receives the payments itself"),
        _flag("is_revocable", "The practice may change where the money goes at any time"),
        _text("account", "Account of the practice that is paid into", note="As the bank calls it"),
    ),
    CompanionKind.LOAN: (
        _money("limit", "Most that is lent"),
        Term("rate", "Interest of a year", TermKind.RATE, note="Percent, such as 6.00"),
        Term("due_on", "Due on", TermKind.DAY, needed=False, note="Empty: at the end of the management agreement"),
        _flag("owner_is_liable", "The owner is personally liable"),
    ),
    CompanionKind.SHARES: (
        _text("holder", "Who holds the shares"),
        Term("events", "They go over on", TermKind.MANY, choices=tuple(EVENTS.items())),
        Term("transferee", "To whom", TermKind.CLINICIAN, note="A clinician of the practice, licensed in its state"),
        _money("price", "Fixed price"),
        _flag("mso_names_transferee", "The MSO may name another transferee"),
    ),
    CompanionKind.ASSETS: (
        _text("purpose", "What the list is for", note="Such as Schedule 4 of the asset purchase"),
    ),
    CompanionKind.EMPLOYEES: (
        _text("positions", "Positions that are leased"),
        _choice("employer", "Who employs them", mso="The MSO", practice="The practice"),
        _choice("price", "What is paid", cost="Their cost", cost_plus="Their cost and a mark-up"),
        Term("markup", "Mark-up", TermKind.RATE, needed=False, note="Percent, such as 4.00"),
        _flag("has_licensees", "Clinicians are among them"),
    ),
}  # fmt: skip


class AssetKind(Status):
    """What an asset is; the first four are clinical wherever they are."""

    RECORDS = "records", "Medical records"
    DRUGS = "drugs", "Drugs and vaccines"
    CLINICAL_CONTRACTS = "clinical_contracts", "Contracts with clinicians"
    PROVIDER_AGREEMENTS = "provider_agreements", "Provider agreements and enrolments"
    EQUIPMENT = "equipment", "Equipment"
    FURNITURE = "furniture", "Furniture and fixtures"
    IT = "it", "Computers and software"
    LEASEHOLD = "leasehold", "Leases and improvements"
    INTANGIBLE = "intangible", "Names, marks and other intangibles"
    SUPPLIES = "supplies", "Supplies"


ALWAYS_CLINICAL = (
    AssetKind.RECORDS, AssetKind.DRUGS, AssetKind.CLINICAL_CONTRACTS, AssetKind.PROVIDER_AGREEMENTS,
)  # fmt: skip


class Disposition(Status):
    """What happens to an asset."""

    STAYS = "stays", "Stays with the practice"
    SALE = "sale", "Sold to the MSO"
    LEASE = "lease", "Leased to the MSO"


@dataclass(frozen=True, slots=True)
class Asset:
    """A line of an asset list; the amount is its book or appraised value."""

    name: str
    kind: AssetKind
    is_clinical: bool
    disposition: Disposition
    amount: Decimal


def asset_faults(one: Asset) -> Iterator[Fault]:
    """Why an asset cannot stand so: what is clinical is the practice's, and never on a sale schedule."""
    if not one.name.strip():
        yield Fault("name", "An asset has a name.")
    if one.kind in ALWAYS_CLINICAL and not one.is_clinical:
        yield Fault("is_clinical", f"{one.kind.label} are clinical.", "Say that it is clinical.")
    if (one.is_clinical or one.kind in ALWAYS_CLINICAL) and one.disposition is Disposition.SALE:
        yield Fault(
            "disposition", f"{one.name.strip() or one.kind.label} is clinical, and clinical assets are never sold to "
            "the MSO (corporate practice of medicine).", "Leave it with the practice.",
        )  # fmt: skip
    if one.amount < 0:
        yield Fault("amount", "A value is not below zero.")


def read(kind: CompanionKind, given: Mapping[str, Any]) -> dict[str, Any]:
    """The terms of a paper as they are kept, from what was typed or sent. Raises `BadCompanion` with the field."""
    known = {term.name: term for term in TERMS.get(kind, ())}
    if not known:
        raise BadCompanion(f"{kind.label}: it is recorded on a page of its own.", field="kind")
    if strange := sorted(set(given) - set(known)):
        raise BadCompanion(f"{kind.label} has no term {strange[0]!r}.", field=strange[0])
    return {name: _value(term, given.get(name)) for name, term in known.items()}


def _value(term: Term, said: Any) -> Any:
    """A term as it is kept: texts, yes or no, lists of texts."""
    if term.kind is TermKind.FLAG:
        return said in (True, "yes", "on", "true")
    if term.kind is TermKind.MANY:
        chosen = [str(one) for one in said or ()]
        if term.needed and not chosen:
            raise BadCompanion(f"{term.label}: choose at least one.", field=term.name)
        if strange := [one for one in chosen if one not in dict(term.choices)]:
            raise BadCompanion(f"{term.label}: {strange[0]!r} is not known.", field=term.name)
        return chosen
    typed = str(said if said is not None else "").strip()
    if not typed:
        if term.needed:
            raise BadCompanion(f"{term.label}: it is missing.", field=term.name, fix="Say it.")
        return ""
    return _typed(term, typed)


def _typed(term: Term, typed: str) -> str:
    try:
        match term.kind:
            case TermKind.MONEY:
                return str(_amount(typed, places=2, most=Decimal("999999999.99")))
            case TermKind.RATE:
                return str(_amount(typed, places=2, most=Decimal(100)))
            case TermKind.DAY:
                return date.fromisoformat(typed).isoformat()
            case TermKind.CHOICE:
                return {value: value for value, _ in term.choices}[typed]
            case TermKind.CLINICIAN:
                if not re.fullmatch(f"CLN-{NAME}", typed):
                    raise ValueError
                return typed
            case _:
                return typed[:300]
    except (ValueError, KeyError, InvalidOperation):
        raise BadCompanion(f"{term.label}: {typed[:40]!r} is none.", field=term.name, fix=term.note) from None


def _amount(typed: str, *, places: int, most: Decimal) -> Decimal:
    value = Decimal(typed.replace(",", "").replace("$", ""))
    exponent = value.as_tuple().exponent
    if not value.is_finite() or not 0 <= value <= most or (isinstance(exponent, int) and -exponent > places):
        raise ValueError
    return value.quantize(Decimal(1).scaleb(-places))


@dataclass(frozen=True, slots=True)
class Licence:
    """The licence of a permitted transferee: where, and whether they are there on the day."""

    name: str
    state: str
    number: str
    is_there: bool


def faults(
    kind: CompanionKind, terms: Mapping[str, Any], *, state: str, starts_on: date, ends_on: date | None,
    licence: Licence | None = None,
) -> Iterator[Fault]:  # fmt: skip
    """What a paper of a kind may not say, each with its source."""
    if ends_on is not None and ends_on <= starts_on:
        yield Fault("ends_on", "It ends after it starts.", "Give the first day after the last.")
    match kind:
        case CompanionKind.POWER:
            yield from _power_faults(terms)
        case CompanionKind.BILLING:
            yield from _billing_faults(terms)
        case CompanionKind.SHARES:
            yield from _share_faults(terms, state, licence)
        case CompanionKind.EMPLOYEES:
            if terms["price"] == "cost_plus" and not terms["markup"]:
                yield Fault("markup", "Cost and a mark-up: the mark-up is missing.", "Say how many percent.")
        case CompanionKind.LEASE:
            if terms["rent_kind"] == "fixed" and not terms["rent"]:
                yield Fault("rent", "A fixed rent has an amount, set in advance.", "Say the rent of a month.")
        case _:
            pass


def _power_faults(terms: Mapping[str, Any]) -> Iterator[Fault]:
    if not terms["is_revocable"]:
        yield Fault("is_revocable", "A power of attorney towards payers is revocable at any time "
                    "(42 CFR 424.73, 447.10).", "Have the practice keep the right to revoke it.")  # fmt: skip
    if not terms["excludes_government"]:
        yield Fault("excludes_government", "What Medicare and Medicaid pay is not assigned by it "
                    "(42 CFR 424.73, 447.10).", "Exclude government receivables.")  # fmt: skip


def _billing_faults(terms: Mapping[str, Any]) -> Iterator[Fault]:
    if not terms["is_revocable"]:
        yield Fault("is_revocable", "The practice may change where government programmes pay at any time "
                    "(42 CFR 424.73(b)).", "Have it keep that right.")  # fmt: skip
    if terms["agent_receives"] and terms["pay"] == "collections":
        yield Fault(
            "pay", "An agent who receives government payments is not paid by what is billed or collected "
            "(42 CFR 424.73(b)(3), 447.10(f)).", "Choose a flat amount, a price for each claim, or cost.",
        )  # fmt: skip


def _share_faults(terms: Mapping[str, Any], state: str, licence: Licence | None) -> Iterator[Fault]:
    if licence is None:
        yield Fault("transferee", "The permitted transferee is no clinician of this practice.", "Put them in first.")
    elif not licence.is_there:
        yield Fault("transferee", f"{licence.name} is not at the practice on that day.", "Choose somebody who is.")
    elif not licence.number or licence.state != state:
        where = f"in {licence.state}" if licence.number else "with no licence on file"
        yield Fault("transferee", f"{licence.name} is {where if not licence.number else 'licensed ' + where}, and "
                    f"shares of the practice go only to a licensee of {state}.",
                    "Choose one, or put the licence in.")  # fmt: skip


def facts(kind: CompanionKind, terms: Mapping[str, Any], *, days: int | None) -> dict[str, Any]:
    """What a signed paper tells the rules of law (names of `law.facts`); `days` are those of its term."""
    match kind:
        case CompanionKind.LEASE:
            return {
                "lease.between_parties": True, "lease.is_signed": True, "lease.days": Decimal(days or 36_500),
                "lease.rent_in_advance": terms["rent_kind"] == "fixed", "lease.rent_kind": terms["rent_kind"],
                "lease.is_fmv": terms["is_fmv"], "lease.beyond_need": terms["beyond_need"],
            }  # fmt: skip
        case CompanionKind.SHARES:
            at_will = "at_will" in terms["events"] or terms["mso_names_transferee"]
            return {"stock.mso_controls": True, "stock.listed_events_only": not at_will, "stock.mso_replaces": at_will}
        case CompanionKind.BILLING:
            return {
                "reassign.account_of_practice": not terms["agent_receives"],
                "reassign.revocable": terms["is_revocable"],
                "reassign.medicare_to_mso": terms["agent_receives"],
                "reassign.medicaid_to_mso": terms["agent_receives"], "reassign.agency_agreement": True,
            }  # fmt: skip
        case _:
            return {}
