"""Forms of equity: an entity, its classes, holders and units, revenue, and capital in and out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from openmso.equity.contracts import NewClass, NewHolder, NewUnits, Table, Vesting
from openmso.equity.contracts.facilities import NewCovenant, NewFacility
from openmso.equity.rules.rollover import Sale
from openmso.equity.states import Act, Being, By, Compounding, DayCount, Every, Measure, Sort, Tie, Venture
from openmso.kit.money import ZERO, Money
from openmso.platform.ui.contracts import Status

Choices = list[tuple[str, str]]
PERCENT = Decimal(100)


def choices(statuses: type[Status]) -> Choices:
    """The members of an enum for a select."""
    return [(one.value, one.label[:1].upper() + one.label[1:]) for one in statuses]


def day(label: str, hint: str = "", *, required: bool = True) -> forms.DateField:
    """A day."""
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}), required=required, help_text=hint
    )


def dollars(label: str, hint: str = "", *, required: bool = True, least: Decimal | None = Decimal(0)) -> Any:
    """An amount in dollars and cents."""
    return forms.DecimalField(
        label=label, min_value=least, max_digits=14, decimal_places=2, help_text=hint, required=required
    )


def why(label: str = "Why", hint: str = "") -> forms.CharField:
    """A reason in a sentence."""
    return forms.CharField(label=label, max_length=300, widget=forms.Textarea(attrs={"rows": 2}), help_text=hint)


class OpenForm(forms.Form):
    """The entity whose units are kept."""

    entity = forms.ChoiceField(label="Legal entity", help_text="One that keeps books here")
    kind = forms.ChoiceField(
        label="It is", choices=choices(Venture),
        help_text="A joint venture with investors who can refer is tested by the safe harbour for small entities",
    )  # fmt: skip

    def __init__(self, *args: Any, entities: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entity"].choices = entities  # type: ignore[attr-defined]


class ClassForm(forms.Form):
    """A class of units."""

    name = forms.CharField(label="Name", max_length=60, help_text="As the operating agreement calls it: Class A")
    sort = forms.ChoiceField(label="It is", choices=choices(Sort))
    by = forms.ChoiceField(label="Distributions follow", choices=choices(By))
    rate = forms.DecimalField(
        label="Preferred return", min_value=0, max_value=99, decimal_places=4, max_digits=7, required=False,
        help_text="Percent a year on capital not returned; only for preferred units",
    )  # fmt: skip
    compounding = forms.ChoiceField(label="Compounding", choices=choices(Compounding))
    day_count = forms.ChoiceField(label="Day count", choices=choices(DayCount))
    threshold = dollars(
        "Participation threshold", "Only for profits units: what goes to others before these take part",
        required=False,
    )  # fmt: skip
    terms = forms.CharField(
        label="Terms", max_length=4_000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Votes, rights, restrictions; terms that pay by referrals are refused",
    )  # fmt: skip

    def new(self) -> NewClass:
        """What was filled in."""
        given = self.cleaned_data
        rate = (given["rate"] or Decimal(0)) / PERCENT
        return NewClass(
            given["name"], Sort(given["sort"]), By(given["by"]), given["terms"], rate,
            Compounding(given["compounding"]), DayCount(given["day_count"]), Money.of(given["threshold"] or 0),
        )  # fmt: skip


class HolderForm(forms.Form):
    """Somebody who may hold units."""

    name = forms.CharField(label="Name", max_length=120)
    being = forms.ChoiceField(label="They are", choices=choices(Being))
    refers = forms.TypedChoiceField(
        label="Can they refer to the entity or bring it business?", choices=[("yes", "Yes"), ("no", "No")],
        widget=forms.RadioSelect, coerce=lambda given: given == "yes",
    )  # fmt: skip
    why = why("Why", "What shows it: practises in the area, orders what the entity sells; or has no part in care")
    tenant = forms.ChoiceField(label="In this house they are", required=False)

    def __init__(self, *args: Any, tenants: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tenant"].choices = [("", "Nobody of this house"), *tenants]  # type: ignore[attr-defined]

    def new(self) -> NewHolder:
        """What was filled in."""
        given = self.cleaned_data
        return NewHolder(given["name"], Being(given["being"]), given["refers"], given["why"], given["tenant"])


class CorrectForm(forms.Form):
    """What a holder is called and is, as it should have been."""

    name = forms.CharField(label="Name", max_length=120)
    being = forms.ChoiceField(label="They are", choices=choices(Being))
    why = why("Why it is corrected", "What shows it; whoever reads the history has only this to go by")


class OfTable(forms.Form):
    """A form whose choices are the classes and holders of a cap table."""

    def __init__(self, *args: Any, table: Table, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        holders = [("", "Nobody"), *((one.public_id, one.name) for one in table.holders)]
        for name, offered in (
            ("cls", [(one.public_id, one.name) for one in table.classes]), ("frm", holders), ("to", holders),
        ):  # fmt: skip
            if name in self.fields:
                self.fields[name].choices = offered  # type: ignore[attr-defined]


class UnitsForm(OfTable):
    """An entry of the ledger of units."""

    act = forms.ChoiceField(label="What happened", choices=choices(Act))
    cls = forms.ChoiceField(label="Class")
    units = forms.DecimalField(label="Units", max_digits=18, decimal_places=4, min_value=Decimal("0.0001"))
    on = day("Day")
    frm = forms.ChoiceField(label="From", required=False, help_text="For a transfer, redemption or forfeiture")
    to = forms.ChoiceField(label="To", required=False, help_text="For an issue, rollover or transfer")
    paid = dollars(
        "Paid", "What was put in for the units or paid out for them; for a rollover what the stake is worth",
        required=False,
    )  # fmt: skip
    account = forms.CharField(
        label="Other account", max_length=12, required=False,
        help_text="Of the book, where it is not cash: for a rollover the account of what was contributed",
    )  # fmt: skip
    vests_from = day("Vests from", "Only for units that vest", required=False)
    cliff_months = forms.IntegerField(label="Cliff, months", min_value=0, max_value=240, required=False)
    vesting_months = forms.IntegerField(label="Vested after, months", min_value=1, max_value=240, required=False)
    why = why("Why", "Resolution, agreement, event")

    def clean(self) -> dict[str, Any]:
        """A vesting schedule is whole or absent."""
        given = super().clean() or {}
        if bool(given.get("vests_from")) != bool(given.get("vesting_months")):
            self.add_error("vests_from", "Say from which day they vest and over how many months, or leave both empty.")
        return given

    def new(self) -> NewUnits:
        """What was filled in."""
        given = self.cleaned_data
        vesting = None
        if given["vests_from"]:
            vesting = Vesting(given["vests_from"], given["cliff_months"] or 0, given["vesting_months"])
        paid = Money.of(given["paid"]) if given["paid"] else ZERO
        return NewUnits(
            Act(given["act"]), given["cls"], given["units"], given["on"], given["why"], given["frm"], given["to"],
            paid, given["account"], vesting,
        )  # fmt: skip


class RevenueForm(forms.Form):
    """Revenue of a year, and how much of it investors brought."""

    starts_on = day("First day of the year", "Fiscal year, or any twelve months")
    gross = dollars("Revenue for health care")
    from_investors = dollars("Of that, from referrals or business of investors")
    shows = why("What shows it", "Report, accounts, count of orders")


class AllocateForm(forms.Form):
    """Profit or loss for the capital accounts."""

    amount = dollars("Profit", "A loss is below zero", least=None)
    on = day("As of")
    why = why("Why", "Which period it is of")


class CallForm(OfTable):
    """A capital call."""

    cls = forms.ChoiceField(label="From the holders of")
    amount = dollars("Amount", "Shared by the units that each holds today")
    due_on = day("Due on")
    purpose = why("For what")


class DeclareForm(forms.Form):
    """A distribution."""

    amount = dollars("Amount")
    by = forms.ChoiceField(label="It follows", choices=choices(By))
    why = why("Why", "Resolution, period, available cash")


class PaidForm(forms.Form):
    """What came on a capital call."""

    amount = dollars("Amount")
    on = day("Paid on")


class DayForm(forms.Form):
    """When it was paid."""

    on = day("Paid on")


class DefaultForm(forms.Form):
    """A share that did not come."""

    why = why("What was done", "Reminder, dilution, loan by others: as the operating agreement has it")


class RolloverForm(forms.Form):
    """A sale with a rollover, and the second sale."""

    ebitda = dollars("EBITDA at the sale")
    multiple = forms.DecimalField(label="Multiple", min_value=Decimal("0.01"), max_digits=8, decimal_places=3)
    buyer_cash = dollars("Cash of the buyer")
    debt = dollars("Debt taken up to pay", required=False)
    exit_ebitda = dollars("EBITDA at the second sale")
    exit_multiple = forms.DecimalField(
        label="Second multiple", min_value=Decimal("0.01"), max_digits=8, decimal_places=3
    )
    exit_debt = dollars("Debt at the second sale", required=False)

    def sale(self) -> Sale:
        """What was filled in."""
        given = self.cleaned_data
        return Sale(
            Money.of(given["ebitda"]), given["multiple"], Money.of(given["buyer_cash"]), Money.of(given["debt"] or 0),
            Money.of(given["exit_ebitda"]), given["exit_multiple"], Money.of(given["exit_debt"] or 0),
        )  # fmt: skip


class RequestForm(forms.Form):
    """A facility that a practice asks for."""

    practice = forms.ChoiceField(label="Practice")
    limit = dollars("Up to", "What may be drawn in all")
    rate = forms.DecimalField(
        label="Rate", min_value=0, max_value=99, decimal_places=4, max_digits=7, help_text="Percent a year"
    )
    months = forms.IntegerField(label="Repaid over, months", min_value=1, max_value=480, help_text="Each draw")
    revolves = forms.BooleanField(
        label="It revolves", required=False, help_text="What was repaid can be drawn again, up to the limit"
    )
    unused_rate = forms.DecimalField(
        label="Unused fee", min_value=0, max_value=99, decimal_places=4, max_digits=7, required=False,
        help_text="Percent a year on what is not drawn; only where it revolves",
    )  # fmt: skip
    purpose = why("For what")
    tie = forms.ChoiceField(
        label="It depends on", choices=choices(Tie), help_text="Anything but repayment is refused, with the citation"
    )
    terms = forms.CharField(
        label="Terms", max_length=4_000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Security, guarantees, what else was agreed",
    )  # fmt: skip

    def __init__(self, *args: Any, practices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["practice"].choices = practices  # type: ignore[attr-defined]

    def new(self) -> NewFacility:
        """What was filled in."""
        given = self.cleaned_data
        return NewFacility(
            given["purpose"], Money.of(given["limit"]), given["rate"] / PERCENT, given["months"], given["terms"],
            Tie(given["tie"]), given["revolves"], (given["unused_rate"] or Decimal(0)) / PERCENT,
        )  # fmt: skip


class WhyForm(forms.Form):
    """A reason."""

    why = why()


class DrawForm(forms.Form):
    """A draw."""

    amount = dollars("Amount")
    residual = dollars("Residual", "What stays owed after the instalments and is due with the last", required=False)
    on = day("Paid out on")
    purpose = why("For what")
    tie = forms.ChoiceField(label="It depends on", choices=choices(Tie))


class YearForm(forms.Form):
    """A calendar year."""

    year = forms.IntegerField(label="Year", min_value=1990, max_value=2199)


class PrepayForm(forms.Form):
    """Principal that was paid ahead."""

    amount = dollars("Principal", "Of what is owed; the interest so far is added")
    on = day("Paid on")


class UnusedForm(forms.Form):
    """The fee of a month on what was not drawn."""

    month = forms.ChoiceField(label="Of")
    on = day("Paid on")

    def __init__(self, *args: Any, months: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = months  # type: ignore[attr-defined]


class CovenantForm(forms.Form):
    """A covenant."""

    words = forms.CharField(label="Covenant", max_length=200, help_text="As the paper calls it")
    measure = forms.ChoiceField(label="It looks at", choices=choices(Measure))
    at_least = forms.TypedChoiceField(
        label="It is to be", choices=[("least", "At least"), ("most", "At most")], coerce=lambda one: one == "least"
    )
    limit = forms.DecimalField(label="Figure", max_digits=16, decimal_places=4)
    every = forms.ChoiceField(label="Tested", choices=choices(Every))
    cure_days = forms.IntegerField(label="Days to cure a breach", min_value=1, max_value=365, initial=30)

    def new(self) -> NewCovenant:
        """What was filled in."""
        given = self.cleaned_data
        return NewCovenant(
            given["words"], Measure(given["measure"]), given["at_least"], given["limit"], Every(given["every"]),
            given["cure_days"],
        )  # fmt: skip


class CheckForm(forms.Form):
    """A test of a covenant for a period."""

    month = forms.ChoiceField(label="Period to the end of")
    value = forms.DecimalField(
        label="Figure", max_digits=16, decimal_places=4, required=False, help_text="Only where no book has it"
    )
    shows = forms.CharField(label="What shows it", max_length=300, required=False)

    def __init__(self, *args: Any, months: Choices, told: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = months  # type: ignore[attr-defined]
        if not told:
            del self.fields["value"], self.fields["shows"]


class CureForm(forms.Form):
    """A breach that was cured."""

    month = forms.ChoiceField(label="Breach of")
    on = day("Cured on")
    words = why("How")

    def __init__(self, *args: Any, months: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = months  # type: ignore[attr-defined]
