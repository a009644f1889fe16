"""What code gives to the narrative: tables as a reader wants them."""

import html

import pandas as pd
from IPython.display import HTML, display


def table(
    frame,
    caption,
    *,
    source_line,
    formats=None,
    links=(),
    fold="",
    cards=False,
    **columns,
):
    """Show a table with a caption and its source; on a narrow screen each row becomes a card.

    Parameters
    ----------
    frame : DataFrame
    caption : str
    source_line : str or list of str
        Citations, as ``case.cite`` gives them.
    formats : dict of str to str
        Format of a column's values; others are shown as they are.
    links : sequence of str
        Columns whose cells hold addresses, several with "; " between them; they become links.
    fold : str
        Words of a line that opens the table; empty for a table that stands open.
    cards : bool
        Show each row as a card on a wide screen too, for rows that hold sentences.
    **columns
        Column of ``frame`` and its heading, in order.
    """
    if missing := set(columns) - set(frame.columns):
        raise ValueError(
            f"columns names {sorted(missing)}; allowed: {', '.join(map(str, frame.columns))}"
        )
    rows = "".join(
        f"<tr>{''.join(_cell(row[name], heading, (formats or {}).get(name), name in links) for name, heading in columns.items())}</tr>"
        for row in frame.to_dict("records")
    )
    head = "".join(
        f'<th scope="col">{html.escape(heading)}</th>' for heading in columns.values()
    )
    cited = (
        source_line
        if isinstance(source_line, str)
        else "; ".join(dict.fromkeys(source_line))
    )
    kind = "essay-table essay-table--cards" if cards else "essay-table"
    body = (
        f'<div class="{kind}"><table><caption>{html.escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
        f'<p class="essay-chart__source">{html.escape(cited)}</p></div>'
    )
    display(
        HTML(
            f'<details class="essay-fold"><summary>{html.escape(fold)}</summary>{body}</details>'
            if fold
            else body
        )
    )


def ledger(rows, history, beside, stable, source_line, peers=None):
    """Show the ledger: one fold a claim, with its verdict on the fold and its evidence inside.

    A script of the page adds filters by section, type, verdict and evidence; without it all claims are shown.

    Parameters
    ----------
    rows : DataFrame
        ``claims.ledger`` of the case.
    history : DataFrame
        Every version of every rule with its verdict (``claims.history``).
    beside : Series
        Outcome of each claim, by id, in the case's other coding.
    stable : DataFrame
        ``claims.stability``, by id.
    source_line : str or list of str
        Citations, as ``case.cite`` gives them.
    peers : DataFrame, optional
        ``claims.over_peers``: what the claims that compare with peers come to over every set of them.
    """
    cited = (
        source_line
        if isinstance(source_line, str)
        else "; ".join(dict.fromkeys(source_line))
    )
    verdicts = rows.set_index("id")["verdict"]
    entries = "".join(
        _claim(
            row,
            history[history["id"] == row["id"]],
            beside[row["id"]],
            stable.loc[row["id"]],
            verdicts,
            "" if peers is None else _over_sets(peers[peers["id"] == row["id"]]),
        )
        for row in rows.to_dict("records")
    )
    display(
        HTML(
            f'<div class="essay-ledger">{entries}<p class="essay-chart__source">{html.escape(cited)}</p></div>'
        )
    )


def examined(rows, ids, source_line):
    """Show what came of some claims: the claim, the question its rule asks of which evidence, the verdict, and how often chance would do as well.

    Parameters
    ----------
    rows : DataFrame
        ``claims.ledger`` of the case.
    ids : sequence of str
        Claims, in the order in which they are shown.
    source_line : str or list of str
        Citations, as ``case.cite`` gives them.

    Raises
    ------
    ValueError
        If a claim is not in the ledger, or stands twice.
    """
    known = rows.set_index("id")
    if wrong := [name for name in ids if name not in known.index] + [
        name for name in dict.fromkeys(ids) if list(ids).count(name) > 1
    ]:
        raise ValueError(
            f"ids is {list(ids)}; allowed: each claim of the ledger once, and not {', '.join(dict.fromkeys(wrong))}"
        )
    cited = (
        source_line
        if isinstance(source_line, str)
        else "; ".join(dict.fromkeys(source_line))
    )
    headings = ("Claim", "Asked", "Of", "What came out", "Chance would do as well")
    entries = []
    for name, row in known.loc[list(ids)].iterrows():
        # What only illustrates has a rule as well, and a reader wants to know which way it falls.
        falls = (
            f'<span class="essay-verdict__rule">its rule: {row["outcome"]}</span>'
            if row["verdict"] == "illustrated only" != row["outcome"]
            else ""
        )
        cells = (
            f'<a href="a1-ledger.html#{name.lower()}">{name}</a> {html.escape(row["claim"])}',
            html.escape(row["question"]),
            _RESTS[row["rests_on"]],
            _mark(row["verdict"]) + falls,
            _chance(row),
        )
        entries.append(
            "<tr>"
            + "".join(
                f'<td data-label="{heading}"><div>{cell}</div></td>'
                for heading, cell in zip(headings, cells)
            )
            + "</tr>"
        )
    head = "".join(f'<th scope="col">{heading}</th>' for heading in headings)
    display(
        HTML(
            f'<div class="essay-table essay-examined"><table><caption>Claims examined here, by the dates of the record; yes would mean supported</caption><thead><tr>{head}</tr></thead>'
            f'<tbody>{"".join(entries)}</tbody></table><p class="essay-chart__source">{html.escape(cited)}</p></div>'
        )
    )


def _as_well(row):
    """How often chance would do as well as a rule that was met or half met, or would meet one that was not."""
    if pd.isna(row["severity"]):
        return ""
    if row["verdict"] in ("supported", "mixed"):
        return _percent(row["as_well"])
    return f"would pass in {_percent(row['severity'])}"


def _percent(share):
    return "<1%" if share < 0.005 else f"{share:.0%}"


def _power(row):
    """The smallest effect that the test would have seen, or why there is none."""
    if pd.isna(row["power"]):
        return "" if row["power_of"] in ("", "none") else f"none: {row['power_of']}"
    return f"{row['power']:.2g}: {row['power_of']}"


def _chance(row):
    """How often chance would do as well, opening on what "chance" means; a dash where nothing else judged."""
    if not (short := _as_well(row)):
        return f'<span title="{html.escape(row["severity_null"])}">–</span>'
    power = _power(row) if row["verdict"] not in ("supported", "mixed") else ""
    told = f"If nothing had happened: {row['severity_null']}." + (
        f" Smallest effect that it would have seen four times in five: {power}."
        if power
        else ""
    )
    return (
        f'<details class="essay-chance"><summary>{html.escape(short)}</summary>'
        f"{html.escape(told)}</details>"
    )


def _beside(row):
    """How often chance would do as well, beside the verdict of an entry."""
    short, title = html.escape(_as_well(row)), html.escape(row["severity_null"])
    if row["verdict"] in ("supported", "mixed"):
        short = f"does as well in {short}"
    return (
        f' <span class="essay-claim__chance" title="{title}">chance {short}</span>'
        if _as_well(row)
        else ""
    )


def _over_sets(rows):
    """What a claim comes to over every set of peers, in words."""
    counts = rows["outcome"].value_counts()
    return (
        f"of {len(rows)} sets of peers "
        + ", ".join(f"{name} in {many}" for name, many in counts.items())
        if len(rows)
        else ""
    )


def _named(ids, verdicts):
    """Claims with their verdicts, in words."""
    return ", ".join(f"{name} ({verdicts[name]})" for name in ids.split(", ") if name)


def _mark(verdict):
    """A verdict with its colour and edge."""
    return f'<span class="essay-verdict essay-verdict--{verdict.replace(" ", "-")}">{verdict}</span>'


def _claim(row, history, beside, stable, verdicts, over_peers):
    """One claim of the ledger."""
    page, _, place = row["figure"].partition("#")
    name = page.partition("-")[2].replace("-", " ")
    told = [] if pd.isna(row["n"]) else [f"n {row['n']}"]
    told += [] if pd.isna(row["p"]) else [f"p {row['p']:.3f}; null: {row['null']}"]
    held = (
        "no choice to vary"
        if stable["settings"] == 1
        else f"the same in {stable['same']} of {stable['settings']} settings"
        + (
            f"; turned by {stable['turned_by']} alone"
            if stable["turned_by"]
            else "; no choice alone turns it"
        )
    )
    latest = history.loc[history["version"].idxmax()]
    facts = [
        ("Asked", row["question"]),
        (
            "The rule says",
            row["outcome"]
            + (
                ""
                if row["outcome"] == row["verdict"] or row["verdict"] == "not testable"
                else f", but on {_RESTS[row['rests_on']]}: so it is illustrated only"
            ),
        ),
        (
            "Statistic",
            ""
            if pd.isna(row["statistic"])
            else "; ".join([f"{row['statistic']:.4g}", *told]),
        ),
        ("In the paper's version", beside if beside != row["outcome"] else "the same"),
        ("Over the choices", held),
        ("Over the peers", over_peers),
        ("Chance would do as well", _as_well(row)),
        ("Chance is", row["severity_null"]),
        (
            "Smallest effect seen",
            "" if row["verdict"] in ("supported", "mixed") else _power(row),
        ),
        ("Read the other way", _named(row["opposed"], verdicts)),
        ("The same series", _named(row["same_series"], verdicts)),
        ("Fixed", row["fixed"]),
        ("Rests on", _RESTS[row["rests_on"]]),
        ("Section", row["section"]),
        ("Type", row["type"]),
        (f"The rule, version {row['version']}", row["operational"]),
        (
            "Said when it was written",
            "" if pd.isna(latest["reason"]) else latest["reason"],
        ),
        *(
            (
                f"Version {old['version']}, of {pd.Timestamp(old['dated']):%-d %B %Y}",
                _came_to(old, row["verdict"]) + old["operational"],
            )
            for old in history[history["version"] < row["version"]].to_dict("records")
        ),
    ]
    listed = "".join(
        f"<dt>{html.escape(what)}</dt><dd>{html.escape(str(text))}</dd>"
        for what, text in facts
        if str(text)
    )
    link = f'<a href="{page}.html{"#" + place if place else ""}">in the chapter “{html.escape(name)}”</a>'
    return (
        f'<details class="essay-fold essay-claim" id="{row["id"].lower()}" data-section="{html.escape(row["section"])}" data-type="{row["type"]}" data-verdict="{row["verdict"]}" data-evidence="{_RESTS[row["rests_on"]]}">'
        f"<summary><b>{row['id']}</b> {html.escape(row['claim'])} {_mark(row['verdict'])}{_beside(row)}</summary>"
        f"<p>{html.escape(row['reading'])}</p><dl>{listed}<dt>Figure</dt><dd>{link}</dd><dt>Test</dt><dd><code>{html.escape(row['test'])}</code></dd></dl></details>"
    )


def _came_to(old, latest):
    """The verdict of an older version, beside the latest."""
    if not old["verdict"]:
        return ""
    chance = (
        ""
        if pd.isna(old["as_well"])
        else f" Chance would have done as well in {old['as_well']:.0%}."
    )
    if old["verdict"] == latest:
        return f"Its verdict was the same, {latest}.{chance} "
    return f"Its verdict was {old['verdict']}, and is now {latest}.{chance} "


#: What a verdict rests on, in words.
_RESTS = {
    "outside": "outside sources",
    "record": "dated acts of the public record",
    "coded": "our coding alone",
    "model": "our model alone",
    "both": "outside sources and our coding",
}


def sources(case, names):
    """Show what the descriptor says of some tables: scope, origin, rows kept, licence, traps.

    Parameters
    ----------
    case : data.Case
    names : sequence of str
        Tables, in the order in which they are shown.
    """
    display(HTML("".join(_entry(case, name) for name in names)))


def _cell(value, heading, form, link):
    missing = value is None or (not isinstance(value, str) and pd.isna(value))
    text = "" if missing else html.escape(format(value, form) if form else str(value))
    if link and text:
        text = " ".join(
            f'<a href="{address}">{_host(address)}</a>' for address in text.split("; ")
        )
    return f'<td data-label="{html.escape(heading)}">{text}</td>'


def _host(address):
    return address.split("/")[2].removeprefix("www.")


def _entry(case, name):
    """One table's entry: a fold that says what it is, and inside everything about it."""
    about = case.about(name)
    facts = [
        ("Can say", about.get("shows")),
        ("Cannot say", about.get("cannot_show")),
        ("Rows kept", about.get("filter")),
        ("Traps", " ".join(about.get("caveats", []))),
        ("Cited as", case.cite(name)),
        (
            "From",
            "; ".join(
                filter(
                    None,
                    [
                        f"{s['title']}{', ' + s['version'] if s.get('version') else ''}"
                        for s in about["sources"]
                    ],
                )
            ),
        ),
        ("Licence", "; ".join(licence["title"] for licence in about["licenses"])),
        ("Whom to ask", about.get("ask")),
        (
            "Size",
            f"{len(case.table(name))} rows, {len(case.table(name).columns)} columns",
        ),
        ("Checksum", about.get("hash", "none")),
    ]
    links = " ".join(
        f'<a href="{html.escape(s["path"])}">{_host(s["path"])}</a>'
        for s in about["sources"]
        if s.get("path")
    )
    rows = "".join(
        f"<dt>{what}</dt><dd>{html.escape(str(text))}</dd>"
        for what, text in facts
        if text
    )
    return (
        f'<details class="essay-fold essay-source" id="table-{html.escape(name)}"><summary><b>{html.escape(about["title"])}</b> <code>{html.escape(name)}</code></summary>'
        f"<p>{html.escape(about['description'])}</p><dl>{rows}{f'<dt>Address</dt><dd>{links}</dd>' if links else ''}</dl></details>"
    )
