"""Screens of analytics, and the operations that do the same."""

SAME = {
    "analytics:hour-costs": "list_hour_costs",
    "analytics:enter-cost": "enter_hour_cost",
    "analytics:board": "list_key_figures",
    "analytics:figure": "get_key_figure_of_network get_key_figure list_key_figure_parts",
    "analytics:behind": "list_claims_of_key_figure list_records_of_key_figure",
    "analytics:behind-ageing": "list_claims_of_receivables",
    "analytics:behind-cohort": "list_claims_of_cohort",
    "analytics:cohorts": "list_cohorts",
    "analytics:ageing": "get_receivables",
    "analytics:forecast": "get_cash_forecast",
    "analytics:count": "count_key_figures",
}
