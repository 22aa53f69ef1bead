"""Questions of compliance: the register of arrangements, and payment runs."""
