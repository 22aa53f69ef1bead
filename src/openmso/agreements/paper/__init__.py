"""The paper beside the terms: clauses and the text made of them, who signs it, and the papers that go along. Pure."""
