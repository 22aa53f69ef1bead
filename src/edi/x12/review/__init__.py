"""Health care services review: the request for an authorization and its answer (278, 005010X217)."""
