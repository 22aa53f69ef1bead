"""Forms of compliance: an arrangement, its terms, signatures, opinions, family and answers; a file of payments."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms

from openmso.compliance.contracts import (
    EXCLUSIONS,
    ONE_DAY,
    PAPER,
    PAYMENTS,
    SHEET,
    NewArrangement,
    NewOpinion,
    NewTerm,
    Paper,
    Relative,
)
from openmso.compliance.rules import checklists
from openmso.compliance.states import Kind, Method, Party, Pay, Said, Side
from openmso.platform.ui.contracts import Status
from openmso.platform.ui.uploads import FileField

Choices = list[tuple[str, str]]
TEXT_MAX = 4_000


def choices(statuses: type[Status]) -> Choices:
    """The members of an enum for a select."""
    return [(one.value, one.label) for one in statuses]


def _day(label: str, hint: str = "", *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}), required=required, help_text=hint
    )


def _text(
    label: str, hint: str = "", *, rows: int = 3, required: bool = True, length: int = TEXT_MAX
) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=length, widget=forms.Textarea(attrs={"rows": rows}), help_text=hint, required=required
    )


def _rate(label: str, hint: str = "") -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=0, max_digits=12, decimal_places=2, help_text=hint)


def _npi() -> forms.CharField:
    return forms.CharField(label="NPI", max_length=10, required=False, help_text="Ten digits")


def _ein() -> forms.CharField:
    return forms.CharField(
        label="EIN", max_length=10, required=False, help_text="Nine digits; never a Social Security number"
    )


def _paper() -> FileField:
    return FileField(label="Paper", purpose=PAPER, kinds="PDF, image or text", required=False)


def paper_of(file: Any) -> Paper | None:
    """An upload as it is kept."""
    return Paper(file.name, file.read()) if file else None


class ArrangementForm(forms.Form):
    """With whom about what."""

    practice = forms.ChoiceField(label="On our side", help_text="The practice, or the MSO itself")
    title = forms.CharField(label="Title", max_length=120, help_text="What it is, in a line: Medical director")
    kind = forms.ChoiceField(label="Kind", choices=choices(Kind))
    party = forms.ChoiceField(label="The other party is", choices=choices(Party))
    name = forms.CharField(label="Name of the party", max_length=120, help_text="As payments name it")
    relation = forms.CharField(
        label="Family of", max_length=160, required=False, help_text="Only for family: of which physician, and how"
    )
    npi = _npi()
    ein = _ein()

    def __init__(self, *args: Any, practices: Choices, **kwargs: Any) -> None:
        """`practices` are the tenants in which the reader keeps the register."""
        super().__init__(*args, **kwargs)
        self.fields["practice"].choices = practices  # type: ignore[attr-defined]

    def arrangement(self) -> NewArrangement:
        """What was filled in."""
        given = self.cleaned_data
        return NewArrangement(
            given["title"], Kind(given["kind"]), Party(given["party"]), given["name"], given["npi"].strip(),
            given["ein"].replace("-", "").strip(), given["relation"],
        )  # fmt: skip


class TermForm(forms.Form):
    """A version of the terms."""

    services = _text("What for", "The services, premises or equipment, all of them")
    pay = forms.ChoiceField(label="Paid", choices=choices(Pay))
    rate = _rate("Rate", "Dollars for each month, hour, unit or year")
    hours_cap = forms.DecimalField(
        label="Hours a month, at most", min_value=0, max_digits=6, decimal_places=2, required=False,
        help_text="Only where it is paid by the hour",
    )  # fmt: skip
    unit_words = forms.CharField(
        label="A unit is", max_length=40, required=False, help_text="Only where it is paid by the unit: shift, chart"
    )
    starts_on = _day("From")
    last_on = _day("Through", "The last day; empty: no end", required=False)
    holdover = forms.BooleanField(
        label="Goes on after its end on the same terms (holdover)", required=False,
        help_text="For services and leases, where the paper allows it",
    )  # fmt: skip
    written_on = _day("Put in writing on", "Empty: it is not in writing, and nothing is paid", required=False)
    in_advance = forms.BooleanField(label="The pay was set before anything was done", required=False, initial=True)
    by_volume = forms.BooleanField(
        label="The pay takes account of the volume or value of referrals", required=False,
        help_text="Such terms can be kept, and never be paid",
    )  # fmt: skip
    reasonable = _text("Commercially reasonable because", "Why it makes sense even if nobody referred anything")
    grounds = forms.MultipleChoiceField(
        label="Relies on",
        widget=forms.CheckboxSelectMultiple,
        help_text="Exceptions and safe harbours; each is a checklist",
    )
    why = forms.CharField(label="Why there is a new version", max_length=300, required=False)
    paper = _paper()

    def __init__(self, *args: Any, kind: Kind, is_first: bool, **kwargs: Any) -> None:
        """`kind` is that of the arrangement; the first terms need no reason."""
        super().__init__(*args, **kwargs)
        self.fields["grounds"].choices = [  # type: ignore[attr-defined]
            (one.code, f"{one.words} ({one.citation})") for one in checklists.lists().values() if kind in one.kinds
        ]  # fmt: skip
        if is_first:
            del self.fields["why"]
        else:
            self.fields["why"].required = True

    def term(self) -> NewTerm:
        """What was filled in; the last day becomes the first one no longer."""
        given = self.cleaned_data
        last_on = given["last_on"]
        return NewTerm(
            given["services"], Pay(given["pay"]), given["rate"], given["starts_on"],
            last_on + ONE_DAY if last_on else None, given["written_on"], given["reasonable"], tuple(given["grounds"]),
            given["hours_cap"], given["unit_words"], given["in_advance"], given["by_volume"], given["holdover"],
            given.get("why", ""), paper_of(given["paper"]),
        )  # fmt: skip


class SignatureForm(forms.Form):
    """One side signed."""

    side = forms.ChoiceField(label="Side", widget=forms.RadioSelect, choices=choices(Side))
    by = forms.CharField(label="Signed by", max_length=160)
    signed_on = _day("On")


class OpinionForm(forms.Form):
    """An opinion of fair market value."""

    method = forms.ChoiceField(label="Method", choices=choices(Method))
    unit = forms.ChoiceField(label="Range of dollars", choices=choices(Pay))
    low = _rate("From")
    high = _rate("To")
    appraiser = forms.CharField(label="Appraiser", max_length=120)
    opined_on = _day("Given on")
    expires_on = _day("Holds through", "The last day")
    words = _text("In a few words", "Surveys, percentiles, what it assumes", required=False)
    paper = _paper()

    def opinion(self) -> NewOpinion:
        """What was filled in."""
        given = self.cleaned_data
        return NewOpinion(
            Method(given["method"]), given["low"], given["high"], Pay(given["unit"]), given["appraiser"],
            given["opined_on"], given["expires_on"], given["words"], paper_of(given["paper"]),
        )  # fmt: skip


class RelativeForm(forms.Form):
    """Somebody by whom a payment to the party's family or entity is recognised."""

    name = forms.CharField(label="Name", max_length=120, help_text="As payments would name them")
    relation = forms.CharField(label="Relation", max_length=60, help_text="Spouse, child, own company")
    npi = _npi()
    ein = _ein()

    def relative(self) -> Relative:
        """What was filled in."""
        given = self.cleaned_data
        return Relative(given["name"], given["relation"], given["npi"].strip(), given["ein"].replace("-", "").strip())


class AnswerForm(forms.Form):
    """An element of a checklist."""

    said = forms.ChoiceField(
        label="Answer", widget=forms.RadioSelect,
        choices=[(one.value, one.label) for one in (Said.MET, Said.UNMET, Said.APART)],
    )  # fmt: skip
    evidence = _text("What shows it", "Paper, page, person", length=1000)
    paper = _paper()


class EndForm(forms.Form):
    """The end of an arrangement."""

    last_on = _day("Last day", "What was done through it can still be paid")
    why = _text("Why", length=1000)

    @property
    def ends_on(self) -> Any:
        """The first day without it."""
        return self.cleaned_data["last_on"] + timedelta(days=1)


class SheetForm(forms.Form):
    """A sheet of arrangements."""

    practice = forms.ChoiceField(label="On our side", help_text="The practice, or the MSO itself")
    file = FileField(label="Sheet", purpose=SHEET, kinds="CSV or Excel", ends=("csv", "xlsx"))

    def __init__(self, *args: Any, practices: Choices, **kwargs: Any) -> None:
        """`practices` are the tenants in which the reader keeps the register."""
        super().__init__(*args, **kwargs)
        self.fields["practice"].choices = practices  # type: ignore[attr-defined]


class CheckForm(forms.Form):
    """A file of payments."""

    practice = forms.ChoiceField(label="Who pays")
    file = FileField(
        label="Payments", purpose=PAYMENTS, kinds="CSV", ends=("csv",),
        help_text="One payment a line; the columns are described below",
    )  # fmt: skip

    def __init__(self, *args: Any, practices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["practice"].choices = practices  # type: ignore[attr-defined]


class SettleForm(forms.Form):
    """How a stopped payment was settled."""

    words = _text(
        "How it was settled",
        "Not paid; the register was mended and the payment comes in a new file; reported",
        length=1000,
    )


class ExclusionsForm(forms.Form):
    """The list of exclusions as it was published."""

    file = FileField(
        label="List", purpose=EXCLUSIONS, kinds="CSV", ends=("csv",),
        help_text="UPDATED.csv of the Office of Inspector General, as it is published",
    )  # fmt: skip
    as_of = _day("Published on")


class MatchForm(forms.Form):
    """Whether a name on the list is who it is with us."""

    is_them = forms.ChoiceField(
        label="Is it them?", choices=[("", "–"), ("no", "No, somebody else"), ("yes", "Yes, it is them")]
    )
    words = _text("What shows it", "Another date of birth; the search by SSN on the OIG's page of today", length=1000)
