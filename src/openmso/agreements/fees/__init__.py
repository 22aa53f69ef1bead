"""The fee engine: terms as data, a quote that shows every step, and the sentence a person reads.

Pure: no Django, no database, no clock. `terms` are the words of a contract as frozen data, `reading` takes them from
JSON and refuses what it does not understand, `quoting` computes, `sentences` says them in English. Only `fields`, the
form in which people write terms on a page, is Django's.
"""
