"""What exchange does: the only writers of its tables, and the ways by which files travel."""
