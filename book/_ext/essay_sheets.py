"""Cut style sheets to the rules that some page, or some script, can use.

A rule stays where every name in its selector (class, id, element, attribute) occurs in the
pages or in the scripts that they load: what a script adds later, it names. Names inside a
pseudo-class such as `:not(…)` are not asked for. Sheets of one's own stay whole.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator

import tinycss2
from tinycss2.ast import AtRule, Declaration, Node, ParseError, QualifiedRule

#: At-rules that hold rules of their own.
HOLDERS = ("media", "supports", "layer", "container")
#: Attributes that need no value.
WITHOUT_VALUE = (
    "open",
    "hidden",
    "checked",
    "disabled",
    "selected",
    "readonly",
    "required",
)
#: Sheets that a sheet imports are named beside it; fonts are the icons' (essay_icons.py).
LEFT_OUT = ("charset", "import", "font-face")
Test = Callable[[str], bool]


def words_of_page(markup: str) -> set[str]:
    """Every name that a selector can ask for in a page: classes, ids, elements, attributes.

    >>> found = words_of_page('<p class="one two" id="x">No <b>class</b> here</p>')
    >>> sorted(found - set(WITHOUT_VALUE))
    ['b', 'class', 'id', 'one', 'p', 'two', 'x']
    """
    named = re.findall(r'(?:class|id)=\\?(?:"|&quot;)([^"&\\]*)', markup)
    words = {word for value in named for word in value.split()}
    words.update(re.findall(r"<([a-zA-Z][\w-]*)", markup))
    words.update(re.findall(r"[ \n]([a-zA-Z][\w-]*)=", markup))
    words.update(WITHOUT_VALUE)
    return words


def words_of_script(text: str) -> set[str]:
    """Every name in a script, and those that it puts together as they begin or end.

    >>> sorted(words_of_script("add('is-open'); add(`side-${where}`)"))
    ['add', 'is-open', 'side-', 'where']
    """
    return set(re.findall(r"[A-Za-z_-][\w-]*", text))


def knows(words: Iterable[str]) -> Test:
    """Whether a name is among the words, or begins with one that ends in a dash.

    >>> known = knows({"is-open", "side-"})
    >>> known("is-open"), known("side-left"), known("is-shut")
    (True, True, False)
    """
    whole = set(words)
    # A dash alone, or one letter with it, would let everything pass.
    beginnings = tuple(word for word in whole if re.fullmatch(r"-*\w[\w-]+-", word))
    return lambda name: name in whole or name.startswith(beginnings)


def names_of(selector: list[Node]) -> Iterator[str]:
    """Names that a selector asks for, without those inside pseudo-classes."""
    before = ""
    for token in selector:
        if token.type == "hash" or token.type == "ident" and before != ":":
            yield token.value
        elif token.type == "[] block":
            yield next(part.value for part in token.content if part.type == "ident")
        before = token.value if token.type == "literal" else ""


def split_at_commas(tokens: list[Node]) -> list[list[Node]]:
    """The selectors of a list of selectors."""
    parts: list[list[Node]] = [[]]
    for token in tokens:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        elif token.type != "comment":
            parts[-1].append(token)
    return parts


def shortened(tokens: list[Node]) -> str:
    """Tokens as text, each run of white space one blank."""
    kept = [token for token in tokens if token.type != "comment"]
    return re.sub(r"\s+", " ", tinycss2.serialize(kept)).strip()


def body(content: list[Node]) -> str:
    """What stands between the braces of a rule, comments and blanks left out."""
    parts = []
    for part in tinycss2.parse_blocks_contents(content, True, True):
        if isinstance(part, Declaration):
            weight = "!important" if part.important else ""
            # A variable may be empty, which is not the same as none.
            parts.append(f"{part.name}:{shortened(part.value) or ' '}{weight}")
        elif isinstance(part, QualifiedRule):
            parts.append(f"{shortened(part.prelude)}{{{body(part.content)}}}")
        elif isinstance(part, AtRule) and part.content is not None:
            head = shortened(part.prelude)
            parts.append(f"@{part.at_keyword} {head}{{{body(part.content)}}}")
    return ";".join(parts)


def cut(rules: list[Node], known: Test) -> str:
    """The rules that something known can match, as short text."""
    return "".join(cut_rule(rule, known) for rule in rules)


def cut_rule(rule: Node, known: Test) -> str:
    """One rule, cut to the selectors that can match; nothing if none can."""
    if isinstance(rule, QualifiedRule):
        kept = [
            shortened(selector)
            for selector in split_at_commas(rule.prelude)
            if all(map(known, names_of(selector)))
        ]
        inside = body(rule.content) if kept else ""
        return f"{','.join(kept)}{{{inside}}}" if inside else ""
    if not isinstance(rule, AtRule) or rule.at_keyword in LEFT_OUT:
        return ""
    head = f"@{rule.at_keyword} {shortened(rule.prelude)}".strip()
    if rule.content is None:
        return f"{head};"
    if rule.at_keyword in HOLDERS:
        inside = cut(tinycss2.parse_rule_list(rule.content, True, True), known)
        return f"{head}{{{inside}}}" if inside else ""
    return f"{head}{{{shortened(rule.content)}}}"


def addressed(text: str, folder: str) -> str:
    """Text of a sheet with its addresses as seen from the folder above its own.

    >>> addressed("a{background:url('../x.svg')}", "styles")
    'a{background:url("x.svg")}'
    """

    def seen(match: re.Match[str]) -> str:
        address = match[2]
        if re.match(r"[a-z]+:|#|/", address):
            return match[0]
        return f'url("{posixpath.normpath(posixpath.join(folder, address))}")'

    return re.sub(r"""url\(\s*(["']?)([^"')]+)\1\s*\)""", seen, text)


def parse(sheet: str) -> list[Node]:
    """The rules of a sheet, those left out that no browser would read."""
    rules = tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True)
    return [rule for rule in rules if not isinstance(rule, ParseError)]
