"""Law as data: rules of jurisdictions over documented facts, judged at the moments of an agreement's life.

Pure: no Django, no database, no clock. `facts` is the list of what may be known of a relationship, `rulebook` reads
rules written as data (`rules.toml` is the house's own), `judging` says what each rule comes to, with its citation.
Nothing here is legal advice: a rule says where it was seen, and one that was only recalled stops nothing until
counsel has signed it off.
"""
