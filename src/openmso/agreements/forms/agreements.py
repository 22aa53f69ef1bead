"""Forms of agreements: a draft with its lines, promises and fee; signing, ending, and a quote."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from openmso.agreements import rules
from openmso.agreements.contracts import (
    DoneBy,
    Hours,
    Line,
    Mode,
    Party,
    Promise,
    Quorum,
    Shown,
    Side,
    Signer,
    Terms,
    Unit,
)
from openmso.agreements.fees.fields import FeeForm
from openmso.agreements.fees.reading import Node
from openmso.agreements.fees.waterfall import Priority, priority_json, priority_of
from openmso.agreements.fees.writing import terms_json
from openmso.agreements.tasks import rules as tasks
from openmso.kit.errors import Refused
from openmso.kit.periods import DayRange
from openmso.platform.access.registry import LINES
from openmso.platform.ui.contracts import Status
from openmso.platform.ui.uploads import FileField

Choices = Sequence[tuple[str, str]]
DAY = forms.DateInput(attrs={"type": "date"})


def choices(statuses: type[Status]) -> list[tuple[str, str]]:
    """The members of an enum for a select."""
    return [(one.value, one.label) for one in statuses]


MOST = frozenset(kind for _, kind, _, _ in rules.PROMISABLE_MOST)
"""Kinds of promises of a figure that is not exceeded."""


class DraftForm(FeeForm):
    """A draft: parties, term, lines with their days and promises, and the fee.

    `before` are the terms that it changes: what has no field, and what nobody touched, stays as it was written there.
    """

    mode = forms.ChoiceField(label="Mode", choices=choices(Mode))
    mso_entity = forms.ChoiceField(label="For the MSO signs")
    practice_entity = forms.ChoiceField(label="For the practice signs")
    starts_on = forms.DateField(label="In force from", widget=DAY)
    ends_on = forms.DateField(label="Until", widget=DAY, required=False, help_text="The last day; empty: no end")
    opens = forms.TimeField(label="Business day opens", initial=time(8), widget=forms.TimeInput({"type": "time"}))
    closes = forms.TimeField(label="and closes", initial=time(18), widget=forms.TimeInput({"type": "time"}))
    renewal_months = forms.IntegerField(label="Renews by months", min_value=0, max_value=120, initial=12)
    notice_days = forms.IntegerField(label="Notice in days", min_value=0, max_value=730, initial=90)
    reserved = forms.MultipleChoiceField(
        label="Reserved to the practice", choices=tuple(rules.RESERVED.items()), required=False,
        widget=forms.CheckboxSelectMultiple, initial=list(rules.RESERVED),
    )  # fmt: skip
    shows = forms.MultipleChoiceField(
        label="The MSO shows of its own finances", choices=choices(Shown), required=False,
        widget=forms.CheckboxSelectMultiple, help_text="What is not chosen the practice does not see",
    )  # fmt: skip
    quorum_practice = forms.IntegerField(
        label="Quorum of joint boards: seats of the practice", min_value=1, max_value=9, required=False,
        help_text="Empty: as the charter of a board says",
    )  # fmt: skip
    quorum_mso = forms.IntegerField(label="and seats of the MSO", min_value=1, max_value=9, required=False)
    payments_json = forms.CharField(
        label="Priority of payments, as JSON", required=False, max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 6, "class": "code", "spellcheck": "false"}),
        help_text="Where the MSO pays for the practice and lends what is missing; empty: it does not",
    )  # fmt: skip
    summary = forms.CharField(label="In a few words", max_length=200, required=False)

    def __init__(
        self, *args: Any, mso_entities: Choices, practice_entities: Choices, before: Terms | None = None, **kwargs: Any
    ) -> None:
        if before is not None:
            kwargs["initial"] = self.initial_of(before) | kwargs["initial"]
        super().__init__(*args, **kwargs)
        self.before = before
        self.fields["mso_entity"].choices = mso_entities  # type: ignore[attr-defined]
        self.fields["practice_entity"].choices = practice_entities  # type: ignore[attr-defined]
        for code, words in LINES.items():
            self.fields[f"line_{code}"] = forms.BooleanField(label=words, required=False)
            self.fields[f"from_{code}"] = forms.DateField(label=f"{words} from", widget=DAY, required=False)
            self.fields[f"done_{code}"] = forms.ChoiceField(
                label=f"{words} done by", choices=choices(DoneBy), required=False
            )
            self.fields[f"approval_{code}"] = forms.CharField(
                label=f"{words}: the practice approves", max_length=60, required=False
            )
        for _, kind, words in rules.PROMISABLE:
            self.fields[f"hours_{kind}"] = forms.DecimalField(
                label=f"{words}, business hours", min_value=1, max_value=1000, decimal_places=1, required=False
            )

        for _, kind, words, unit in rules.PROMISABLE_MOST:
            self.fields[f"most_{kind}"] = forms.DecimalField(
                label=f"{words}, {unit.label}",
                min_value=Decimal("0.1"),
                max_value=100,
                decimal_places=1,
                required=False,
            )

    def line_rows(self) -> Iterator[tuple[str, BoundField, BoundField, BoundField, BoundField, list[BoundField]]]:
        """The rows of the matrix: words, in scope, from, done by, approval, promises."""
        for code, words in LINES.items():
            clocks = [self[f"hours_{kind}"] for line, kind, _ in rules.PROMISABLE if line == code]
            clocks += [self[f"most_{kind}"] for line, kind, _, _ in rules.PROMISABLE_MOST if line == code]
            yield (words, self[f"line_{code}"], self[f"from_{code}"], self[f"done_{code}"],
                   self[f"approval_{code}"], clocks)  # fmt: skip

    def terms(self, mso: Party, practice: Party) -> Terms:
        """What was typed, as terms between two parties."""
        given = self.cleaned_data
        days = DayRange(given["starts_on"], _after(given["ends_on"], given["starts_on"]))
        lines = tuple(self._lines(days))
        return Terms(
            mode=Mode(given["mode"]), mso=mso, practice=practice, days=days, lines=lines,
            fee=given["fee"], reserved=tuple(given["reserved"]), hours=Hours(given["opens"], given["closes"]),
            renewal_months=given["renewal_months"], notice_days=given["notice_days"], payments=given["payments"],
            tasks=tasks.carried(self.before, lines) if self.before else (),
            shows=tuple(map(Shown, given["shows"])), quorum=_quorum(given),
        )  # fmt: skip

    def _lines(self, days: DayRange) -> Iterator[Line]:
        given = self.cleaned_data
        for code in LINES:
            if given[f"line_{code}"]:
                starts = given[f"from_{code}"] or days.starts_on
                yield Line(
                    code, DayRange(starts, self._ends(code, starts, days)), DoneBy(given[f"done_{code}"] or "mso"),
                    given[f"approval_{code}"], tuple(self._promises(code)),
                )  # fmt: skip

    def _ends(self, code: str, starts: date, days: DayRange) -> date | None:
        """The end of a line: its own where it had one within the term, else the term's."""
        line = self.before and self.before.line(code)
        own = line.days.ends_on if self.before and line and line.days.ends_on != self.before.days.ends_on else None
        ends = own if own and (days.ends_on is None or own < days.ends_on) else days.ends_on
        return ends if ends is None or ends > starts else starts

    def _promises(self, code: str) -> Iterator[Promise]:
        """What was promised and still is, in the same words; then what is promised anew."""
        line = self.before and self.before.line(code)
        was = {promise.kind: promise for promise in line.promises} if line else {}
        offered = {kind: words for of, kind, words in rules.PROMISABLE if of == code}
        most = {kind: (words, unit) for of, kind, words, unit in rules.PROMISABLE_MOST if of == code}
        for kind in dict.fromkeys([*was, *offered, *most]):
            known, hours = was.get(kind), self.cleaned_data.get(f"hours_{kind}")
            if kind in most:
                if target := self.cleaned_data.get(f"most_{kind}"):
                    words, unit = most[kind]
                    yield Promise(kind, known.words if known else words, target, unit)
            elif known and (kind not in offered or hours == known.clock_hours):
                yield known
            elif hours:
                words = known.words if known else offered[kind]
                yield Promise(kind, words, hours, Unit.HOURS, clock_hours=hours)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", "The last day comes before the first. Choose a later day.")
        try:
            cleaned["payments"] = self._payments(cleaned.get("payments_json", ""))
        except Refused as no:
            where = f"{no.field}: " if no.field.startswith("payments") else ""
            self.add_error("payments_json", f"{where}{no.sentence} {no.fix}".strip())
        return cleaned

    def _payments(self, typed: str) -> Priority | None:
        return priority_of(Node(self.parsed(typed), "payments")) if typed.strip() else None

    @staticmethod
    def initial_of(terms: Terms) -> dict[str, Any]:
        """The values of the form for terms that are there already."""
        said: dict[str, Any] = {
            "mode": terms.mode.value, "mso_entity": str(terms.mso.entity), "opens": terms.hours.opens,
            "practice_entity": str(terms.practice.entity), "starts_on": terms.days.starts_on,
            "ends_on": _last(terms.days), "closes": terms.hours.closes, "renewal_months": terms.renewal_months,
            "notice_days": terms.notice_days, "reserved": list(terms.reserved),
        }  # fmt: skip
        said["shows"] = [one.value for one in terms.shows]
        if terms.quorum is not None:
            said |= {"quorum_practice": terms.quorum.practice, "quorum_mso": terms.quorum.mso}
        if terms.payments is not None:
            said["payments_json"] = json.dumps(priority_json(terms.payments), indent=2)
        if terms.fee is not None:
            said["fee_json"] = json.dumps(terms_json(terms.fee), indent=2)
        for line in terms.lines:
            said |= {
                f"line_{line.code}": True, f"from_{line.code}": line.days.starts_on,
                f"done_{line.code}": line.done_by.value, f"approval_{line.code}": line.approval,
            }  # fmt: skip
            said |= {f"hours_{one.kind}": one.clock_hours for one in line.promises if one.clock_hours}
            said |= {f"most_{one.kind}": one.target for one in line.promises if one.kind in MOST}
        return said


def _quorum(given: dict[str, Any]) -> Quorum | None:
    """The quorum that was typed; one class alone is none."""
    practice, mso = given["quorum_practice"], given["quorum_mso"]
    return Quorum(practice or 0, mso or 0) if practice or mso else None


class AmendmentForm(DraftForm):
    """A draft of an amendment: the same, and the day on which it takes effect."""

    effective_on = forms.DateField(label="The amendment takes effect on", widget=DAY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["summary"].required = True
        self.fields["starts_on"].label = "The term began on"


class PaperForm(forms.Form):
    """A signed document."""

    document = FileField(label="Signed document", purpose="agreements.signed", kinds="PDF", ends=("pdf",))


class ExecuteForm(PaperForm):
    """The signed document and who signed it."""

    mso_name = forms.CharField(label="Who signed for the MSO", max_length=80)
    mso_title = forms.CharField(label="Title at the MSO", max_length=80, help_text="Such as Chief executive")
    practice_name = forms.CharField(label="Who signed for the practice", max_length=80)
    practice_title = forms.CharField(label="Title at the practice", max_length=80, help_text="Such as Owner")
    signed_on = forms.DateField(label="Signed on", widget=DAY)
    unreviewed = forms.CharField(
        label="Why counsel has not reviewed it", max_length=200, required=False,
        help_text="Such as: signed before it came here. The trail keeps it",
    )  # fmt: skip

    def __init__(self, *args: Any, reviewed: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if reviewed:
            del self.fields["unreviewed"]

    def signers(self, at: Any) -> list[Signer]:
        """Who signed: at the moment of recording where it was today, at the end of the day where it was earlier."""
        given = self.cleaned_data
        signed_at = min(at, at.replace(year=given["signed_on"].year, month=given["signed_on"].month,
                                       day=given["signed_on"].day))  # fmt: skip
        return [Signer(side, given[f"{side.value}_name"], given[f"{side.value}_title"], signed_at) for side in Side]


class TerminationForm(forms.Form):
    """The end of an agreement."""

    ends_on = forms.DateField(label="Ends on", widget=DAY, help_text="The first day on which it no longer holds")
    why = forms.CharField(label="Why", max_length=200)
    wind_down_lines = forms.MultipleChoiceField(
        label="Stay readable for the run-off", required=False, widget=forms.CheckboxSelectMultiple
    )
    winds_down_until = forms.DateField(
        label="Readable until", widget=DAY, required=False, help_text="The first day on which they are closed too"
    )

    def __init__(self, *args: Any, lines: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wind_down_lines"].choices = lines  # type: ignore[attr-defined]


class BaaForm(PaperForm):
    """A signed business associate agreement."""

    starts_on = forms.DateField(label="In force from", widget=DAY)
    ends_on = forms.DateField(label="Until before", widget=DAY, required=False, help_text="Empty: no end")
    incident_notice_hours = forms.IntegerField(
        label="Hours to tell the practice of an incident", min_value=1, max_value=1440, initial=48
    )


class EndForm(forms.Form):
    """The end of a business associate agreement."""

    ends_on = forms.DateField(label="Ends on", widget=DAY, help_text="The first day on which it no longer holds")
    why = forms.CharField(label="Why", max_length=200)


class NoticeForm(forms.Form):
    """Notice that a term is not renewed."""

    why = forms.CharField(label="Why", max_length=200, help_text="The other side reads it")


class Choose(forms.Form):
    """Which practice a new agreement is with."""

    practice = forms.ChoiceField(label="Practice")

    def __init__(self, *args: Any, practices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["practice"].choices = practices  # type: ignore[attr-defined]


def _after(last: date | None, starts: date) -> date | None:
    """The first day after a last day, which is how terms keep their end."""
    if last is None:
        return None
    return max(date.fromordinal(last.toordinal() + 1), starts)


def _last(days: DayRange) -> date | None:
    return date.fromordinal(days.ends_on.toordinal() - 1) if days.ends_on else None
