"""Screens of codes, and the operations that do the same."""

SAME = {
    "codes:codes": "list_codes",
    "codes:code": "get_code",
    "codes:loads": "list_code_loads",
    "codes:load": "get_code_load",
    "codes:new-load": "load_codes",
    "codes:undo-load": "undo_code_load",
}
