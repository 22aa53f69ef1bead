"""Questions about denials."""
