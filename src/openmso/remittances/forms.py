"""Forms of remittances: what a person types, checked for its form only."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from openmso.platform.ui.fields import CodeField
from openmso.platform.ui.uploads import FileField
from openmso.remittances.contracts import Answer
from openmso.remittances.rules import eobs
from openmso.remittances.rules.eobs import Triple, TypedClaim, TypedLine

ERA = "ERA-[0-9A-Z]{8}(?:[0-9A-Z]{2})?"
CHECKS_MAX = 100
"""Of one slip, as one types them."""


class Upload(forms.Form):
    """A file from a payer. Its payee decides whose it is."""

    file = FileField(
        label="Remittance file", purpose="remittances.file", kinds="An 835 as the payer sent it",
        help_text="The same file, or the same payment in another file, is posted once.",
    )  # fmt: skip


class Match(forms.Form):
    """The claim of a payment, and what shows it."""

    claim = CodeField(r"^CLM-[0-9A-Z]{8}(?:[0-9A-Z]{2})?$", label="Claim", asks="a number like CLM-7K2P9M4X")
    why = forms.CharField(label="Why", max_length=400, help_text="What shows that this is the claim")


class Pair(forms.Form):
    """A remittance and a bank line that are one payment, or all checks of the slip that the line is."""

    remittance = CodeField(
        rf"^{ERA}(?:[ ,]+{ERA})*$", label="Remittance",
        asks="a number like ERA-7K2P9M4X; of checks paid in together all of them, with spaces between",
    )  # fmt: skip
    line = CodeField(r"^BNK-[0-9A-Z]{8}(?:[0-9A-Z]{2})?$", label="Bank line", asks="a number like BNK-7K2P9M4X")
    why = forms.CharField(label="Why", max_length=400, help_text="What shows that this is the money")

    def clean_remittance(self) -> list[str]:
        """The numbers, each once."""
        return list(dict.fromkeys(self.cleaned_data["remittance"].replace(",", " ").split()))[:CHECKS_MAX]


class Undo(forms.Form):
    """Why a match is undone."""

    why = forms.CharField(label="Why", max_length=400, help_text="Stands in the books and in the audit trail")


class Explain(forms.Form):
    """What money that a payer took or left beside claims answers."""

    answer = forms.ChoiceField(label="It answers", choices=[(one.value, one.label) for one in Answer])
    answers = forms.CharField(
        label="Number", max_length=40, required=False, help_text="Of the claim, the refund (OVP-...) or the letter"
    )
    why = forms.CharField(label="Why", max_length=400, help_text="What shows it")


class TryAgain(forms.Form):
    """The accounting day under which a stopped file is tried again."""

    posted_on = forms.DateField(
        label="Accounting day", required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Empty: the day of the payment. A day in an open month when that one is closed.",
    )  # fmt: skip


def _amount(label: str, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, max_digits=11, decimal_places=2, **more)


class OpenEob(forms.Form):
    """The check that a paper came with."""

    biller = forms.ChoiceField(label="Paid to")
    payer = forms.ChoiceField(label="Payer")
    method = forms.ChoiceField(
        label="How", choices=[("CHK", "Check"), ("ACH", "Transfer (EFT)"), ("NON", "No payment")]
    )
    trace = forms.CharField(label="Number of the check or transfer", max_length=50)
    paid_on = forms.DateField(label="Day on it", widget=forms.DateInput(attrs={"type": "date"}))
    amount = _amount("Amount", min_value=0)
    scan = FileField(
        label="The paper", purpose="remittances.paper", kinds="PDF", ends=("pdf",), required=False,
        help_text="Kept beside what is typed.",
    )  # fmt: skip

    def __init__(
        self, *given: Any, billers: Sequence[tuple[str, str]], payers: Sequence[tuple[str, str]], **more: Any
    ) -> None:
        super().__init__(*given, **more)
        self.fields["biller"].choices = list(billers)  # type: ignore[attr-defined]
        self.fields["payer"].choices = list(payers)  # type: ignore[attr-defined]


class AddClaim(forms.Form):
    """The next claim on a paper."""

    claim = CodeField(r"^CLM-[0-9A-Z]{8}(?:[0-9A-Z]{2})?$", label="Claim", asks="a number like CLM-7K2P9M4X")


class TypedReasons(forms.CharField):
    """Reasons with amounts, as people write them."""

    def clean(self, value: Any) -> Any:
        """The triples; what is not understood is named."""
        text = super().clean(value)
        try:
            return eobs.read_reasons(text)
        except ValueError as no:
            raise forms.ValidationError(str(no)) from no


COLUMNS = (("contract", "CO", "45"), ("deductible", "PR", "1"), ("coinsurance", "PR", "2"), ("copay", "PR", "3"))
"""Reasons with a column of their own."""


class TypeClaim(forms.Form):
    """What a paper says of one claim: a row of inputs for each line."""

    status = forms.ChoiceField(label="Processed as", choices=list(eobs.STATUSES.items()))
    payer_control = forms.CharField(label="Payer's claim number", max_length=50, required=False)

    def __init__(self, *given: Any, claim: TypedClaim, **more: Any) -> None:
        initial = {"status": claim.status, "payer_control": claim.payer_control}
        for line in claim.lines:
            initial |= _initial(line)
        super().__init__(*given, **more)
        self.claim, self.initial = claim, initial
        for line in claim.lines:
            self.fields |= _inputs(line.number)

    def rows(self) -> list[tuple[TypedLine, list[forms.BoundField]]]:
        """Each line with its inputs."""
        return [(line, [self[name] for name in _inputs(line.number)]) for line in self.claim.lines]

    def lines(self) -> list[TypedLine]:
        """The lines as they were typed."""
        return [self._line(line) for line in self.claim.lines]

    def _line(self, line: TypedLine) -> TypedLine:
        given = {name: self.cleaned_data[f"{name}_{line.number}"] for name in ("paid", "other", "remarks")}
        named = tuple(
            (group, reason, amount)
            for name, group, reason in COLUMNS
            if (amount := self.cleaned_data[f"{name}_{line.number}"])
        )
        return TypedLine(
            line.number, line.control, line.code, line.modifiers, line.service_on, line.charge,
            given["paid"] or Decimal("0.00"), (*named, *given["other"]), tuple(given["remarks"].upper().split()),
        )  # fmt: skip


def _inputs(number: int) -> dict[str, forms.Field]:
    """The inputs of a line by name."""
    labels = {"paid": "Paid", "contract": "Contract", "deductible": "Deductible", "coinsurance": "Coinsurance",
              "copay": "Copay"}  # fmt: skip
    amounts = {f"{name}_{number}": _amount(label, required=False) for name, label in labels.items()}
    return {
        **amounts,
        f"other_{number}": TypedReasons(label="Other reasons", required=False, max_length=200),
        f"remarks_{number}": forms.RegexField(
            r"^([A-Za-z]{1,2}\d{1,3}( |$))*$", label="Remarks", required=False, max_length=60,
            error_messages={"invalid": "Remark codes such as N115 MA01, with spaces between."},
        ),
    }  # fmt: skip


def _initial(line: TypedLine) -> dict[str, Any]:
    named = {(group, reason): name for name, group, reason in COLUMNS}
    found: dict[str, Any] = {f"remarks_{line.number}": " ".join(line.remarks)}
    if line.paid or line.reasons:
        found[f"paid_{line.number}"] = line.paid
    other: list[Triple] = []
    for group, reason, amount in line.reasons:
        name = named.get((group, reason))
        if name and f"{name}_{line.number}" not in found:
            found[f"{name}_{line.number}"] = amount
        else:
            other.append((group, reason, amount))
    found[f"other_{line.number}"] = "; ".join(f"{group} {reason} {amount}" for group, reason, amount in other)
    return found


class TakeBack(forms.Form):
    """A payment of before that a paper takes back."""

    number = CodeField(
        r"^(?:PMT|CLM)-[0-9A-Z]{8}(?:[0-9A-Z]{2})?$", label="Claim or payment",
        asks="a number like CLM-7K2P9M4X or PMT-7K2P9M4X",
    )  # fmt: skip


class TypeProvider(forms.Form):
    """One item that a paper takes from, or gives to, the practice as a whole."""

    code = forms.ChoiceField(
        label="What", choices=[("WO", "Overpayment taken back (WO)"), ("FB", "Balance carried forward (FB)"),
                               ("L6", "Interest (L6)"), ("72", "Refund acknowledged (72)"), ("CT", "Capitation (CT)"),
                               ("CS", "Adjustment (CS)")],
    )  # fmt: skip
    reference = forms.CharField(label="Reference", max_length=50, required=False)
    amount = _amount("Amount", help_text="Positive takes money from the check, negative adds to it.")


class GiveUp(forms.Form):
    """Why a paper is withdrawn."""

    why = forms.CharField(label="Why", max_length=300)
