"""The estimate that a file asks for, and the answer to it, in the words of the API."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import Field

from openmso.estimates.api.estimates import EstimatedServiceIn, VisitId, line_json
from openmso.estimates.contracts import Line
from openmso.kit.money import Money
from openmso.platform.api.schemas import Body, public_id, text


class EstimateFileIn(Body):
    """What a file asks for: of a patient on file, or of nobody, in a practice and under the contract of a payer.

    Without a patient and a payer the services are charged whole. Without services they are those that the reason
    usually comes to. `payer` is the payer's EDI id.
    """

    practice: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9]{1,11}$", description="Code of the practice")]
    patient: Annotated[str, public_id("PAT")] | None = None
    visit: VisitId | None = None
    payer: Annotated[str, text(80)] | None = None
    service_on: date
    reason: Annotated[str, text(200, length_min=0)] = ""
    services: Annotated[list[EstimatedServiceIn], Field(max_length=50)] = []
    place_of_service: Annotated[str, Field(pattern=r"^[0-9]{2}$")] = "11"


def told(lines: list[Line]) -> dict[str, Any]:
    """The answer: totals, and every line with its steps; amounts are texts with two places."""
    return {
        "charge": str(Money.total(one.charge for one in lines)),
        "share": str(Money.total(one.share for one in lines)),
        "lines": [line_json(one) for one in lines],
    }
