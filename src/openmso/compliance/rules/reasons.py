"""What stands behind each reason why a payment is stopped: the provision that asks for it."""

from __future__ import annotations

from collections.abc import Mapping

from openmso.compliance.contracts import Fault
from openmso.compliance.states import Reason

REGISTER = "42 CFR 411.357(d)(1)(ii), 1001.952(d)(1)(ii)"
WRITTEN = "42 CFR 411.357(d)(1)(i), 1001.952(d)(1)(i)"
YEAR = "42 CFR 411.357(d)(1)(iv), 1001.952(d)(1)(iii)"
VALUE = "42 CFR 411.357(d)(1)(v), 1001.952(d)(1)(iv)"
FORMULA = "42 CFR 411.354(d)(1), 1001.952(d)(1)(iv)"
EXCLUSION = "42 USC 1320a-7, 1320a-7a; OIG-EXCL-01"
CITED: Mapping[Reason, str] = {
    Reason.EXCLUDED: EXCLUSION, Reason.MAYBE_EXCLUDED: EXCLUSION,
    Reason.LAW: "the rules of law of the agreement", Reason.RESEMBLES: REGISTER,
    Reason.WRITTEN_LATE: "42 CFR 411.354(e), 1001.952(d)(1)(i)",
    Reason.UNREASONED: "42 CFR 411.351, 411.354(d)(6), 1001.952(d)(1)(vi)",
    Reason.UNMET: "42 CFR 411.357, 1001.952",
    Reason.OTHER_PRACTICE: REGISTER, Reason.NO_ARRANGEMENT: REGISTER, Reason.OTHER_PAYEE: REGISTER,
    Reason.NO_PERIOD: FORMULA, Reason.ENDED: WRITTEN, Reason.NOT_BEGUN: FORMULA,
    Reason.EXPIRED: "42 CFR 411.357(a)(7), (b)(6), (d)(1)(vii)", Reason.FUTURE: VALUE, Reason.NOT_WRITTEN: WRITTEN,
    Reason.NOT_SIGNED: "42 CFR 411.354(e)", Reason.VOLUME: "42 CFR 411.354(d)(5), (6), 1001.952(d)(1)(iv)",
    Reason.NOT_IN_ADVANCE: FORMULA, Reason.SHORT_TERM: YEAR, Reason.CHANGED: YEAR, Reason.NO_FMV: VALUE,
    Reason.FMV_EXPIRED: VALUE, Reason.FMV_RANGE: VALUE, Reason.NO_RECORD: FORMULA, Reason.OVER_CAP: FORMULA,
    Reason.AMOUNT: FORMULA, Reason.TWICE: FORMULA, Reason.INACTIVE: WRITTEN,
}  # fmt: skip


def fault(reason: Reason, words: str, citation: str = "") -> Fault:
    """A reason with what it found and its provision: that of the reason, or a narrower one."""
    return Fault(reason, words, citation or CITED[reason])
