"""The words of denials: kinds, queues, causes, acts, ways of sending."""

from __future__ import annotations

from openmso.platform.ui.contracts import Status, Tone


class Category(Status):
    """What kind of denial it is: our own grouping of reason codes."""

    AUTH = "auth", "Authorization"
    REFERRAL = "referral", "Referral"
    ELIGIBILITY = "eligibility", "Eligibility"
    COB = "cob", "Other coverage"
    COB_OTHER_LIABILITY = "cob_other_liability", "Other liability"
    COB_PRIOR_PAYER = "cob_prior_payer", "Earlier payer"
    CODING_DEMOGRAPHIC = "coding_demographic", "Age or sex"
    CODING_DX = "coding_dx", "Diagnosis"
    CODING_MODIFIER = "coding_modifier", "Modifier"
    CODING_POS = "coding_pos", "Place of service"
    CODING_PROC = "coding_proc", "Procedure"
    BUNDLING = "bundling", "Bundling"
    FREQUENCY = "frequency", "Frequency"
    MED_NECESSITY = "med_necessity", "Medical necessity"
    LEVEL_OF_CARE = "level_of_care", "Level of care"
    NON_COVERED = "non_covered", "Not covered"
    BENEFIT_MAX = "benefit_max", "Benefit used up"
    NETWORK = "network", "Out of network"
    MISSING_INFO = "missing_info", "Missing information"
    DOCUMENTATION = "documentation", "Documents wanted"
    DUPLICATE = "duplicate", "Duplicate"
    TIMELY_FILING = "timely_filing", "Filed too late"
    PROVIDER_ENROLLMENT = "provider_enrollment", "Enrolment"
    CLIA = "clia", "CLIA"
    CONTRACT_SETUP = "contract_setup", "Contract setup"
    GRACE_PERIOD = "grace_period", "Grace period"
    PENDED = "pended", "Pending at the payer"
    APPEAL_UPHELD = "appeal_upheld", "Denial upheld"
    DENIAL_GENERIC = "denial_generic", "No reason given"
    COMPLIANCE = "compliance", "Compliance"
    REFUND_RECOUP = "refund_recoup", "Refund or recoupment"
    PAYMENT_REDUCTION = "payment_reduction", "Reduction to look at"
    CONTRACTUAL = "contractual", "Contract to look at"
    CAPITATION = "capitation", "Capitated"
    PATIENT_RESP = "patient_resp", "Patient's share to look at"
    INFO = "info", "Note of the payer"
    UNKNOWN = "unknown", "Unknown code"

    @classmethod
    def of(cls, name: str) -> Category:
        """The category of a name of the map; one we have no word for is unknown work."""
        return cls(name.lower()) if name.lower() in _CATEGORIES else cls.UNKNOWN


_CATEGORIES = {one.value for one in Category}


class Owner(Status):
    """The queue of those who answer a denial."""

    FRONT_END = "front_end", "Front end"
    AUTH = "auth", "Authorizations"
    CODING = "coding", "Coding"
    BILLING = "billing", "Billing"
    CLINICAL_APPEALS = "clinical_appeals", "Clinical appeals"
    CREDENTIALING = "credentialing", "Credentialing"
    CONTRACTING = "contracting", "Contracting"
    POSTING = "posting", "Posting"
    COMPLIANCE = "compliance", "Compliance"
    CREDIT_BALANCE = "credit_balance", "Credit balances"


class Cause(Status):
    """Who could have prevented it; where nobody of us could, the payer."""

    PRACTICE = "practice", "Practice", Tone.WARN
    MSO = "mso", "MSO", Tone.INFO
    PAYER = "payer", "Payer", Tone.NONE


class Act(Status):
    """What kind of answer an action is; the payer's clock that counts follows from it."""

    CORRECT = "correct", "Send corrected"
    APPEAL = "appeal", "Appeal"
    ASK = "ask", "Ask"
    PATIENT = "patient", "Move to the patient"
    WRITE_OFF = "writeoff", "Write off"


class Method(Status):
    """How an appeal leaves; each leaves a proof of its own."""

    MAIL = "mail", "Mail"
    FAX = "fax", "Fax"
    PORTAL = "portal", "Payer's portal"
