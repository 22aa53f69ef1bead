"""What can be said of a party: the closed lists of the registers."""

from __future__ import annotations

from openmso.platform.ui.contracts import Status, Tone


class Ownership(Status):
    """Who owns the MSO; some rules of law turn on it."""

    INDEPENDENT = "independent", "Independent"
    HOSPITAL = "hospital", "Hospital-owned"
    PHYSICIAN = "physician", "Physician-owned"
    INVESTOR = "investor", "Investor-owned"
    NON_PROFIT = "non_profit", "Non-profit"


class TaxStatus(Status):
    """How the MSO is taxed."""

    CORPORATION = "corporation", "C corporation"
    S_CORPORATION = "s_corporation", "S corporation"
    PARTNERSHIP = "partnership", "Partnership"
    EXEMPT = "exempt", "Tax-exempt, 501(c)(3)"


class EntityForm(Status):
    """The legal form of an entity."""

    PC = "pc", "Professional corporation"
    PLLC = "pllc", "Professional LLC"
    PARTNERSHIP = "partnership", "Partnership"
    LLC = "llc", "LLC"
    CORPORATION = "corporation", "Corporation"
    NON_PROFIT = "non_profit", "Non-profit corporation"
    SOLE = "sole", "Sole proprietor"


class Basis(Status):
    """The accounting basis of an entity's books as its tax return keeps them."""

    CASH = "cash", "Cash"
    ACCRUAL = "accrual", "Accrual"


class Specialty(Status):
    """What a practice does, in our words."""

    PRIMARY_CARE = "primary_care", "Primary care"
    OPTOMETRY = "optometry", "Optometry"
    DERMATOLOGY = "dermatology", "Dermatology"
    BEHAVIORAL_HEALTH = "behavioral_health", "Behavioral health"
    PEDIATRICS = "pediatrics", "Pediatrics"
    OPHTHALMOLOGY = "ophthalmology", "Ophthalmology"
    DENTAL = "dental", "Dental"
    MULTI = "multi", "Multi-specialty"


class NpiType(Status):
    """Whose NPI: an individual's or an organization's (45 CFR 162.406)."""

    INDIVIDUAL = "1", "Type 1, individual"
    ORGANIZATION = "2", "Type 2, organization"


class PayerKind(Status):
    """The line of business of a payer; agreements exclude by it."""

    MEDICARE = "medicare", "Medicare"
    MEDICAID = "medicaid", "Medicaid"
    TRICARE = "tricare", "TRICARE"
    COMMERCIAL = "commercial", "Commercial"
    BLUES = "blues", "Blue Cross Blue Shield"
    VISION = "vision", "Vision plan"
    WORKERS_COMP = "workers_comp", "Workers' compensation"
    AUTO = "auto", "Auto"

    @property
    def is_government(self) -> bool:
        """Whether its money is a government receivable (42 CFR 424.73, 447.10)."""
        return self in {PayerKind.MEDICARE, PayerKind.MEDICAID, PayerKind.TRICARE}


class Filing(Status):
    """The claim filing indicator of a payer (837 SBR09): code values, our own labels."""

    MEDICARE_B = "MB", "Medicare part B"
    MEDICARE_ADVANTAGE = "16", "Medicare risk plan"
    MEDICAID = "MC", "Medicaid"
    TRICARE = "CH", "TRICARE"
    COMMERCIAL = "CI", "Commercial"
    PPO = "12", "PPO"
    HMO = "HM", "HMO"
    BLUES = "BL", "Blue plan"
    WORKERS_COMP = "WC", "Workers' compensation"
    AUTO = "AM", "Auto medical"
    OTHER = "ZZ", "Other"


class AccountUse(Status):
    """What a bank account is for."""

    DEPOSIT_GOVERNMENT = "deposit_government", "Deposits, government payers", Tone.WARN
    DEPOSIT = "deposit", "Deposits, other payers"
    OPERATING = "operating", "Operating"
    PAYROLL = "payroll", "Payroll"
    RESERVE = "reserve", "Reserve"


class ContactRole(Status):
    """What a contact is for."""

    OWNER = "owner", "Owner"
    ADMINISTRATOR = "administrator", "Administrator"
    BILLING = "billing", "Billing questions"
    PRIVACY = "privacy", "Privacy officer"
    LEGAL = "legal", "Legal notices"
