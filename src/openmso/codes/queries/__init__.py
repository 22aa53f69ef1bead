"""Questions: which loads there are, and what the editions that count say about codes."""
