"""What can be so of a claim: each rule names what must be, so that it is asked of no other claim.

A fact may be told of a claim without it, which costs a question; never the other way round. They are bits of a number.
"""

from __future__ import annotations

LATER = 1 << 0
"""A later payer is asked."""
PEOPLE = 1 << 1
"""Patient, coverage or the claim's number are not as those of nearly all."""
STAFF = 1 << 2
"""Who bills, rendered or referred is not whole."""
REASONS = 1 << 3
"""A diagnosis, or what points to it, needs a look: not in the book of the day, an injury, twice, none."""
SERVICES = 1 << 4
"""A line, or the lines together, are not as lines are: code, units, charge, total, the same code twice."""
FILING = 1 << 5
"""Days, filing limit, accident or numbers of the payer need a look."""
ELSEWHERE = 1 << 6
"""At another place than the office, or by telehealth."""
EDITED = 1 << 7
"""An edit of NCCI, the fee schedule or the code set holds of a line, or of two."""
BESIDE = 1 << 8
"""Another live claim of the patient asks the same payer on the same day."""
PAST = 1 << 9
"""Something is known that the patient had done before."""
LISTED = 1 << 10
"""A code is on a list of ages, tests, frequencies, coverage or thresholds."""
ENROLLED = 1 << 11
"""The payer is recorded to enrol people or practices."""
PERMITTED = 1 << 12
"""The payer asks for authorizations or referrals."""
UNCERTIFIED = 1 << 13
"""The place has no laboratory certificate."""
UNREFERRED = 1 << 14
"""Nobody is named who referred."""

BITS = 15
"""How many bits they take."""
