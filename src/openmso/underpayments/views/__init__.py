"""Screens of underpayments: `lines` that were paid short and their disputes, `proposing` what rules say of them."""
