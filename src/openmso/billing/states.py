"""The lives of what billing keeps, as tables of moves, and the words of what it chooses from."""

from __future__ import annotations

from openmso.kit.states import Moves
from openmso.platform.ui.contracts import Status, Tone


class Method(Status):
    """How a patient paid."""

    CASH = "cash", "Cash"
    CHECK = "check", "Check"
    CARD = "card", "Card at the terminal"
    ONLINE = "online", "Card on line"
    AGENCY = "agency", "Through an agency"


AT_THE_DESK = (Method.CASH, Method.CHECK, Method.CARD)


class Bag(Status):
    """What goes to the bank together."""

    DESK = "desk", "Cash and checks"
    CARD = "card", "Batch of cards"
    ONLINE = "online", "Cards on line"
    AGENCY = "agency", "An agency's check"
    PAYOUT = "payout", "Card payout"


class Paid(Status):
    """What a line of a card provider's payout is."""

    CHARGE = "charge", "Charge"
    REFUND = "refund", "Refund"
    FEE = "fee", "Fee"
    DISPUTE = "dispute", "Dispute"
    OTHER = "other", "Something else"


class Regard(Status):
    """What a person says a line of a payout is that is no payment and no refund of ours."""

    FEE = "fee", "The provider's adjustment"
    RESERVE = "reserve", "Held in reserve, or let go of it"
    FAILED = "failed", "A payout that failed"
    UNNAMED = "unnamed", "A patient's, nobody knows whose"


class PaidOut(Status):
    """Where a payout of a card provider stands."""

    OPEN = "open", "Does not tie", Tone.BAD
    TIED = "tied", "On its way to the bank", Tone.INFO
    BANKED = "banked", "In the bank", Tone.GOOD


class Slipped(Status):
    """Where a deposit slip stands."""

    MADE = "made", "On its way to the bank", Tone.INFO
    BANKED = "banked", "In the bank", Tone.GOOD
    TORN = "torn", "Taken apart"


SLIP_MOVES: Moves[Slipped] = {
    Slipped.MADE: {Slipped.BANKED, Slipped.TORN},
    Slipped.BANKED: {Slipped.MADE},
    Slipped.TORN: set(),
}


class P(Status):
    """Where a patient's payment stands."""

    POSTED = "posted", "Posted", Tone.GOOD
    REVERSED = "reversed", "Taken back", Tone.BAD


PAYMENT_MOVES: Moves[P] = {P.POSTED: {P.REVERSED}, P.REVERSED: set()}


class Why(Status):
    """What settles a patient's part of a line."""

    PAYMENT = "payment", "Payment", Tone.GOOD
    SMALL = "small", "Small balance", Tone.NONE
    BAD_DEBT = "bad_debt", "Bad debt", Tone.BAD
    CHARITY = "charity", "Charity care", Tone.INFO


class Hold(Status):
    """Why a patient gets no statement for now."""

    INSURANCE = "insurance", "An insurer has still to decide", Tone.WARN
    APPEAL = "appeal", "An appeal is under way", Tone.WARN
    DISPUTE = "dispute", "The bill is disputed (45 CFR 149.620)", Tone.WARN
    BANKRUPTCY = "bankruptcy", "Bankruptcy (11 USC 362)", Tone.BAD
    DECEASED = "deceased", "The patient has died", Tone.BAD
    ADDRESS = "address", "Mail comes back", Tone.WARN
    CHARITY = "charity", "Charity care is being looked at", Tone.INFO
    WORKERS = "workers", "Workers' compensation", Tone.WARN
    OTHER = "other", "Other", Tone.WARN


class NoStatement(Status):
    """Why an account got no statement in a run."""

    NOTHING = "nothing", "Nothing owed"
    HELD = "held", "On hold", Tone.WARN
    COVERED = "covered", "Paid ahead", Tone.INFO
    PLAN = "plan", "Paid by a plan", Tone.INFO
    SMALL = "small", "Too little", Tone.NONE
    EARLY = "early", "Too early", Tone.NONE
    ADDRESS = "address", "Not reachable", Tone.BAD


class Way(Status):
    """How a patient is told of a statement."""

    EMAIL = "email", "E-mail"
    TEXT = "text", "Text message"
    PAPER = "paper", "Paper"


class Told(Status):
    """Where a notice stands."""

    WAITING = "waiting", "In the outbox", Tone.INFO
    SENDING = "sending", "Being sent", Tone.INFO
    SENT = "sent", "Sent", Tone.GOOD
    FAILED = "failed", "Not delivered", Tone.BAD


class Making(Status):
    """Where a run of statements stands."""

    GOING = "going", "Being made", Tone.INFO
    DONE = "done", "Made", Tone.GOOD


class Outcome(Status):
    """What a run made of an account."""

    SENT = "sent", "Statement", Tone.GOOD


class R(Status):
    """Where a refund stands."""

    ASKED = "asked", "Waits for approval", Tone.WARN
    PAID = "paid", "Paid", Tone.GOOD
    REFUSED = "refused", "Not approved", Tone.BAD


REFUND_MOVES: Moves[R] = {R.ASKED: {R.PAID, R.REFUSED}, R.PAID: set(), R.REFUSED: set()}


class L(Status):
    """Where a payment plan stands."""

    ASKED = "asked", "Waits for approval", Tone.WARN
    ACTIVE = "active", "Running", Tone.INFO
    KEPT = "kept", "Paid", Tone.GOOD
    BROKEN = "broken", "Broken", Tone.BAD
    ENDED = "ended", "Ended", Tone.NONE
    REFUSED = "refused", "Not approved", Tone.BAD


PLAN_MOVES: Moves[L] = {
    L.ASKED: {L.ACTIVE, L.REFUSED, L.ENDED},
    L.ACTIVE: {L.KEPT, L.BROKEN, L.ENDED},
    L.KEPT: set(),
    L.BROKEN: set(),
    L.ENDED: set(),
    L.REFUSED: set(),
}


class Paying(Status):
    """Where a payment on line, or a charge of a kept card, stands."""

    STARTED = "started", "Begun", Tone.INFO
    PAID = "paid", "Paid", Tone.GOOD
    DECLINED = "declined", "Not paid", Tone.BAD


ONLINE_MOVES: Moves[Paying] = {
    Paying.STARTED: {Paying.PAID, Paying.DECLINED},
    Paying.PAID: set(),
    Paying.DECLINED: {Paying.PAID},
}
"""What was given up may still turn out to be paid: the provider's word holds."""


class C(Status):
    """Where a card on file stands."""

    ASKED = "asked", "Being kept", Tone.INFO
    ACTIVE = "active", "On file", Tone.GOOD
    ENDED = "ended", "Ended", Tone.NONE


CARD_MOVES: Moves[C] = {C.ASKED: {C.ACTIVE, C.ENDED}, C.ACTIVE: {C.ENDED}, C.ENDED: set()}


class Charging(Status):
    """Where an instalment that is charged to a card stands."""

    ANNOUNCED = "announced", "Announced", Tone.INFO
    PAID = "paid", "Paid", Tone.GOOD
    DECLINED = "declined", "Declined", Tone.BAD
    DROPPED = "dropped", "Not charged", Tone.NONE


CHARGE_MOVES: Moves[Charging] = {
    Charging.ANNOUNCED: {Charging.PAID, Charging.DECLINED, Charging.DROPPED},
    Charging.PAID: set(),
    Charging.DECLINED: set(),
    Charging.DROPPED: set(),
}


class Reach(Status):
    """How long a patient lets their card be charged."""

    VISIT = "visit", "For one visit"
    YEAR = "year", "For a year"


class V(Status):
    """Where an overpayment of a payer stands."""

    OPEN = "open", "To be returned", Tone.WARN
    INVESTIGATED = "investigated", "Being investigated", Tone.INFO
    RETURNED = "returned", "Returned by check", Tone.GOOD
    TAKEN = "taken", "Taken back by the payer", Tone.GOOD


OVERPAYMENT_MOVES: Moves[V] = {
    V.OPEN: {V.INVESTIGATED, V.RETURNED, V.TAKEN},
    V.INVESTIGATED: {V.OPEN, V.TAKEN},
    V.RETURNED: {V.OPEN, V.TAKEN},
    V.TAKEN: {V.OPEN},
}
"""Where more is too much than was known, the clock begins anew; a reversal acknowledges what was returned."""


class Cause(Status):
    """Why a payer paid too much."""

    TWICE = "twice", "Paid twice"
    PRIMARY = "primary", "Another payer was first in line"
    CODING = "coding", "Wrong code or units"
    NOT_COVERED = "not_covered", "Not covered, or not done"
    PAYER = "payer", "The payer's error"
    POSTING = "posting", "Posted wrongly"


class Stage(Status):
    """How far a patient has been asked for what they owe, since they last paid."""

    NONE = "none", "Not asked yet"
    STATEMENT = "statement", "Statements", Tone.INFO
    LETTER = "letter", "Letter", Tone.INFO
    CALL = "call", "Called", Tone.WARN
    FINAL = "final", "Final notice", Tone.WARN
    BACK = "back", "Back from an agency", Tone.INFO
    READY = "ready", "Ready for an agency", Tone.BAD
    AGENCY = "agency", "With an agency", Tone.BAD


class SweepKind(Status):
    """What a run over the accounts is for."""

    SMALL = "small", "Small balances"
    DUNNING = "dunning", "Dunning"
    AGENCY = "agency", "Handing over to an agency"
    CHARITY = "charity", "Charity care that holds"


class Sweeping(Status):
    """Where a run stands."""

    BEGUN = "begun", "Accounts are looked at", Tone.INFO
    PROPOSED = "proposed", "Waits for a decision", Tone.WARN
    DOING = "doing", "Being done", Tone.INFO
    DONE = "done", "Done", Tone.GOOD
    NOTHING = "nothing", "Nothing to do", Tone.NONE
    REFUSED = "refused", "Not approved", Tone.BAD


UNDER_WAY = (Sweeping.BEGUN, Sweeping.DOING)
"""While a run goes on, step by step; one that was interrupted is taken up again."""
SWEEP_MOVES: Moves[Sweeping] = {
    Sweeping.BEGUN: {Sweeping.PROPOSED, Sweeping.NOTHING, Sweeping.REFUSED},
    Sweeping.PROPOSED: {Sweeping.DOING, Sweeping.REFUSED},
    Sweeping.DOING: {Sweeping.DONE},
    Sweeping.NOTHING: set(),
    Sweeping.DONE: set(),
    Sweeping.REFUSED: set(),
}


class Deed(Status):
    """What a run does with an account."""

    NOTHING = "nothing", "Nothing"
    WRITE_OFF = "write_off", "Give up"
    REFUND = "refund", "Give back"
    LETTER = "letter", "Letter", Tone.INFO
    CALL = "call", "Call", Tone.INFO
    FINAL = "final", "Final notice", Tone.WARN
    READY = "ready", "Ready for an agency", Tone.BAD
    PLACE = "place", "Hand over", Tone.BAD
    CHARITY = "charity", "Charity care", Tone.INFO


class Swept(Status):
    """What came of an account in a run."""

    PROPOSED = "proposed", "Proposed", Tone.INFO
    DONE = "done", "Done", Tone.GOOD
    LEFT_OUT = "left_out", "Left out"
    TAKEN_BACK = "taken_back", "Taken back", Tone.WARN


class Placed(Status):
    """Where an account stands that was handed over to an agency."""

    OUT = "out", "With the agency", Tone.WARN
    RECALLED = "recalled", "Recalled", Tone.INFO
    RETURNED = "returned", "Given back by the agency", Tone.NONE
    PAID = "paid", "Paid", Tone.GOOD


PLACEMENT_MOVES: Moves[Placed] = {
    Placed.OUT: {Placed.RECALLED, Placed.RETURNED, Placed.PAID},
    Placed.RECALLED: set(),
    Placed.RETURNED: set(),
    Placed.PAID: set(),
}


class Helped(Status):
    """Where an application for charity care stands."""

    ASKED = "asked", "Waits for a decision", Tone.WARN
    GRANTED = "granted", "Granted", Tone.GOOD
    DENIED = "denied", "Not granted", Tone.BAD
    REVERSED = "reversed", "Taken back", Tone.BAD


HELP_MOVES: Moves[Helped] = {
    Helped.ASKED: {Helped.GRANTED, Helped.DENIED},
    Helped.GRANTED: {Helped.REVERSED},
    Helped.DENIED: set(),
    Helped.REVERSED: set(),
}


class Ground(Status):
    """The fact by which a patient is presumed eligible, without income being asked for (26 CFR 1.501(r)-6(c)(2))."""

    MEDICAID = "medicaid", "Medicaid coverage found"
    HOMELESS = "homeless", "Homeless"
    PROGRAMME = "other", "In another public programme"
    DECEASED = "deceased", "Died without an estate"


class TableKind(Status):
    """The tables of rules that the house loads."""

    DEBT = "debt", "Collecting by state"
    POVERTY = "poverty", "Poverty guidelines"


class Loaded(Status):
    """Where a table of rules stands."""

    CHECKED = "checked", "Checked, not in force", Tone.INFO
    ACTIVE = "active", "Put in force", Tone.GOOD
    UNDONE = "undone", "Taken back", Tone.NONE


TABLE_MOVES: Moves[Loaded] = {
    Loaded.CHECKED: {Loaded.ACTIVE, Loaded.UNDONE},
    Loaded.ACTIVE: {Loaded.UNDONE},
    Loaded.UNDONE: set(),
}
