"""The signed papers of the demo, as PDF: short, plain, and plainly invented."""

from __future__ import annotations

import json

import typst

from openmso.simulator.network.cast import MSO_NAME, DemoPractice

_PAGE = """#let data = json(bytes(sys.inputs.data))
#set document(title: data.title, author: "OpenMSO demo")
#set page("us-letter", margin: 25mm)
#set text(lang: "en", size: 11pt)
= #data.title
#for line in data.lines [#line \\ ]
#v(12mm)
#text(9pt)[Invented for the demonstration; no such parties exist.]
"""


def copy(*lines: str) -> bytes:
    """A paper that a patient brought, as the desk scans it."""
    return _paper("Copy of a paper", *lines)


def agreement(plan: DemoPractice) -> bytes:
    """The service agreement that the terms stand beside."""
    return _paper(
        "Management services agreement",
        f"Between {MSO_NAME} and {plan.name}.",
        "The MSO performs the services of the attached scope from 1 September 2026.",
        "The practice keeps every clinical decision and the decisions reserved by law.",
        "The fee is set out in the schedule of fees.",
        f"Signed for the practice by {plan.owner[0]}, for the MSO by Kate Lindgren.",
    )


def baa(plan: DemoPractice) -> bytes:
    """The business associate agreement."""
    return _paper(
        "Business associate agreement",
        f"Between {plan.name} (covered entity) and {MSO_NAME} (business associate).",
        "Protected health information is used only for the services of the agreement (45 CFR 164.504(e)).",
        "Incidents are told within 48 hours.",
    )


def _paper(title: str, *lines: str) -> bytes:
    data = json.dumps({"title": title, "lines": lines})
    return typst.compile(_PAGE.encode(), sys_inputs={"data": data}, format="pdf")
