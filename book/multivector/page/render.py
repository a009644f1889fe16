"""Fill a template of the page, and show what came out.

Every value is escaped; markup that is known to be safe comes as ``markupsafe.Markup``.
"""

import json
import re
from pathlib import Path
from typing import Any

from IPython.display import HTML, display
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ..checks import refuse
from ..forms import formatted, percent
from ..language import _
from ..verdicts import AND, plain

#: Where the templates lie.
FOLDER = Path(__file__).parent / "templates"


def environment() -> Environment:
    """Jinja2 as all templates of the page are read.

    Returns
    -------
    jinja2.Environment
        It escapes every value, and refuses a template that asks for one it was not given.
    """
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(_, _plural, newstyle=True)  # type: ignore[attr-defined]
    made.filters |= {
        "formatted": formatted,
        "host": host,
        "its_rule": AND.__getitem__,
        "json": json.dumps,
        "percent": percent,
        "plain": plain,
        "web": web,
    }
    return made


def _plural(one: str, many: str, n: int) -> str:
    """A template says a plural by a form (``# claim|# claims``), as the text does."""
    raise NotImplementedError("pluralize; allowed: n | formatted('# one|# many')")


def web(address: str) -> str:
    """An address in the web, as it is.

    Raises
    ------
    ValueError
        If it is another one, which a page must not lead to.
    """
    if not re.match(r"https?://[^/]", address):
        refuse("address", address, "http:// or https://")
    return address


def host(address: str) -> str:
    """Whom an address belongs to.

    >>> host("https://www.example.org/a/b")
    'example.org'
    """
    return web(address).split("/")[2].removeprefix("www.")


_ENVIRONMENT = environment()


def fill(template: str, **values: Any) -> Markup:
    """Fill a template.

    Parameters
    ----------
    template : str
        Name of a file in ``templates``.
    **values
        What the template asks for.

    Returns
    -------
    markupsafe.Markup
    """
    return Markup(_ENVIRONMENT.get_template(template).render(**values))


def show_filled(template: str, **values: Any) -> None:
    """Fill a template and show it under the cell."""
    display(HTML(fill(template, **values)))
