"""Questions to exchange."""
