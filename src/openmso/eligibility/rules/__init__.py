"""Judgement about answers: the benefit sheet, what refusals mean, when to ask again, when an answer still holds."""
