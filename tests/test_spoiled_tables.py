"""Tables as people's programs leave them: each opens to the same acts, or is refused in words that help."""

import csv
import io
import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from multivector import alignment, data
from multivector.tables import parameters, seals, shape

CASE = Path(data.__file__).resolve().parents[2] / "data"
TRUE = data.open_case()


@pytest.fixture(scope="module", autouse=True)
def once():
    """What nobody has spoiled is read once: the same bytes, described in the same way."""
    read, typed = data.cells.read, data.cells.typed
    sheets, frames = {}, {}

    def read_once(folder, table):
        file = folder / table.path
        if not file.is_file():
            return read(folder, table)
        key = (file.read_bytes(), repr(table))
        if key not in sheets:
            sheet, problems = read(folder, table)
            if problems:
                return sheet, problems
            sheets[key] = sheet
        return sheets[key], []

    def typed_once(sheet, table):
        key = (id(sheet), repr(table))
        if key not in frames:  # the sheet is kept, or another could have its place
            frames[key] = sheet, typed(sheet, table)
        frame, problems = frames[key][1]
        return frame.copy(), list(problems)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data.cells, "read", read_once)
        patch.setattr(data.cells, "typed", typed_once)
        yield


@pytest.fixture
def folder(tmp_path):
    """A copy of the case that a test may spoil."""
    return shutil.copytree(CASE, tmp_path / "case")


def problems(folder):
    with pytest.raises(data.CaseError) as caught:
        data.open_case(folder)
    return caught.value.problems


def read(text):
    return pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)


def count_of(table):
    """Rows of a true table."""
    return len(read((CASE / f"{table}.csv").read_text(encoding="utf-8")))


def written(frame, **how):
    return frame.to_csv(index=False, lineterminator="\n", **how)


def rewritten(text, **how):
    """The same cells as another program of csv writes them."""
    out = io.StringIO()
    csv.writer(out, **{"lineterminator": "\n", **how}).writerows(
        csv.reader(io.StringIO(text))
    )
    return out.getvalue()


def column(name, change):
    """Change every cell of a column."""

    def changed(text):
        rows = read(text)
        rows[name] = rows[name].map(change)
        return written(rows)

    return changed


def cell(name, line, value):
    """Put one value; ``line`` counts lines of the file, the header being 1."""

    def changed(text):
        rows = read(text)
        rows.loc[line - 2, name] = value
        return written(rows)

    return changed


def where(name, old, new):
    """Put one value in place of another, in every row."""
    return column(name, lambda value: new if value == old else value)


def filled(name, sign):
    return column(name, lambda value: value or sign)


def line_of(table, name, value):
    """First line of the file on which a column has a value."""
    rows = read((CASE / f"{table}.csv").read_text(encoding="utf-8"))
    return 2 + list(rows[name]).index(value)


def place(table, head, name=None):
    """Line of a file of TOML on which a head stands, or a name under it."""
    lines = (CASE / f"{table}.toml").read_text(encoding="utf-8").splitlines()
    first = lines.index(f"[{head}]")
    if name is None:
        return 1 + first
    return 1 + next(
        i for i in range(first, len(lines)) if lines[i].startswith(f"{name} =")
    )


def with_first(text, name, change):
    """Change the first filled cell of a column."""
    rows = read(text)
    i = rows.index[rows[name] != ""][0]
    rows.loc[i, name] = change(rows.loc[i, name])
    return written(rows)


# --- what opens to the same acts ---------------------------------------------------------------


def by_r(text):
    """As R's write.csv(x, row.names = FALSE, na = "") quotes and writes truth."""
    rows = read(text)
    for name in rows:
        if set(rows[name]) <= {"true", "false", ""}:
            rows[name] = rows[name].str.upper()
    return written(rows, quoting=csv.QUOTE_NONNUMERIC)


def by_excel(text):
    """'CSV UTF-8' with its mark, its line ends, its truth and columns that were once used."""
    rows = read(text)
    rows["dyadic"] = rows["dyadic"].str.upper()
    lines = written(rows).split("\n")
    lines = [f"{line},,," for line in lines if line] + ["," * (len(rows.columns) + 2)]
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()


def by_pandas(text):
    """Read with the kinds that pandas guesses, codes kept as text."""
    rows = pd.read_csv(io.StringIO(text), dtype={"cameo": str})
    return written(rows)


SAME = {
    "a mark of byte order": lambda text: "\ufeff" + text,
    "line ends of Windows": lambda text: text.replace("\n", "\r\n").encode(),
    "line ends of old Macs": lambda text: text.replace("\n", "\r").encode(),
    "no line end at the end": lambda text: text.rstrip("\n"),
    "empty lines at the end": lambda text: text + "\n\n\n",
    "rows of commas at the end": lambda text: text + ("," * 17 + "\n") * 5,
    "empty lines between rows": lambda text: re.sub(r"\n(E0[2-5])", r"\n\n\1", text),
    "rows of commas between": lambda text: re.sub(
        r"\n(E0[2-5])", "\n" + "," * 17 + r"\n\1", text
    ),
    "columns without name and content": lambda text: text.replace("\n", ",,\n"),
    "one blank in empty cells": filled("alternative", " "),
    "a no-break space in empty cells": filled("alternative", "\u00a0"),
    "a wide blank in empty cells": filled("alternative", "\u3000"),
    "a sign of no width in empty cells": filled("alternative", "\u200b"),
    "a tab in empty cells": filled("target", "\t"),
    "blanks around ids": column("id", lambda value: f" {value} "),
    "no-break spaces around matters": column("alternative", "\u00a0{}\u00a0".format),
    "a mark of byte order in every id": column("id", "\ufeff{}".format),
    "blanks around vectors and codes": lambda text: column("cameo", " {}".format)(
        column("vector", "{} ".format)(text)
    ),
    "blanks around names of columns": lambda text: text.replace(
        "id,start,end", " id,start , end", 1
    ),
    "everything quoted": lambda text: rewritten(text, quoting=csv.QUOTE_ALL),
    "True and False": column("dyadic", str.capitalize),
    "TRUE and FALSE": column("dyadic", str.upper),
    "1 and 0": column("dyadic", lambda value: str(int(value == "true"))),
    "powers of ten": column("goldstein", lambda v: f"{float(v):e}" if v else ""),
    "plus signs": column("goldstein", lambda v: f"{float(v):+}" if v else ""),
    "rows in another order": lambda text: written(
        read(text).sort_values("start", kind="stable")
    ),
    "columns in another order": lambda text: written(read(text).iloc[:, ::-1]),
    "saved by Google Sheets": lambda text: (
        column("dyadic", str.upper)(text).rstrip("\n").replace("\n", "\r\n").encode()
    ),
    "saved by pandas": by_pandas,
    "saved by R": by_r,
    "saved by Excel": by_excel,
}


@pytest.mark.parametrize("kind", SAME)
def test_what_programs_do_to_a_table_loses_no_act(folder, kind):
    file = folder / "events.csv"
    text = SAME[kind](file.read_text(encoding="utf-8"))
    file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    opened = data.open_case(folder)
    for coding in data.CODINGS:
        case, true = opened.following(coding), TRUE.following(coding)
        for found, right in ((case.acts, true.acts), (case.events, true.events)):
            by = ["id", "vector"]
            pd.testing.assert_frame_equal(
                found.sort_values(by, ignore_index=True),
                right.sort_values(by, ignore_index=True),
            )


# --- what is refused, with the words that help ------------------------------------------------------

MATTER = line_of("events", "alternative", "april-2010")
CODE = line_of("events", "cameo", "036")
CHINA = line_of("partners", "iso3", "CHN")


def cut(at):
    return lambda text: text[: text.index(at) + len(at)]


#: Kind: (table, change of its text, number of problems or None, row, column, value, words).
WRONG = {
    "NA of R in a column of ids": (
        "events",
        filled("alternative", "NA"),
        TRUE.table("events")["alternative"].isna().sum(),
        2,
        "alternative",
        "NA",
        "Leave the cell empty, or add NA to missingValues",
    ),
    "NaN of pandas in text": (
        "events",
        filled("target", "NaN"),
        None,
        2,
        "target",
        "NaN",
        "Leave the cell empty",
    ),
    "an error of a spreadsheet": (
        "events",
        cell("goldstein", CODE, "#REF!"),
        1,
        CODE,
        "goldstein",
        "#REF!",
        "Leave the cell empty",
    ),
    "semicolons": (
        "events",
        lambda text: rewritten(text, delimiter=";"),
        1,
        None,
        None,
        None,
        "separated by semicolons",
        "CSV UTF-8",
    ),
    "semicolons of a German Excel": (
        "events",
        lambda text: (
            "\ufeffsep=;\r\n"
            + rewritten(
                column("goldstein", lambda v: v.replace(".", ","))(text), delimiter=";"
            )
        ),
        1,
        None,
        None,
        None,
        "separated by semicolons",
    ),
    "tabs": (
        "splits",
        lambda text: rewritten(text, delimiter="\t"),
        1,
        None,
        None,
        None,
        "separated by tabs",
    ),
    "UTF-16 of a Mac": (
        "events",
        lambda text: text.encode("utf-16"),
        1,
        None,
        None,
        None,
        "not encoded in UTF-8",
        "UTF-16",
        "CSV UTF-8",
    ),
    "UTF-16 without a mark": (
        "events",
        lambda text: text.encode("utf-16-le"),
        1,
        None,
        None,
        None,
        "UTF-16",
    ),
    "Windows-1252": (
        "actors",
        lambda text: text.replace("South Korea", "Corée du Sud").encode("cp1252"),
        1,
        line_of("actors", "actor", "KOR"),
        None,
        None,
        "not encoded in UTF-8",
        "Windows-1252",
    ),
    "letters misread": (
        "actors",
        lambda text: text.replace(
            "South Korea", "Corée du Sud".encode().decode("cp1252")
        ),
        1,
        line_of("actors", "actor", "KOR"),
        "name",
        "CorÃ©e du Sud",
        "wrong encoding",
    ),
    "an index of pandas": (
        "events",
        lambda text: read(text).to_csv(index=True),
        1,
        2,
        None,
        "0",
        "a column without a name",
        "index=False",
    ),
    "an index of pandas, twice": (
        "splits",
        lambda text: pd.read_csv(io.StringIO(read(text).to_csv())).to_csv(index=False),
        1,
        2,
        "Unnamed: 0",
        "0",
        "numbers the rows",
    ),
    "row names of R": (
        "events",
        lambda text: (
            read(text).set_axis(range(1, count_of("events") + 1)).to_csv(quoting=1)
        ),
        1,
        2,
        None,
        "1",
        "row.names = FALSE",
    ),
    "row names of R's write.table": (
        "splits",
        lambda text: "\n".join(
            line if i == 0 else f"{i},{line}" for i, line in enumerate(text.split("\n"))
        ).rsplit("\n", 1)[0],
        1,
        None,
        None,
        None,
        "every row has 5 cells under 4 columns",
        "row.names = FALSE",
    ),
    "a matter that Excel took for a date": (
        "events",
        where("alternative", "april-2010", "Apr-10"),
        2,
        MATTER,
        "alternative",
        "Apr-10",
        "took an id for a date",
    ),
    "the same the other way round": (
        "events",
        where("alternative", "april-2010", "10-Apr"),
        2,
        MATTER,
        "alternative",
        "10-Apr",
        "took an id for a date",
    ),
    "the same with a time": (
        "events",
        where("alternative", "april-2010", "2010-04-01 00:00:00"),
        2,
        MATTER,
        "alternative",
        "2010-04-01 00:00:00",
        "took an id for a date",
    ),
    "a period that Excel took for a date": (
        "periods",
        where("id", "april-2010", "Apr-10"),
        1,
        8,
        "id",
        "Apr-10",
        "took an id for a date",
    ),
    "days as a spreadsheet shows them": (
        "events",
        column("start", lambda v: f"{v[8:]}/{v[5:7]}/{v[:4]}"),
        count_of("events"),
        2,
        "start",
        "01/01/1991",
        "YYYY-MM-DD before saving",
    ),
    "days with a time": (
        "events",
        column("start", "{} 00:00:00".format),
        count_of("events"),
        2,
        "start",
        "1991-01-01 00:00:00",
        "leave out the time of day",
    ),
    "days counted from 1900": (
        "leaders",
        cell("start", 2, "32528"),
        1,
        2,
        "start",
        "32528",
        "1989-01-20",
    ),
    "a lost leading zero": (
        "events",
        column("cameo", lambda value: value.lstrip("0")),
        None,
        CODE,
        "cameo",
        "36",
        "is not in cameo.csv",
    ),
    "one lost leading zero": (
        "events",
        cell("cameo", CODE, "36"),
        1,
        CODE,
        "cameo",
        "36",
        "write 036: its leading zero was lost",
    ),
    "a lost zero that leaves another code": (
        "events",
        cell("cameo", line_of("events", "cameo", "061"), "61"),
        1,
        line_of("events", "cameo", "061"),
        "cameo",
        "61",
        "leading zero was lost",
    ),
    "lost zeros in the table of codes": (
        "cameo",
        column("cameo", lambda value: value.lstrip("0") or "0"),
        None,
        2,
        "cameo",
        "1",
        "leading zero was lost",
    ),
    "an edition that lost its zero": (
        "trade",
        column("edition", lambda value: value[0]),
        None,
        2,
        "edition",
        "3",
        "write 3.0: it is no number",
    ),
    "whole numbers with a point": (
        "protests",
        column("year", "{}.0".format),
        100,
        2,
        "year",
        "1991.0",
        "whole number",
        "pandas",
    ),
    "decimal commas": (
        "splits",
        column("share", lambda value: value.replace(".", ",")),
        None,
        2,
        "share",
        "0,5",
        "decimal comma",
    ),
    "thousands separators": (
        "us_forces",
        cell("personnel", 40, "1,234"),
        1,
        40,
        "personnel",
        "1,234",
        "leave out thousands separators",
    ),
    "a typographical minus": (
        "events",
        cell("goldstein", CODE, "\u22124.0"),
        1,
        CODE,
        "goldstein",
        "\u22124.0",
        "a typographical minus",
    ),
    "per cent": (
        "splits",
        cell("share", 2, "50%"),
        1,
        2,
        "share",
        "50%",
        "leave out units",
    ),
    "powers of ten in whole numbers": (
        "us_forces",
        cell("personnel", 40, "1.2E+05"),
        1,
        40,
        "personnel",
        "1.2E+05",
        "drop digits",
    ),
    "an id as a power of ten": (
        "coups",
        cell("id", 2, "7.03032E+10"),
        1,
        2,
        "id",
        "7.03032E+10",
        "took a long id for a number",
    ),
    "a row of totals": (
        "protests",
        lambda text: text + "Total,,300,20,10\n",
        2,
        102,
        "iso3",
        "Total",
        "take out rows of totals",
    ),
    "truth in another language": (
        "events",
        where("dyadic", "true", "WAHR"),
        None,
        CODE,
        "dyadic",
        "WAHR",
        "Write true or false",
    ),
    "marks of a conflict": (
        "events",
        lambda text: text.replace(
            "\nE003", "\n<<<<<<< HEAD\nE003x\n=======\nE003", 1
        ).replace("\nE004", "\n>>>>>>> other\nE004", 1),
        1,
        4,
        None,
        None,
        "conflict between two versions",
        "4, 6, 8",
    ),
    "cut off in a row": (
        "events",
        cut("\nE150,2009"),
        1,
        151,
        None,
        "E150,2009",
        "as if the file had been cut off",
    ),
    "cut off in a quotation": (
        "events",
        cut('"RFE/RL, 20 Feb'),
        1,
        140,
        None,
        None,
        "cut off",
    ),
    "cut off between rows": (
        "codings",
        lambda text: text[: text.index("second,S100")],
        None,
        None,
        "second",
        None,
        "is not in codings.csv",
    ),
    "columns renamed in another case": (
        "events",
        lambda text: text.replace("id,start,", "ID,Start,", 1),
        2,
        None,
        "Start",
        "Start",
        "Write start",
    ),
    "rows there twice": (
        "events",
        lambda text: text + text.split("\n")[5] + "\n",
        1,
        count_of("events") + 2,
        "id",
        "E005",
        "stands more than once",
        "The whole row is there twice",
    ),
    "curly quotation marks around cells": (
        "splits",
        lambda text: text.replace('"', "\u201d").replace(
            "Two powers lead it; neither can be left out",
            "\u201cTwo powers lead it, neither can be left out\u201d",
            1,
        ),
        None,
        2,
        None,
        None,
        "not with curly ones",
    ),
    "curly quotation marks in parameters": (
        "rules.toml",
        lambda text: text.replace('"order"', "\u201corder\u201d", 1),
        1,
        place("rules", "C01.2", "leaders"),
        None,
        None,
        "not valid TOML: Invalid value",
        "Write straight quotation marks",
    ),
    "a no-break space within a name": (
        "events",
        where("vector", "Other states", "Other\u00a0states"),
        None,
        line_of("events", "vector", "Other states"),
        "vector",
        "Other\u00a0states",
        "write Other states",
    ),
    "a sign of no width within an id": (
        "events",
        cell("id", 9, "E0\u200b08"),
        1,
        9,
        "id",
        "E0\u200b08",
        "a sign of no width",
    ),
    "capital letters": (
        "events",
        column("follows", str.capitalize),
        count_of("events"),
        2,
        "follows",
        "Paper",
        "write paper",
    ),
    # --- acts that would be lost, ids that lead nowhere ---
    "a matter without another version": (
        "events",
        cell("alternative", line_of("events", "alternative", "kant"), "kent"),
        2,
        line_of("events", "alternative", "kant"),
        "alternative",
        "kent",
        "would be lost",
    ),
    "a matter on an act that nobody contests": (
        "events",
        cell("alternative", 2, "independence"),
        2,
        2,
        "alternative",
        "independence",
        "Leave the cell empty if nothing is contested",
    ),
    "a row of the record without a matter": (
        "events",
        cell("alternative", line_of("events", "follows", "record"), ""),
        None,
        line_of("events", "follows", "record"),
        "alternative",
        None,
        "names no contested matter",
    ),
    "a difference that no act tells": (
        "differences",
        where("alternative", "kant", "kand"),
        None,
        line_of("differences", "alternative", "kant"),
        "alternative",
        "kand",
        "is not in events.csv",
    ),
    "a difference that bears on no claim": (
        "differences",
        where("bears_on", "C07", "C70"),
        1,
        line_of("differences", "bears_on", "C07"),
        "bears_on",
        "C70",
        "is not in claims.csv",
    ),
    "an act that an episode does not find": (
        "episodes",
        lambda text: text.replace("E027 E060 E063", "E27 E060 E063"),
        1,
        line_of("episodes", "id", "shanghai"),
        "events",
        "E27",
        "is not in events.csv",
    ),
    "an act that comes after the episode": (
        "episodes",
        lambda text: text.replace("E027 E060 E063", "E027 E060 E163"),
        1,
        line_of("episodes", "id", "shanghai"),
        "events",
        "E163",
        "after the end of the episode",
    ),
    "an act that a rule does not find": (
        "rules.toml",
        lambda text: text.replace('"E073"', '"E999"'),
        None,
        place("rules", "C16.2", "deal"),
        "deal",
        "E999",
        "deal names what is not in events.csv",
    ),
    "a period that a rule does not find": (
        "rules.toml",
        lambda text: text.replace('"bakiyev"', '"bakijev"'),
        None,
        place("rules", "C08.1", "until"),
        "until",
        "bakijev",
        "Did you mean bakiyev?",
    ),
    "a leader that a rule does not find": (
        "rules.toml",
        lambda text: text.replace("KYR-1990", "KYR-1991"),
        None,
        place("rules", "C28.1", "leader"),
        "leader",
        "KYR-1991",
        "leader names what is not in leaders.csv",
    ),
    "a leader of another state": (
        "rules.toml",
        lambda text: text.replace("KYR-1990", "UZB-1990"),
        None,
        place("rules", "C28.1", "leader"),
        "leader",
        "UZB-1990",
        "a leader of UZB",
    ),
    "a payment that a rule does not find": (
        "rules.toml",
        lambda text: text.replace('grant = "P11"', 'grant = "P91"'),
        None,
        place("rules", "C33.1", "grant"),
        "grant",
        "P91",
        "payments.csv",
    ),
    "a series that nobody knows": (
        "rules.toml",
        lambda text: text.replace('"liberal"', '"libral"'),
        None,
        place("rules", "C09.2", "series"),
        "series",
        "libral",
        "Did you mean liberal?",
    ),
    "a vector behind a series": (
        "rules.toml",
        lambda text: text.replace("trade:Russia", "trade:Rusia"),
        None,
        place("rules", "C38.1", "items"),
        "items",
        "trade:Rusia",
        "vectors.csv",
    ),
    "a comparison with oneself": (
        "rules.toml",
        lambda text: text.replace('compared = ["KAZ"]', 'compared = ["KGZ"]'),
        None,
        place("rules", "C04.1", "compared"),
        "compared",
        "KGZ",
        "compares the state under study with itself",
    ),
    "oneself among the peers of a choice": (
        "choices.toml",
        lambda text: text.replace('["AZE", "BLR", "KAZ"]', '["KGZ", "KAZ"]'),
        1,
        place("choices", 'peers."without Armenia"', "peers"),
        "peers",
        "KGZ",
        "itself",
    ),
    # --- parameters of rules and choices ---
    "a parameter with a letter too few": (
        "rules.toml",
        lambda text: text.replace("strict = 0.2", "strct = 0.2", 1),
        1,
        place("rules", "C11.1", "strict"),
        "strct",
        "strct",
        "is no parameter of the method",
        "Did you mean strict?",
    ),
    "a parameter that is not there": (
        "rules.toml",
        lambda text: text.replace("strict = 0.2\n", "", 1),
        1,
        place("rules", "C11.1"),
        "strict",
        None,
        "is missing",
        "Add it, since changes_of_office needs it",
    ),
    "a parameter that nobody takes": (
        "rules.toml",
        lambda text: text.replace("[C11.1]\n", "[C11.1]\nmood = 1\n"),
        1,
        1 + place("rules", "C11.1"),
        "mood",
        "mood",
        "is no parameter",
        "Allowed: series, first, last, strict, peers, fewest",
    ),
    "a number in quotation marks": (
        "rules.toml",
        lambda text: text.replace("strict = 0.2", 'strict = "0.2"', 1),
        1,
        place("rules", "C11.1", "strict"),
        "strict",
        "0.2",
        "strict is not a number",
        "Write a number",
    ),
    "a number that is not whole": (
        "rules.toml",
        lambda text: text.replace(
            "years = [2002, 2003, 2009]", "years = [2002, 2003.5]", 1
        ),
        1,
        place("rules", "C04.1", "years"),
        "years",
        2003.5,
        "years is not a whole number",
    ),
    "a text where a list belongs": (
        "rules.toml",
        lambda text: text.replace('compared = ["KAZ"]', 'compared = "KAZ"', 1),
        1,
        place("rules", "C04.1", "compared"),
        "compared",
        "KAZ",
        "compared is no list",
        "square brackets",
    ),
    "a day that is none": (
        "rules.toml",
        lambda text: text.replace('before = "2001-08-31"', 'before = "August 2001"', 1),
        1,
        place("rules", "C16.2", "before"),
        "before",
        "August 2001",
        "before is not a day",
    ),
    "a key within a list that is not there": (
        "rules.toml",
        lambda text: text.replace("from = 2000, to = 2002", "form = 2000, to = 2002"),
        2,
        place("rules", "C07.1", "items"),
        "items",
        "form",
        "is nothing that items takes",
        "Allowed: series, from, to",
    ),
    "a rule of another version": (
        "rules.toml",
        lambda text: text.replace("[C28.1]", "[C28.9]"),
        1,
        place("rules", "C28.1"),
        "version",
        "C28, 9",
        "is not in claims.csv",
        "Use an id and version of that table",
    ),
    "a choice that is written otherwise": (
        "choices.toml",
        lambda text: text.replace("[half-life.", "[half_life."),
        None,
        None,
        "choices",
        "half-life",
        "is not in choices.toml",
        "write half_life",
    ),
    "parameters without a rule": (
        "rules.toml",
        lambda text: text + "\n[C99.1]\nsign = 1\n",
        5,
        2 + len((CASE / "rules.toml").read_text(encoding="utf-8").splitlines()),
        "method",
        None,
        "empty cell",
        "A value is required here",
    ),
    "a column under a head with a letter too few": (
        "rules.toml",
        lambda text: text.replace("question =", "quest =", 1),
        2,
        place("rules", "C01.2"),
        "question",
        None,
        "empty cell",
    ),
    "a number where a text belongs": (
        "rules.toml",
        lambda text: text.replace('test = "test_claims.py"', "test = 7", 1),
        1,
        place("rules", "C02.1", "test"),
        "test",
        7,
        "is no text",
        "straight quotation marks",
    ),
    "a key that stands under its head again": (
        "rules.toml",
        lambda text: text.replace("[C11.1]\n", '[C11.1]\nid = "C12"\n'),
        1,
        1 + place("rules", "C11.1"),
        "id",
        "C12",
        "stands in the head of the table already",
    ),
    "an option that changes what no rule of its choice takes": (
        "choices.toml",
        lambda text: text.replace("window = 90", "windows = 90"),
        1,
        place("choices", 'window."90 days"', "window"),
        "windows",
        "windows",
        "is no parameter of moves_after_threats",
        "Did you mean window?",
    ),
    "an option of another kind": (
        "choices.toml",
        lambda text: text.replace("bases = false", 'bases = "no"'),
        1,
        place("choices", '"bases at home"."left out"', "bases"),
        "bases",
        "no",
        "bases is not true or false",
    ),
    "parameters outside a table": (
        "rules.toml",
        lambda text: "sign = 1\n" + text,
        1,
        1,
        None,
        "sign",
        "stands outside the table of a row",
    ),
    "the same parameters twice": (
        "rules.toml",
        lambda text: text + "\n[C11.1]\nstrict = 1.0\n",
        1,
        2 + len((CASE / "rules.toml").read_text(encoding="utf-8").splitlines()),
        None,
        "[C11.1]",
        "not valid TOML: Cannot declare",
    ),
    "parameters in another encoding": (
        "choices.toml",
        lambda text: text.replace("Armenia", "Arm\u00e9nia").encode("cp1252"),
        1,
        None,
        None,
        None,
        "not encoded in UTF-8",
    ),
    "a method that is not there": (
        "rules.toml",
        lambda text: text.replace('"named_years"', '"named_year"', 1),
        1,
        place("rules", "C37.1", "method"),
        "method",
        "named_year",
        "is no method",
        "Did you mean named_years?",
    ),
    "oneself among the peers": (
        "actors",
        cell("peer", 2, "true"),
        1,
        2,
        "peer",
        True,
        "among its own peers",
    ),
    "a choice that is not there": (
        "rules.toml",
        lambda text: text.replace('"roll calls"]', '"rollcalls"]'),
        None,
        None,
        "choices",
        "rollcalls",
        "write roll calls",
    ),
    "a claim without a rule": (
        "claims",
        cell("version", line_of("claims", "id", "C28"), "3"),
        2,
        line_of("claims", "id", "C28"),
        "id",
        "C28",
        "its latest version has no rule",
        "Add the table [C28.3] to rules.toml",
    ),
    "a measure without a row": (
        "measures",
        lambda text: text.replace("indicator=PV.EST", "indicator=PV.ESTIMATE"),
        1,
        2,
        "where",
        "indicator=PV.ESTIMATE",
        "no row of KGZ in finance.csv",
    ),
    "a measure of no column": (
        "measures",
        cell("value", 2, "amount"),
        1,
        2,
        "value",
        "amount",
        "is no column of finance.csv",
    ),
    "a series without a row of the state": (
        "machine_events",
        lambda text: text.replace("KGZ", "KGX"),
        None,
        None,
        "items",
        "news:Russia",
        "without a row of KGZ",
    ),
    "a state that nobody knows": (
        "us_forces",
        cell("iso3", 2, "KAX"),
        1,
        2,
        "iso3",
        "KAX",
        "is not in partners.csv",
    ),
    "a state that never votes": (
        "un_votes",
        column("KAZ", lambda value: "8"),
        1,
        line_of("actors", "actor", "KAZ"),
        "actor",
        "KAZ",
        "never votes",
    ),
    "a break of no series": (
        "series_breaks",
        cell("series", 2, "trade4"),
        1,
        2,
        "series",
        "trade4",
        "write trade-4",
    ),
    # --- tables that must agree ---
    "codes with other values": (
        "codings",
        cell("goldstein", line_of("codings", "cameo", "036"), "-9"),
        1,
        line_of("codings", "cameo", "036"),
        "goldstein",
        -9.0,
        "contradicts code 036",
    ),
    "an act under another's id": (
        "codings",
        cell("start", 2, "2000-01-01"),
        None,
        2,
        "end",
        "1991-12-31",
        "before the start",
    ),
    "an act of other days": (
        "codings",
        lambda text: text.replace(
            "first,E001,E001,1991-01-01,1991-12-31",
            "first,E001,E001,1995-01-01,1995-12-31",
        ),
        1,
        2,
        "start",
        "1995-01-01",
        "of other days in events.csv",
    ),
    "a decision about the other coder's row": (
        "adjudications",
        cell("second", 2, "E001"),
        None,
        2,
        "second",
        "E001",
        "the other coder",
    ),
    "another year of a roll call": (
        "un_votes",
        cell("year", 2, "1992"),
        1,
        2,
        "year",
        1992,
        "un_roll_calls.csv has another year",
    ),
    "another session": (
        "un_roll_calls",
        cell("session", 2, "47"),
        1,
        2,
        "session",
        47,
        "the session that opened in the year",
    ),
    "a roll call before its session": (
        "un_roll_calls",
        cell("date", 2, "1990-10-04"),
        1,
        2,
        "date",
        "1990-10-04",
        "does not lie in the session",
    ),
    "two leaders at once": (
        "leaders",
        cell("start", line_of("leaders", "id", "RUS-2000"), "1999-01-01"),
        1,
        line_of("leaders", "id", "RUS-2000"),
        "start",
        "1999-01-01",
        "another leader is still in office",
    ),
    "two ministers at once": (
        "ministers",
        cell("end", line_of("ministers", "id", "KAZ-01"), "2000-10-12"),
        None,
        line_of("ministers", "id", "KAZ-01"),
        "end_precision",
        "month",
        "wider apart",
    ),
    "a minister before the last one left": (
        "ministers",
        lambda text: text.replace(
            "Erlan Idrissov,1999-10-01,1999-10-31,month",
            "Erlan Idrissov,1998-10-12,1998-10-12,day",
        ),
        1,
        line_of("ministers", "id", "KAZ-02"),
        "start_latest",
        "1998-10-12",
        "another minister is still in office",
    ),
    "a presidency of no leader": (
        "periods",
        cell("start", line_of("periods", "id", "akayev"), "1985-01-01"),
        1,
        line_of("periods", "id", "akayev"),
        "start",
        "1985-01-01",
        "no leader of the state",
    ),
    "two presidencies at once": (
        "periods",
        cell("start", line_of("periods", "id", "bakiyev"), "2003-03-25"),
        2,
        line_of("periods", "id", "bakiyev"),
        "start",
        "2003-03-25",
        "the presidency before is still in office",
    ),
    "names of presidents exchanged": (
        "periods",
        lambda text: text.replace("presidency,Akayev", "presidency,Bakiyev"),
        1,
        line_of("periods", "id", "akayev"),
        "label",
        "Bakiyev",
        "was not in office then",
    ),
    "an episode under another leader": (
        "episodes",
        cell("leader", 2, "bakiyev"),
        1,
        2,
        "leader",
        "bakiyev",
        "was not in office in the episode",
    ),
    "an episode of another year": (
        "episodes",
        cell("year", 2, "1999"),
        1,
        2,
        "year",
        1999,
        "lies outside the episode",
    ),
    "an episode without a second grade": (
        "episode_codings",
        lambda text: "\n".join(text.split("\n")[:-2]) + "\n",
        1,
        15,
        "id",
        "spring",
        "is not in episode_codings.csv",
    ),
    "a place across the border": (
        "places",
        lambda text: text.replace("74.4776,43.0613", "43.0613,74.4776"),
        2,
        2,
        "longitude",
        43.0613,
        "outside the borders",
    ),
    "a vote on a base that is no place": (
        "base_votes",
        cell("base", 2, "Manass"),
        1,
        2,
        "base",
        "Manass",
        "Manas",
    ),
    "a rent inside a grant": (
        "payments",
        where("rent_inside", "P06", "P11"),
        None,
        line_of("payments", "rent_inside", "P06"),
        "rent_inside",
        "P11",
        "no rent of the same payer",
    ),
    "an upper end below the lower": (
        "payments",
        where("amount_high", "193", "19"),
        1,
        line_of("payments", "amount_high", "193"),
        "amount_high",
        19.0,
        "is less than amount",
    ),
    "totals in thousands": (
        "trade_totals",
        cell("imports", 3, "1703600"),
        1,
        3,
        "imports",
        1703600.0,
        "out of scale",
    ),
    "a total that is missing": (
        "trade_totals",
        lambda text: "\n".join(text.split("\n")[:1] + text.split("\n")[2:]),
        1,
        None,
        "iso3, year",
        "KAZ, 1992",
        "has no row in trade_totals.csv",
    ),
    "a partner of another vector": (
        "partners",
        cell("vector", CHINA, "Turkey"),
        2,
        CHINA,
        "vector",
        "Turkey",
        "Write China",
    ),
    "an actor of another vector": (
        "actors",
        cell("vector", line_of("actors", "actor", "TUR"), "Other states"),
        None,
        line_of("actors", "actor", "TUR"),
        "vector",
        "Other states",
        "Write Turkey",
    ),
    "one exercise in two years": (
        "exercises",
        cell("year", 3, "1996"),
        1,
        3,
        "year",
        1996,
        "another row of the same exercise",
    ),
    "an alliance that begins again while it lasts": (
        "alliances",
        lambda text: text + text.split("\n")[1].replace("1992", "1995") + "\n",
        1,
        175,
        "from_year",
        1995,
        "in an earlier spell",
    ),
    "trade with oneself": (
        "trade",
        cell("partner", 2, "KGZ"),
        1,
        2,
        "partner",
        "KGZ",
        "is the iso3 too",
    ),
    "more violent protests than protests": (
        "protests",
        cell("violent", 2, "5"),
        1,
        2,
        "violent",
        5,
        "more than all protests",
    ),
    "a link that no browser should follow": (
        "base_votes",
        cell("url", 2, "javascript:alert(1)"),
        1,
        2,
        "url",
        "javascript:alert(1)",
        "https:// or http://",
    ),
    "a link without its beginning": (
        "places",
        cell("url", 2, "www.rferl.org/a/1"),
        1,
        2,
        "url",
        "www.rferl.org/a/1",
        "https:// or http://",
    ),
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_cannot_be_read_is_named_with_its_remedy(folder, kind):
    table, change, many, row, name, value, *words = WRONG[kind]
    file = folder / (table if "." in table else f"{table}.csv")
    text = change(file.read_text(encoding="utf-8"))
    assert text != file.read_text(encoding="utf-8"), "the change changes nothing"
    file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    found = problems(folder)
    assert many is None or len(found) == many, found
    alike = [
        p
        for p in found
        if (row is None or p.row == row)
        and (name is None or p.column == name)
        and (value is None or p.value == value)
        and all(word in f"{p.wrong}. {p.remedy}" for word in words)
    ]
    assert alike, found
    assert len({p.file for p in found}) <= 3, "one spoiled table is not told in many"


def test_there_are_many_kinds():
    assert len(SAME) + len(WRONG) >= 40


def test_equal_problems_are_told_once_with_their_number_and_rows(folder):
    file = folder / "events.csv"
    text = column("footnote", lambda value: "" if value < "2" else value)(
        file.read_text(encoding="utf-8")
    )
    file.write_text(text, encoding="utf-8")
    with pytest.raises(data.CaseError) as caught:
        data.open_case(folder)
    found = caught.value.problems
    assert len(found) > 10 and {p.wrong for p in found} == {"empty cell"}
    head, line = str(caught.value).split("\n")
    assert head == f"{len(found)} problems in the case 'case':"
    rows = ", ".join(str(p.row) for p in found[:3])
    assert line == (
        f"- events.csv, rows {rows} and {len(found) - 3} more, column 'footnote': "
        f"{len(found)} rows: empty cell. A value is required here."
    )


def test_equal_problems_of_parameters_are_told_once(folder):
    file = folder / "rules.toml"
    text = file.read_text(encoding="utf-8").replace("\ndirection", "\ndirectoin")
    file.write_text(text, encoding="utf-8")
    with pytest.raises(data.CaseError) as caught:
        data.open_case(folder)
    told = str(caught.value)
    assert "rules.toml, lines " in told and ", at directoin: " in told
    head, line = told.split("\n")
    assert line.endswith(
        "lines: is no parameter of the method ('directoin'). Did you mean direction?."
    )


def test_rows_with_parameters_stand_in_no_other_form(folder):
    file = folder / "datapackage.json"
    package = json.loads(file.read_text(encoding="utf-8"))
    [rules] = [r for r in package["resources"] if r["name"] == "rules"]
    rules["format"] = "csv"
    file.write_text(json.dumps(package), encoding="utf-8")
    [problem] = problems(folder)
    assert (problem.column, problem.value) == ("rules.format", "csv")
    assert "put the rows into rules.toml" in problem.remedy
    rules.update(format="toml", path="lost.toml")
    file.write_text(json.dumps(package), encoding="utf-8")
    [problem] = problems(folder)
    assert (problem.file, problem.wrong) == ("lost.toml", "missing file")


def test_other_rows_stand_in_no_toml(folder):
    describe(folder, lambda tables: tables["coups"].update(format="toml"))
    [problem] = problems(folder)
    assert (problem.column, problem.value) == ("coups.format", "toml")


def test_rows_of_toml_are_those_of_its_heads_in_their_order(folder):
    text = (folder / "rules.toml").read_text(encoding="utf-8")
    heads = re.findall(r"(?m)^\[(C\d\d)\.(\d)\]$", text)
    rules = TRUE.table("rules")
    assert heads == [(row.id, str(row.version)) for row in rules.itertuples()]
    joined = rules["choices"].iloc[0]
    listed = "[" + ", ".join(f'"{one}"' for one in joined.split("; ")) + "]"
    assert f"choices = {listed}" in text
    text = text.replace(f"choices = {listed}", f'choices = "{joined}"')
    (folder / "rules.toml").write_text(text, encoding="utf-8")
    again = data.open_case(folder).table("rules")
    pd.testing.assert_frame_equal(again, rules)


def test_parameters_are_sealed_with_their_table(folder):
    file = folder / "choices.toml"
    text = file.read_text(encoding="utf-8")
    file.write_bytes(text.replace("\n", "\r\n").encode("utf-8"))
    assert not data.open_case(folder).changed
    file.write_text(text + "# Another word.\n", encoding="utf-8")
    case = data.open_case(folder)
    assert case.changed == {"choices"}
    for name in ("rules", "choices"):
        same = case.table(name)["parameters"] == TRUE.table(name)["parameters"]
        assert same.all()


def test_a_report_of_a_thousand_problems_is_short(folder):
    file = folder / "events.csv"
    rows = read(file.read_text(encoding="utf-8"))
    for name in ("start", "end", "precision", "dyadic", "level", "follows"):
        rows[name] = [f"bad {i}" for i in range(len(rows))]
    file.write_text(written(rows), encoding="utf-8")
    with pytest.raises(data.CaseError) as caught:
        data.open_case(folder)
    assert len(caught.value.problems) == 6 * len(rows)
    assert str(caught.value).count("\n") == 6


def test_rows_keep_their_lines_when_others_are_empty(folder):
    file = folder / "events.csv"
    lines = file.read_text(encoding="utf-8").split("\n")
    lines[3:3] = ["", "," * 17, ""]
    text = "\n".join(lines).replace("1991-12-31,year", "1991-12-32,year", 1)
    text = text.replace("first", "first").replace("\nE010,", "\nX010,")
    file.write_text(text, encoding="utf-8")
    found = {(p.row, p.column) for p in problems(folder) if p.file == "events.csv"}
    assert found == {(2, "end"), (14, "id")}
    text = text.replace("1991-12-32", "1991-12-31").replace("X010", "E010")
    file.write_text(cell_by_id(text, "E020", "actor", "XXX"), encoding="utf-8")
    [found] = {(p.row, p.value) for p in problems(folder) if p.column == "actor"}
    assert found == (1 + text[: text.index("\nE020")].count("\n") + 1, "XXX")


def cell_by_id(text, row, name, value):
    """Put one value, every other line as it is."""
    lines = text.split("\n")
    place = lines[0].split(",").index(name)
    for i, line in enumerate(lines):
        if line.startswith(f"{row},"):
            cells = next(csv.reader([line]))
            cells[place] = value
            lines[i] = rewritten(",".join(cells[:-2])).rstrip("\n") + ",x,x"
    return "\n".join(lines)


# --- line ends and seals -------------------------------------------------------------------------------


def test_seals_hold_whatever_ends_the_lines(folder):
    for file in folder.glob("*.csv"):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert not data.open_case(folder).changed
    (folder / "coups.csv").write_bytes(
        (folder / "coups.csv").read_bytes().replace(b"attempted", b"conspiracy", 1)
    )
    assert data.open_case(folder).changed == {"coups"}


def test_seals_are_those_of_the_descriptor():
    package = json.loads((CASE / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        content = (CASE / resource["path"]).read_bytes()
        toml = resource.get("format") == "toml"
        sealed = seals.seal_of_file if toml else seals.seal
        made = sealed(content)
        assert made == {key: resource[key] for key in made}
        assert made == sealed(content.replace(b"\n", b"\r\n"))
        assert toml or made["rows"] == len(TRUE.table(resource["name"]))


def test_checksums_of_other_programs_are_understood():
    assert seals.holds(b"abc", "900150983cd24fb0d6963f7d28e17f72")  # MD5, as usual
    assert seals.holds(b"abc", "sha1:a9993e364706816aba3e25717850c26c9cd0d89d")
    assert seals.holds(b"a\r\nb", seals.seal(b"a\nb")["hash"])
    assert not seals.holds(b"abx", "900150983cd24fb0d6963f7d28e17f72")


# --- descriptors ------------------------------------------------------------------------------------------


def descriptor(folder):
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


def describe(folder, change):
    """Change the descriptor of a case; ``change`` gets the resources by name."""
    package = descriptor(folder)
    change({r["name"]: r for r in package["resources"]})
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")


def field_of(tables, table, name):
    return next(f for f in tables[table]["schema"]["fields"] if f["name"] == name)


def as_one_text(tables):
    for table in tables.values():
        schema = table["schema"]
        if len(schema.get("primaryKey", [])) == 1:
            schema["primaryKey"] = schema["primaryKey"][0]
        for key in schema.get("foreignKeys", []):
            for holder in (key, key["reference"]):
                if len(holder["fields"]) == 1:
                    holder["fields"] = holder["fields"][0]


def to_oneself(tables):
    for key in tables["payments"]["schema"]["foreignKeys"]:
        if key["reference"]["resource"] == "payments":
            key["reference"]["resource"] = ""


def compound(tables):
    tables["rules"]["schema"]["foreignKeys"] = [
        {
            "fields": ["id", "version"],
            "reference": {"resource": "claims", "fields": ["id", "version"]},
        }
    ]


def without_types(tables):
    for table in tables.values():
        for field in table["schema"]["fields"]:
            if field["type"] == "string":
                del field["type"]


def without_what_may_be_left_out(tables):
    for table in tables.values():
        for key in set(table) - {"name", "path", "schema"}:
            del table[key]
        table["schema"].pop("missingValues")
        for field in table["schema"]["fields"]:
            field.pop("constraints", None)
            field.pop("description", None)


ALLOWED = {
    "keys as one text": as_one_text,
    "a reference to the table itself": to_oneself,
    "a reference of two columns": compound,
    "texts without a type": without_types,
    "nothing but what must be there": without_what_may_be_left_out,
    "allowed numbers as texts": lambda tables: field_of(tables, "episodes", "threat")[
        "constraints"
    ].update(enum=["0", "0.25", "0.50", "0.75", "1.0"]),
    "bounds of dates": lambda tables: field_of(tables, "events", "start")[
        "constraints"
    ].update(minimum="1900-01-01", maximum="2100-01-01"),
    "a checksum of MD5": lambda tables: tables["coups"].update(
        hash="d41d8cd98f00b204e9800998ecf8427e"
    ),
}


@pytest.mark.parametrize("kind", ALLOWED)
def test_what_the_specification_allows_opens(folder, kind):
    describe(folder, ALLOWED[kind])
    pd.testing.assert_frame_equal(data.open_case(folder).events, TRUE.events)


def test_a_word_for_an_empty_cell_can_be_named(folder):
    file = folder / "events.csv"
    text = filled("alternative", "NA")(file.read_text(encoding="utf-8"))
    file.write_text(text, encoding="utf-8")
    assert problems(folder), "without a word in the descriptor it is refused"
    describe(
        folder, lambda tables: tables["events"]["schema"].update(missingValues=["NA"])
    )
    pd.testing.assert_frame_equal(data.open_case(folder).events, TRUE.events)


#: What is said of the table of coups, and the words of the refusal.
REFUSED = {
    "dates in another form": (
        lambda table: table["schema"]["fields"][2].update(format="%d/%m/%Y"),
        "cells are read as they stand",
    ),
    "a decimal comma": (
        lambda table: table["schema"]["fields"][2].update(decimalChar=","),
        "write a point",
    ),
    "other words for truth": (
        lambda table: table["schema"]["fields"][2].update(trueValues=["ja"]),
        "write true",
    ),
    "an empty cell of one field": (
        lambda table: table["schema"]["fields"][2].update(missingValues=["-"]),
        "one for the whole table",
    ),
    "a schema in a file": (
        lambda table: table.update(schema="coups.json"),
        "not an object",
    ),
    "a type that is not read": (
        lambda table: table["schema"]["fields"][2].update(type="datetime"),
        "not a type that this essay reads",
    ),
    "a constraint misspelt": (
        lambda table: table["schema"]["fields"][0]["constraints"].update(needed=True),
        "no such constraint",
    ),
    "a constraint of another type": (
        lambda table: table["schema"]["fields"][0]["constraints"].update(minimum=1),
        "says nothing of a field of type string",
    ),
    "a pattern that is none": (
        lambda table: table["schema"]["fields"][0]["constraints"].update(pattern="["),
        "not a regular expression",
    ),
    "a table in parts": (
        lambda table: table.update(path=["coups.csv", "coups.csv"]),
        "join its parts",
    ),
    "a table elsewhere": (
        lambda table: table.update(path="https://example.org/coups.csv"),
        "lies in the folder",
    ),
    "a path out of the folder": (
        lambda table: table.update(path="../coups.csv"),
        "leads out of the folder",
    ),
    "data in the descriptor": (
        lambda table: table.update(data=[[1]]),
        "is not read by this essay",
    ),
    "another sign between cells": (
        lambda table: table.update(dialect={"delimiter": ";"}),
        "between commas",
    ),
    "another encoding": (
        lambda table: table.update(encoding="utf-16"),
        "as UTF-8",
    ),
    "another format": (lambda table: table.update(format="tsv"), "a table is CSV"),
    "a checksum of an unknown kind": (
        lambda table: table.update(hash="crc:1234"),
        "Python does not know",
    ),
    "a key of no column": (
        lambda table: table["schema"].update(primaryKey="nobody"),
        "is no field of that table",
    ),
    "a reference to no table": (
        lambda table: table["schema"].update(
            foreignKeys=[
                {"fields": "iso3", "reference": {"resource": "x", "fields": "y"}}
            ]
        ),
        "is no table here",
    ),
    "a reference to another kind": (
        lambda table: table["schema"].update(
            foreignKeys=[
                {
                    "fields": "iso3",
                    "reference": {"resource": "un_votes", "fields": "rcid"},
                }
            ]
        ),
        "is string, but 'rcid' of un_votes is integer",
    ),
    "a link of another kind": (
        lambda table: table["sources"][0].update(path="javascript:alert(1)"),
        "https:// or http://",
    ),
    "a licence in a file": (
        lambda table: table["licenses"][0].update(path="LICENSE"),
        "https:// or http://",
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_not_read_is_refused_by_name(folder, kind):
    change, words = REFUSED[kind]
    describe(folder, lambda tables: change(tables["coups"]))
    found = problems(folder)
    assert {p.file for p in found} == {"datapackage.json"}
    assert any(words in f"{p.wrong} {p.remedy}" for p in found), found
    assert all(p.column.startswith("coups.") for p in found), "the place is named"
    with pytest.raises(data.CaseError, match="at coups"):
        data.open_case(folder)


@pytest.mark.parametrize(
    "table, name, kind, wanted",
    [
        ("events", "start", "string", "date"),
        ("codings", "goldstein", "string", "number"),
    ],
)
def test_the_kind_that_the_essay_needs_is_asked_for(folder, table, name, kind, wanted):
    describe(folder, lambda tables: field_of(tables, table, name).pop("constraints", 0))
    describe(folder, lambda tables: field_of(tables, table, name).update(type=kind))
    [found] = problems(folder)
    assert found.wrong == f"the essay needs {wanted} here"


def test_a_weak_descriptor_lets_no_act_be_lost(folder):
    """What the code groups and joins by is checked whatever the descriptor says."""
    describe(folder, without_what_may_be_left_out)
    file = folder / "events.csv"
    text = file.read_text(encoding="utf-8")
    for change, words in (
        (where("follows", "paper", "papre"), "not an allowed value"),
        (where("id", "E003", "E002"), "stands more than once"),
        (where("actor", "RUS", "RUSS"), "is not in actors.csv"),
        (where("dyadic", "true", ""), "empty cell"),
    ):
        file.write_text(change(text), encoding="utf-8")
        assert words in {p.wrong for p in problems(folder)}


def small(folder):
    """A case of the tables that no case can lack and two others, the last votes only."""
    keep = [*data.REQUIRED, "coups", "payments"]
    package = descriptor(folder)
    package["resources"] = [r for r in package["resources"] if r["name"] in keep]
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    for name in ("un_votes", "un_roll_calls"):
        file = folder / f"{name}.csv"
        lines = file.read_text(encoding="utf-8").splitlines()
        file.write_text("\n".join(lines[:1] + lines[-30:]), encoding="utf-8")
    return package


def nodes(value, place=()):
    """Place of every value in a JSON."""
    yield place
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, one in inner:
        yield from nodes(one, (*place, key))


def without(package, place):
    changed = json.loads(json.dumps(package))
    holder = changed
    for key in place[:-1]:
        holder = holder[key]
    del holder[place[-1]]
    return changed


def replaced(package, place, value):
    changed = json.loads(json.dumps(package))
    if not place:
        return value
    holder = changed
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = value
    return changed


def test_whatever_becomes_of_a_node_of_the_descriptor_is_told(folder):
    """It opens, or every problem is named: no traceback, and never no problem at all."""
    package = small(folder)
    assert data.open_case(folder)
    file = folder / "datapackage.json"
    alike = {}  # one node of every kind of place: numbers of lists do not matter
    for place in nodes(package):
        kind = tuple("" if isinstance(key, int) else key for key in place)
        alike.setdefault(kind, place)
    assert len(alike) > 50
    for place in alike.values():
        spoiled = [replaced(package, place, v) for v in (None, 7, [], "")]
        spoiled += [without(package, place)] if place else []
        for one in spoiled:
            file.write_text(json.dumps(one), encoding="utf-8")
            try:
                case = data.open_case(folder)
            except data.CaseError as error:
                assert len(error.problems) >= 1, place
                assert re.match(r"\d+ problems? in the case", str(error))
            else:
                for name in case.tables:
                    assert case.cite(name) and case.scope(name) and case.about(name)


# --- folders, links, names ----------------------------------------------------------------------------


def test_a_relative_path_starts_where_the_reader_stands(folder, monkeypatch):
    monkeypatch.chdir(folder.parent)
    assert data.open_case("case").path == folder
    monkeypatch.setenv("MULTIVECTOR_CASE", "case")
    assert data.open_case().path == folder


def test_a_folder_that_is_not_there_is_named_whole(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    [found] = problems(Path("data"))
    assert str(tmp_path / "data") in found.wrong and "does not exist" in found.wrong
    assert f"there is one at '{CASE}'" in found.remedy
    [found] = problems(Path("nowhere"))
    assert "there is one" not in found.remedy
    (tmp_path / "file").write_text("")
    assert "is a file" in problems(Path("file"))[0].wrong


def test_a_state_with_an_apostrophe_and_accents_opens(folder):
    name = "Côte d’Ivoire, l'État"
    file = folder / "actors.csv"
    text = cell("name", 2, name)(file.read_text(encoding="utf-8"))
    file.write_text(text, encoding="utf-8")
    assert data.open_case(folder).name == name


def test_no_check_needs_a_table_that_a_case_may_lack(folder):
    """Each optional table left out, its references with it: nothing else is asked for."""
    package = descriptor(folder)
    optional = [
        r["name"] for r in package["resources"] if r["name"] not in data.REQUIRED
    ]
    for name in [*optional, *[None]]:
        left = json.loads(json.dumps(package))
        gone = set(optional) if name is None else {name}
        left["resources"] = [r for r in left["resources"] if r["name"] not in gone]
        for resource in left["resources"]:
            keys = resource["schema"].pop("foreignKeys", [])
            resource["schema"]["foreignKeys"] = [
                key for key in keys if key["reference"]["resource"] not in gone
            ]
        (folder / "datapackage.json").write_text(json.dumps(left), encoding="utf-8")
        assert len(data.open_case(folder).acts) == len(TRUE.acts), name


def test_what_the_essay_asks_is_what_the_case_has():
    for name, columns in shape.KNOWN.items():
        assert set(columns) <= set(TRUE.table(name)), name


def test_series_by_partner_have_the_names_that_rules_and_breaks_may_use():
    assert [s.id for s in alignment.vector_series(TRUE)] == parameters.BY_PARTNER
