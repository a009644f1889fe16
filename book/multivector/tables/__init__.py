"""The tables of a case before they are one: described, read, sealed, and checked against each other.

Nothing here knows what the tables are used for; ``data`` opens the case with it.
``seals`` and ``problems`` need nothing but Python, so that the command that seals runs
without the packages of the book.
"""
