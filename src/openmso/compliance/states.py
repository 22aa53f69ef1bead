"""The words of the register: what an arrangement is, how it pays, where it stands, what becomes of a payment."""

from __future__ import annotations

from openmso.platform.ui.contracts import Status, Tone


class Party(Status):
    """Who the other side is; only `OTHER` is no source of referrals."""

    PHYSICIAN = "physician", "Physician"
    FAMILY = "family", "Immediate family of a physician"
    ENTITY = "entity", "Referring entity"
    OTHER = "other", "No referral source"


class Kind(Status):
    """What an arrangement is about."""

    SERVICES = "services", "Personal services"
    SPACE = "space", "Space lease"
    EQUIPMENT = "equipment", "Equipment lease"
    EMPLOYMENT = "employment", "Employment"
    RECRUITMENT = "recruitment", "Recruitment"
    ISOLATED = "isolated", "Isolated transaction"
    OTHER = "other", "Other"


class Pay(Status):
    """The formula of the pay, which is also the unit of an opinion of its value."""

    MONTH = "month", "a month"
    HOUR = "hour", "an hour"
    UNIT = "unit", "a unit"
    YEAR = "year", "a year"


class Method(Status):
    """How an appraiser came to a range."""

    MARKET = "market", "Market data"
    COST = "cost", "Cost"
    INCOME = "income", "Income"
    SEVERAL = "several", "Several methods"


class Side(Status):
    """Who signs."""

    OURS = "ours", "Our side"
    PARTY = "party", "The other party"


class Standing(Status):
    """Where an arrangement stands on a day."""

    DRAFT = "draft", "Not active yet", Tone.WARN
    AHEAD = "ahead", "Begins later", Tone.INFO
    ACTIVE = "active", "Active", Tone.GOOD
    HOLDOVER = "holdover", "Holdover", Tone.WARN
    EXPIRED = "expired", "Expired", Tone.BAD
    ENDED = "ended", "Ended", Tone.NONE


class Outcome(Status):
    """What became of a line of a payment run."""

    RELEASED = "released", "Released", Tone.GOOD
    STOPPED = "stopped", "Stopped", Tone.BAD
    FREE = "free", "No referral source", Tone.NONE


PAYABLE = frozenset({Outcome.RELEASED, Outcome.FREE})
"""What may be paid."""


class Said(Status):
    """What is said about an element of a checklist."""

    MET = "met", "Met", Tone.GOOD
    UNMET = "unmet", "Not met", Tone.BAD
    APART = "apart", "Does not apply", Tone.NONE
    OPEN = "open", "Not answered", Tone.WARN


class Reason(Status):
    """Why a payment is stopped, the gravest first: the first one that holds is its reason, the others stand beside."""

    EXCLUDED = "excluded", "Excluded from federal programmes", Tone.BAD
    MAYBE_EXCLUDED = "maybe_excluded", "To be looked at: named as somebody excluded", Tone.BAD
    LAW = "law", "A rule of law stops the fee", Tone.BAD
    OTHER_PRACTICE = "other_practice", "Not an arrangement of this practice", Tone.BAD
    NO_ARRANGEMENT = "no_arrangement", "No arrangement", Tone.BAD
    RESEMBLES = "resembles", "To be looked at: resembles a source of referrals", Tone.BAD
    OTHER_PAYEE = "other_payee", "Another payee than the party", Tone.BAD
    NO_PERIOD = "no_period", "No period", Tone.BAD
    ENDED = "ended", "Arrangement ended", Tone.BAD
    NOT_BEGUN = "not_begun", "Before the term began", Tone.BAD
    EXPIRED = "expired", "Term expired", Tone.BAD
    FUTURE = "future", "Paid ahead", Tone.BAD
    TWICE = "twice", "Paid twice", Tone.BAD
    NOT_WRITTEN = "not_written", "Not in writing", Tone.BAD
    WRITTEN_LATE = "written_late", "Not in writing in time", Tone.BAD
    NOT_SIGNED = "not_signed", "Not signed in time", Tone.BAD
    VOLUME = "volume", "Follows referrals", Tone.BAD
    NOT_IN_ADVANCE = "not_in_advance", "Not set in advance", Tone.BAD
    SHORT_TERM = "short_term", "Term under a year", Tone.BAD
    CHANGED = "changed", "Terms changed in the first year", Tone.BAD
    UNREASONED = "unreasoned", "Nobody says why it is reasonable", Tone.BAD
    UNMET = "unmet", "An element of its exception is not met", Tone.BAD
    NO_FMV = "no_fmv", "No opinion of value", Tone.BAD
    FMV_EXPIRED = "fmv_expired", "Opinion of value expired", Tone.BAD
    FMV_RANGE = "fmv_range", "Rate outside fair market value", Tone.BAD
    NO_RECORD = "no_record", "No time record", Tone.BAD
    OVER_CAP = "over_cap", "Hours over the cap", Tone.BAD
    AMOUNT = "amount", "Not what the formula gives", Tone.BAD
    INACTIVE = "inactive", "Term not active", Tone.BAD


class Flow(Status):
    """What money moves for between a practice, the MSO and others: each act that moves or instructs it says which."""

    FEE = "fee", "Management fee"
    RUN = "run", "A month paid out"
    ADVANCE = "advance", "Advance of the MSO, or a fee that it lends"
    SWEEP = "sweep", "Out of the account for government payers"
    FILE = "file", "Payments told to a bank"
    DRAW = "draw", "Draw of a facility"
    INSTALMENT = "instalment", "Instalment, prepayment or unused fee of a facility"
    CALL = "call", "Capital that a holder pays in"
    UNITS = "units", "Units issued or taken back for money"
    DISTRIBUTION = "distribution", "Distribution to owners"
    CLOSING = "closing", "What is owed at the end of a relationship"
