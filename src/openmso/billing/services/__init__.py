"""The verbs of billing: the only writers of its tables."""
