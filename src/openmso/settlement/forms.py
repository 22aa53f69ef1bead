"""What people fill in: which month to settle, when a fee was paid, why it is withdrawn, other terms, disputes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from openmso.agreements.fees import quoting, sentences
from openmso.agreements.fees.fields import FeeForm
from openmso.kit.periods import Month
from openmso.platform.ui.uploads import FileField, FilesField
from openmso.settlement import drivers, queries
from openmso.settlement.contracts import EVIDENCE, SHOWS_FIGURE, Paper
from openmso.settlement.contracts.allocation import Figure, NewFigure, Pool, Wanted
from openmso.settlement.contracts.permissions import FIGURES
from openmso.settlement.restating import MONTHS, MONTHS_MAX
from openmso.settlement.states import D, Whose

HEARERS = {D.OPEN: "The MSO", D.BOARD: "The joint board", D.MEDIATION: "Mediation", D.ARBITRATION: "Arbitration"}
EVERY = "every"
EVERY_CHOICE = (EVERY, "Every practice")


def brought(files: Iterable[UploadedFile]) -> list[Paper]:
    """Files that came with a form, as papers that somebody brings along."""
    return [Paper(file.name or "", file, file.content_type or "") for file in files]


class SettleForm(forms.Form):
    """Which practices' month is settled."""

    practice = forms.ChoiceField(label="Practice")
    month = forms.CharField(
        label="Month", max_length=7, help_text="A month that is over, such as 2026-10",
        widget=forms.TextInput(attrs={"placeholder": "2026-10", "inputmode": "numeric"}),
    )  # fmt: skip

    def __init__(self, *args: Any, practices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["practice"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [EVERY_CHOICE, *practices] if len(practices) > 1 else practices

    def clean_month(self) -> Month:
        """The month as a value."""
        try:
            return Month.parse(self.cleaned_data["month"])
        except ValueError:
            raise forms.ValidationError("Write the month as year and number, such as 2026-10.") from None


class PaidForm(forms.Form):
    """When the money left the practice's account."""

    paid_on = forms.DateField(label="Paid on", widget=forms.DateInput(attrs={"type": "date"}))


class WithdrawForm(forms.Form):
    """Why the settlement is taken back."""

    why = forms.CharField(label="Why is it withdrawn?", max_length=200)


class WhatIfForm(FeeForm):
    """Other terms, over how many months, and what the books do not know of what these terms need."""

    months = forms.IntegerField(label="Over the last months", min_value=1, max_value=MONTHS_MAX, initial=MONTHS)

    def __init__(self, *args: Any, names: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in names:
            self._ask(name, sentences.name(name, {}))

    def figures(self) -> list[Any]:
        """The fields of the figures that the books do not know."""
        return [self[name] for name in self.fields if name.startswith("figure_")]

    def clean(self) -> dict[str, Any]:
        """The terms, and each figure that they need beside those of the books: asked for, never guessed."""
        cleaned = super().clean()
        fee, cleaned["figures"] = cleaned.get("fee"), {}
        if fee is None:
            if not self.errors:
                self.add_error(None, "These terms have no fee. Fill in a field, or paste terms as JSON.")
            return cleaned
        for name in quoting.figures_of(fee):
            if not queries.knows(name):
                words = sentences.name(name, fee.words)
                self._ask(name, words)
                self._take(name, words, cleaned["figures"])
        return cleaned

    def _ask(self, name: str, words: str) -> None:
        self.fields[f"figure_{name}"] = forms.CharField(
            label=words[:1].upper() + words[1:], max_length=1_000,
            help_text="One figure for every month, or one for each: 2026-09: 11500, 2026-10: 12250.40",
        )  # fmt: skip

    def _take(self, name: str, words: str, figures: dict[str, Any]) -> None:
        typed = str(self.data.get(f"figure_{name}", "")).strip()
        if not typed:
            self.add_error(f"figure_{name}", f"The books do not know {words}. Give one figure, or one for each month.")
            return
        try:
            figures[name] = figure_of(typed)
        except ValueError as no:
            self.add_error(f"figure_{name}", f"{no}. Write 11500, or 2026-09: 11500, 2026-10: 12250.40.")


def figure_of(typed: str) -> Decimal | dict[Month, Decimal]:
    """A figure for every month, or for each by name; raises `ValueError` that says what is none."""
    if ":" not in typed:
        return _number(typed)
    pairs = (part.partition(":") for part in typed.replace(";", ",").split(",") if part.strip())
    return {Month.parse(month.strip()): _number(amount) for month, _, amount in pairs}


def figure_as_typed(figure: Decimal | Mapping[Month, Decimal]) -> str:
    """A figure as one would type it: what `figure_of` reads again."""
    if isinstance(figure, Mapping):
        return ", ".join(f"{month}: {amount}" for month, amount in figure.items())
    return str(figure)


def _number(typed: str) -> Decimal:
    try:
        number = Decimal(typed.strip().lstrip("$"))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) >= 10**12:
        raise ValueError(f"{typed.strip()[:40]!r} is no figure")
    return number


class Evidence(FilesField):
    """What shows that somebody is right."""

    def __init__(self) -> None:
        super().__init__(label="What shows it", purpose=EVIDENCE, kinds="PDFs, images or text", required=False)


class DisputeForm(forms.Form):
    """What of a row is disputed, why, and what shows it."""

    amount = forms.DecimalField(label="Disputed amount", min_value=0, max_digits=12, decimal_places=2)
    reason = forms.CharField(
        label="Why is it not owed?", max_length=600, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The MSO answers to what you write",
    )  # fmt: skip
    evidence = Evidence()


class AnswerForm(forms.Form):
    """The outcome of a stage: what is credited, and why."""

    credited = forms.DecimalField(
        label="Credited", min_value=0, max_digits=12, decimal_places=2, help_text="0 rejects the dispute"
    )
    why = forms.CharField(
        label="Why", max_length=600, widget=forms.Textarea(attrs={"rows": 4}), help_text="The practice reads it"
    )
    evidence = Evidence()


class WordForm(forms.Form):
    """A word with an acceptance, or with taking a dispute back."""

    why = forms.CharField(label="A word to it", max_length=600, required=False)


class EscalateForm(forms.Form):
    """Who hears a dispute next, and why."""

    to = forms.ChoiceField(label="Take it to")
    why = forms.CharField(
        label="Why?", max_length=600, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Whoever hears it reads that first",
    )  # fmt: skip
    evidence = Evidence()

    def __init__(self, *args: Any, stages: Sequence[D] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.value, HEARERS[one]) for one in stages]


class CauseForm(forms.Form):
    """Whose cause a missed promise was, why, and what shows it."""

    whose = forms.ChoiceField(label="Whose cause was it?", choices=[(one.value, one.label) for one in Whose])
    why = forms.CharField(
        label="Why", max_length=600, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What happened, and who said so; the practice reads it and may contest it",
    )  # fmt: skip
    evidence = Evidence()


class ContestForm(forms.Form):
    """Why somebody sees a cause otherwise, and what shows it."""

    why = forms.CharField(label="Why?", max_length=600, widget=forms.Textarea(attrs={"rows": 3}))
    evidence = Evidence()


class RebateForm(forms.Form):
    """What a vendor paid back, for which period, and by which rule it is shared."""

    vendor = forms.CharField(label="Who paid it back?", max_length=120)
    what = forms.CharField(label="For what?", max_length=200, help_text="Such as vaccines bought in the third quarter")
    starts_on = forms.DateField(label="Period from", widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label="Period through", widget=forms.DateInput(attrs={"type": "date"}))
    received_on = forms.DateField(label="Received on", widget=forms.DateInput(attrs={"type": "date"}))
    amount = forms.DecimalField(label="Amount", min_value=0, max_digits=12, decimal_places=2)
    rule = forms.CharField(
        label="By which rule is it shared?", max_length=300,
        help_text="The practice reads it, such as: by what each bought in the period, in dollars",
    )  # fmt: skip
    weights = forms.CharField(
        label="What each counts for", max_length=20_000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text="A line for each, its code and its figure, such as ROCK: 12500.00; the MSO's own by its code too",
    )  # fmt: skip

    def clean_weights(self) -> dict[str, Decimal]:
        """The figures by the codes of tenants."""
        found: dict[str, Decimal] = {}
        for line in filter(str.strip, self.cleaned_data["weights"].splitlines()):
            code, colon, figure = line.partition(":")
            if not colon:
                raise forms.ValidationError(f"{line.strip()[:40]!r} has no colon. Write ROCK: 12500.00.")
            try:
                found[code.strip().upper()] = _number(figure.replace(",", ""))
            except ValueError as no:
                raise forms.ValidationError(f"{no}. Write ROCK: 12500.00.") from None
        return found


class FigureForm(forms.Form):
    """A figure of a month that no book knows, and what shows it."""

    amount = forms.DecimalField(label="Amount", max_digits=14, decimal_places=4)
    shown_by = forms.CharField(
        label="What shows it", max_length=300, required=False, help_text="In words, or with a document below"
    )
    paper = FileField(
        label="Document", purpose=SHOWS_FIGURE, kinds="PDF, sheet, image or text", required=False,
    )  # fmt: skip
    why = forms.CharField(label="Why is the figure that is there wrong?", max_length=300)

    def __init__(self, *args: Any, corrects: bool, shown_by: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not corrects:
            del self.fields["why"]
        if shown_by:
            self.fields["shown_by"].help_text = f"By the agreement: {shown_by}. In words, or with a document below"


class MonthsForm(forms.Form):
    """From which month through which."""

    first = forms.CharField(
        label="From", max_length=7, widget=forms.TextInput(attrs={"placeholder": "2026-01", "inputmode": "numeric"})
    )
    last = forms.CharField(
        label="Through", max_length=7, widget=forms.TextInput(attrs={"placeholder": "2026-10", "inputmode": "numeric"})
    )

    def clean(self) -> dict[str, Any]:
        """Both as months, in their order."""
        cleaned = super().clean() or {}
        for name in ("first", "last"):
            try:
                cleaned[name] = Month.parse(cleaned[name]) if name in cleaned else None
            except ValueError:
                self.add_error(name, "Write the month as year and number, such as 2026-10.")
        first, last = cleaned.get("first"), cleaned.get("last")
        if not self.errors and first is not None and last is not None and last < first:
            self.add_error("last", "The last month comes before the first. Choose a later one.")
        return cleaned


class MonthField(forms.CharField):
    """A month, as a value."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            max_length=7, widget=forms.TextInput(attrs={"placeholder": "2026-10", "inputmode": "numeric"}), **more
        )

    def clean(self, value: Any) -> Month:
        """The month; raises `ValidationError` for what is none."""
        try:
            return Month.parse(super().clean(value))
        except ValueError:
            raise forms.ValidationError("Write the month as year and number, such as 2026-10.") from None


class PlanForm(forms.Form):
    """A version of the plan of shared cost: its pools line by line, or as a file of the same columns."""

    COLUMNS = (("name", "Pool"), ("accounts", "Accounts"), ("drivers", "Shared by"), ("bears", "Bears earlier pools"))
    from_month = MonthField(label="From which month?")
    entity = forms.ChoiceField(label="Whose accounts")
    file = FileField(
        label="Or as a file", purpose=FIGURES, kinds="CSV or Excel", ends=("csv", "xlsx"), required=False,
        help_text="The same four columns below a heading; it stands instead of the lines",
    )  # fmt: skip
    why = forms.CharField(label="Why is it so?", max_length=600, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, entities: list[tuple[str, str]], pools: Sequence[Pool], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entity"].choices = entities  # type: ignore[attr-defined]
        lines = [*map(drivers.written, pools), *([("", "", "", "")] * 3)]
        self.numbers = range(max(len(lines), 6))
        for number in self.numbers:
            line = lines[number] if number < len(lines) else ("", "", "", "")
            for (key, label), value in zip(self.COLUMNS, line, strict=True):
                self.fields[f"{key}_{number}"] = forms.CharField(
                    label=f"{label}, line {number + 1}", max_length=400, required=False, initial=value
                )

    def rows(self) -> list[list[forms.BoundField]]:
        """The lines as they are shown."""
        return [[self[f"{key}_{number}"] for key, _ in self.COLUMNS] for number in self.numbers]

    def pools(self) -> tuple[Pool, ...]:
        """The pools as they were filled in; raises `NoPlan`."""
        if file := self.cleaned_data["file"]:
            return drivers.pools_of(file.read())
        lines = [[self.cleaned_data[f"{key}_{number}"] for key, _ in self.COLUMNS] for number in self.numbers]
        return tuple(drivers.line_of(*line) for line in lines if any(line))


class FiguresForm(forms.Form):
    """Figures of a month that the system does not know, and what shows them."""

    why = forms.CharField(
        label="What shows them?", max_length=600, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Such as: floor plans of the leases, payroll register of October",
    )  # fmt: skip
    evidence = FilesField(label="Papers", purpose=FIGURES, kinds="PDFs, images or text", required=False)

    def __init__(
        self, *args: Any, wanted: Sequence[Wanted], before: Mapping[tuple[int, str, str], Figure], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.wanted, self.before = list(wanted), before
        for number, one in enumerate(self.wanted):
            shown = one.known or before.get(one.key)
            self.fields[f"figure_{number}"] = forms.DecimalField(
                label=f"{one.words} of {one.name}", min_value=0, max_digits=16, decimal_places=4, required=False,
                initial=f"{shown.value.normalize():f}" if shown else None,
                widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            )  # fmt: skip

    def rows(self) -> list[tuple[Wanted, forms.BoundField]]:
        """The grid as it is shown."""
        return [(one, self[f"figure_{number}"]) for number, one in enumerate(self.wanted)]

    def figures(self) -> list[NewFigure]:
        """What was filled in; what was left empty is not entered."""
        filled = ((one, self.cleaned_data.get(f"figure_{number}")) for number, one in enumerate(self.wanted))
        return [NewFigure(one.tenant, one.driver, value, one.pool) for one, value in filled if value is not None]


class FigureFileForm(forms.Form):
    """Figures of a month as a file, and what shows them."""

    file = FileField(label="File", purpose=FIGURES, kinds="CSV or Excel", ends=("csv", "xlsx"))
    why = forms.CharField(label="What shows them?", max_length=600, widget=forms.Textarea(attrs={"rows": 2}))
