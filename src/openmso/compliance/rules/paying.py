"""The gate: which payments of a run may be paid, and which are stopped why.

A payment to a physician or another source of referrals needs an arrangement of the practice whose terms, signatures
and opinion of value hold for the days that are paid, and an amount that its formula gives (42 CFR 411.357,
1001.952(d)). Everybody else is paid without it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal

from openmso.compliance.contracts import Arrangement, Earlier, Fault, Judged, Payment, Register, Term
from openmso.compliance.rules import checklists, formula, terms
from openmso.compliance.rules.reasons import fault
from openmso.compliance.rules.recognising import Identity, Payees, initials, is_source, normalised
from openmso.compliance.rules.screening import Screen
from openmso.compliance.states import Kind, Outcome, Party, Pay, Reason
from openmso.kit.periods import Month
from openmso.kit.words import day as said_day

LEASES = frozenset({Kind.SPACE, Kind.EQUIPMENT})
RENT_AHEAD = timedelta(days=31)
"""Rent is paid ahead by a month at most; everything else once it is done."""
RANKS = {one: rank for rank, one in enumerate(Reason)}


def judge(payments: Iterable[Payment], register: Register, on: date) -> list[Judged]:
    """What becomes of each payment of a run on a day; an earlier line of the run counts as paid if it was released."""
    desk = _Desk(register, on)
    return [desk.judged(one) for one in payments]


class _Desk:
    """A register and what was paid under it so far."""

    def __init__(self, register: Register, on: date) -> None:
        self.on, self.practice, self.payees, self.fee = on, register.practice, Payees(register), register.fee
        self.known = {one.public_id: one for one in register.arrangements}
        self.screen, self.words = Screen(register.excluded), register.words
        mine = [one for one in register.arrangements if one.practice == register.practice]
        self.mine = {one.public_id: one for one in mine}
        self.paid: dict[str, list[Earlier]] = defaultdict(list)
        for earlier in register.earlier:
            self.paid[earlier.arrangement].append(earlier)

    def judged(self, payment: Payment) -> Judged:
        """One payment."""
        if why := self._excluded(payment):
            return _stopped(payment, why)
        found = self.payees.of(payment)
        if self._is_fee(payment):
            return self._of_fee(payment)
        if payment.arrangement:
            return self._named(payment, found)
        parties = _parties(one for one in found if one.arrangement and one.arrangement.practice == self.practice)
        sources = [one for one in parties if one.party is not Party.OTHER]
        if sources:
            return self._taken(min((self._under(payment, one) for one in sources), key=_gravity))
        if who := next((one for one in found if is_source(one)), None):
            words = f"{payment.payee} is known as {who.what} and has no arrangement with this practice."
            return _stopped(payment, fault(Reason.NO_ARRANGEMENT, words))
        if not parties and payment.npi:
            words = (
                f"{payment.payee} has an NPI, so may refer, and has no arrangement with this practice; one that refers "
                "nothing is registered as no referral source."
            )
            return _stopped(payment, fault(Reason.NO_ARRANGEMENT, words))
        if not parties and (near := self.payees.like(payment)):
            words = (
                f"{payment.payee} may be {near.said}, known as {near.what}: give the NPI or EIN, or register them "
                "as no referral source."
            )
            return _stopped(payment, fault(Reason.RESEMBLES, words))
        return Judged(payment, Outcome.FREE, arrangement=parties[0].public_id if parties else "")

    def _excluded(self, payment: Payment) -> Fault | None:
        """Why nothing is paid to somebody on the list of exclusions, or named as somebody on it."""
        name = normalised(payment.payee)
        for one, by_npi in self.screen.of(payment.payee, payment.npi):
            is_them = self.words.get((name, one.mark))
            if by_npi or is_them:
                words = f"{payment.payee} is on the list of exclusions: {one.said}. Nothing is paid to them."
                return fault(Reason.EXCLUDED, words)
            if is_them is None:
                words = f"{payment.payee} is named as {one.said}: look at it, and say on the list whether it is them."
                return fault(Reason.MAYBE_EXCLUDED, words)
        return None

    def _is_fee(self, payment: Payment) -> bool:
        """Whether a payment is to the MSO itself."""
        if payment.ein and self.fee.eins:
            return payment.ein in self.fee.eins
        return normalised(payment.payee) in map(normalised, self.fee.names)

    def _of_fee(self, payment: Payment) -> Judged:
        """What the MSO is paid is its fee: the rules of law are asked of it, and no arrangement."""
        faults = tuple(fault(Reason.LAW, says, rule) for rule, says in self.fee.stops)
        return Judged(payment, Outcome.STOPPED if faults else Outcome.FREE, faults)

    def _named(self, payment: Payment, found: Iterable[Identity]) -> Judged:
        one = self.mine.get(payment.arrangement)
        if one is None:
            words = f"{payment.arrangement} is not an arrangement of this practice."
            return _stopped(payment, fault(Reason.OTHER_PRACTICE, words))
        if not any(who.is_party and who.arrangement is one for who in found):
            words = f"{payment.payee} is not the party of {one.public_id}, which is with {one.name}."
            return _stopped(payment, fault(Reason.OTHER_PAYEE, words), arrangement=one.public_id)
        if one.party is Party.OTHER and not any(is_source(who) for who in found):
            return Judged(payment, Outcome.FREE, arrangement=one.public_id)
        return self._taken(self._under(payment, one))

    def _taken(self, judged: Judged) -> Judged:
        """The same; what is released counts as paid from here on."""
        paid = judged.payment
        if judged.outcome is Outcome.RELEASED and paid.starts_on and paid.through:
            said = Earlier(
                judged.arrangement, paid.starts_on, paid.through, paid.hours, f"line {paid.number}", paid.time_record
            )
            self.paid[judged.arrangement].append(said)
        return judged

    def _under(self, payment: Payment, one: Arrangement) -> Judged:
        """A payment under an arrangement."""
        if payment.starts_on is None or payment.through is None:
            return _stopped(payment, fault(Reason.NO_PERIOD, "The line does not say which days it pays."),
                            arrangement=one.public_id)  # fmt: skip
        term = terms.holding(one, payment.starts_on)
        faults = [*self._of_days(payment, one, term, payment.starts_on, payment.through)]
        expected = None
        if term is not None:
            count = payment.hours if term.pay is Pay.HOUR else payment.units
            expected = formula.due(term, starts_on=payment.starts_on, through=payment.through, count=count)
            faults += [*self._of_term(one, term, payment.starts_on, payment.through)]
            faults += [*self._of_pay(payment, one, term, payment.starts_on, payment.through)]
            faults += [*self._of_record(payment, one, payment.starts_on, payment.through)]
        faults.sort(key=lambda each: RANKS[each.reason])
        outcome, note = (Outcome.STOPPED, "") if faults or term is None else (Outcome.RELEASED, _to_watch(term))
        return Judged(
            payment, outcome, tuple(faults), one.public_id, term.number if term else None, expected, note
        )  # fmt: skip

    def _of_days(
        self, payment: Payment, one: Arrangement, term: Term | None, starts_on: date, through: date
    ) -> Iterator[Fault]:
        """What speaks against the days that are paid."""
        if one.ending is not None and through >= one.ending.ends_on:
            words = f"{one.public_id} ended: {said_day(one.ending.ends_on)} is the first day without it."
            yield fault(Reason.ENDED, words)
        if term is None:
            first = min((each.starts_on for each in one.terms), default=None)
            begins = f"begins on {said_day(first)}, after the days that are paid" if first else "has no terms"
            yield fault(Reason.NOT_BEGUN, f"{one.public_id} {begins}.")
            return
        yield from _over(one, term, through)
        if one.kind in LEASES:
            if starts_on > self.on + RENT_AHEAD:
                yield fault(Reason.FUTURE, f"The rent from {said_day(starts_on)} is paid more than a month ahead.")
        elif through > self.on:
            yield fault(Reason.FUTURE, f"The days through {said_day(through)} are not over.")
        if again := next((each for each in self.paid[one.public_id] if _meet(each, starts_on, through)), None):
            period = f"{said_day(again.starts_on)} to {said_day(again.through)}"
            yield fault(Reason.TWICE, f"{period} was paid before ({again.said}).")

    def _of_term(self, one: Arrangement, term: Term, starts_on: date, through: date) -> Iterator[Fault]:
        """What speaks against the terms themselves."""
        yield from _written(term, starts_on, self.on)
        yield from _signatures(term, starts_on, self.on)
        if term.by_volume:
            words = f"The pay of term {term.number} takes account of the volume or value of referrals."
            yield fault(Reason.VOLUME, words)
        if not term.in_advance:
            yield fault(Reason.NOT_IN_ADVANCE, f"The pay of term {term.number} was not set in advance.")
        if terms.is_short(one, term):
            words = f"Term {term.number} ends before the arrangement is there for a year."
            yield fault(Reason.SHORT_TERM, words)
        before = terms.changed_from(one, term) if one.kind in terms.YEAR_LONG else None
        if before is not None:
            words = f"The pay was changed from {before.formula} within a year of {said_day(before.starts_on)}."
            yield fault(Reason.CHANGED, words)
        elif early := self._replaced(one, term):
            words = f"It takes the place of {early.public_id}, which ended in its first year, within that year."
            yield fault(Reason.CHANGED, words)
        if one.kind not in terms.NO_VALUE and not term.reasonable.strip():
            words = f"Nobody says why term {term.number} makes sense if nobody referred anything."
            yield fault(Reason.UNREASONED, words)
        for point in checklists.refuted(one, term, on=self.on):
            words = f"{checklists.denied(point)} {checklists.remedy(point)}"
            yield fault(Reason.UNMET, words, point.citation)
        yield from _value(one, term, through)
        if term.activated_on is None or term.activated_on > self.on:
            yield fault(Reason.INACTIVE, f"Term {term.number} was not activated.")

    def _replaced(self, one: Arrangement, term: Term) -> Arrangement | None:
        """An arrangement of the same kind with the same party that ended early and was replaced too soon."""
        begun = terms.begun_on(one, term)
        for other in self.mine.values():
            if other is one or other.kind is not one.kind or other.ending is None or not other.terms:
                continue
            first = min(each.starts_on for each in other.terms)
            if (
                _same_party(one, other)
                and first < begun < first + terms.YEAR
                and other.ending.ends_on < first + terms.YEAR
            ):
                return other
        return None

    def _of_pay(
        self, payment: Payment, one: Arrangement, term: Term, starts_on: date, through: date
    ) -> Iterator[Fault]:
        """What speaks against the amount."""
        if term.pay is Pay.HOUR and (payment.hours is None or not payment.time_record):
            lacks = "hours" if payment.hours is None else "time record"
            yield fault(Reason.NO_RECORD, f"The line names no {lacks}; term {term.number} pays {term.formula}.")
        if term.pay is Pay.UNIT and payment.units is None:
            yield fault(Reason.NO_RECORD, f"The line names no number of units; term {term.number} pays {term.formula}.")
        if term.pay is Pay.HOUR and payment.hours is not None and term.hours_cap is not None:
            left = self._hours_left(one, term.hours_cap, starts_on, through)
            if payment.hours > left:
                claimed = f"{payment.hours.normalize():f} hours are claimed, {left.normalize():f} are left of the cap"
                words = f"{claimed}: {term.formula}."
                yield fault(Reason.OVER_CAP, words)
        count = payment.hours if term.pay is Pay.HOUR else payment.units
        right = formula.due(term, starts_on=starts_on, through=through, count=count)
        if right is not None and right != payment.amount:
            words = f"{term.formula} makes ${right:,.2f} for these days, not ${payment.amount:,.2f}."
            yield fault(Reason.AMOUNT, words)

    def _of_record(self, payment: Payment, one: Arrangement, starts_on: date, through: date) -> Iterator[Fault]:
        """The record of hours that another arrangement with the same party was paid by pays nothing once more."""
        record = payment.time_record.casefold()
        for name, paid in self.paid.items() if record else ():
            other = self.known.get(name)
            if other is None or other is one or not _same_party(one, other):
                continue
            for each in paid:
                same = each.time_record.casefold() == record
                if same and (_meet(each, starts_on, through) or each.hours == payment.hours):
                    words = f"{payment.time_record} was paid before, under {name} ({each.said})."
                    yield fault(Reason.TWICE, words)

    def _hours_left(self, one: Arrangement, cap: Decimal, starts_on: date, through: date) -> Decimal:
        """The hours that the cap leaves in the months of some days, after those that were paid before."""
        left: dict[Month, Decimal] = defaultdict(lambda: cap)
        for each in sorted(self.paid[one.public_id], key=lambda paid: paid.starts_on):
            rest = each.hours or Decimal(0)
            for month in formula.touched(each.starts_on, each.through):
                taken = min(rest, left[month])
                left[month] -= taken
                rest -= taken
        return sum((left[month] for month in formula.touched(starts_on, through)), Decimal(0))


def _over(one: Arrangement, term: Term, through: date) -> Iterator[Fault]:
    """Days after a term are paid in a holdover, or under a next term that pays alike."""
    after = terms.holding(one, through)
    if after is not None and after is not term and terms.covers(after, through):
        if not after.pays_as(term):
            since = said_day(after.starts_on)
            words = f"Term {after.number} pays otherwise from {since} on: pay its days in a line of their own."
            yield fault(Reason.EXPIRED, words)
    elif not terms.covers(term, through) and not terms.may_hold_over(one, term) and term.last_on:
        words = f"Term {term.number} ended on {said_day(term.last_on)}; the payment is through {said_day(through)}."
        yield fault(Reason.EXPIRED, words)


def _to_watch(term: Term) -> str:
    if term.signed_on is not None:
        return ""
    return f"Both sides have to sign term {term.number} by {said_day(term.starts_on + terms.GRACE)}."


def _written(term: Term, starts_on: date, on: date) -> Iterator[Fault]:
    """It is in writing when the term begins, or within what its exceptions allow; later, only what comes after."""
    last = terms.written_by(term)
    if term.written_on is None or term.written_on > on:
        yield fault(Reason.NOT_WRITTEN, f"Term {term.number} is not in writing.")
    elif term.written_on > last and starts_on < term.written_on:
        written = f"Term {term.number} was put in writing on {said_day(term.written_on)}, after {said_day(last)}"
        yield fault(Reason.WRITTEN_LATE, f"{written}; what was before is not paid.")


def _signatures(term: Term, starts_on: date, on: date) -> Iterator[Fault]:
    """Both sign within 90 consecutive days of the first day; later, only what comes after may be paid."""
    last = term.starts_on + terms.GRACE
    if term.signed_on is None and on > last:
        yield fault(Reason.NOT_SIGNED, f"Term {term.number} had to be signed by both sides by {said_day(last)}.")
    elif term.signed_on is not None and term.signed_on > last and starts_on < term.signed_on:
        signed = f"Term {term.number} was signed on {said_day(term.signed_on)}, after {said_day(last)}"
        words = f"{signed}; what was before is not paid."
        yield fault(Reason.NOT_SIGNED, words)


def _value(one: Arrangement, term: Term, through: date) -> Iterator[Fault]:
    """The opinion of value that holds on the last day that is paid covers the rate."""
    if one.kind in terms.NO_VALUE:
        return
    found = terms.opinion_on(one.opinions, term.pay, through)
    if found is None:
        yield fault(Reason.NO_FMV, f"There is no opinion of fair market value {term.unit} by {said_day(through)}.")
    elif through > found.expires_on:
        yield fault(Reason.FMV_EXPIRED, f"The opinion of {found.appraiser} expired on {said_day(found.expires_on)}.")
    elif not found.low <= term.rate <= found.high:
        yield fault(Reason.FMV_RANGE, f"${term.rate:,.2f} {term.unit} lies outside {found.range} ({found.appraiser}).")


def _parties(found: Iterable[Identity]) -> list[Arrangement]:
    return [one.arrangement for one in found if one.is_party and one.arrangement is not None]


def _same_party(one: Arrangement, other: Arrangement) -> bool:
    if one.npi and other.npi:
        return one.npi == other.npi
    if one.ein and one.ein == other.ein:
        return True
    mine, theirs = initials(one.name), initials(other.name)
    is_apart = bool(mine and theirs and mine.isdisjoint(theirs))
    return normalised(one.name) == normalised(other.name) and not is_apart


def _meet(paid: Earlier, starts_on: date, through: date) -> bool:
    return paid.starts_on <= through and starts_on <= paid.through


def _stopped(payment: Payment, why: Fault, *, arrangement: str = "") -> Judged:
    return Judged(payment, Outcome.STOPPED, (why,), arrangement)


def _gravity(one: Judged) -> tuple[int, int]:
    return len(one.faults), RANKS[one.faults[0].reason] if one.faults else -1


def tally(lines: Iterable[Judged]) -> Mapping[Outcome, int]:
    """How many lines came to what."""
    counts = dict.fromkeys(Outcome, 0)
    for one in lines:
        counts[one.outcome] += 1
    return counts
