"""Screens of compliance, and the operations that do the same."""

SAME = {
    "compliance:arrangements": "list_arrangements",
    "compliance:new": "register_arrangement",
    "compliance:enter": "enter_arrangements",
    "compliance:template": "take_arrangement_template",
    "compliance:arrangement": "get_arrangement list_checked_payments",
    "compliance:write-term": "write_arrangement_term",
    "compliance:sign": "sign_arrangement_term",
    "compliance:activate": "activate_arrangement_term",
    "compliance:file-opinion": "file_fmv_opinion",
    "compliance:name-relative": "name_arrangement_relative",
    "compliance:answer": "answer_checklist_element",
    "compliance:end": "end_arrangement",
    "compliance:runs": "list_payment_checks",
    "compliance:clearance": "get_payment_clearance",
    "compliance:check": "check_payments",
    "compliance:run": "get_payment_check list_checked_payments",
    "compliance:payable": "take_payable_payments",
    "compliance:line": "get_checked_payment",
    "compliance:settle": "settle_checked_payment",
}
