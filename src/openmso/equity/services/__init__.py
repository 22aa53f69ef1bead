"""Verbs of equity: every act adds a row, and none changes one."""
