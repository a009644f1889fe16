"""The module's commands: ``python -m multivector COMMAND …`` from the folder ``book``."""

from multivector.commands import main

if __name__ == "__main__":
    raise SystemExit(main())
