"""Verbs: taking denials in, answering them, giving them up, closing those that payers decided anew."""
