"""Verbs of leaving: every act adds a row, and none changes one."""
