"""What the demo practices do: procedure codes with the practices' own short labels and prices, and why patients come.

Prices are the practices' own; the code values alone are standard. Diagnoses are ICD-10-CM codes without the point.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Offered:
    """A service on a practice's price list: code, price in dollars, its usual modifiers and units."""

    code: str
    label: str
    price: int
    modifiers: tuple[str, ...] = ()
    units: int = 1


@dataclass(frozen=True, slots=True)
class Encounter:
    """A usual reason to come: its services, its diagnoses, how often, and where it takes place."""

    reason: str
    services: tuple[Offered, ...]
    diagnoses: tuple[str, ...]
    weight: int
    place: str = "11"


def _e(reason: str, weight: int, diagnoses: str, *services: Offered, place: str = "11") -> Encounter:
    return Encounter(reason, services, tuple(diagnoses.split()), weight, place)


VISIT_3 = Offered("99213", "Visit, 20 minutes", 165)
VISIT_4 = Offered("99214", "Visit, 30 minutes", 235)
VISIT_4_SEPARATE = Offered("99214", "Visit, 30 minutes", 235, ("25",))
VISIT_3_SEPARATE = Offered("99213", "Visit, 20 minutes", 165, ("25",))
NEW_3 = Offered("99203", "First visit, 30 minutes", 210)
BLOOD_DRAW = Offered("36415", "Blood draw", 18)
STICK_GLUCOSE = Offered("82962", "Glucose, finger stick", 14, ("QW",))

PRIMARY_CARE = (
    _e("Blood pressure check", 24, "I10", VISIT_3),
    _e("Diabetes follow-up", 18, "E119 I10", VISIT_4, Offered("83036", "Long-term glucose", 32, ("QW",))),
    _e("Cough and cold", 16, "J069", VISIT_3),
    _e("New patient", 8, "Z7689 E785", NEW_3),
    _e("Yearly wellness visit", 10, "Z0000", Offered("99396", "Yearly physical, 40 to 64", 260)),
    _e("Flu vaccine", 12, "Z23", Offered("90686", "Flu vaccine", 38), Offered("90471", "Giving a vaccine", 34)),
    _e("Chest pain, tracing", 5, "R079", VISIT_4_SEPARATE, Offered("93000", "Heart tracing", 68)),
    _e("Video visit", 7, "F419", Offered("99213", "Visit, 20 minutes", 165, ("95",)), place="10"),
)

OPTOMETRY = (
    _e("Red eye, dry and burning", 22, "H04123", Offered("92014", "Full eye examination", 198)),
    _e("Glaucoma check", 16, "H401131", Offered("92012", "Short eye examination", 142),
       Offered("92133", "Nerve scan", 88)),
    _e("Diabetic eye examination", 14, "E119 H3581", Offered("92014", "Full eye examination", 198),
       Offered("92134", "Retina scan", 88)),
    _e("Routine eye exam, new glasses", 12, "H5213", Offered("92004", "Full first eye examination", 225)),
    _e("Field test", 8, "H401131", Offered("92083", "Field test", 110)),
)  # fmt: skip

DERMATOLOGY = (
    _e("Skin check", 18, "D225", VISIT_3),
    _e("Warts treated", 14, "B079", Offered("17110", "Warts treated, up to 14", 190)),
    _e("Sun spots frozen", 18, "L570", VISIT_3_SEPARATE, Offered("17000", "First spot frozen", 115),
       Offered("17003", "Further spots frozen", 22, (), 4)),
    _e("Biopsy of a spot", 16, "D485", VISIT_3_SEPARATE, Offered("11102", "Shave biopsy", 185)),
    _e("Acne follow-up", 12, "L700", VISIT_4),
)  # fmt: skip

BEHAVIORAL = (
    _e("Therapy, 45 minutes", 26, "F411", Offered("90834", "Therapy, 45 minutes", 150)),
    _e("Therapy, an hour", 18, "F331", Offered("90837", "Therapy, an hour", 190)),
    _e("First evaluation", 8, "F4323", Offered("90791", "First evaluation", 240)),
    _e("Video therapy", 22, "F411", Offered("90834", "Therapy, 45 minutes", 150, ("95",)), place="10"),
    _e("Medicines reviewed", 10, "F902", VISIT_4),
)

BY_SPECIALTY = {
    "primary_care": PRIMARY_CARE,
    "optometry": OPTOMETRY,
    "dermatology": DERMATOLOGY,
    "behavioral_health": BEHAVIORAL,
}


CODED_OTHERWISE = {
    "primary_care": (
        Offered("99393", "Yearly physical, 5 to 11", 220), Offered("99394", "Yearly physical, 12 to 17", 240),
        Offered("99395", "Yearly physical, 18 to 39", 250), Offered("99397", "Yearly physical, from 65", 290),
        Offered("G0439", "Wellness visit", 250), Offered("G0008", "Giving a flu vaccine", 34),
    ),
}  # fmt: skip
"""What the usual services are for other patients."""


def price_list(specialty: str) -> dict[str, Offered]:
    """Every service of a specialty once, by code."""
    usual = [service for encounter in BY_SPECIALTY[specialty] for service in encounter.services]
    return {service.code: service for service in (*usual, *CODED_OTHERWISE.get(specialty, ()))}
