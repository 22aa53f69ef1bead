"""Questions of portability: the parts of the revenue cycle, all that a practice owns, and what it adds up to."""
