"""The desk: what must be known to judge a set of claims, asked once for all, and drawn for each when it is looked at.

Most rules look at little of most claims. So the sheet and the context of a claim are not made before a rule asks for
a part of them, and what tells a part of a claim from that of others is read off its row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from operator import attrgetter
from typing import Any

from openmso.charges import queries as charges
from openmso.claims.models.claims import Claim
from openmso.claims.queries import attachments, history, rulebook, turns
from openmso.claims.queries import lines as claim_lines
from openmso.claims.queries.beside import NO_UNITS, Beside
from openmso.claims.queries.edited import Edits
from openmso.claims.queries.lines import Asked
from openmso.claims.queries.listed import Listed
from openmso.claims.queries.permitted import Permits
from openmso.claims.queries.register import Register
from openmso.claims.rules import book, filing
from openmso.claims.rules.findings import Book, Part, Teller
from openmso.claims.rules.sheet import ClaimSheet, Context, Cover, Earlier, Human, Place, are_plain, last_day
from openmso.patients import queries as patient_queries
from openmso.patients.contracts import CoverWords, PersonWords, Relationship, Sex

EDITED_KINDS = frozenset({"medicare", "medicaid", "tricare", "commercial", "blues"})
"""Payers whose claims are held against NCCI pairs; vision plans do not use them."""
SELF = Relationship.SELF.value


class Desk:
    """A set of claims, and all that is asked for them together: a dozen questions, however many they are."""

    def __init__(self, rows: Sequence[Claim], *, today: date, shared: bool = False) -> None:
        """When `shared`, claims whose lines are alike share them, without the numbers that tell lines apart."""
        ids = frozenset([row.id for row in rows])
        self.today = today
        self.register = Register(sorted({row.practice_id for row in rows}), today)
        self.people = patient_queries.words_of({row.patient_id for row in rows})
        self.asked_before = turns.earlier([row for row in rows if row.ordinal != "P"])
        held = {row.coverage_id for row in rows}
        held |= {one.coverage_id for found in self.asked_before.values() for one in found}
        self.covers = patient_queries.cover_words_of({key for key in held if key})
        self.lines = claim_lines.shared(ids) if shared else claim_lines.of_claims(ids)
        asked = Asked.of(rows, self.lines)
        self.beside = Beside(rows, self.lines)
        self.listed = Listed(rows, self.lines, asked, part_b=self.register.part_b())
        self.past, self.decided = history.before(rows, self.lines, self.listed), history.decided(rows)
        self.edits, self.permits = Edits(self.lines, asked), Permits(rows)
        self.in_force = rulebook.in_force(today)
        self.papers = attachments.attached(ids)
        self.stays = charges.stays_of({row.visit_id for row in rows if row.form == "I"})
        self._apart = {
            *self.beside.shared, *self.asked_before, *self.listed.therapy,
            *(row.id for row in rows if row.form == "I" or row.original_id or self.permits.are_asked(row)),
        }  # fmt: skip
        self._books: dict[tuple[Any, ...], Book] = {}
        self._days: dict[tuple[Any, ...], date] = {}
        self._due: dict[tuple[Any, ...], date | None] = {}

    def whole(self, row: Claim) -> tuple[ClaimSheet, Context]:
        """The sheet and the context of a claim, which need nothing of the desk any more."""
        return (
            ClaimSheet(**{name: draw(self, row) for name, draw in SHEET.items()}),
            Context(**{name: draw(self, row) for name, draw in CONTEXT.items()}),
        )

    def drawn(self, row: Claim) -> tuple[ClaimSheet, Context]:
        """The same, of which each part is drawn when it is looked at."""
        lines, diagnoses = self.lines.get(row.id, ()), tuple(row.diagnoses)
        sheet, context = DrawnSheet.__new__(DrawnSheet), DrawnContext.__new__(DrawnContext)
        _put(sheet, "desk", self)
        _put(sheet, "row", row)
        _put(sheet, "lines", lines)
        _put(sheet, "diagnoses", diagnoses)
        _put(sheet, "kind", row.form)
        _put(sheet, "order", row.ordinal)
        _put(sheet, "earlier", self.earlier(row) if row.id in self.asked_before else ())
        _put(context, "desk", self)
        _put(context, "row", row)
        _put(context, "lists", self.listed.of(row, lines, diagnoses))
        _put(context, "history", self.past.get(row.patient_id, ()))
        _put(context, "book", self.book(row))
        _put(context, "permits", self.permits.of(row, lines))
        if row.id not in self.beside.shared:
            _put(context, "same_day", ())
            _put(context, "earlier", NO_UNITS)
        return sheet, context

    def is_plain(self, row: Claim) -> bool:
        """Whether patient, coverage and number of a claim are plain, read off what its sheet is drawn from."""
        last, first, _, _, born_on, sex, street, _, city, state, place = self.people[row.patient_id][1]
        held = self.covers.get(row.coverage_id or 0)
        return are_plain(
            row.control, row.ordinal, row.service_on, self.register.insurer(row.payer_id),
            (last, first, born_on, sex, street, city, state, place),
            (held.member_id, held.relationship, held.starts_on, held.ends_on) if held else None,
        )  # fmt: skip

    def likeness(self, row: Claim) -> tuple[object, ...] | None:
        """What a plain claim shares with all that look alike in what told parts look at; None: it stands alone."""
        if row.id in self._apart or not self.is_plain(row):
            return None
        past = self.past.get(row.patient_id, ())
        return id(self.lines.get(row.id, ())), id(past), tuple(row.diagnoses), row.form, _where(row), _asked(row)

    def book(self, row: Claim) -> Book:
        """The rules that are asked of a claim: looked up once for claims that stand at the same place."""
        place = row.practice_id, row.site_id, row.billing_provider_id, row.payer_id
        if (known := self._books.get(place)) is None:
            known = self._books[place] = self.in_force.of(self.register.whose(row))
        return known

    def due_on(self, sheet: ClaimSheet, row: Claim) -> date | None:
        """The last day on which the payer takes a claim."""
        if sheet.earlier:
            return filing.due_on(sheet)
        alike = id(sheet.lines), row.service_on, row.service_through, row.payer_id
        if alike not in self._due:
            self._due[alike] = filing.due_on(sheet)
        return self._due[alike]

    def last_day(self, sheet: ClaimSheet, row: Claim) -> date:
        """The last service day, worked out once for claims that are alike."""
        alike = id(sheet.lines), row.service_on, row.service_through
        if (known := self._days.get(alike)) is None:
            known = self._days[alike] = last_day(sheet)
        return known

    def cover(self, key: int | None) -> Cover | None:
        """A coverage as a claim says it."""
        return cover(self.covers[key]) if key in self.covers else None

    def earlier(self, row: Claim) -> tuple[Earlier, ...]:
        """The payers that were asked before, where coverage and payer are known, and of the lines still asked for."""
        if row.id not in self.asked_before:
            return ()
        asked = {line.number for line in self.lines.get(row.id, ())}
        found = []
        for one in self.asked_before[row.id]:
            held, payer = self.cover(one.coverage_id), self.register.insurer(one.payer_id)
            if held is not None and payer is not None:
                mine = tuple(line for line in one.decision.lines if line.line in asked)
                found.append(Earlier(one.ordinal, held, payer, replace(one.decision, lines=mine)))
        return tuple(found)

    def clinician_of_stay(self, row: Claim, name: str, otherwise: int | None = None) -> Any:
        """Who attended or operated, where a facility's stay says it."""
        stay = self.stays.get(row.visit_id) if row.form == "I" else None
        return self.register.as_renderer.get(getattr(stay, name) or otherwise or 0) if stay else None

    def pairs(self, row: Claim) -> Any:
        """The pairs of a claim's codes, where its payer goes by them."""
        payer = self.register.insurer(row.payer_id)
        return self.edits.pairs(row) if payer is not None and payer.kind in EDITED_KINDS else ()


Draw = Callable[[Desk, Claim], Any]


def _column(name: str) -> Draw:
    take = attrgetter(name)
    return lambda desk, row: take(row)


SHEET: Mapping[str, Draw] = {
    **{name: _column(name) for name in (
        "control", "place_of_service", "service_on", "service_through", "diagnosis_system", "payer_control",
        "prior_authorization", "referral_number", "delay_reason", "accident", "accident_state", "accident_on",
    )},
    "kind": _column("form"), "total": _column("total_amount"), "order": _column("ordinal"),
    "patient_paid": _column("patient_paid_amount"),
    "frequency": lambda desk, row: row.frequency if row.ordinal == "P" else row.asked_as,
    "diagnoses": lambda desk, row: tuple(row.diagnoses),
    "lines": lambda desk, row: desk.lines.get(row.id, ()),
    "patient": lambda desk, row: human(desk.people[row.patient_id][1]),
    "record_number": lambda desk, row: desk.people[row.patient_id][0],
    "cover": lambda desk, row: desk.cover(row.coverage_id),
    "payer": lambda desk, row: desk.register.insurer(row.payer_id),
    "biller": lambda desk, row: desk.register.as_biller.get(row.billing_provider_id or 0),
    "rendering": lambda desk, row: desk.register.as_renderer.get(row.rendering_id or 0),
    "referring": lambda desk, row: desk.register.referrer(
        row.referring_last_name, row.referring_first_name, row.referring_npi
    ),
    "facility": lambda desk, row: desk.register.as_facility.get(row.site_id or 0),
    "attachments": lambda desk, row: desk.papers.get(row.id, ()),
    "earlier": lambda desk, row: desk.earlier(row),
    "stay": lambda desk, row: desk.stays.get(row.visit_id) if row.form == "I" else None,
    "attending": lambda desk, row: desk.clinician_of_stay(row, "attending_id", row.rendering_id),
    "operating": lambda desk, row: desk.clinician_of_stay(row, "operating_id"),
}  # fmt: skip
"""How each part of a claim's sheet is drawn."""

CONTEXT: Mapping[str, Draw] = {
    "today": lambda desk, row: desk.today,
    "same_day": lambda desk, row: desk.beside.twice(row),
    "earlier": lambda desk, row: desk.beside.units(row),
    "history": lambda desk, row: desk.past.get(row.patient_id, ()),
    "decided_on": lambda desk, row: desk.decided.get(row.original_id or 0),
    "whose": lambda desk, row: desk.register.whose(row),
    "book": lambda desk, row: desk.book(row),
    "permits": lambda desk, row: desk.permits.of(row, desk.lines.get(row.id, ())),
    "enrolled": lambda desk, row: desk.register.enrolled(row),
    "practice_enrolled": lambda desk, row: desk.register.practice_enrolled(row),
    "lists": lambda desk, row: desk.listed.of(row, desk.lines.get(row.id, ()), tuple(row.diagnoses)),
    "pairs": lambda desk, row: desk.pairs(row),
    "limits": lambda desk, row: desk.edits.of(row)["limits"],
    "add_ons": lambda desk, row: desk.edits.of(row)["add_ons"],
    "follow_up": lambda desk, row: desk.edits.of(row)["follow_up"],
    "standing": lambda desk, row: desk.edits.of(row)["standing"],
}
"""How each part of what must be known besides is drawn."""

_put: Callable[[object, str, object], None] = object.__setattr__


class DrawnSheet(ClaimSheet):
    """A claim's sheet whose parts are drawn when they are looked at, and then kept."""

    __slots__ = ("desk", "row")
    desk: Desk
    row: Claim

    def __getattr__(self, name: str) -> Any:
        if name not in SHEET:
            raise AttributeError(name)
        made = SHEET[name](self.desk, self.row)
        _put(self, name, made)
        return made

    @property
    def is_plain(self) -> bool:
        """Whether patient, coverage and number are plain."""
        return self.desk.is_plain(self.row)

    @property
    def last_service_on(self) -> date:
        """The day filing limits count from."""
        return self.desk.last_day(self, self.row)


class DrawnContext(Context):
    """What must be known besides, drawn in the same way."""

    __slots__ = ("desk", "row")
    desk: Desk
    row: Claim

    def __getattr__(self, name: str) -> Any:
        if name not in CONTEXT:
            raise AttributeError(name)
        made = CONTEXT[name](self.desk, self.row)
        _put(self, name, made)
        return made


_where = attrgetter(
    "practice_id", "billing_provider_id", "rendering_id", "site_id", "place_of_service", "referring_last_name",
    "referring_first_name", "referring_npi", "prior_authorization", "referral_number",
)  # fmt: skip
_asked = attrgetter(
    "practice_id", "payer_id", "original_id", "ordinal", "frequency", "asked_as", "service_on", "service_through",
    "diagnosis_system", "total_amount", "rendering_id", "site_id", "place_of_service", "referring_last_name",
    "referring_first_name", "referring_npi", "delay_reason", "payer_control", "accident", "accident_state",
    "accident_on",
)  # fmt: skip


def _people(sheet: Any, context: Any) -> tuple[object, ...]:
    return _where(sheet.row), context.permits


def _services(sheet: Any, context: Any) -> tuple[object, ...]:
    return (
        id(sheet.lines), sheet.diagnoses, _asked(sheet.row), context.same_day, id(context.earlier), id(context.history),
        id(sheet.earlier),
    )  # fmt: skip


TOLD: Mapping[Part, Teller] = {
    **dict.fromkeys((book.WHO, book.NUMBERS, book.PERMITTED), _people),
    **dict.fromkeys((book.WHY, book.WHAT, book.WHEN, book.ENROLLED), _services),
}
"""What tells parts of a claim from those of others at the same desk: what they are drawn from, not the drawing."""


def human(words: PersonWords) -> Human:
    """A person as a claim says them."""
    return Human(*words[:6], Place(*words[6:]))


def cover(words: CoverWords) -> Cover:
    """A coverage as a claim says it."""
    subscriber = None
    if words.relationship != SELF:
        last, first, middle, suffix, born_on, sex, *place = words.subscriber
        subscriber = Human(last, first, middle, suffix, born_on, sex or Sex.UNKNOWN.value, Place(*place))
    return Cover(*words[:8], subscriber)
