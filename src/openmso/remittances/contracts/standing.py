"""Where files, remittances, payments and what payers hold stand, in one word each."""

from __future__ import annotations

from openmso.platform.ui.contracts import Status, Tone


class FileState(Status):
    """Where an 835 file stands."""

    RECEIVED = "received", "Received", Tone.INFO
    POSTED = "posted", "Posted", Tone.GOOD
    DUPLICATE = "duplicate", "Duplicate", Tone.NONE
    QUARANTINED = "quarantined", "Quarantined", Tone.BAD
    HELD = "held", "Held", Tone.WARN


class EobState(Status):
    """Where a paper that is typed stands."""

    DRAFT = "draft", "Being typed", Tone.INFO
    POSTED = "posted", "Posted", Tone.GOOD
    WITHDRAWN = "withdrawn", "Withdrawn", Tone.NONE


class RemittanceState(Status):
    """What became of one remittance (one ST of a file)."""

    POSTED = "posted", "Posted", Tone.GOOD
    DUPLICATE = "duplicate", "Duplicate", Tone.NONE


class Outcome(Status):
    """What a payer decided about a claim, read from money and reasons, never from CLP02 alone."""

    PAID = "paid", "Paid", Tone.GOOD
    PARTLY_DENIED = "partly_denied", "Partly denied", Tone.WARN
    DENIED = "denied", "Denied", Tone.BAD
    ZERO = "zero", "Nothing to pay", Tone.NONE
    REVERSED = "reversed", "Taken back", Tone.WARN


class RecoupmentState(Status):
    """Where a reference between a payer and a practice stands."""

    HELD = "held", "Held against us", Tone.INFO
    UNEXPLAINED = "unexplained", "Not explained", Tone.WARN
    CLOSED = "closed", "Closed", Tone.GOOD


class Beside(Status):
    """What kind of money a payer takes or gives beside claims."""

    RECOUPMENT = "recoupment", "Recoupments and balances"
    INTEREST = "interest", "Interest"
    CAPITATION = "capitation", "Capitation and lump sums"
    INCENTIVE = "incentive", "Incentives and rebates"
    ADJUSTMENT = "adjustment", "Adjustments"
    FEE = "fee", "Fees and withholding"


class Answer(Status):
    """What money beside claims answers, as a person says it."""

    REVERSAL = "reversal", "A claim that was taken back"
    REFUND = "refund", "A refund that we sent"
    LETTER = "letter", "An overpayment that the payer wrote about"
    BEFORE = "before", "From before these books"
    OTHER = "other", "Something else"
    OPEN = "open", "Not known after all"


class Effect(Status):
    """Where the money of one adjustment goes."""

    CONTRACTUAL = "contractual", "Contract", Tone.NONE
    OTHER = "other", "Other reduction", Tone.NONE
    PATIENT = "patient", "Patient owes", Tone.INFO
    DENIED = "denied", "Left open", Tone.BAD
    PRIOR = "prior", "Prior payer", Tone.NONE
