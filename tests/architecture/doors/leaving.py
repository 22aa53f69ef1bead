"""Screens of leaving, and the operations that do the same."""

SAME = {
    "leaving:exits": "list_exits",
    "leaving:new": "give_notice_to_leave",
    "leaving:exit": "get_exit",
    "leaving:withdraw": "withdraw_notice_to_leave",
    "leaving:move-task": "move_task_of_practice",
    "leaving:move-our-task": "move_task_of_mso",
    "leaving:list-asset": "list_exit_asset",
    "leaving:appraise": "file_appraisal_of_practice",
    "leaving:appraise-ours": "file_appraisal_of_mso",
    "leaving:elect": "elect_assets",
    "leaving:tell-item": "tell_closing_item",
    "leaving:state": "issue_closing_statement",
    "leaving:certify": "certify_patient_data",
    "leaving:close": "close_exit",
}
