"""Questions of billing."""
