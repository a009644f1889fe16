"""A policy on every page: what it may load and run, and that nothing else is.

All scripts of a page are files of the book, or are known by their hash; no markup holds
code, and none holds styles. Vega compiles expressions, so that evaluation is allowed on the
page itself; a server may send `STRICT` as a header, which forbids that too (then the page
takes Vega's interpreter). CONTRIBUTING.md tells how.

The functions above `setup` need the standard library alone: essay.py serves with them.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

SETTINGS = "essay-settings.js"
#: What a page may do; `policy` adds to it what only holds for the page itself.
RULES = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src data:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
)
FROM_A_FOLDER = ("script-src", "style-src", "img-src")
#: The header for a server: no evaluation, and no frame on other sites.
STRICT = "; ".join((*RULES, "frame-ancestors 'self'"))
#: All headers of such a server.
HEADERS = {
    "Content-Security-Policy": STRICT,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
#: Types of script elements that a browser runs.
RUN = ("", "text/javascript", "application/javascript", "module")
AFTER_ALL_OTHERS = 950
AFTER_THE_THEME = 950

SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>\s*", re.DOTALL)
STYLE_FOR_NO_SCRIPT = re.compile(
    r"<noscript>\s*<style>.*?</style>\s*</noscript>\s*", re.S
)
META = re.compile(r'\n? *<meta http-equiv="Content-Security-Policy"[^>]*>')
CHARSET = re.compile(r"<meta charset=[^>]*>", re.IGNORECASE)


def is_code(attributes: str) -> bool:
    """Does a script element hold code (no address, and a type that a browser runs)?

    >>> is_code(' data-cfasync="false"'), is_code(' src="a.js"'), is_code(' type="application/json"')
    (True, False, False)
    """
    if re.search(r"\bsrc=", attributes):
        return False
    kind = re.search(r'\btype="([^"]*)"', attributes)
    return (kind.group(1) if kind else "") in RUN


def without_code(markup: str) -> str:
    """Markup of the theme without code or style sheets in it: our own files do the same.

    >>> without_code('<p>a</p><script>let a;</script><script src="b.js"></script>')
    '<p>a</p><script src="b.js"></script>'
    """
    markup = SCRIPT.sub(
        lambda found: "" if is_code(found.group(1)) else found.group(0), markup
    )
    return STYLE_FOR_NO_SCRIPT.sub("", markup)


def hashed(code: str) -> str:
    """Source of a policy that allows a script by what it says."""
    digest = hashlib.sha256(code.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def policy(page: str) -> str:
    """The policy of a page: its own scripts, and evaluation for Vega.

    A book that is opened from a folder has no host that 'self' could mean, and not every
    browser takes it for the folder: `file:` says it, and says nothing on a server.

    Examples
    --------
    >>> policy('<script src="a.js"></script>').split("; ")[1:3]
    ["script-src 'self' file: 'unsafe-eval'", "style-src 'self' file:"]
    """
    codes = [code for attributes, code in SCRIPT.findall(page) if is_code(attributes)]
    more = ["'unsafe-eval'", *sorted({hashed(code) for code in codes})]
    rules = []
    for rule in RULES:
        name = rule.split()[0]
        if name in FROM_A_FOLDER:
            rule = rule.replace("'self'", "'self' file:")
        rules.append(" ".join([rule, *more]) if name == "script-src" else rule)
    return "; ".join(rules)


def guarded(page: str) -> str:
    """A page with its policy, right behind its character set; one that it had is replaced."""
    page = META.sub("", page)
    found = CHARSET.search(page)
    place = found.end() if found else 0
    said = html.escape(policy(page), quote=False)
    meta = f'\n    <meta http-equiv="Content-Security-Policy" content="{said}" />'
    return (page[:place] + meta + page[place:]).lstrip()


# In the build ------------------------------------------------------------------------


def gather_settings(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Put the settings that extensions write into each page as code into one file.

    They are the same on every page but for its name, which only the theme's menu of
    versions asks for, and there is none.
    """
    if app.builder.format != "html" or "script_files" not in context:
        return
    scripts = sorted(context["script_files"], key=lambda script: script.priority)
    bodies = {id(one): one.attributes.get("body", "") for one in scripts}
    codes = [bodies[id(one)] for one in scripts if bodies[id(one)]]
    shared = [code for code in codes if "DOCUMENTATION_OPTIONS.pagename" not in code]
    text = "".join(f"{code}\n" for code in dict.fromkeys(shared))
    path = Path(app.outdir) / "_static" / SETTINGS
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
    # The list itself is changed: others may still add to it.
    context["script_files"][:] = [one for one in scripts if not bodies[id(one)]]


def write_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all: a disk may be full."""
    unfinished = path.with_name(f"{path.name}.part")
    try:
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def guard_pages(app: Sphinx, exception: Exception | None) -> None:
    """Write the policy into every page, when all others have written theirs."""
    if exception or app.builder.format != "html":
        return
    root = Path(app.outdir)
    for path in sorted(root.rglob("*.html")):
        if path.relative_to(root).parts[0] == "_static":
            continue
        page = path.read_text(encoding="utf-8")
        if (told := guarded(page)) != page:
            write_whole(path, told)


def add_filter(app: Sphinx) -> None:
    """Give the templates `without_code`."""
    if app.builder.format == "html":
        app.builder.templates.environment.filters["without_code"] = without_code


def setup(app: Sphinx) -> None:
    """Register the script files and the events."""
    app.add_js_file(SETTINGS, priority=490)
    app.add_js_file("essay-buttons.js", loading_method="defer")
    app.connect("builder-inited", add_filter)
    app.connect("html-page-context", gather_settings, priority=AFTER_THE_THEME)
    app.connect("build-finished", guard_pages, priority=AFTER_ALL_OTHERS)
