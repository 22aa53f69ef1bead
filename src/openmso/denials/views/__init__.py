"""Edges: the queue of denials and their pages."""
