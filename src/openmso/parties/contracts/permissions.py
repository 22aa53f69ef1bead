"""Who may see and keep the registers, and how the trail tells of it."""

from __future__ import annotations

from collections.abc import Iterable

from openmso.kit.classes import DataClass
from openmso.platform.access.contracts import Permission
from openmso.platform.access.reserved import Act

READ = Permission("parties.read", "see practices, billing providers, sites, clinicians and payers")
EDIT = Permission("parties.edit", "change the parties of a practice")
NETWORK = Permission("parties.network", "keep the registers of the network: practices and payers")
HIRES = Act("parties.clinician_added", "RD06", "take a clinician in", "parties:practice")
LETS_GO = Act("parties.clinician_left", "RD06", "record that a clinician leaves", "parties:practice")
OPENS_SITE = Act("parties.site_added", "FA13", "open a place where patients are seen", "parties:practice")
ACTS: Iterable[Act] = (HIRES, LETS_GO, OPENS_SITE)
NOTE = Permission("parties.note", "write and end notes about payers and practices")
REVEAL = Permission(
    "parties.reveal",
    "reveal an SSN or a bank account number",
    classes=frozenset({DataClass.IDENTITY_SECRET}),
    fresh=True,
)
PERMISSIONS: Iterable[Permission] = (READ, EDIT, NETWORK, NOTE, REVEAL)

SENTENCES = {
    "parties.mso_registered": "{actor} registered the MSO {name}",
    "parties.practice_opened": "{actor} opened the practice {name}",
    "parties.practice_renamed": "{actor} recorded that the practice is called {name} from {starts_on}",
    "parties.practice_changed": "{actor} changed the specialty or state of the practice",
    "parties.entity_added": "{actor} added the legal entity {name}",
    "parties.entity_renamed": "{actor} recorded that {subject} is called {name} from {starts_on}",
    "parties.account_opened": "{actor} added the bank account {name}",
    "parties.account_corrected": "{actor} took over what the bank says is right of {name}; {account} is closed by it",
    "parties.account_closed": "{actor} closed the bank account {subject} from {ends_on}",
    "parties.account_instructed": "The number of the bank account {subject} went into a bank file of {actor}",
    "parties.biller_added": "{actor} added the billing provider {name} with NPI {npi}",
    "parties.biller_changed": "{actor} changed the profile of billing provider {subject} from {starts_on}",
    "parties.site_added": "{actor} added the site {name}",
    "parties.site_changed": "{actor} changed the profile of site {subject} from {starts_on}",
    "parties.clinician_added": "{actor} added the clinician {name} with NPI {npi}",
    "parties.clinician_changed": "{actor} changed the record of clinician {subject}",
    "parties.clinician_left": "{actor} recorded that clinician {subject} left on {ends_on}",
    "parties.clinician_time_stated": "{actor} stated that {subject} works {share} % of full time from {starts_on}",
    "parties.enrolment_recorded": "{actor} recorded that {payer} has {subject} enrolled from {starts_on}",
    "parties.enrolment_ended": "{actor} recorded that the enrolment of {subject} with {payer} ended on {ends_on}",
    "parties.payer_added": "{actor} added the payer {name}",
    "parties.payer_changed": "{actor} changed the payer {name}",
    "parties.vendor_added": "{actor} added the vendor {name}",
    "parties.contact_added": "{actor} added the contact {name}",
    "parties.note_written": "{actor} wrote the note {note}",
    "parties.note_ended": "{actor} ended the note {note}",
}
