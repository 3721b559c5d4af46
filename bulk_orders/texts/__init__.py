"""The catalogue of what people read: sentences, labels and help, one module for each area.

A text is a constant, a template with named placeholders: ``words.IN_USE.format(path=path)``. A message and its fix are named alike
(``IN_USE``, ``IN_USE_FIX``). Nothing outside this package holds a sentence for users, and it imports nothing of ours: another
language is another package of the same names.
"""
