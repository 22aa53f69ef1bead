"""The desk: what must be known to judge a set of claims, asked once for all.

Most rules have nothing to say of most claims. So what is so of each claim is read off its row and its lines, and only
of claims that some rule may have something to say of, sheet and context are made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from operator import attrgetter
from typing import Any

from openmso.charges import queries as charges
from openmso.claims.models.claims import Claim
from openmso.claims.queries import attachments, history, rulebook, turns
from openmso.claims.queries import lines as claim_lines
from openmso.claims.queries.beside import Beside
from openmso.claims.queries.edited import Edits
from openmso.claims.queries.lines import Asked, Lines
from openmso.claims.queries.listed import Listed
from openmso.claims.queries.permitted import Permits
from openmso.claims.queries.register import Register
from openmso.claims.rules import diagnoses, facts, filing, glance
from openmso.claims.rules.findings import Book, Rule
from openmso.claims.rules.sheet import ClaimSheet, Context, Cover, Earlier, Human, Line, Place, are_plain, last_day
from openmso.patients import queries as patient_queries
from openmso.patients.contracts import CoverWords, PersonWords, Relationship, Sex

EDITED_KINDS = frozenset({"medicare", "medicaid", "tricare", "commercial", "blues"})
"""Payers whose claims are held against NCCI pairs; vision plans do not use them."""
SELF = Relationship.SELF.value


class Desk:
    """A set of claims, and all that is asked for them together: a dozen questions, however many they are."""

    def __init__(self, rows: Sequence[Claim], *, today: date, shared: bool = False) -> None:
        """When `shared`, lines that are alike are one object, without the numbers that tell them apart."""
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
        self.past = history.before(rows, self.lines, asked.lines, self.listed)
        self.decided = history.decided(rows)
        self.edits, self.permits = Edits(self.lines, asked), Permits(rows)
        self.in_force = rulebook.in_force(today)
        self.papers = attachments.attached(ids)
        self.stays = charges.stays_of({row.visit_id for row in rows if row.form == "I"})
        self._books: dict[tuple[Any, ...], Book] = {}
        self._calls: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
        self._reasons: dict[tuple[str, date], int] = {}
        self._staff: dict[tuple[Any, ...], int] = {}

    def sheet(self, row: Claim, lines: Lines | None = None) -> ClaimSheet:
        """The sheet of a claim, which needs nothing of the desk any more; with `lines` instead of the desk's."""
        register = self.register
        attending, operating = self.of_stay(row)
        return ClaimSheet(
            control=row.control, total=row.total_amount, order=row.ordinal, kind=row.form,
            frequency=row.frequency if row.ordinal == "P" else row.asked_as, place_of_service=row.place_of_service,
            service_on=row.service_on, service_through=row.service_through, diagnoses=tuple(row.diagnoses),
            diagnosis_system=row.diagnosis_system, lines=self.lines.get(row.id, ()) if lines is None else lines,
            patient=human(self.people[row.patient_id][1]), record_number=self.people[row.patient_id][0],
            cover=self.cover(row.coverage_id), payer=register.insurer(row.payer_id),
            biller=register.as_biller.get(row.billing_provider_id or 0),
            rendering=register.as_renderer.get(row.rendering_id or 0),
            referring=register.referrer(row.referring_last_name, row.referring_first_name, row.referring_npi),
            facility=register.as_facility.get(row.site_id or 0), payer_control=row.payer_control,
            prior_authorization=row.prior_authorization, referral_number=row.referral_number,
            delay_reason=row.delay_reason, accident=row.accident, accident_state=row.accident_state,
            accident_on=row.accident_on, patient_paid=row.patient_paid_amount,
            attachments=self.papers.get(row.id, ()), earlier=self.earlier(row),
            stay=self.stays.get(row.visit_id) if row.form == "I" else None, attending=attending, operating=operating,
        )  # fmt: skip

    def context(self, row: Claim) -> Context:
        """What must be known besides to judge it."""
        lines, register = self.lines.get(row.id, ()), self.register
        return Context(
            today=self.today, same_day=self.beside.twice(row), earlier=self.beside.units(row),
            history=self.past.get(row.patient_id, ()), decided_on=self.decided.get(row.original_id or 0),
            whose=register.whose(row), book=self.book(row), permits=self.permits.of(row, lines),
            enrolled=register.enrolled(row), practice_enrolled=register.practice_enrolled(row),
            lists=self.listed.of(row, lines, tuple(row.diagnoses)), pairs=self.pairs(row), **self.edits.of(row),
        )  # fmt: skip

    def asked(self, row: Claim, due_on: date | None) -> tuple[Rule, ...]:
        """The rules that can have anything to say of a claim."""
        book = self.book(row)
        return book.asked(self._of_lines(row, book) | self._of_claim(row, due_on), row.form)

    def _of_lines(self, row: Claim, book: Book) -> int:
        """What lines and diagnoses of a claim call for; looked up once for those that are alike."""
        found, reasons, day = 0, row.diagnoses, row.service_on
        known = self._calls[id(book), len(reasons)]
        for line in self.lines.get(row.id, ()):
            if (calls := known.get(id(line))) is None:
                calls = known[id(line)] = book.called_by(line) | self._of_line(line, len(reasons))
            found |= calls
        for code in reasons:
            if (calls := self._reasons.get((code, day))) is None:
                calls = self._reasons[code, day] = self._of_reason(code, day)
            found |= calls
        return found

    def _of_line(self, line: Line, reasons: int) -> int:
        service, edits = (line.code, line.service_on), self.edits
        found = glance.of_line(
            line, reasons=reasons, today=self.today, limit=edits.units.get(service), add_on=edits.add_ons.get(service),
            follow_up=edits.follow_up.get(service), standing=edits.standing.get(service),
        )  # fmt: skip
        return found | facts.LISTED if service in self.listed.known else found

    def _of_reason(self, code: str, day: date) -> int:
        found = glance.of_reason(code, self.edits.standing.get((code, day), diagnoses.KNOWN))
        return found | facts.LISTED if (code, day) in self.listed.known else found

    def _of_claim(self, row: Claim, due_on: date | None) -> int:
        """What is so of a claim besides."""
        payer = self.register.insurer(row.payer_id)
        found = glance.of_claim(
            row, row.diagnoses, self.lines.get(row.id, ()), row.total_amount, payer=payer, due_on=due_on,
            today=self.today,
        )  # fmt: skip
        if (staff := self._staff.get(who := _who(row))) is None:
            staff = self._staff[who] = glance.of_staff(self.sheet(row), self.context(row))
        found |= staff
        last, first, _, _, born_on, sex, street, _, city, state, place = self.people[row.patient_id][1]
        held = self.covers.get(row.coverage_id or 0)
        if not are_plain(
            row.control, row.ordinal, row.service_on, payer, (last, first, born_on, sex, street, city, state, place),
            (held.member_id, held.relationship, held.starts_on, held.ends_on) if held else None,
        ):  # fmt: skip
            found |= facts.PEOPLE
        if row.ordinal != "P":
            found |= facts.LATER | facts.FILING
        if row.id in self.beside.shared:
            found |= facts.BESIDE | facts.EDITED
        if row.patient_id in self.past:
            found |= facts.PAST
        if row.id in self.listed.therapy:
            found |= facts.LISTED
        if self.register.enrols(row):
            found |= facts.ENROLLED
        if self.permits.are_asked(row):
            found |= facts.PERMITTED
        return found | facts.EDITED if row.id in self.edits.pairs else found

    def book(self, row: Claim) -> Book:
        """The rules that are asked of a claim: looked up once for claims that stand at the same place."""
        place = row.practice_id, row.site_id, row.billing_provider_id, row.payer_id
        if (known := self._books.get(place)) is None:
            known = self._books[place] = self.in_force.of(self.register.whose(row))
        return known

    def due_on(self, row: Claim) -> date | None:
        """The last day on which the payer takes a claim."""
        served = last_day(row.service_on, row.service_through, self.lines.get(row.id, ()))
        return filing.last_to_file(self.register.insurer(row.payer_id), served, self.earlier(row))

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

    def of_stay(self, row: Claim) -> tuple[Any, Any]:
        """Who attended and who operated, where a facility's stay says it."""
        stay = self.stays.get(row.visit_id) if row.form == "I" else None
        if stay is None:
            return None, None
        named = self.register.as_renderer
        return named.get(stay.attending_id or row.rendering_id or 0), named.get(stay.operating_id or 0)

    def pairs(self, row: Claim) -> Any:
        """The pairs of a claim's codes, where its payer goes by them."""
        payer = self.register.insurer(row.payer_id)
        return self.edits.pairs.get(row.id, ()) if payer is not None and payer.kind in EDITED_KINDS else ()


_who = attrgetter(
    "billing_provider_id", "rendering_id", "site_id", "referring_last_name", "referring_first_name", "referring_npi"
)


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
