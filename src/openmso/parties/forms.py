"""Forms of parties: what people type, before the services judge it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import available_timezones

from django import forms

from openmso.parties import rules
from openmso.parties.contracts import (
    NO_ADDRESS,
    AccountUse,
    Address,
    Basis,
    BillerProfile,
    ContactRole,
    EntityForm,
    Filing,
    NpiType,
    PayerFacts,
    PayerKind,
    Person,
    Specialty,
)
from openmso.platform.ui.contracts import Status

STATES = [("", "Choose a state"), *((code, code) for code in sorted(rules.STATES))]
ZONES = [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones()) if zone.startswith("America/")] + [
    ("Pacific/Honolulu", "Pacific/Honolulu"),
    ("Pacific/Guam", "Pacific/Guam"),
]


def choices(statuses: type[Status]) -> list[tuple[str, str]]:
    """The members of an enum for a select."""
    return [(one.value, one.label) for one in statuses]


def day(label: str, **options: Any) -> forms.DateField:
    """A calendar day, with the browser's own picker."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}), **options)


def digits(label: str, length: int, **options: Any) -> forms.CharField:
    """A number people write with dashes: only its digits are kept."""
    return DigitsField(label=label, max_length=length + 6, widget=forms.TextInput({"inputmode": "numeric"}), **options)


class DigitsField(forms.CharField):
    """Text whose dashes, spaces and brackets do not count."""

    def to_python(self, value: Any) -> str:
        return "".join(character for character in super().to_python(value) or "" if character not in " -().")


class AddressForm(forms.Form):
    """A form with an address under a prefix."""

    line1 = forms.CharField(label="Street", max_length=55)
    line2 = forms.CharField(label="Suite or unit", max_length=55, required=False)
    city = forms.CharField(label="City", max_length=30)
    state = forms.ChoiceField(label="State", choices=STATES)
    zip = digits("ZIP code", 9)

    def address(self) -> Address:
        """What was typed, as an address."""
        given = self.cleaned_data
        return Address(given["line1"], given["line2"], given["city"], given["state"], given["zip"])


class NewPractice(forms.Form):
    """A practice joins the network."""

    name = forms.CharField(label="Name", max_length=120, help_text="What people call it")
    legal_name = forms.CharField(label="Registered name", max_length=120)
    code = forms.CharField(label="Code", max_length=12, help_text="2 to 12 capitals and digits, such as ROCK")
    specialty = forms.ChoiceField(label="Specialty", choices=choices(Specialty))
    state = forms.ChoiceField(label="State", choices=STATES, help_text="Whose law governs the practice")
    zone = forms.ChoiceField(label="Time zone", choices=ZONES, initial="America/New_York")
    starts_on = day("In the network from")


class PracticeFacts(forms.Form):
    """What people call a practice, its specialty and state."""

    name = forms.CharField(label="Name", max_length=120)
    specialty = forms.ChoiceField(label="Specialty", choices=choices(Specialty))
    state = forms.ChoiceField(label="State", choices=STATES)


class LegalName(forms.Form):
    """A new registered name, from a day on."""

    legal_name = forms.CharField(label="Registered name", max_length=120)
    starts_on = day("Called so from", help_text="What was before stays on file")


class EntityFacts(forms.Form):
    """A legal entity."""

    legal_name = forms.CharField(label="Registered name", max_length=120)
    form = forms.ChoiceField(label="Legal form", choices=choices(EntityForm))
    ein = digits("EIN", 9, help_text="Nine digits")
    basis = forms.ChoiceField(label="Accounting basis", choices=choices(Basis))
    fiscal_year_starts = forms.IntegerField(label="Fiscal year starts in month", min_value=1, max_value=12, initial=1)
    starts_on = day("On file from")


class AccountFacts(forms.Form):
    """A bank account of a legal entity."""

    entity = forms.ChoiceField(label="Legal entity")
    name = forms.CharField(label="Name", max_length=60, help_text="Such as Operating account")
    bank_name = forms.CharField(label="Bank", max_length=60)
    routing = digits("Routing number", 9)
    account_number = forms.CharField(
        label="Account number", max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    use = forms.ChoiceField(label="Use", choices=choices(AccountUse))
    opened_on = day("Open since")

    def __init__(self, *args: Any, entities: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entity"].choices = entities  # type: ignore[attr-defined]


PROFILE_ORDER = ("name", "first_name", "taxonomy", "phone", "line1", "line2", "city", "state", "zip")


class ProfileForm(AddressForm):
    """Name, taxonomy, addresses of a biller from a day on."""

    field_order: tuple[str, ...] = PROFILE_ORDER

    name = forms.CharField(label="Name on claims", max_length=60, help_text="Of a person, the last name")
    first_name = forms.CharField(label="First name", max_length=35, required=False, help_text="Only for a type 1 NPI")
    taxonomy = forms.CharField(label="Taxonomy", max_length=10, help_text="Ten characters, such as 207Q00000X")
    phone = digits("Telephone", 10, required=False)
    pay_to_line1 = forms.CharField(
        label="Pay-to street or box", max_length=55, required=False, help_text="Only where payers send money elsewhere"
    )
    pay_to_city = forms.CharField(label="Pay-to city", max_length=30, required=False)
    pay_to_state = forms.ChoiceField(label="Pay-to state", choices=STATES, required=False)
    pay_to_zip = digits("Pay-to ZIP code", 9, required=False)
    starts_on = day("From")

    def profile(self) -> BillerProfile:
        """What was typed, as a profile."""
        given = self.cleaned_data
        pay_to = Address(given["pay_to_line1"], "", given["pay_to_city"], given["pay_to_state"], given["pay_to_zip"])
        return BillerProfile(
            given["name"], given["taxonomy"], self.address(), pay_to if pay_to else NO_ADDRESS, given["phone"],
            given["first_name"],
        )  # fmt: skip


class BillerFacts(ProfileForm):
    """A new billing provider."""

    field_order = ("entity", "npi", "npi_type", "tin", *PROFILE_ORDER)

    entity = forms.ChoiceField(label="Bills for")
    npi = digits("NPI", 10)
    npi_type = forms.ChoiceField(label="Whose NPI", choices=choices(NpiType), initial="2")
    tin = digits("TIN", 9, help_text="The EIN it bills under")

    def __init__(self, *args: Any, entities: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entity"].choices = entities  # type: ignore[attr-defined]


class SiteProfileForm(AddressForm):
    """Name and address of a site from a day on."""

    field_order: tuple[str, ...] = ("name", "clia", "line1", "line2", "city", "state", "zip", "starts_on")

    name = forms.CharField(label="Name", max_length=60)
    clia = forms.CharField(
        label="CLIA number", max_length=10, required=False, help_text="Where it has a laboratory: 05D0642827"
    )
    starts_on = day("From")


class SiteFacts(SiteProfileForm):
    """A new site."""

    field_order = ("name", "place_of_service", "npi", "clia", "line1", "line2", "city", "state", "zip", "starts_on")

    place_of_service = digits("Place of service", 2, initial="11", help_text="Two digits; an office is 11")
    npi = digits("NPI", 10, required=False, help_text="Only where the site has its own")


class ClinicianFacts(forms.Form):
    """A clinician's name, licence and, where it is needed, SSN."""

    first_name = forms.CharField(label="First name", max_length=35)
    middle_name = forms.CharField(label="Middle name", max_length=25, required=False)
    last_name = forms.CharField(label="Last name", max_length=60)
    suffix = forms.CharField(label="Suffix", max_length=10, required=False)
    credential = forms.CharField(label="Credential", max_length=12, required=False, help_text="MD, DO, OD, NP, LCSW")
    taxonomy = forms.CharField(label="Taxonomy", max_length=10)
    licence_number = forms.CharField(label="Licence number", max_length=24, required=False)
    licence_state = forms.ChoiceField(label="Licence state", choices=STATES, required=False)
    ssn = digits(
        "Social security number", 9, required=False,
        help_text="Sealed at once; leave empty unless payroll or a payer asks for it",
    )  # fmt: skip

    def person(self) -> Person:
        """What was typed, as a person."""
        given = self.cleaned_data
        return Person(
            given["last_name"], given["first_name"], given["middle_name"], given["suffix"], given["credential"],
            given["licence_number"], given["licence_state"],
        )  # fmt: skip


class NewClinician(ClinicianFacts):
    """A clinician joins the practice."""

    field_order = ("npi", "taxonomy")

    npi = digits("NPI", 10)
    starts_on = day("First day")


class ClinicianEnd(forms.Form):
    """A clinician leaves."""

    ends_on = day("First day no longer here")


class ClinicianShare(forms.Form):
    """How much of full time a clinician works."""

    share = forms.DecimalField(
        label="Percent of full time", min_value=Decimal("0.01"), max_value=Decimal(100), max_digits=5,
        decimal_places=2, help_text="Three days of a week of five: 60",
    )  # fmt: skip
    starts_on = day("From", help_text="The first day on which it is so")
    shows = forms.CharField(
        label="What shows it", max_length=200, help_text="Such as: employment agreement, section 2"
    )  # fmt: skip


class EnrolmentFacts(forms.Form):
    """From when a payer takes the services of a clinician, or of the practice itself."""

    clinician = forms.ChoiceField(label="Who is enrolled", help_text="The practice, where the payer enrols groups")
    payer = forms.ChoiceField(label="Payer")
    number = forms.CharField(label="The payer's number for it", max_length=30, required=False, help_text="PTAN or id")
    starts_on = day("First day it takes services of")
    ends_on = day("First day it takes none of", required=False)

    def __init__(
        self, *args: Any, clinicians: Sequence[tuple[str, str]], payers: Sequence[tuple[str, str]], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        for name, offered in (("clinician", clinicians), ("payer", payers)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField), "both offer a choice"
            field.choices = [("", "Choose one"), *offered]


class EnrolmentEnd(forms.Form):
    """The enrolment of a clinician ends."""

    ends_on = day("First day it takes no services of")


class ContactFacts(forms.Form):
    """Somebody to call or write to."""

    name = forms.CharField(label="Name", max_length=80)
    role = forms.ChoiceField(label="For", choices=choices(ContactRole))
    email = forms.EmailField(label="E-mail", required=False)
    phone = digits("Telephone", 10, required=False)


class PayerForm(AddressForm):
    """A payer of the register."""

    field_order = ("name", "edi_id", "kind", "filing", "timely_filing_days", "corrected_days", "appeal_days", "phone")

    name = forms.CharField(label="Name", max_length=60)
    edi_id = forms.CharField(label="EDI id", max_length=30, help_text="As the clearinghouse lists it")
    kind = forms.ChoiceField(label="Line of business", choices=choices(PayerKind))
    filing = forms.ChoiceField(label="Claim filing indicator", choices=choices(Filing))
    timely_filing_days = forms.IntegerField(label="Days to file a claim", min_value=1, max_value=3660, initial=365)
    corrected_days = forms.IntegerField(label="Days to correct it", min_value=1, max_value=3660, initial=180)
    appeal_days = forms.IntegerField(label="Days to appeal", min_value=1, max_value=3660, initial=120)
    phone = digits("Telephone", 10, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in ("line1", "city", "state", "zip"):
            self.fields[field].required = False
            self.fields[field].label = f"Claims go to: {str(self.fields[field].label).lower()}"

    def payer(self) -> PayerFacts:
        """What was typed, as a payer."""
        given = self.cleaned_data
        address = self.address()
        return PayerFacts(
            given["name"], given["edi_id"], PayerKind(given["kind"]), Filing(given["filing"]),
            given["timely_filing_days"], given["corrected_days"], given["appeal_days"],
            address if address else NO_ADDRESS, given["phone"],
        )  # fmt: skip


class Why(forms.Form):
    """A reason that the trail keeps."""

    why = forms.CharField(label="Why do you need to see it?", max_length=200,
                          help_text="At least ten characters; it is kept in the audit trail")  # fmt: skip


class NoteForm(forms.Form):
    """A note; about a payer it may hold in one practice or, where one may say so, in all of them."""

    words = forms.CharField(
        label="What should people know?", max_length=500, widget=forms.Textarea({"rows": 3}),
        help_text="Of the payer or the practice, never of a patient.",
    )  # fmt: skip
    where = forms.ChoiceField(label="Where it holds")
    payer = forms.ChoiceField(label="About a payer", required=False)
    until = day("Until", required=False, help_text="Its last day; without one until it is ended.")

    def __init__(
        self, *given: Any, places: Sequence[tuple[str, str]] = (), payers: Sequence[tuple[str, str]] = (), **more: Any
    ) -> None:
        super().__init__(*given, **more)
        where, payer = self.fields["where"], self.fields["payer"]
        assert isinstance(where, forms.ChoiceField)
        assert isinstance(payer, forms.ChoiceField)
        where.choices, payer.choices = list(places), [("", "None"), *payers]
        if not places:
            del self.fields["where"]
        if not payers:
            del self.fields["payer"]
