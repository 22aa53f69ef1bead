"""Who may do what: the roles of the installation, one readable matrix.

MSO roles say what a person could do; what they may do in a practice is what its executed agreement also opens.
"""

from __future__ import annotations

from openmso.kit.classes import DataClass
from openmso.platform.access.contracts import Role, Side

_PHI = frozenset({DataClass.DEMOGRAPHIC, DataClass.CLINICAL})
_ANY_PHI = _PHI | {DataClass.PROTECTED}
_PERSONNEL = frozenset({DataClass.PERSONNEL})
_SECRET = frozenset({DataClass.IDENTITY_SECRET})
_LEGAL = frozenset({DataClass.LEGAL})
_NONE: frozenset[DataClass] = frozenset()

EVERYBODY = "parties.read codes.read tokens.read tokens.revoke work.use documents.read"
"""What every role of a person holds."""

SEES_CLAIMS = (
    "patients.read visits.read charges.read claims.read intake.read eligibility.read contracting.read estimates.read"
)
SEES_PAYMENTS = "remittances.read denials.read underpayments.read billing.read"
COLLECTS = "billing.read billing.collect"
BILLS_PATIENTS = f"{COLLECTS} billing.state billing.repay billing.deposit parties.note"
SEES_FIGURES = "analytics.read"
SEES_BOOKS = (
    "ledger.read banking.read settlement.read treasury.read agreements.read contracting.read governance.budgets "
    "equity.read leaving.read"
)
CHECKS_COVERAGE = "eligibility.read eligibility.check eligibility.authorize estimates.read estimates.make visits.route"
WORKS_CLAIMS = (
    f"{SEES_CLAIMS} {SEES_PAYMENTS} charges.capture claims.work claims.submit claims.acknowledge "
    "denials.work intake.run exchange.read exchange.send exchange.enrol parties.note"
)
POSTS_PAYMENTS = f"{SEES_PAYMENTS} remittances.post remittances.match underpayments.work parties.note"
REGISTERS = f"{COLLECTS} patients.read patients.edit visits.read visits.edit intake.run intake.read {CHECKS_COVERAGE}"
KEEPS_BOOKS = (
    f"{SEES_BOOKS} ledger.post ledger.reverse banking.import settlement.pay settlement.enter settlement.shared_cost "
    "settlement.allocate equity.pay"
)
SETTLES = (
    "settlement.run settlement.answer settlement.confirm settlement.shared_cost settlement.allocate settlement.freeze"
)
PAYS_OUT = "treasury.run treasury.prepare treasury.release treasury.send"
KEEPS_AGREEMENTS = (
    "agreements.read agreements.draft agreements.execute agreements.terminate agreements.notice agreements.facts "
    "agreements.counsel"
)
KEEPS_CONTRACTS = "contracting.read contracting.draft contracting.publish"
PROPOSES = "governance.read governance.propose governance.disclose governance.write"
SITS = "governance.sit"
CONVENES = f"{SITS} governance.convene"
ANSWERS = "governance.answer"
DECIDES = f"{PROPOSES} {SITS} governance.decide governance.grade access.approve"
CHECKS_PAYMENTS = "compliance.read compliance.run"
KEEPS_RUNNING = "jobs.read jobs.replay outbox.read outbox.replay"


def _mso(code: str, words: str, permissions: str, classes: frozenset[DataClass] = _NONE) -> Role:
    return Role(code, words, Side.MSO, frozenset(f"{EVERYBODY} {permissions}".split()), classes)


def _practice(code: str, words: str, permissions: str, classes: frozenset[DataClass] = _NONE) -> Role:
    return Role(code, words, Side.PRACTICE, frozenset(f"{EVERYBODY} {permissions}".split()), classes)


MSO_ROLES = (
    # revenue cycle
    _mso(
        "biller",
        "Biller",
        f"{WORKS_CLAIMS} {POSTS_PAYMENTS} {CHECKS_COVERAGE} {PROPOSES} claims.draft_rules",
        _PHI,
    ),
    _mso(
        "billing_lead",
        "Billing lead",
        f"{WORKS_CLAIMS} {POSTS_PAYMENTS} {CHECKS_COVERAGE} {BILLS_PATIENTS} {SEES_FIGURES} {PROPOSES} {ANSWERS} "
        "charges.fees contracting.draft billing.setup billing.approve billing.tables claims.override "
        "claims.draft_rules claims.rules claims.follow denials.approve denials.setup exchange.keep tokens.issue "
        "underpayments.rules work.oversee analytics.costs",
        _PHI,
    ),
    _mso("coder_support", "Coding support", "patients.read visits.read charges.read claims.read", _PHI),
    _mso("poster", "Payment poster", f"{SEES_CLAIMS} {POSTS_PAYMENTS} banking.read banking.import", _PHI),
    _mso(
        "denial_specialist",
        "Denial specialist",
        f"{SEES_CLAIMS} {SEES_PAYMENTS} claims.work claims.submit denials.work underpayments.work parties.note",
        _PHI,
    ),
    _mso("patient_billing", "Patient billing", f"{SEES_CLAIMS} {SEES_PAYMENTS} {BILLS_PATIENTS} estimates.make", _PHI),
    # front office
    _mso("scheduler", "Scheduler", f"{REGISTERS} parties.note", _PHI),
    # money
    _mso(
        "controller",
        "Controller",
        f"{KEEPS_BOOKS} {SEES_FIGURES} {PROPOSES} {CONVENES} {ANSWERS} {SETTLES} {PAYS_OUT} {CHECKS_PAYMENTS} "
        "ledger.close governance.plan agreements.draft equity.keep equity.approve leaving.work leaving.state "
        "tokens.issue analytics.costs",
    ),
    _mso("accountant", "Accountant", f"{KEEPS_BOOKS} {CHECKS_PAYMENTS} treasury.prepare treasury.send"),
    _mso("payroll", "Payroll", "", _PERSONNEL),
    _mso("hr", "Human resources", "", _PERSONNEL),
    _mso("buyer", "Buyer", ""),
    # the house
    _mso(
        "compliance_officer",
        "Compliance officer",
        f"{CHECKS_PAYMENTS} compliance.keep audit.read access.read governance.read agreements.read agreements.facts "
        "agreements.law agreements.clauses agreements.tasks agreements.review documents.open_any work.oversee "
        "equity.read leaving.read leaving.work leaving.certify",
        _LEGAL | _ANY_PHI,
    ),
    _mso(
        "it_desk",
        "IT service desk",
        f"users.read access.read codes.load exchange.read exchange.keep {KEEPS_RUNNING}",
    ),
    _mso(
        "mso_executive",
        "Executive of the MSO",
        f"{SEES_BOOKS} {SEES_FIGURES} {KEEPS_AGREEMENTS} {KEEPS_CONTRACTS} {PROPOSES} {CONVENES} {ANSWERS} {SETTLES} "
        "treasury.release access.read governance.plan audit.read compliance.read equity.keep equity.approve "
        "leaving.work agreements.clauses agreements.tasks agreements.initiatives agreements.sign",
    ),
    _mso(
        "administrator",
        "Administrator",
        f"users.read users.manage access.read access.assign tokens.issue audit.read parties.edit parties.network "
        "claims.follow codes.load billing.tables denials.setup exchange.read exchange.keep "
        f"{KEEPS_AGREEMENTS} {KEEPS_CONTRACTS} {KEEPS_RUNNING} {PROPOSES}",
    ),
)

PRACTICE_ROLES = (
    _practice(
        "practice_owner",
        "Practice owner",
        f"{SEES_CLAIMS} {SEES_PAYMENTS} {BILLS_PATIENTS} {SEES_FIGURES} {SEES_BOOKS} {KEEPS_CONTRACTS} charges.fees "
        f"{DECIDES} governance.convene billing.setup billing.approve settlement.approve settlement.dispute "
        "settlement.confirm treasury.approve treasury.instruct treasury.release compliance.read access.read "
        "access.assign audit.read parties.edit parties.reveal vault.reveal tokens.issue documents.open_any "
        "portability.take agreements.notice governance.plan equity.ask equity.answer leaving.leave agreements.sign "
        "agreements.join equity.keep",
        _ANY_PHI | _SECRET,
    ),
    _practice("physician", "Physician", f"{SEES_CLAIMS} {SEES_PAYMENTS} {DECIDES} visits.edit charges.capture", _PHI),
    _practice(
        "practice_staff",
        "Practice staff",
        f"{REGISTERS} {PROPOSES} charges.read charges.capture claims.read",
        _PHI,
    ),
)

READS_ALL = (
    f"{EVERYBODY} {SEES_CLAIMS} {SEES_PAYMENTS} {SEES_FIGURES} {SEES_BOOKS} governance.read compliance.read "
    "access.read audit.read settlement.shared_cost"
)
FEEDS = f"tokens.read parties.read codes.read charges.read charges.capture claims.read {REGISTERS} {SEES_PAYMENTS}"

OTHER_ROLES = (
    Role("auditor", "Auditor", Side.AUDITOR, frozenset(READS_ALL.split()), _PHI),
    Role("integrator", "Integrator", Side.INTEGRATOR, frozenset(FEEDS.split()), _PHI),
)

ROLES: tuple[Role, ...] = (*MSO_ROLES, *PRACTICE_ROLES, *OTHER_ROLES)
