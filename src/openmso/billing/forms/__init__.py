"""Forms of billing: what a person types, checked for its form only."""

from __future__ import annotations

from typing import Any

from django import forms

from openmso.billing.rules import plans
from openmso.billing.rules.policy import Policy, of_json
from openmso.billing.states import AT_THE_DESK, Hold
from openmso.kit.money import Money


class PaymentForm(forms.Form):
    """A payment at the desk."""

    amount = forms.DecimalField(label="Amount", max_digits=9, decimal_places=2)
    method = forms.ChoiceField(label="How", choices=[(one.value, one.label) for one in AT_THE_DESK])
    reference = forms.CharField(
        label="Reference", max_length=40, required=False,
        help_text="The number of a check; of a card slip the last four digits and the approval code.",
    )  # fmt: skip
    keep = forms.BooleanField(label="Do not apply it yet", required=False)


class HoldForm(forms.Form):
    """Why statements are held back, and until when."""

    reason = forms.ChoiceField(label="Reason", choices=[(one.value, one.label) for one in Hold])
    why = forms.CharField(label="What is known of it", max_length=300)
    until = forms.DateField(
        label="Last day", required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Without one the hold stands until somebody lifts it.",
    )  # fmt: skip


class RunForm(forms.Form):
    """Whose patients get statements."""

    run_practice = forms.ChoiceField(label="Practice")

    def __init__(self, *args: Any, practices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["run_practice"].choices = practices  # type: ignore[attr-defined]


class PolicyForm(forms.Form):
    """How a practice bills its patients."""

    statement_min = forms.DecimalField(label="Least that a statement asks for", max_digits=9, decimal_places=2)
    statement_days = forms.IntegerField(label="Days between two statements", min_value=1, max_value=365)
    small_balance = forms.DecimalField(label="A small balance, at most", max_digits=9, decimal_places=2)
    statements_before_agency = forms.IntegerField(label="Statements before an agency", min_value=0, max_value=24)
    days_before_agency = forms.IntegerField(
        label="Days from the first statement to an agency", min_value=0, max_value=999
    )
    plan_instalment_min = forms.DecimalField(label="Least instalment of a plan", max_digits=9, decimal_places=2)
    plan_months_max = forms.IntegerField(label="Most months of a plan", min_value=1, max_value=120)
    plan_missed_max = forms.IntegerField(label="Missed instalments that break a plan", min_value=1, max_value=12)
    plan_grace_days = forms.IntegerField(
        label="Days after which an instalment is missed", min_value=0, max_value=27
    )  # fmt: skip
    small_balance_days = forms.IntegerField(label="Days until a small balance is given up", min_value=0, max_value=999)
    small_credit = forms.DecimalField(label="A small credit, at most", max_digits=9, decimal_places=2)
    letter_days = forms.IntegerField(
        label="Days from the last statement to a letter", min_value=0, max_value=365, help_text="0 leaves it out."
    )
    call_days = forms.IntegerField(
        label="Days from there to a call", min_value=0, max_value=365, help_text="0 leaves it out."
    )
    final_days = forms.IntegerField(label="Days from there to the final notice", min_value=0, max_value=365)
    agency_days = forms.IntegerField(label="Days from the final notice to an agency", min_value=0, max_value=365)
    agency_min = forms.DecimalField(label="Least that goes to an agency", max_digits=9, decimal_places=2)
    is_hospital = forms.IntegerField(
        label="Hospital exempt from tax", min_value=0, max_value=1,
        help_text="1 where the days of 26 CFR 1.501(r)-6 hold, else 0.",
    )  # fmt: skip
    charity_scale = forms.CharField(
        label="Scale of charity care", max_length=80,
        help_text="200:100 300:50 gives all up to 200 percent of the poverty guideline, half up to 300.",
    )  # fmt: skip
    charity_months = forms.IntegerField(label="Months that charity care holds", min_value=0, max_value=24)
    why = forms.CharField(label="Why", max_length=300)

    @staticmethod
    def policy(given: dict[str, Any]) -> Policy:
        """The policy that the form says."""
        return of_json({name: str(value) for name, value in given.items()})


class PlanForm(forms.Form):
    """How a balance is paid by the month: in so many months, or by an instalment of another amount."""

    months = forms.ChoiceField(label="In how many months", required=False)
    instalment = forms.DecimalField(
        label="Another instalment", max_digits=9, decimal_places=2, required=False,
        help_text="Less than the policy allows needs a reason, and somebody else's approval.",
    )  # fmt: skip
    day = forms.IntegerField(label="Day of the month", min_value=1, max_value=plans.DAY_MAX, initial=1)
    starts_on = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    why = forms.CharField(label="Why, where it is outside the policy", max_length=300, required=False)

    def __init__(self, *args: Any, amount: Money, policy: Policy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.amount = amount
        self.fields["months"].choices = [  # type: ignore[attr-defined]
            *((str(one), f"{one} months, {plans.in_months(amount, one)} each")
              for one in plans.months_allowed(amount, policy)),
            ("", "By another instalment"),
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The instalment, from whichever of the two was said."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("instalment") is None and given.get("months"):
            given["instalment"] = plans.in_months(self.amount, int(given["months"])).amount
        elif given.get("instalment") is None and "instalment" not in self.errors:
            self.add_error("instalment", "Choose a number of months, or write an instalment.")
        return given


class RefundForm(forms.Form):
    """What is to be given back, and why."""

    amount = forms.DecimalField(label="Amount", max_digits=9, decimal_places=2)
    why = forms.CharField(label="Why", max_length=300)


class ReturnForm(forms.Form):
    """What is returned to a payer by which check, and why it was too much."""

    amount = forms.DecimalField(label="Amount", max_digits=9, decimal_places=2)
    check = forms.CharField(label="Number of the check", max_length=40)
    why = forms.CharField(label="Why it was too much", max_length=300)
