"""Rules of the books: names, charts, shapes of entries, statements. Plain values in, plain values out."""
