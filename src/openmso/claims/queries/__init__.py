"""Questions about claims, each answered with frozen contracts."""
