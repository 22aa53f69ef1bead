"""The demo's register of arrangements with physicians and others who refer, and a payment run with stops."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from openmso.compliance.contracts import (
    Kind,
    Method,
    NewArrangement,
    NewOpinion,
    NewTerm,
    Paper,
    Party,
    Pay,
    Payment,
    Relative,
    Said,
    Side,
)
from openmso.compliance.queries import runs
from openmso.compliance.services import keeping, running, watching
from openmso.kit.money import Money
from openmso.platform.access.contracts import Actor
from openmso.simulator.network import papers
from openmso.simulator.network.building import Network, within

WHERE = "ROCK"
KEPT_AT = datetime(2026, 9, 2, 14, tzinfo=UTC)
"""When compliance enters what the practice had agreed on before it joined."""
BEN, WANDA = "Dr. Ben Osei", "Dr. Wanda Ferro"
RENT, SCANNER = "Penobscot Properties LLC", "Midcoast Imaging Partners"
OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))
NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))
STOPPED = 5
"""How many payments of the run are to be stopped."""


@dataclass(frozen=True, slots=True)
class Plan:
    """An arrangement of the demo: with whom about what, its terms, and the range of its opinion of value."""

    about: NewArrangement
    term: NewTerm
    value: tuple[int, int, date] | None
    signed_by: str
    relatives: tuple[Relative, ...] = ()
    answers: dict[str, str] = field(default_factory=dict)


def _term(
    services: str,
    pay: Pay,
    rate: str,
    starts_on: date,
    ends_on: date,
    *grounds: str,
    **more: Any,
) -> NewTerm:
    written = {
        "written_on": starts_on,
        "reasonable": "Needed at this size whoever refers what.",
        **more,
    }
    return NewTerm(services, pay, Decimal(rate), starts_on, ends_on, grounds=grounds, **written)


def plans(ben: str) -> Iterator[Plan]:
    """The arrangements of Rockland Family Practice; `ben` is the NPI of its second physician."""
    yield Plan(
        NewArrangement("Medical director", Kind.SERVICES, Party.PHYSICIAN, BEN, ben),
        _term("Direction of the clinic: protocols, chart review, call schedule; recorded by the hour", Pay.HOUR,
              "185.00", date(2026, 1, 1), date(2027, 1, 1), "stark_services", "aks_services", hours_cap=Decimal(20)),
        (160, 215, date(2027, 1, 31)), BEN, (Relative("Abena Osei", "spouse"),),
        {"stark_services.necessary": "Job description and the hours of 2025, file of August 2026",
         "aks_services.covers_all": "This register and the employment file name all services"},
    )  # fmt: skip
    yield Plan(
        NewArrangement("Lease of the main office", Kind.SPACE, Party.ENTITY, RENT, ein="204561237"),
        _term("2,400 square feet at 12 Harbor Road, for the practice alone", Pay.MONTH, "4800.00", date(2025, 7, 1),
              date(2028, 7, 1), "stark_space", holdover=True),
        (4500, 5100, date(2027, 6, 30)), "Carl Whitten", (Relative("Whitten Family Trust", "owner of the company"),),
        {"stark_space.need": "Floor plan; visits and rooms of 2026"},
    )  # fmt: skip
    yield Plan(
        NewArrangement("Ultrasound, two days a week", Kind.EQUIPMENT, Party.ENTITY, SCANNER, ein="204561238"),
        _term("Portable ultrasound, Mondays and Thursdays", Pay.MONTH, "950.00", date(2025, 10, 1), date(2026, 10, 1),
              "stark_equipment"),
        (800, 1000, date(2026, 12, 31)), "Joan Pike",
    )  # fmt: skip
    yield Plan(
        NewArrangement("Weekend call", Kind.SERVICES, Party.PHYSICIAN, WANDA, "1245319599"),
        _term("Weekend telephone call for the practice", Pay.UNIT, "600.00", date(2026, 11, 1), date(2027, 11, 1),
              "stark_services", unit_words="weekend"),
        None, WANDA,
    )  # fmt: skip


def keep(network: Network, *, omar: Actor, elena: Actor, at: datetime) -> None:
    """Compliance fills the register, the controller checks October's payments, and what runs out begins to wait."""
    site = network.sites[WHERE]
    ben = next(one.npi for one in site.plan.clinicians if one.last == "Osei")
    with within(network.mso, site.practice):
        for plan in plans(ben):
            _register(site.practice, plan, omar)
        content = runs.file_of(payments(ben))
        done = running.check(
            actor=elena,
            practice=site.practice,
            name="October payments.csv",
            content=content,
            at=at,
        )
        if done.stopped != STOPPED:
            raise AssertionError(f"{done.stopped} payments of the demo's run are stopped, not {STOPPED}")
        watching.watch(actor=Actor.system("OpenMSO", at=at), at=at)


def _register(practice: int, plan: Plan, omar: Actor) -> None:
    at = KEPT_AT
    made = keeping.register_arrangement(actor=omar, practice=practice, new=plan.about, at=at)
    paper = Paper(
        f"{plan.about.title}.pdf",
        papers.copy(plan.about.title, plan.about.name, plan.term.services),
    )
    term = replace(plan.term, paper=paper)
    keeping.write_term(actor=omar, arrangement=made, new=term, at=at)
    for relative in plan.relatives:
        keeping.name_relative(actor=omar, arrangement=made, relative=relative, at=at)
    for element, evidence in plan.answers.items():
        keeping.answer(
            actor=omar,
            arrangement=made,
            element=element,
            said=Said.MET,
            evidence=evidence,
            at=at,
        )
    if plan.value is None:
        return
    for side, by in ((Side.OURS, "Kate Lindgren"), (Side.PARTY, plan.signed_by)):
        keeping.sign_term(
            actor=omar, arrangement=made, number=1, side=side, signed_on=term.starts_on, by=by, at=at
        )  # fmt: skip
    low, high, expires_on = plan.value
    opinion = NewOpinion(
        Method.MARKET, Decimal(low), Decimal(high), term.pay, "Pine Valuation Group", term.starts_on, expires_on,
        "Three surveys; 25th to 75th percentile",
    )  # fmt: skip
    keeping.file_opinion(actor=omar, arrangement=made, new=opinion, at=at)
    keeping.activate(actor=omar, arrangement=made, number=1, at=at)


def payments(ben: str) -> Iterator[Payment]:
    """October's payments: directorship and rent in order, vendors who refer nothing, and five to be stopped."""
    first, last = OCTOBER
    hours = (("14", "2590.00", "TR-2026-10-A", first, date(2026, 10, 20)),
             ("8", "1480.00", "TR-2026-10-B", date(2026, 10, 21), last))  # fmt: skip
    for (
        count,
        amount,
        record,
        since,
        through,
    ) in hours:  # the second goes over the cap of the month
        yield _paid(
            BEN,
            amount,
            since,
            through,
            npi=ben,
            hours=Decimal(count),
            time_record=record,
            reference=record,
        )
    yield _paid(RENT, "4800.00", *NOVEMBER, ein="204561237", reference="Rent November")
    yield _paid(RENT, "4800.00", *NOVEMBER, ein="204561237", reference="Rent 11/26")  # the same rent once more
    yield _paid(SCANNER, "950.00", first, last, ein="204561238", reference="US-0931")  # the lease is over
    yield _paid("Dr. Mara Rockland", "5000.00", first, last, reference="Bonus")  # no arrangement
    yield _paid("Osei, Abena", "750.00", first, last, reference="Bookkeeping")  # a physician's spouse
    for number, (name, amount) in enumerate((("Camden Office Supply", "412.75"), ("Knox County Waste", "188.00"),
                                             ("Harbor Linen Service", "640.20"))):  # fmt: skip
        yield _paid(name, amount, reference=f"INV-{4410 + number}")


def _paid(
    payee: str,
    amount: str,
    starts_on: date | None = None,
    through: date | None = None,
    **more: Any,
) -> Payment:
    return Payment(0, payee, Money.of(amount), starts_on=starts_on, through=through, **more)
