"""Questions about cap tables and capital."""
