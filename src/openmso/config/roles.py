"""Who may do what: the roles of the installation, one readable matrix.

MSO roles say what a person could do; what they may do in a practice is what its executed agreement also opens.
"""

from __future__ import annotations

from openmso.kit.classes import DataClass
from openmso.platform.access.contracts import Role, Side

_DEMOGRAPHIC = frozenset({DataClass.DEMOGRAPHIC})
_PHI = frozenset({DataClass.DEMOGRAPHIC, DataClass.CLINICAL})
_PERSONNEL = frozenset({DataClass.PERSONNEL})
_SECRET = frozenset({DataClass.IDENTITY_SECRET})
_LEGAL = frozenset({DataClass.LEGAL})
_NONE: frozenset[DataClass] = frozenset()

EVERYBODY = "parties.read tokens.read tokens.revoke work.use documents.read"
"""What every role of a person holds."""

SEES_CLAIMS = "patients.read visits.read charges.read claims.read "
SEES_BOOKS = "ledger.read agreements.read"
SEES_PAYMENTS = "remittances.read"
POSTS_PAYMENTS = f"{SEES_PAYMENTS} remittances.post remittances.match banking.read banking.import"


def _mso(code: str, words: str, permissions: str, classes: frozenset[DataClass] = _NONE) -> Role:
    return Role(code, words, Side.MSO, frozenset(f"{EVERYBODY} {permissions}".split()), classes)


def _practice(code: str, words: str, permissions: str, classes: frozenset[DataClass] = _NONE) -> Role:
    return Role(code, words, Side.PRACTICE, frozenset(f"{EVERYBODY} {permissions}".split()), classes)


MSO_ROLES = (
    # revenue cycle
    _mso("biller", "Biller", f"{SEES_CLAIMS} {POSTS_PAYMENTS} charges.capture claims.work claims.submit claims.acknowledge "
         "intake.run intake.read", _PHI),
    _mso("billing_lead", "Billing lead", f"{SEES_CLAIMS} {POSTS_PAYMENTS} charges.capture charges.fees claims.work claims.submit "
         "claims.override claims.acknowledge intake.run intake.read tokens.issue", _PHI),
    _mso("coder_support", "Coding support", "patients.read visits.read charges.read claims.read", _PHI),
    _mso("poster", "Payment poster", f"{SEES_CLAIMS} {POSTS_PAYMENTS}", _PHI),
    _mso("denial_specialist", "Denial specialist", f"{SEES_CLAIMS} {SEES_PAYMENTS} claims.work claims.submit", _PHI),
    _mso("patient_billing", "Patient billing", f"{SEES_CLAIMS} {SEES_PAYMENTS}", _PHI),
    # front office
    _mso("scheduler", "Scheduler", "patients.read patients.edit visits.read visits.edit intake.run intake.read", _PHI),
    # money
    _mso("controller", "Controller", f"{SEES_BOOKS} ledger.post ledger.reverse ledger.close banking.read banking.import "
         "agreements.draft tokens.issue", _NONE),
    _mso("accountant", "Accountant", f"{SEES_BOOKS} ledger.post ledger.reverse banking.read banking.import"),
    _mso("payroll", "Payroll", "", _PERSONNEL),
    _mso("hr", "Human resources", "", _PERSONNEL),
    _mso("buyer", "Buyer", ""),
    # the house
    _mso("compliance_officer", "Compliance officer", "audit.read access.read agreements.read documents.open_any", _LEGAL),
    _mso("it_desk", "IT service desk", "users.read access.read jobs.read jobs.replay outbox.read outbox.replay"),
    _mso("mso_executive", "Executive of the MSO", f"{SEES_BOOKS} agreements.draft agreements.execute "
         "agreements.terminate agreements.rates access.read audit.read"),
    _mso("administrator", "Administrator", "access.read access.assign users.read users.manage tokens.issue audit.read "
         "agreements.read agreements.draft agreements.execute agreements.terminate agreements.rates "
         "parties.edit parties.network jobs.read jobs.replay outbox.read outbox.replay"),
)  # fmt: skip

PRACTICE_ROLES = (
    _practice("practice_owner", "Practice owner", f"{SEES_CLAIMS} {SEES_BOOKS} {SEES_PAYMENTS} banking.read charges.fees "
              "access.read access.assign audit.read parties.edit parties.reveal vault.reveal tokens.issue "
              "documents.open_any",
              _PHI | _SECRET),
    _practice("physician", "Physician", f"{SEES_CLAIMS} visits.edit charges.capture", _PHI),
    _practice("practice_staff", "Practice staff", "patients.read patients.edit visits.read visits.edit charges.read "
              "charges.capture intake.run intake.read claims.read", _PHI),
)  # fmt: skip

OTHER_ROLES = (
    Role("auditor", "Auditor", Side.AUDITOR,
         frozenset(f"{EVERYBODY} {SEES_CLAIMS} {SEES_BOOKS} {SEES_PAYMENTS} banking.read access.read audit.read".split()), _PHI),
    Role("integrator", "Integrator", Side.INTEGRATOR,
         frozenset("tokens.read parties.read patients.read patients.edit visits.read visits.edit charges.read "
                   "charges.capture claims.read intake.run intake.read ".split()), _PHI),
)  # fmt: skip

ROLES: tuple[Role, ...] = (*MSO_ROLES, *PRACTICE_ROLES, *OTHER_ROLES)
