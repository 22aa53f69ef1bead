"""Questions about exits, and what a closing comes to."""
