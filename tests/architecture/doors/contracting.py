"""Screens of contracting, and the operations that do the same."""

SAME = {
    "contracting:contracts": "list_payer_contracts",
    "contracting:of-practice": "list_payer_contracts",
    "contracting:new": "draft_payer_contract",
    "contracting:contract": "get_payer_contract",
    "contracting:draft": "draft_payer_contract",
    "contracting:withdraw": "withdraw_payer_contract_draft",
    "contracting:publish": "publish_payer_contract",
    "contracting:version": "list_payer_contract_changes list_payer_contract_rates",
    "contracting:price": "price_by_payer_contract",
}
