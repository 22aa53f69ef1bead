"""What a screen can do, software can do: for every screen and act, the operations of the API that do the same.

A new route belongs in `SAME` (with the operations, by id, separated by spaces) or, where software has no use for
it, in `SCREENS_ONLY` with the reason in words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from openmso.platform.access import checks

SAME: Mapping[str, str] = {
    "accounts:sessions": "list_sessions",
    "accounts:end-session": "end_session",
    "accounts:end-sessions": "end_own_sessions",
    "accounts:tokens": "list_tokens get_token",
    "accounts:new-token": "issue_token",
    "accounts:revoke-token": "revoke_token",
    "accounts:people": "list_users",
    "accounts:person": "get_user list_assignments",
    "accounts:invite": "add_user invite_user",
    "accounts:why": "list_decisions",
    "accounts:invite-again": "invite_user",
    "accounts:disable": "disable_user",
    "accounts:enable": "enable_user",
    "accounts:end-their-sessions": "end_sessions_of_user",
    "accounts:assign": "assign_user",
    "accounts:end-assignment": "end_assignment",
    "work:inbox": "list_work list_views",
    "work:next": "take_next_work",
    "work:done-many": "act_on_work",
    "work:snooze-many": "act_on_work",
    "work:take-many": "act_on_work",
    "work:takers": "list_takers",
    "work:give-many": "act_on_work",
    "work:undo": "undo_work",
    "work:save-view": "save_view",
    "work:forget-view": "forget_view",
    "work:item": "get_work",
    "work:peek": "get_work",
    "work:done": "finish_work",
    "work:snooze": "snooze_work",
    "work:wake": "wake_work",
    "work:take": "take_work give_work_back",
    "work:give": "assign_work",
    "work:comment": "comment_on_work",
    "documents:documents": "list_documents",
    "documents:document": "get_document",
    "documents:download": "open_document",
    "audit:events": "list_trail_events",
    "audit:proof": "prove_trail",
    "audit:history": "list_trail_events list_trail_reads",
    "jobs:dead-jobs": "list_dead_jobs",
    "jobs:replay-jobs": "replay_job",
    "jobs:dead-facts": "list_dead_facts",
    "jobs:replay-facts": "replay_fact",
    "ledger:books": "list_books",
    "ledger:entry-of": "read_entry",
    "ledger:book": "trial_balance",
    "ledger:income": "income_statement",
    "ledger:position": "balance_sheet",
    "ledger:account": "account_lines list_accounts",
    "ledger:peek": "account_lines",
    "ledger:entries": "list_entries",
    "ledger:new-entry": "post_entry",
    "ledger:entry": "read_entry",
    "ledger:reverse": "reverse_entry",
    "ledger:periods": "list_periods",
    "ledger:open-period": "open_period",
    "ledger:close-period": "close_period",
    "ledger:reopen-period": "reopen_period",
    "ledger:lock-period": "lock_period",
    "ledger:close-year": "close_year",
    "settlement:statements": "list_settlements",
    "settlement:settle": "settle_month settle_many",
    "settlement:run": "get_settlement_run",
    "settlement:statement": "get_statement",
    "settlement:fee": "get_statement",
    "settlement:given": "list_lines_of_input",
    "settlement:behind": "list_lines_of_figure",
    "settlement:approve": "approve_invoice",
    "settlement:pay": "record_fee_payment",
    "settlement:withdraw": "withdraw_settlement",
    "settlement:paper": "get_settlement_paper",
    "claims:worklist": "list_claims",
    "claims:next": "take_next_work",
    "claims:submit_many": "submit_claims",
    "claims:scrub_many": "scrub_claims",
    "claims:snooze_many": "act_on_work",
    "claims:undo_submit": "undo_claim_run",
    "claims:run": "get_claim_run",
    "claims:release": "release_batches",
    "claims:releases": "list_claims",
    "claims:batches": "list_batches",
    "claims:batch": "get_batch",
    "claims:acknowledge": "take_in_acknowledgements",
    "claims:acknowledgement": "get_acknowledgement",
    "claims:claim": "get_claim list_claim_events",
    "claims:peek": "get_claim",
    "claims:raw": "list_claim_segments",
    "claims:submit": "submit_claim",
    "claims:unsubmit": "unsubmit_claim",
    "claims:hold": "hold_claim",
    "claims:unhold": "unhold_claim",
    "claims:override": "override_finding",
    "claims:scrub": "scrub_claim",
    "claims:change": "change_claim",
    "claims:correct": "correct_claim",
    "claims:drop": "drop_claim",
    "claims:close": "close_claim",
    "remittances:remittances": "list_remittances",
    "remittances:upload": "receive_file",
    "remittances:files": "list_remittance_files",
    "remittances:file": "get_file",
    "remittances:try-again": "post_remittance_file",
    "remittances:unmatched": "list_unmatched",
    "remittances:deposits": "list_awaited get_cash_position",
    "remittances:unexplained": "list_unexplained",
    "remittances:matched": "list_deposits",
    "remittances:pair": "list_deposit_candidates",
    "remittances:match-deposits": "match_deposits",
    "remittances:match-pair": "match_deposit",
    "remittances:deposit": "get_deposit",
    "remittances:unmatch": "unmatch_deposit",
    "remittances:payment": "get_payment",
    "remittances:match-claim": "match_payment",
    "remittances:adjustment": "get_provider_adjustment",
    "remittances:of-claim": "list_payments_of_claim",
    "remittances:remittance": "get_remittance list_payments",
    "banking:lines": "list_bank_lines",
    "banking:statements": "list_bank_statements",
    "banking:import": "import_bank_statement",
    "banking:line": "get_bank_line",
    "intake:runs": "list_intake_runs",
    "intake:take": "take_in",
    "intake:run": "get_intake_run",
    "parties:practices": "list_practices",
    "parties:open-practice": "open_practice",
    "parties:practice": "get_practice list_entities list_billers list_sites list_clinicians list_contacts "
    "list_bank_accounts",
    "parties:change-practice": "change_practice",
    "parties:rename-practice": "rename_practice",
    "parties:add-entity": "add_entity",
    "parties:open-account": "open_bank_account",
    "parties:reveal-account": "reveal_account_number",
    "parties:add-contact": "add_contact",
    "parties:add-biller": "add_biller",
    "parties:change-biller": "change_biller",
    "parties:add-site": "add_site",
    "parties:change-site": "change_site",
    "parties:add-clinician": "add_clinician",
    "parties:change-clinician": "change_clinician",
    "parties:clinician-leaves": "clinician_leaves",
    "parties:reveal-ssn": "reveal_ssn",
    "parties:payers": "list_payers",
    "parties:add-payer": "add_payer",
    "parties:payer": "get_payer",
    "parties:change-payer": "change_payer",
    "parties:mso": "list_msos list_mso_entities",
    "agreements:agreements": "list_agreements",
    "agreements:new": "begin_agreement",
    "agreements:draft": "begin_agreement",
    "agreements:agreement": "get_agreement list_baas list_scope_grants",
    "agreements:quote": "quote_fee",
    "agreements:summary": "get_agreement_summary",
    "agreements:compare": "list_version_changes",
    "agreements:paper": "open_document",
    "agreements:revise": "revise_draft",
    "agreements:amend": "amend_agreement",
    "agreements:withdraw": "withdraw_draft",
    "agreements:execute": "execute_agreement",
    "agreements:terminate": "terminate_agreement",
    "agreements:sign-baa": "sign_baa",
    "agreements:end-baa": "end_baa",
}
SCREENS_ONLY: Mapping[str, str] = {
    "home": "a page of tiles, each with an operation of its own",
    "demo_sign_in": "software signs in by token",
    "livez": "asked without the API, by whatever watches the process",
    "readyz": "asked without the API, by whatever watches the process",
    "ui:preferences": "how one person's screen looks",
    "ui:columns": "how one person's screen looks",
    "ui:palette": "looks in the lists, each with an operation that takes `q`",
    "ui:counts": "numbers of the menu: the totals of lists",
    "ui:gallery": "components with invented content",
    "ui:gallery-act": "components with invented content",
    "ui:gallery-write-off": "components with invented content",
    "ui:gallery-page": "components with invented content",
    "intake:template": "the columns that the documentation lists, as a file to fill in",
}
OTHER_PERMISSION: Mapping[str, str] = {
    "accounts:people": "accounts as such ask for users.read; the page shows whom one may assign",
    "accounts:person": "accounts as such ask for users.read; the page shows whom one may assign",
    "claims:next": "the inbox decides by the permission of each kind of work",
    "claims:snooze_many": "the inbox decides by the permission of each kind of work",
    "agreements:paper": "the store decides by the purpose of each file",
    "accounts:sessions": "about oneself",
    "accounts:end-session": "about oneself",
    "accounts:end-sessions": "about oneself",
}
"""Screens whose operations ask for another permission, and why that opens nothing."""
LIBRARY = ("account_", "mfa_")
"""Sign-in, second factors and confirmation: forms of the sign-in library, for people alone."""


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen or an act of one: its name and what it declares."""

    name: str
    declares: str


def screens(resolver: URLResolver | None = None, space: str = "") -> Iterator[Screen]:
    """Everything the site shows or does outside the API, by name; a route without one by its path."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from () if entry.namespace == "api" else screens(entry, inner)
        elif isinstance(entry, URLPattern):
            name = space + (entry.name or str(entry.pattern))
            if not name.startswith(LIBRARY) and name not in {"accounts:openapi", "accounts:api-docs"}:
                yield Screen(name, checks.declaration(entry.callback))
