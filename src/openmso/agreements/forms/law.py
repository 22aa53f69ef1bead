"""Forms of law: a version of a rule, counsel's word, and what is so of a practice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from django import forms

from openmso.agreements.law.facts import FACTS, PARTS
from openmso.agreements.law.rulebook import EVERYWHERE, Evidence, Moment, Outcome
from openmso.kit.conditions import Kind, Property
from openmso.platform.ui import conditions

ROWS_MORE = 2


def _day(label: str) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}), required=False)


class FactCondition(conditions.ConditionForm):
    """A condition over the facts of law."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [
            (PARTS[part], [(one.name, one.label) for one in several])
            for part, several in groupby(FACTS.values(), key=lambda one: one.group)
        ]
        self.fields["property"].choices = [("", "–"), *groups]  # type: ignore[attr-defined]


_SECTIONS = (
    ("What it says", "", "code outcome words remedy citation source evidence as_of"),
    ("Where and when", "empty days: always", "places moments starts_on existing_on until_on review_on"),
    ("What it brings", "as its outcome wants it", "reserves exempts offers days side fact done sooner to"),
)


class LawRuleForm(forms.Form):
    """A version of a rule: what it says, where, when and how surely, and its conditions in rows."""

    code = forms.CharField(label="Code", max_length=20, help_text="Such as NY-FS-01; it stays")
    outcome = forms.ChoiceField(label="What it does", choices=[(one.value, one.label) for one in Outcome])
    words = forms.CharField(label="The rule in our words", max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    remedy = forms.CharField(label="What is done about it", max_length=300, required=False)
    places = forms.CharField(
        label="States", max_length=240, help_text=f"Two letters each, as NY NJ; {EVERYWHERE} for all of them"
    )
    moments = forms.MultipleChoiceField(
        label="Asked at", choices=[(one.value, one.label) for one in Moment], widget=forms.CheckboxSelectMultiple
    )
    citation = forms.CharField(label="Citation", max_length=160)
    source = forms.CharField(label="Where it was seen", max_length=300, required=False)
    evidence = forms.ChoiceField(label="How surely", choices=[(one.value, one.label) for one in Evidence])
    as_of = forms.DateField(label="As of", widget=forms.DateInput(attrs={"type": "date"}))
    starts_on = _day("Holds from")
    existing_on = _day("For relationships that existed then, from")
    until_on = _day("Holds before")
    review_on = _day("Looked at again by, where it is only watched")
    reserves = forms.CharField(label="Decisions it reserves", help_text="As RD06 RD07", max_length=120, required=False)
    exempts = forms.CharField(label="Rules it takes away", help_text="Codes", max_length=240, required=False)
    offers = forms.CharField(
        label="Kinds of fee it offers", help_text="As cost_plus flat", max_length=80, required=False
    )
    days = forms.IntegerField(label="Clock: days", min_value=1, max_value=3660, required=False)
    side = forms.ChoiceField(label="Clock: they run", choices=[("before", "before"), ("after", "after")])
    fact = forms.ChoiceField(label="Clock: the day", required=False)
    done = forms.ChoiceField(label="Clock: what was done, on", required=False)
    sooner = forms.ChoiceField(label="Clock: or by agreed hours, where they are fewer", required=False)
    to = forms.CharField(label="Clock: notice to", max_length=120, required=False)
    why = forms.CharField(label="Why", max_length=300, help_text="The statute, the case or the source")

    def __init__(self, data: Mapping[str, Any] | None = None, *, now: Mapping[str, Any] | None = None) -> None:
        """`now` is the rule as data; its conditions fill the rows."""
        kept = now or {}
        super().__init__(data, initial=_initial(kept))
        days = [("", "–"), *((one.name, one.label) for one in FACTS.values() if one.kind is Kind.DAY)]
        self.fields["fact"].choices = self.fields["done"].choices = days  # type: ignore[attr-defined]
        hours = [(one.name, one.label) for one in FACTS.values() if one.name.endswith("_hours")]
        self.fields["sooner"].choices = [("", "–"), *hours]  # type: ignore[attr-defined]
        self.fields["code"].disabled = bool(kept)
        needs = {"all": kept["needs"]} if kept.get("needs") else None
        self.groups = {
            name: [
                conditions.forms_of(FactCondition, data, f"{name}-{how}", rows, more=ROWS_MORE)
                for how, rows in zip(("all", "any"), conditions.rows(when), strict=True)
            ]
            for name, when in (("when", kept.get("when")), ("unless", kept.get("unless")), ("needs", needs))
        }

    @property
    def sections(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """The fields by what they are about, with a note; `why` stands at the end."""
        return [(title, note, [self[name] for name in names.split()]) for title, note, names in _SECTIONS]

    @property
    def clauses(self) -> list[tuple[str, str, Any, Any]]:
        """The three groups of conditions with their words."""
        words = {
            "when": ("When", "It applies where this holds; empty: always."),
            "unless": ("Unless", "It is excused where this holds."),
            "needs": ("Needs", "What a rule that requires asks for, each by itself."),
        }
        return [(*words[name], every, some) for name, (every, some) in self.groups.items()]

    def is_valid(self) -> bool:
        """Whether the rows are filled in, too."""
        rows = [row for groups in self.groups.values() for several in groups for row in several]
        return all([super().is_valid(), *(row.is_valid() for row in rows)])

    def data_of(self) -> dict[str, Any]:
        """The rule as data, as the service takes it."""
        said = self.cleaned_data
        made: dict[str, Any] = {
            name: said[name]
            for name in ("code", "outcome", "words", "remedy", "citation", "source", "evidence", "moments")
        }
        made |= {"places": said["places"].upper().replace(",", " ").split(), "as_of": said["as_of"].isoformat()}
        for name, field in (("from", "starts_on"), ("existing_from", "existing_on"), ("until", "until_on"),
                            ("review", "review_on")):  # fmt: skip
            if said[field]:
                made[name] = said[field].isoformat()
        for name in ("reserves", "exempts", "offers"):
            if said[name]:
                made[name] = said[name].replace(",", " ").split()
        if said["days"]:
            made["timer"] = {"days": said["days"], said["side"]: said["fact"], "done": said["done"], "to": said["to"],
                             "sooner": said["sooner"]}  # fmt: skip
        for name in ("when", "unless"):
            if parts := self._parts(name):
                made[name] = {"all": parts}
        if needs := self._parts("needs"):
            made["needs"] = needs
        return made

    def _parts(self, name: str) -> list[Any]:
        every, some = ([one for row in rows if (one := row.condition())] for rows in self.groups[name])
        return [*every, {"any": some}] if some else every


def _initial(kept: Mapping[str, Any]) -> dict[str, Any]:
    made = {
        name: kept.get(name, "") for name in ("code", "outcome", "words", "remedy", "citation", "source", "evidence")
    }
    made |= {name: " ".join(kept.get(name, [])) for name in ("places", "reserves", "exempts", "offers")}
    made |= {"moments": kept.get("moments", []), "as_of": kept.get("as_of"), "starts_on": kept.get("from")}
    made |= {"existing_on": kept.get("existing_from"), "until_on": kept.get("until"), "review_on": kept.get("review")}
    timer = kept.get("timer") or {}
    side = "before" if "before" in timer else "after"
    return made | {
        "days": timer.get("days"), "side": side, "fact": timer.get(side, ""), "done": timer.get("done", ""),
        "to": timer.get("to", ""), "sooner": timer.get("sooner", ""),
    }  # fmt: skip


class SignOffForm(forms.Form):
    """Counsel's word for a rule as it is written now."""

    counsel = forms.CharField(label="Counsel", max_length=80)
    firm = forms.CharField(label="Firm", max_length=80, required=False)
    note = forms.CharField(label="What was looked at", max_length=300, help_text="The statute and its day")
    until_on = _day("To be looked at again on")


class WithdrawForm(forms.Form):
    """Why a rule is asked of nobody any longer."""

    why = forms.CharField(label="Why", max_length=300)


YES_NO = [("", "Not said"), ("yes", "Yes"), ("no", "No")]


class FactsForm(forms.Form):
    """What is so of a practice, by the parts under which rules ask."""

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, asked: Sequence[Property], said: Mapping[str, str]
    ) -> None:
        """`asked` are the facts to show, `said` what was said of them."""
        initial = {field_of(one.name): said.get(one.name, "") for one in asked}
        super().__init__(data, initial=initial)
        self.asked = {field_of(one.name): one for one in asked}
        for name, one in self.asked.items():
            self.fields[name] = _field(one)
        self.fields["why"] = forms.CharField(
            label="What shows it", max_length=300, help_text="The document, or who was asked"
        )

    @property
    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under the parts they belong to."""
        return [
            (PARTS[part], [self[name] for name, _ in several])
            for part, several in groupby(self.asked.items(), key=lambda pair: pair[1].group)
        ]

    def facts(self) -> dict[str, str]:
        """What was filled in, by the names of facts."""
        return {one.name: str(self.cleaned_data[name] or "") for name, one in self.asked.items()}


def field_of(fact: str) -> str:
    """The name of a fact's field."""
    return fact.replace(".", "__")


def _field(one: Property) -> forms.Field:
    match one.kind:
        case Kind.FLAG:
            return forms.ChoiceField(label=one.label, choices=YES_NO, required=False)
        case Kind.DAY:
            return _day(one.label)
        case Kind.NUMBER | Kind.MONEY:
            return forms.DecimalField(label=one.label, min_value=0, help_text=one.note, required=False)
        case _:
            return forms.CharField(label=one.label, max_length=80, help_text=one.note, required=False)
