"""The MSO's own arrangements with those who can refer, entered from a sheet, each with its safe harbour walked."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import datetime
from functools import partial

from openmso.compliance.services import entering
from openmso.platform.access.contracts import Actor

YEAR = {"starts_on": "2026-01-01", "through": "2027-12-31", "written_on": "2025-12-10", "active": "yes",
        "ours_signed_on": "2025-12-12", "ours_signed_by": "Kate Lindgren", "party_signed_on": "2025-12-15",
        "reasonable": "The MSO needs it at its size, whoever refers what.", "value_method": "market",
        "appraiser": "Pine Valuation Group", "opined_on": "2025-12-01", "value_through": "2027-12-31"}  # fmt: skip
ROWS: tuple[Mapping[str, str], ...] = (
    {"title": "Medical adviser of the network", "kind": "services", "party": "physician", "name": "Dr. Ruth Adair",
     "services": "Advice on protocols and on utilisation, recorded by the hour", "pay": "hour", "rate": "190.00",
     "hours_cap": "10", "grounds": "aks_services stark_services", "value_low": "165.00", "value_high": "215.00",
     "met": "aks_services.covers_all = This register; aks_services.lawful = Job description; "
            "aks_services.necessary = Hours of 2025; stark_services.necessary = Hours of 2025; "
            "stark_services.lawful = Job description"},
    {"title": "Offices of the MSO", "kind": "space", "party": "entity", "name": "Adair Family Holdings LLC",
     "ein": "20-4561251", "services": "5,200 square feet at 40 Commercial Street", "pay": "month", "rate": "9100.00",
     "grounds": "stark_space", "holdover": "yes", "value_low": "8600.00", "value_high": "9600.00",
     "met": "stark_space.need = Floor plan and head count of 2026"},
    {"title": "Copier and scanner", "kind": "equipment", "party": "entity", "name": "Knox Office Leasing, Inc.",
     "ein": "20-4561252", "services": "Two devices, for the MSO alone", "pay": "month", "rate": "310.00",
     "grounds": "stark_equipment", "value_low": "280.00", "value_high": "340.00",
     "met": "stark_equipment.need = Pages of 2025"},
    {"title": "Purchasing for practices", "kind": "other", "party": "entity", "name": "Penobscot Medical Supply",
     "ein": "20-4561253", "services": "Fee of the vendor on what practices buy, told to each of them each year",
     "pay": "unit", "unit": "100 dollars of purchases", "rate": "2.50", "grounds": "gpo", "value_low": "1.00",
     "value_high": "3.00",
     "met": "gpo.fee = Clause 4 of the agreement: 2.5 %; gpo.disclosed = Letters of January 2026; "
            "gpo.not_owned = Owners of the practices, file of August 2026"},
    {"title": "Rebate on vaccines", "kind": "other", "party": "entity", "name": "Atlantic Vaccine Distributors",
     "ein": "20-4561254", "services": "Rebate by volume, credited to each practice whole", "pay": "year",
     "rate": "14200.00", "grounds": "discount", "value_low": "12000.00", "value_high": "16000.00",
     "met": "discount.same_year = Credited each December; discount.invoice = Line on each invoice; "
            "discount.reported = No practice files cost reports"},
    {"title": "Membership in the surgery center", "kind": "other", "party": "physician", "name": "Dr. Lucia Marin",
     "services": "Class A units of Penobscot Bay Surgery Center beside the MSO's own", "pay": "unit",
     "unit": "unit", "rate": "100.00", "grounds": "venture", "value_low": "95.00", "value_high": "105.00",
     "met": "venture.investors = Cap table: 40 % of class A; venture.revenue = Report of September 2026: 33 %; "
            "venture.terms = Operating agreement, article 3; venture.loans = Books of 2026; "
            "venture.return = Distributions by units alone"},
)  # fmt: skip
LACKING = {"title": "Speaker at two evenings", "kind": "services", "party": "physician", "name": "Dr. Noel Parr",
           "services": "Two lectures", "pay": "unit", "starts_on": "2026-02-01"}  # fmt: skip
"""A row of the sheet that lacks its rate: it stays out, with line and column."""


def enter(mso: int, *, actor: Actor, at: datetime) -> None:
    """Look at the sheet, enter what is good of it, and enter it once more, which adds nothing."""
    kept = entering.keep(actor=actor, practice=mso, name="Arrangements of the MSO.csv", content=sheet(), at=at)
    enter = partial(entering.enter, actor=actor, practice=mso, document=kept.public_id, at=at)
    seen = entering.preview(actor=actor, practice=mso, document=kept.public_id, at=at)
    done, again = enter(), enter()
    counts = [(one.count("new"), one.count("known"), one.count("bad")) for one in (seen, done, again)]
    if counts != [(len(ROWS), 0, 1)] * 2 + [(0, len(ROWS), 1)]:
        wrong = "; ".join(fault.words for fault in seen.every_fault)
        raise AssertionError(f"The sheet of the demo came to {counts}: {wrong}")


def sheet() -> bytes:
    """The sheet as somebody fills it in."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, entering.NAMES, restval="")
    writer.writeheader()
    writer.writerows([{**YEAR, **row, "party_signed_by": row["name"]} for row in ROWS])
    writer.writerow(LACKING)
    return text.getvalue().encode()
