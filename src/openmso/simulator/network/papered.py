"""The demo's papers: a clause of the office's own, what goes along with an agreement, and one out for signature."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from openmso.agreements.contracts import Line, Side, SignedDocument
from openmso.agreements.paper.companions import Asset, AssetKind, CompanionKind, Disposition
from openmso.agreements.paper.contracts import NamedSigner
from openmso.agreements.queries import agreements
from openmso.agreements.queries import signing as signings
from openmso.agreements.services import clauses, companions, counsel, drafting, signing
from openmso.agreements.services.companions import CompanionDraft
from openmso.kit.periods import DayRange
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy.scope import reading
from openmso.simulator.network import papers
from openmso.simulator.network.building import STARTS_ON, Network, within

WHERE = "ROCK"
KEPT_AT = datetime(2026, 9, 2, 15, tzinfo=UTC)
"""When what goes along with the agreement is recorded."""
DRAFTED_AT = datetime(2026, 10, 19, 14, tzinfo=UTC)
REVIEWED_AT = datetime(2026, 10, 22, 15, tzinfo=UTC)
SENT_AT = datetime(2026, 10, 29, 14, tzinfo=UTC)
NEXT_YEAR = date(2027, 1, 1)
Staff = Callable[[str, datetime], Actor]

ENDING = (
    "Either side may end the agreement for a breach that is not cured within thirty days of a notice in writing, ten "
    "days where a payment is due, and at once where the other is excluded from a federal health programme or loses "
    "what it needs to perform. The practice may end it at any time with ninety days' notice, and hears in the answer "
    "what the MSO will hand over, and when."
)
BESIDE: tuple[tuple[CompanionKind, CompanionDraft], ...] = (
    (
        CompanionKind.POWER,
        CompanionDraft(
            {"powers": ["bill", "receive", "appeal", "enrol"], "is_revocable": True, "excludes_government": True},
            STARTS_ON,
        ),
    ),
    (
        CompanionKind.BILLING,
        CompanionDraft(
            {"pay": "flat", "agent_receives": False, "is_revocable": True, "account": "Government receipts"}, STARTS_ON
        ),
    ),
    (
        CompanionKind.LEASE,
        CompanionDraft(
            {
                "premises": "Reception furniture and telephones, 12 Harbor Road",
                "landlord": "mso",
                "rent_kind": "fixed",
                "rent": "640.00",
                "is_fmv": True,
            },
            date(2025, 12, 15),
            date(2026, 12, 15),
            "As it was before the practice joined",
        ),
    ),
    (CompanionKind.LOAN, CompanionDraft({"limit": "100000.00", "rate": "6.00"}, STARTS_ON)),
    (
        CompanionKind.ASSETS,
        CompanionDraft(
            {"purpose": "Schedule 4 of the asset purchase"},
            STARTS_ON,
            assets=(
                Asset("Charts since 1998", AssetKind.RECORDS, True, Disposition.STAYS, Decimal(0)),
                Asset("Vaccines", AssetKind.DRUGS, True, Disposition.STAYS, Decimal("8400.00")),
                Asset("Ultrasound", AssetKind.EQUIPMENT, True, Disposition.LEASE, Decimal("21500.00")),
                Asset("Waiting room furniture", AssetKind.FURNITURE, False, Disposition.SALE, Decimal("3900.00")),
                Asset("Nine computers", AssetKind.IT, False, Disposition.SALE, Decimal("5200.00")),
            ),
        ),
    ),
)
"""What is signed beside the agreement; a licence of marks and a share restriction are still missing."""


def paper(network: Network, *, staff: Staff, at: datetime) -> None:
    """Write a clause, sign what goes along, and bring next year's amendment as far as the practice's signature."""
    site = network.sites[WHERE]
    with within(network.mso, site.practice):
        clauses.write(
            actor=staff("compliance_officer", KEPT_AT), mso=network.mso, at=KEPT_AT,
            given={"code": "term.ending", "block": "term", "title": "Ending it early", "order": 20, "text": ENDING},
            why="Practices asked what follows their notice.",
        )  # fmt: skip
        with reading():
            agreement = agreements.of(site.practice)[-1].public_id
        _sign_beside(agreement, staff)
        companions.watch(actor=Actor.system("OpenMSO", at=at), at=at)
        _amend(site.practice, agreement, staff)


def _sign_beside(agreement: str, staff: Staff) -> None:
    for kind, new in BESIDE:
        made = companions.draft(actor=staff("controller", KEPT_AT), agreement=agreement, kind=kind, new=new, at=KEPT_AT)
        companions.sign(
            actor=staff("mso_executive", KEPT_AT), companion=made, at=KEPT_AT, signed_on=KEPT_AT.date(),
            document=SignedDocument(f"{kind.label}.pdf", papers.copy(kind.label, made)),
            mso_signer="Kate Lindgren, Chief executive", practice_signer="Dr. Ana Rockland, Owner",
        )  # fmt: skip


def _amend(practice: int, agreement: str, staff: Staff) -> None:
    """The controller drafts, compliance reviews as counsel, the executive sends and signs; the owner has not."""
    with reading():
        terms = agreements.agreement(agreement).versions[-1].terms
        owner = next(one for one in signings.who_signs(practice, at=SENT_AT) if one.side is Side.PRACTICE)
    wider = replace(
        terms, lines=(*terms.lines, Line("payroll", DayRange(NEXT_YEAR, terms.days.ends_on), approval="each pay run"))
    )
    drafting.amend(
        actor=staff("controller", DRAFTED_AT), agreement=agreement, starts_on=NEXT_YEAR, terms=wider, at=DRAFTED_AT,
        summary="Payroll comes into scope in 2027",
    )  # fmt: skip
    clauses.replace(
        actor=staff("controller", DRAFTED_AT), agreement=agreement, code="budget.yearly", at=DRAFTED_AT,
        text="Ninety days before each year the MSO proposes a budget; the practice approves it or says what it would "
        "change. Until one is approved, last year's holds.",
        why="Dr. Rockland asked for thirty days more.",
    )  # fmt: skip
    reviewer = staff("compliance_officer", REVIEWED_AT)
    counsel.ask(actor=staff("controller", DRAFTED_AT), agreement=agreement, reviewer=reviewer.user, at=DRAFTED_AT)
    counsel.answer(
        actor=reviewer, agreement=agreement, signs_off=True, at=REVIEWED_AT,
        note="Read whole; ninety days for the budget is fine. Outside counsel confirmed the scope of payroll.",
    )  # fmt: skip
    kate = staff("mso_executive", SENT_AT)
    signers = [
        NamedSigner(Side.MSO, kate.name, "Chief executive", kate.user),
        NamedSigner(Side.PRACTICE, owner.name, "Owner", owner.user),
    ]
    signing.send(actor=kate, agreement=agreement, signers=signers, at=SENT_AT)
    signing.sign(
        actor=kate, agreement=agreement, address="10.0.4.17", at=SENT_AT,
        intent=signing.intent_of("Chief executive", Side.MSO),
    )  # fmt: skip
