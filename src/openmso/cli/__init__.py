"""CLI: the `openmso` command; for files and runs it does what the screens do."""
