"""Who is in the demo network. All names, numbers and addresses are invented; NPIs only pass their check digit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from openmso.agreements.fees.waterfall import Priority
from openmso.kit.ids import npi_with_check
from openmso.kit.money import Money
from openmso.simulator.payer.profile import Mispays, Profile


@dataclass(frozen=True, slots=True)
class DemoClinician:
    """A clinician: name, and the nine digits from which the NPI is made."""

    first: str
    last: str
    nine: str
    taxonomy: str

    @property
    def npi(self) -> str:
        """Type 1 NPI with its check digit."""
        return npi_with_check(self.nine)


@dataclass(frozen=True, slots=True)
class DemoPractice:
    """A practice of the network: place, specialty, clinicians, how it is served and for what fee."""

    code: str
    name: str
    specialty: str
    mode: str
    street: str
    city: str
    state: str
    zip: str
    zone: str
    nine: str
    tin: str
    taxonomy: str
    form: str
    lines: tuple[str, ...]
    fee: dict[str, Any]
    clinicians: tuple[DemoClinician, ...]
    visits_a_week: int
    owner: tuple[str, str]
    payers: tuple[str, ...]
    ends_on: date | None = None
    """The first day after the agreement's term, which renews by the year; without it the term has no end."""
    notice_days: int = 90
    """How many days before its end notice is given at the latest."""
    payments: Priority | None = None
    """The order in which what comes in is paid out, where the agreement has one."""

    @property
    def npi(self) -> str:
        """Type 2 NPI with its check digit."""
        return npi_with_check(self.nine)

    @property
    def account_number(self) -> str:
        """The number of its operating account."""
        return f"40{self.tin}"

    @property
    def government_number(self) -> str:
        """The number of its account for what government payers pay; empty where it keeps none apart."""
        return f"47{self.tin}" if self.payments else ""


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A demo sign-in: one per role."""

    email: str
    name: str
    role: str
    practices: tuple[str, ...] = ()
    totp: bool = False


ALL_LINES = (
    "front_office", "eligibility", "coding_support", "revenue_cycle", "payment_posting", "denials",
    "patient_billing", "accounting", "purchasing", "it", "compliance", "credentialing", "scheduling", "analytics",
)  # fmt: skip
BILLING_LINES = ("front_office", "eligibility", "revenue_cycle", "payment_posting", "denials", "accounting")
BPO_LINES = ("front_office", "revenue_cycle", "payment_posting", "accounting")

MSO_CODE = "HARBOR"
MSO_NAME = "Harbor Ridge MSO, LLC"
MSO_TIN = "861234509"
DEMO_TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
DEMO_PASSWORD = "harbor-ridge-demo"  # works only in demo mode on loopback

CREDITS = [{"words": "item that we touched late", "count": "late_items", "rate": "0.5%", "cap": "5%"}]
"""What is given back of a fee for promises that were missed."""
PERCENT = {
    "period": "month",
    "components": [{"kind": "percent", "rate": "6%", "of": "net_collections", "exclude": ["medicaid"]}],
    "credits": CREDITS,
}
TIERS = {
    "period": "month",
    "components": [
        {
            "kind": "tiers",
            "how": "marginal",
            "of": "net_collections",
            "per": "month",
            "bands": [{"up_to": "15000.00", "rate": "8%"}, {"up_to": "40000.00", "rate": "6.5%"}, {"rate": "5%"}],
        }
    ],
    "minimum": {"amount": "1200.00", "per": "month"},
    "cap": {"amount": "36000.00", "per": "month"},
    "credits": CREDITS,
}
FLAT = {"period": "month", "components": [{"kind": "flat", "amount": "4500.00", "per": "month"}]}
AT_COST = {
    "period": "month",
    "components": [*FLAT["components"], {"kind": "cost_plus", "costs": ["clearinghouse"]}],
    "entered": {"clearinghouse": "the invoice of the clearinghouse for the practice's claims"},
}
"""A fixed fee, and what the MSO pays for the practice, which no book knows: it is entered for each month."""
PER_CLAIM = {
    "period": "month",
    "components": [
        {"kind": "per_unit", "unit": "claim", "count": "claims", "price": "6.40", "for": "billing.send"},
        {"kind": "per_unit", "unit": "visit", "count": "visits", "price": "1.10", "for": "front.checkin"},
        {"kind": "per_unit", "unit": "payment_posted", "price": "0.40"},
    ],
}
HYBRID = {
    "period": "month",
    "components": [
        {"kind": "flat", "amount": "1500.00", "per": "month"},
        {"kind": "percent", "rate": "4%", "of": "net_collections"},
        {"kind": "per_unit", "unit": "provider", "count": "providers", "price": "150.00"},
    ],
    "cap": {"amount": "12000.00", "per": "month"},
}

FAMILY, OPTOMETRIST, DERMATOLOGIST, PSYCHOLOGIST = "207Q00000X", "152W00000X", "207N00000X", "103T00000X"
NORTH = ("Atlantic Shield", "Medicare North", "Granite Health Plan", "State Medicaid")
SOUTH = ("Atlantic Shield", "Medicare South", "Magnolia Mutual")
VISION = ("Atlantic Shield", "Medicare North", "ClearSight Vision")

PRIORITY = Priority(
    rate=Decimal("0.06"), reserve=Money.of("500.00"), advance_limit=Money.of("25000.00"), clause="Section 6.3"
)
"""The priority of payments, with the loan of what a month does not cover."""

PRACTICES: tuple[DemoPractice, ...] = (
    DemoPractice(
        "ROCK", "Rockland Family Practice, PC", "primary_care", "friendly_pc",
        "12 Harbor Road", "Rockland", "ME", "048412217", "America/New_York", "160000001", "010560001", FAMILY, "pc",
        ALL_LINES, TIERS,
        (DemoClinician("Mara", "Rockland", "110000001", FAMILY),
         DemoClinician("Ben", "Osei", "110000002", FAMILY)),
        70, ("Dr. Ana Rockland", "ana@rockland.example"), NORTH, ends_on=date(2027, 9, 1),
        notice_days=270, payments=PRIORITY,
    ),
    DemoPractice(
        "LUMEN", "Lumen Eye Care, PLLC", "optometry", "third_party",
        "450 Elm Street", "Manchester", "NH", "031011234", "America/New_York", "160000002", "020560002", OPTOMETRIST,
        "pllc", BILLING_LINES, PERCENT,
        (DemoClinician("Grace", "Lumen", "110000003", OPTOMETRIST),
         DemoClinician("Ivo", "Petrov", "110000004", OPTOMETRIST)),
        48, ("Dr. Grace Lumen", "grace@lumen.example"), VISION,
    ),
    DemoPractice(
        "CEDAR", "Cedar Dermatology Group", "dermatology", "joint_venture",
        "77 Peachtree Walk", "Savannah", "GA", "314011108", "America/New_York", "160000003", "580560003",
        DERMATOLOGIST, "pllc", ALL_LINES, HYBRID,
        (DemoClinician("Noor", "Haddad", "110000005", DERMATOLOGIST),
         DemoClinician("Sam", "Cedar", "110000006", DERMATOLOGIST)),
        42, ("Dr. Sam Cedar", "sam@cedarderm.example"), SOUTH,
    ),
    DemoPractice(
        "STILL", "Still Waters Counseling", "behavioral_health", "bpo",
        "9 Mill Lane", "Burlington", "VT", "054011009", "America/New_York", "160000004", "030560004", PSYCHOLOGIST,
        "pllc", BPO_LINES, PER_CLAIM,
        (DemoClinician("Rosa", "Nguyen", "110000007", PSYCHOLOGIST),
         DemoClinician("Paul", "Stillman", "110000008", PSYCHOLOGIST)),
        46, ("Dr. Rosa Nguyen", "rosa@stillwaters.example"), NORTH,
    ),
    DemoPractice(
        "MESA", "Mesa Primary Care, PC", "primary_care", "third_party",
        "2200 Desert Bloom", "Tucson", "AZ", "857010420", "America/Phoenix", "160000005", "860560005", FAMILY, "pc",
        BILLING_LINES, PERCENT,
        (DemoClinician("Luis", "Ortega", "110000009", FAMILY),),
        40, ("Dr. Luis Ortega", "luis@mesapc.example"), ("Atlantic Shield", "Medicare South", "State Medicaid"),
        ends_on=date(2027, 9, 1), notice_days=303,
    ),
    DemoPractice(
        "ALDER", "Alder Skin Clinic, PLLC", "dermatology", "bpo",
        "31 Alder Street", "Portland", "OR", "972051233", "America/Los_Angeles", "160000006", "930560006",
        DERMATOLOGIST, "pllc", BPO_LINES, AT_COST,
        (DemoClinician("June", "Alder", "110000010", DERMATOLOGIST),),
        28, ("Dr. June Alder", "june@alderskin.example"), ("Atlantic Shield", "Medicare South", "Magnolia Mutual"),
    ),
    DemoPractice(
        "PRISM", "Prism Optometry, PC", "optometry", "friendly_pc",
        "605 Lake Shore", "Madison", "WI", "537031455", "America/Chicago", "160000007", "390560007", OPTOMETRIST, "pc",
        ALL_LINES, TIERS,
        (DemoClinician("Ada", "Lindqvist", "110000011", OPTOMETRIST),),
        34, ("Dr. Ada Lindqvist", "ada@prismoptometry.example"), VISION, ends_on=date(2027, 9, 1),
        notice_days=330,
    ),
    DemoPractice(
        "BIRCH", "Birchwood Behavioral Health", "behavioral_health", "joint_venture",
        "140 Birch Avenue", "Columbus", "OH", "432151866", "America/New_York", "160000008", "310560008", PSYCHOLOGIST,
        "pllc", BILLING_LINES, HYBRID,
        (DemoClinician("Tom", "Birch", "110000012", PSYCHOLOGIST),
         DemoClinician("Lena", "Faro", "110000013", PSYCHOLOGIST)),
        38, ("Dr. Tom Birch", "tom@birchwood.example"),
        ("Atlantic Shield", "Granite Health Plan", "State Medicaid", "Prairie Mutual"),
    ),
)  # fmt: skip

PAYERS: tuple[Profile, ...] = (
    Profile("Atlantic Shield", "60054", "111111101", "commercial", copay=Decimal(25),
            percent_of_charge=Decimal("0.68"), takes_back_later=True, mispays=Mispays.OLD_RATE, mispaid_per_1000=40,
            habit="interest"),
    Profile(
        "Medicare North", "14212", "111111102", "medicare", percent_of_charge=Decimal("0.52"),
        sequestration=Decimal("0.02"), crossover_per_1000=350, crossover_to="Granite Health Plan",
        denied_per_1000=60, days_to_pay=(14, 17), mispays=Mispays.PLACE, mispaid_per_1000=20,
    ),
    Profile(
        "Medicare South", "11302", "111111103", "medicare", percent_of_charge=Decimal("0.51"),
        sequestration=Decimal("0.02"), denied_per_1000=60, days_to_pay=(14, 17),
    ),
    Profile("Granite Health Plan", "87726", "111111104", "commercial", copay=Decimal(30), keeps_line_control=False,
            takes_back_later=True, mispays=Mispays.FURTHER, mispaid_per_1000=120, habit="whole"),
    Profile("Magnolia Mutual", "62308", "111111105", "blues", drops_modifiers=True, keeps_line_control=False,
            method="CHK", days_to_pay=(12, 24), mispays=Mispays.FURTHER, mispaid_per_1000=120, habit="bundles"),
    Profile("State Medicaid", "77034", "111111106", "medicaid", percent_of_charge=Decimal("0.41"),
            coinsurance=Decimal(0), deductible_per_1000=0, denied_per_1000=120, reversed_per_1000=30,
            takes_back_apart=True, habit="splits", capitation={"MESA": Decimal("1150.00")}),
    Profile("ClearSight Vision", "22248", "111111107", "vision", copay=Decimal(15), coinsurance=Decimal(0),
            deductible_per_1000=0, pays_interest=True),
    Profile("Prairie Mutual", "93024", "111111108", "commercial", percent_of_charge=Decimal("0.58"), copay=Decimal(20),
            reversed_per_1000=0, pays_in_parts=True),
)  # fmt: skip

MSO_EMAIL = "harborridge.example"
USERS: tuple[DemoUser, ...] = (
    DemoUser(f"priya@{MSO_EMAIL}", "Priya Raman", "biller"),
    DemoUser(f"marta@{MSO_EMAIL}", "Marta Silveira", "billing_lead"),
    DemoUser(f"jonas@{MSO_EMAIL}", "Jonas Beck", "coder_support"),
    DemoUser(f"noah@{MSO_EMAIL}", "Noah Adler", "poster"),
    DemoUser(f"ines@{MSO_EMAIL}", "Ines Duarte", "denial_specialist"),
    DemoUser(f"leah@{MSO_EMAIL}", "Leah Stone", "patient_billing"),
    DemoUser(f"tess@{MSO_EMAIL}", "Tess Moran", "scheduler"),
    DemoUser(f"elena@{MSO_EMAIL}", "Elena Vass", "controller", totp=True),
    DemoUser(f"hugo@{MSO_EMAIL}", "Hugo Lindell", "accountant"),
    DemoUser(f"paula@{MSO_EMAIL}", "Paula Reyes", "payroll"),
    DemoUser(f"dana@{MSO_EMAIL}", "Dana Cole", "hr"),
    DemoUser(f"bo@{MSO_EMAIL}", "Bo Larsen", "buyer"),
    DemoUser(f"omar@{MSO_EMAIL}", "Omar Haddad", "compliance_officer"),
    DemoUser(f"ivo@{MSO_EMAIL}", "Ivo Novak", "it_desk"),
    DemoUser(f"kate@{MSO_EMAIL}", "Kate Lindgren", "mso_executive"),
    DemoUser(f"admin@{MSO_EMAIL}", "Rui Castell", "administrator"),
    DemoUser("ana@rockland.example", "Dr. Ana Rockland", "practice_owner", ("ROCK",)),
    DemoUser("ben@rockland.example", "Dr. Ben Osei", "physician", ("ROCK",)),
    DemoUser("fay@rockland.example", "Fay Moreno", "practice_staff", ("ROCK",)),
    DemoUser("theo@lumen.example", "Theo Marsh", "practice_staff", ("LUMEN",)),
    DemoUser("auditor@audit.example", "Vera Klein", "auditor", ("ROCK", "LUMEN")),
    DemoUser("link@records.example", "Records link", "integrator", ("ROCK",)),
)

FIRST_NAMES = tuple(
    (
        "Aaron Abigail Adele Amara Andre Anita Arlo Beatriz Bruno Camille Carlos Celia Dana Darius Edith Elias "
        "Emma Esther Felix Fiona George Gina Hannah Hector Ida Ivan Jada Jonas Julia Kai Karen Leo Lila Marcus Mei "
        "Mina Nadia Nils Olga Oscar Petra Quentin Rafael Renee Rita Samuel Sofia Tara Thomas Uma Victor Vivian "
        "Walter Wendy Xavier Yara Zoe"
    ).split()
)
LAST_NAMES = tuple(
    (
        "Abbott Alvarez Baker Bennett Boyd Brandt Calder Chen Cohen Cruz Dalton Diaz Doyle Eaton Ellis Fischer "
        "Flores Foster Garcia Gibbs Grant Hale Hansen Hayes Ibarra Ingram Jensen Joshi Kaplan Keller Khan Lambert "
        "Larsen Lopez Madsen Mason Meyer Moreau Nash Novak Okafor Olsen Parker Patel Quinn Ramos Reyes Rossi Sato "
        "Schmidt Silva Tanaka Thorne Ueda Vargas Vogel Walsh Weber Young Zhang"
    ).split()
)
