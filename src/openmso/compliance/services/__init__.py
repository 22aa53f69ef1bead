"""The verbs of compliance: keeping the register, checking payments, watching what runs out."""
