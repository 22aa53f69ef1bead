"""How a rule of the scrubber would catch what a payer keeps denying: a condition for each kind of denial.

Where a kind leaves nothing on the claim to look at, the rule only warns whoever bills the code to that payer. What is
suggested is a beginning: its dry run says how many paid claims it would have stopped, and a biller mends it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openmso.claims.contracts import Circumstances
from openmso.denials.contracts import Category, Suggestion

TITLE_MAX, WORDS_MAX = 120, 250
VALUES_MAX = 20
"""Values of one condition; a list that is longer says nothing in common."""
Values = Callable[[Iterable[Circumstances]], set[str]]


@dataclass(frozen=True, slots=True)
class Fit:
    """What on a claim goes with a kind of denial, and what mends it. `values` are those of the denied lines."""

    property: str
    operator: str
    fix: str
    action: str = "hold"
    values: Values | None = None


def _diagnoses(lines: Iterable[Circumstances]) -> set[str]:
    return {line.diagnosis for line in lines if line.diagnosis}


def _places(lines: Iterable[Circumstances]) -> set[str]:
    return {line.place for line in lines if line.place}


def _renderers(lines: Iterable[Circumstances]) -> set[str]:
    return {line.rendering for line in lines if line.rendering}


def _beside(lines: Iterable[Circumstances]) -> set[str]:
    return {code for line in lines for code in line.beside}


_ANOTHER_DIAGNOSIS = "Point to a diagnosis that the record supports and the payer covers, or get a notice (ABN)."
FITS: Mapping[Category, Fit] = {
    Category.AUTH: Fit("claim.authorization", "is_empty", "Get the authorization, and enter its number."),
    Category.REFERRAL: Fit("claim.referral", "is_empty", "Get the referral, and enter its number."),
    Category.CODING_DX: Fit("line.first_diagnosis", "is_one_of", _ANOTHER_DIAGNOSIS, values=_diagnoses),
    Category.MED_NECESSITY: Fit("line.first_diagnosis", "is_one_of", _ANOTHER_DIAGNOSIS, "warn", _diagnoses),
    Category.CODING_MODIFIER: Fit("line.modifier_count", "is", "Add the modifier that the payer asks for.", "warn"),
    Category.CODING_POS: Fit("line.place", "is_one_of", "Correct the place of service.", values=_places),
    Category.BUNDLING: Fit(
        "line.other_codes", "has_any", "Take one of the two off, or add the modifier that the record supports.", "warn",
        _beside,
    ),
    Category.PROVIDER_ENROLLMENT: Fit(
        "rendering.npi", "is_one_of", "Bill when the payer has enrolled the clinician, or name who supervised.",
        values=_renderers,
    ),
    Category.CLIA: Fit("site.clia", "is_empty", "Enter the CLIA number of the site."),
    Category.DUPLICATE: Fit("claim.has_twin", "yes", "Check the first claim, and drop the one too many."),
    Category.TIMELY_FILING: Fit("claim.days_to_file", "less", "Send it today.", "warn"),
}  # fmt: skip
BY_REMARK: Mapping[str, Fit] = {
    "N290": Fit("rendering.is_named", "no", "Name who rendered the service."),
    "N286": Fit("referring.is_named", "no", "Name who referred."),
    "N285": Fit("referring.is_named", "no", "Name who referred."),
    "N264": Fit("referring.is_named", "no", "Name who ordered."),
    "N265": Fit("referring.is_named", "no", "Name who ordered, with the NPI."),
    "M119": Fit("line.ndc", "is_empty", "Enter the NDC with its quantity."),
}
"""Remark codes that say better than the reason what is missing."""
FIXED: Mapping[str, str] = {"line.modifier_count": "0", "claim.days_to_file": "15"}
"""Values of conditions that do not come from the denied lines."""
NOTHING = Fit("", "", "Ask the payer what it wants before this goes out again, and make this rule say it.", "warn")


def fit(category: Category, remark: str) -> Fit:
    """What on a claim goes with a denial of this kind."""
    return BY_REMARK.get(remark) or FITS.get(category, NOTHING)


def text(said: Suggestion, lines: Sequence[Circumstances]) -> dict[str, Any]:
    """The text of the rule (as `claims.services.rulebook.draft` takes it) from what the denied lines have in common."""
    fits = fit(said.category, said.remark)
    parts: list[dict[str, Any]] = [{"property": "line.code", "operator": "is", "value": said.code}]
    values = sorted(fits.values(lines))[:VALUES_MAX] if fits.values else []
    if fits.property and fits.values and not values:
        parts.append({"property": fits.property, "operator": "is_filled"})
    elif fits.property:
        given = values or FIXED.get(fits.property)
        parts.append({"property": fits.property, "operator": fits.operator} | ({"value": given} if given else {}))
    action = fits.action if len(parts) > 1 else "warn"
    times = f"{said.count} of {said.sent} lines since {said.since}"
    return {
        "title": f"{said.payer_name} denies {said.code}: {said.words}"[:TITLE_MAX],
        "action": action,
        "words": f"{said.payer_name} denies this ({said.said}, {said.words})."[:WORDS_MAX],
        "fix": fits.fix,
        "evidence": f"Denied {said.said} {said.remark}".strip() + f": {times}, {said.amount} left open",
        "scope": {"payers": [said.payer]},
        "when": {"all": parts},
    }
