"""A question about other terms in an address: so that it can be kept, sent on, sorted and taken away as a file."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass

from openmso.agreements.fees.reading import terms_of
from openmso.agreements.fees.terms import FeeTerms
from openmso.agreements.fees.writing import terms_json
from openmso.kit.errors import NotFound, Refused
from openmso.settlement.comparing import Figures, figures_json, figures_of

LENGTH_MAX = 4_000
"""What servers and proxies take in an address, with room beside it."""
BYTES_MAX = 200_000


@dataclass(frozen=True, slots=True)
class Question:
    """Other terms, over how many months, and the figures that the books do not know."""

    terms: FeeTerms
    months: int
    figures: Figures


def written(one: Question) -> str:
    """A question as a part of an address; refused where it is too long for one."""
    said = {"terms": terms_json(one.terms), "months": one.months, "figures": figures_json(one.figures)}
    packed = zlib.compress(json.dumps(said, separators=(",", ":")).encode(), 9)
    text = base64.urlsafe_b64encode(packed).decode().rstrip("=")
    if len(text) > LENGTH_MAX:
        raise Refused(
            "These terms are too long for a page.", code="too_long", field="fee_json",
            fix="Ask the API or `openmso settlement restate`.",
        )  # fmt: skip
    return text


def read(text: str) -> Question:
    """The question of an address; raises `NotFound` for one that was cut off or made up."""
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        said = json.loads(zlib.decompressobj().decompress(packed, BYTES_MAX))
        return Question(terms_of(said["terms"]), int(said["months"]), figures_of(said["figures"]))
    except (ValueError, KeyError, TypeError, RecursionError, zlib.error, Refused):
        raise NotFound("This address is not whole. Ask again from the agreement.") from None
