"""Forms of claims: what a biller types, checked for its form only; the rules judge the rest."""

from __future__ import annotations

from typing import Any

from django import forms

from openmso.charges.contracts import Drug
from openmso.claims.contracts import LineRow
from openmso.claims.services.correcting import LineChange
from openmso.kit.money import Money
from openmso.parties.contracts import Address
from openmso.patients.contracts import CoverageDraft, Order, Person, Relationship, Sex
from openmso.platform.ui.contracts import Status
from openmso.platform.ui.uploads import FileField

ACCIDENTS = [("", "No accident"), ("AA", "Car"), ("EM", "Work"), ("OA", "Other")]


def _of(statuses: type[Status]) -> list[tuple[str, str]]:
    return [(one.value, one.label) for one in statuses]


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"})


class ClaimForm(forms.Form):
    """What is changed on the claim itself."""

    diagnoses = forms.CharField(
        label="Diagnoses", help_text="ICD-10-CM in order of importance, up to twelve: E119 I10", required=False
    )
    place_of_service = forms.RegexField(r"^\d{2}$", label="Place of service", help_text="Two digits: 11 office")
    prior_authorization = forms.CharField(label="Prior authorization", max_length=50, required=False)
    referral_number = forms.CharField(label="Referral number", max_length=50, required=False)
    referring_last_name = forms.CharField(label="Referring clinician, last name", max_length=60, required=False)
    referring_first_name = forms.CharField(label="First name", max_length=35, required=False)
    referring_npi = forms.RegexField(r"^\d{10}$", label="NPI of who referred", required=False)
    accident = forms.ChoiceField(label="Accident", choices=ACCIDENTS, required=False)
    accident_on = forms.DateField(label="Day of the accident", widget=_day(), required=False)
    accident_state = forms.RegexField(r"^[A-Z]{2}$", label="State of a car accident", required=False)
    delay_reason = forms.RegexField(
        r"^\d{1,2}$", label="Delay reason", help_text="Where it is filed late, with proof", required=False
    )
    payer_control = forms.CharField(label="Payer's claim number", max_length=50, required=False)
    sheet_version = forms.IntegerField(widget=forms.HiddenInput)

    def codes(self) -> tuple[str, ...]:
        """The diagnoses without points and commas."""
        text = self.cleaned_data["diagnoses"].upper().replace(".", "").replace(",", " ")
        return tuple(text.split())


class LineForm(forms.Form):
    """What is changed on a line; with another code, modifier, unit or day it is priced anew."""

    number = forms.IntegerField(widget=forms.HiddenInput)
    code = forms.RegexField(r"^[A-Za-z0-9]{5}$", label="Code")
    modifiers = forms.CharField(label="Modifiers", required=False, max_length=20)
    pointers = forms.RegexField(r"^[A-La-l]{1,4}$", label="Diagnoses, as AB")
    units = forms.DecimalField(label="Units", min_value=0, max_digits=8, decimal_places=3)
    amount = forms.DecimalField(label="Charge", min_value=0, max_digits=10, decimal_places=2, required=False)
    service_on = forms.DateField(label="Day", widget=_day(), required=False)
    service_through = forms.DateField(label="Last day of several", widget=_day(), required=False)
    ndc = forms.RegexField(r"^[\d-]{11,13}$", label="NDC, eleven digits", required=False)
    ndc_quantity = forms.DecimalField(label="Given", min_value=0, max_digits=10, decimal_places=3, required=False)
    ndc_unit = forms.ChoiceField(
        label="Measured in", choices=[(unit, unit) for unit in ("UN", "ML", "GR", "ME", "F2")], required=False
    )

    def clean(self) -> dict[str, Any]:
        """An NDC says how much was given."""
        given = super().clean() or {}
        if given.get("ndc") and not given.get("ndc_quantity"):
            self.add_error("ndc_quantity", "Say how much was given.")
        return given

    def change(self, line: LineRow) -> LineChange:
        """What the service is asked for: only what differs from the line as it stands."""
        given = self.cleaned_data
        told = {
            "code": given["code"].upper(), "modifiers": tuple(given["modifiers"].upper().replace(",", " ").split()),
            "pointers": tuple(ord(letter) - 64 for letter in given["pointers"].upper()), "units": given["units"],
        }  # fmt: skip
        new = {name: value for name, value in told.items() if value != getattr(line, name)}
        if given["amount"] is not None and Money.of(given["amount"]) != line.charged:
            new["amount"] = Money.of(given["amount"])
        days = (given["service_on"] or line.service_on, given["service_through"])
        if days != (line.service_on, line.service_through):
            new |= {"service_on": days[0], "service_through": days[1]}
        if given["ndc"]:
            drug = Drug(given["ndc"].replace("-", ""), given["ndc_quantity"], given["ndc_unit"])
            new |= {"drug": drug} if drug != line.drug else {}
        return LineChange(**new)


class VisitForm(forms.Form):
    """Who rendered a visit, and where."""

    clinician = forms.ChoiceField(label="Who rendered the services", required=False)
    site = forms.ChoiceField(label="Site", required=False)


class PatientForm(forms.Form):
    """A patient's record as insurers know them."""

    last_name = forms.CharField(label="Last name", max_length=60)
    first_name = forms.CharField(label="First name", max_length=35)
    middle_name = forms.CharField(label="Middle name", max_length=25, required=False)
    suffix = forms.CharField(label="Suffix", max_length=10, required=False)
    born_on = forms.DateField(label="Birth date", widget=_day())
    sex = forms.ChoiceField(label="Sex", help_text="As the insurance card has it", choices=_of(Sex))
    line1 = forms.CharField(label="Street", max_length=55)
    line2 = forms.CharField(label="Apartment or unit", max_length=55, required=False)
    city = forms.CharField(label="City", max_length=30)
    state = forms.RegexField(r"^[A-Z]{2}$", label="State", help_text="Two letters: ME")
    zip = forms.RegexField(r"^\d{5}(-?\d{4})?$", label="ZIP code", help_text="Five or nine digits")

    def person(self) -> Person:
        """What was typed, as a person."""
        given = self.cleaned_data
        where = Address(given["line1"], given["line2"], given["city"], given["state"], given["zip"].replace("-", ""))
        return Person(
            given["last_name"], given["first_name"], given["middle_name"], given["suffix"], given["born_on"],
            Sex(given["sex"]), where,
        )  # fmt: skip


class CoverageForm(forms.Form):
    """What an insurance card says."""

    payer = forms.ChoiceField(label="Payer")
    member_id = forms.CharField(label="Member id", max_length=80, min_length=2)
    order = forms.ChoiceField(label="Asked as", choices=_of(Order))
    group_number = forms.CharField(label="Group number", max_length=50, required=False)
    plan_name = forms.CharField(label="Plan", max_length=60, required=False)
    starts_on = forms.DateField(label="Holds from", widget=_day())
    ends_on = forms.DateField(
        label="Ends on", help_text="The first day it no longer holds", widget=_day(), required=False
    )
    insurance_type = forms.RegexField(
        r"^\d{2}$", label="Insurance type", help_text="Only where Medicare is second: 12 to 47", required=False
    )
    relationship = forms.ChoiceField(label="The patient is the subscriber's", choices=_of(Relationship))
    subscriber_last_name = forms.CharField(label="Subscriber, last name", max_length=60, required=False)
    subscriber_first_name = forms.CharField(label="First name", max_length=35, required=False)
    subscriber_born_on = forms.DateField(label="Birth date", widget=_day(), required=False)

    def draft(self, payer_id: int, holder: Person) -> CoverageDraft:
        """What was typed, as a coverage; of the subscriber what is not asked stays as it is with `holder`."""
        given = self.cleaned_data
        relationship = Relationship(given["relationship"])
        subscriber = holder.called(*(given[f"subscriber_{name}"] for name in ("last_name", "first_name", "born_on")))
        return CoverageDraft(
            payer_id, given["member_id"], given["starts_on"], given["ends_on"], Order(given["order"]),
            given["group_number"], given["plan_name"], relationship,
            None if relationship is Relationship.SELF else subscriber, insurance_type=given["insurance_type"],
        )  # fmt: skip


class WhyForm(forms.Form):
    """A reason in words."""

    why = forms.CharField(label="Why", max_length=300)


class AcknowledgementForm(forms.Form):
    """A file of answers."""

    practice = forms.ChoiceField(label="Practice")
    file = FileField(
        label="File of answers", purpose="claims.acknowledgement", kinds="TA1, 999 or 277CA",
        help_text="The same file twice is taken in once.",
    )  # fmt: skip
