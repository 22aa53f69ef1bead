"""Initiatives of the network: what practices may take part in, each off until the practice itself says yes."""
