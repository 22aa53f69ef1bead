"""Questions about remittances: `files` and remittances, `payments` and what is unmatched, `cash` and deposits."""
