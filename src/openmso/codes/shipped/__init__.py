"""Lists that come along: rows that were checked against what their publishers say, each file with its own date."""
