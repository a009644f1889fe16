"""Stands before a package of the same name in processes that the tests start.

JupyterLab brings it along. `jsonschema` then takes a second of every start of a kernel, and
of every build, to get ready for checking addresses, which neither does. The pins of the book
alone do not have it, so that the tests run what a reader runs.
"""

raise ImportError("not needed, and slow to import")
