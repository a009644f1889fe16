"""The ledger's page: every claim opens, filters work by keyboard, and the text leads to it."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from conftest import chapters, kept_results, soup, watch
from playwright.sync_api import Browser

from multivector import claims, data, page
from multivector.forms import percent
from multivector.page import render
from multivector.page.verdicts import without_gaps
from multivector.verdicts import AND, plain

PAGE = "book/a1-ledger.html"
CLAIMS = len(data.open_case().claims)
SHOWN = "() => [...document.querySelectorAll('.essay-claim')].filter((claim) => claim.checkVisibility()).map((claim) => claim.id)"


def test_every_claim_stands_in_the_page_with_what_was_computed(book: Path) -> None:
    page = soup(book, "book/a1-ledger")
    for row in claims.verdicts(data.open_case(coding="record")).itertuples():
        entry = page.find(id=row.id.lower())
        mark = entry.select_one(".essay-verdict")
        assert mark.text == plain(row.verdict, row.by_order)
        assert mark["title"] == row.verdict, "the formal word"
        assert entry.find("p").text == row.reading
        assert row.test in [code.text for code in entry.select("code")]


@pytest.fixture(scope="module")
def ledger() -> pd.DataFrame:
    with kept_results():
        return claims.ledger(data.open_case(coding="record"))


def test_each_entry_says_how_often_chance_would_do_as_well(
    book: Path, ledger: pd.DataFrame
) -> None:
    page = soup(book, "book/a1-ledger")
    for row in ledger.to_dict("records"):
        entry = page.find(id=row["id"].lower())
        assert row["severity_null"] in entry.select_one("dl").text
        assert row["fixed"] in entry.select_one("dl").text
        beside = entry.select_one("summary .essay-claim__chance[title]")
        if row["severity"] != row["severity"]:
            assert beside is None
        elif row["verdict"] in ("supported", "mixed"):
            assert beside.text.startswith("chance would do as well in ")
            assert beside.text.endswith(percent(row["as_well"]))
        else:
            assert beside.text == (
                f"a rule that chance meets in {percent(row['severity'])}"
            )


def test_claims_that_read_the_opposite_name_one_another(
    book: Path, ledger: pd.DataFrame
) -> None:
    page, rows = soup(book, "book/a1-ledger"), ledger
    for row in rows[rows["opposed"] != ""].itertuples():
        for other in row.opposed.split(", "):
            assert other in page.find(id=row.id.lower()).select_one("dl").text


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({"contradicted": 7, "mixed": 3}, "so in 3 of 10 sets of peers; "),
        ({"mixed": 4, "supported": 3, "contradicted": 3}, "so in 4 of 10 "),
        ({"mixed": 5, "supported": 5}, ""),
        ({}, ""),
    ],
)
def test_a_verdict_that_hangs_on_the_peers_says_so_beside_it(
    counts: dict[str, int], told: str
) -> None:
    words = render.environment().get_template("_claims.html").module
    row = {"outcome": "mixed", "by_order": False}
    shown = words.beside_sets(counts, row)
    assert (told in shown) if told else shown.strip() == ""
    others = [name for name in counts if name != "mixed"]
    if told:
        assert f"{plain(others[0])} in {counts[others[0]]}" in shown


def test_what_a_rule_leaves_out_stands_in_its_entry(book: Path) -> None:
    page, rows = soup(book, "book/a1-ledger"), data.open_case().claims
    left_out = rows.set_index("id")["left_out"].dropna()
    assert len(left_out) > 0
    for name, words in left_out.items():
        assert words in page.find(id=name.lower()).text


def test_a_verdict_that_changed_is_told_beside_its_version() -> None:
    words = render.environment().get_template("_claims.html").module
    old = {"verdict": "supported", "by_order": False, "as_well": 0.5}
    now = {"verdict": "mixed", "by_order": False}
    assert words.came_to(old, now) == (
        "What came out was “the evidence fits”, and is now “mixed”. "
        "Chance would have done as well in 50%. "
    )
    assert words.came_to(old | {"as_well": None}, old) == (
        "What came out was the same: the evidence fits. "
    )
    assert words.came_to({"verdict": ""}, now) == ""


def test_a_changed_rule_shows_its_older_versions(book: Path) -> None:
    page, history = soup(book, "book/a1-ledger"), data.open_case().table("claims")
    changed = history[
        history["version"] < history.groupby("id")["version"].transform("max")
    ]
    assert len(changed) > 0
    for row in changed.itertuples():
        assert row.operational in page.find(id=row.id.lower()).text


def test_each_claim_is_examined_in_one_chapter_with_its_question_and_verdict(
    book: Path, ledger: pd.DataFrame
) -> None:
    """A reader finds in the table at a chapter's end what was claimed, what was asked, and what came out."""
    found = {}
    for name in chapters():
        for row in soup(book, name).select(".essay-examined tbody tr"):
            claim, asked, _, came_out = (
                " ".join(cell.get_text(" ").split()) for cell in row.find_all("td")
            )
            assert claim[:3] not in found, f"{claim[:3]} stands in two tables"
            found[claim[:3]] = (claim[4:], asked, came_out)
    expected = {}
    for row in without_gaps(ledger):
        told = plain(row["verdict"], row["by_order"])
        if row["verdict"] == "illustrated only" != row["outcome"]:
            told = f"{told} {AND[row['outcome']]}"
        told = f"{told} {beside_verdict(row)}".strip()
        asked = row["question"]
        if row["left_out"]:
            asked = f"{asked} To bear in mind: {row['left_out']}"
        expected[row["id"]] = (row["claim"], asked, told)
    assert found == expected


def beside_verdict(row: dict) -> str:
    """How often chance would do as well, what was found, and the words behind it."""
    reading = " ".join(row["reading"].split())
    if row["severity"] is None:
        return f"what was found {reading}"
    told = f"{reading} If nothing had happened: {row['severity_null']}."
    if row["verdict"] in ("supported", "mixed") and row["power"] is None:
        return f"chance would do as well in {percent(row['as_well'])} {told}"
    met = f"a rule that chance meets in {percent(row['severity'])} {told}"
    seen = row["power_of"]
    if row["power"] is not None:
        seen = f"{row['power']:.2g}: {seen}"
    elif seen not in ("", "none"):
        seen = f"none: {seen}"
    else:
        return met
    if row["verdict"] in ("supported", "mixed"):
        met = f"chance would do as well in {percent(row['as_well'])} {told}"
    return f"{met} Smallest effect that it would have seen four times in five: {seen}."


@pytest.mark.parametrize("ids", [["C01", "C01"], ["C01", "C99"]])
def test_a_claim_that_is_unknown_or_named_twice_is_refused(
    ids: list[str], ledger: pd.DataFrame
) -> None:
    with pytest.raises(
        ValueError, match=f"allowed: each claim of the ledger once, and not {ids[1]}"
    ):
        page.examined(ledger, ids, "")


def test_filters_leave_what_they_name(browser: Browser, site: str) -> None:
    with watch(browser, site, viewport={"width": 1280, "height": 900}) as seen:
        page = seen.page
        page.goto(f"{site}/{PAGE}")
        assert len(page.evaluate(SHOWN)) == CLAIMS
        page.locator(".essay-filters select[name=verdict]").select_option(
            "the order is the other way round"
        )
        found = page.evaluate(SHOWN)
        assert 0 < len(found) < CLAIMS
        assert (
            page.get_by_role("status").filter(has_text="claims").inner_text()
            == f"{len(found)} of {CLAIMS} claims"
        )
        page.locator(".essay-filters select[name=verdict]").select_option("")
        page.locator(".essay-filters select[name=section]").select_option("Bakiyev")
        assert "c40" in page.evaluate(SHOWN)  # a claim of two sections stands in both
        assert seen.errors == [] and seen.outside == []


def test_the_ledger_can_be_read_by_keyboard(browser: Browser, site: str) -> None:
    with watch(browser, site, viewport={"width": 360, "height": 740}) as seen:
        page = seen.page
        page.goto(f"{site}/{PAGE}")
        page.get_by_role("button", name="Open these").focus()
        page.keyboard.press("Enter")
        assert page.locator(".essay-claim[open]").count() == CLAIMS
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 360
        page.keyboard.press("Enter")
        assert page.locator(".essay-claim[open]").count() == 0


def test_an_address_opens_its_claim_in_spite_of_a_filter(
    browser: Browser, site: str
) -> None:
    with watch(browser, site, viewport={"width": 1280, "height": 900}) as seen:
        page = seen.page
        page.goto(f"{site}/{PAGE}#c37")
        assert page.locator("#c37").get_attribute("open") is not None
        page.locator(".essay-filters select[name=type]").select_option("normative")
        page.evaluate("location.hash = '#c29'")
        page.wait_for_function("document.querySelector('#c29').open")
        assert "c29" in page.evaluate(SHOWN)


def test_without_scripts_every_claim_is_there(browser: Browser, site: str) -> None:
    with watch(browser, site, java_script_enabled=False) as seen:
        seen.page.goto(f"{site}/{PAGE}")
        assert seen.page.locator(".essay-claim").count() == CLAIMS
        assert seen.page.locator(".essay-filters").count() == 0
        seen.page.locator("#c14 > summary").click()
        assert seen.page.locator("#c14 dl").is_visible()


SQUARES = "book/06-conclusion.html"
TOLD = ".essay-square__told:visible"


def test_a_square_tells_of_its_claim_and_leads_to_it_by_keyboard(
    browser: Browser, site: str
) -> None:
    with watch(browser, site, viewport={"width": 1280, "height": 900}) as seen:
        page = seen.page
        page.goto(f"{site}/{SQUARES}")
        squares = page.locator(".essay-square:visible > a")
        assert squares.count() == CLAIMS and page.locator(TOLD).count() == 0
        squares.nth(3).focus()
        told = page.locator(TOLD)
        assert squares.nth(3).inner_text()[:2] in told.inner_text()[:3]
        page.keyboard.press("Escape")
        assert told.count() == 0
        squares.nth(4).hover()
        told.wait_for()
        assert squares.nth(4).inner_text()[:2] in told.inner_text()[:3]
        squares.nth(5).focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/a1-ledger.html#c*")
        assert seen.errors == []


def test_a_touch_tells_and_a_second_one_leads_on(browser: Browser, site: str) -> None:
    phone = {"width": 360, "height": 740}
    with watch(browser, site, viewport=phone, has_touch=True, is_mobile=True) as seen:
        page = seen.page
        page.goto(f"{site}/{SQUARES}")
        square = page.locator(".essay-square:visible > a").nth(6)
        square.tap()
        page.locator(TOLD).wait_for()
        assert page.locator(TOLD).count() == 1 and page.url.endswith(SQUARES)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 360
        square.tap()
        page.wait_for_url("**/a1-ledger.html#c*")


def test_squares_are_links_without_scripts(browser: Browser, site: str) -> None:
    with watch(browser, site, java_script_enabled=False) as seen:
        seen.page.goto(f"{site}/{SQUARES}")
        square = seen.page.locator(".essay-square:visible > a")
        assert square.count() == CLAIMS
        assert "a1-ledger.html#c" in square.first.get_attribute("href")


@pytest.mark.parametrize("name", [c for c in chapters() if re.search(r"/0\d-", c)])
def test_claims_named_in_a_chapter_lead_to_the_ledger(name: str, book: Path) -> None:
    ids = {entry["id"] for entry in soup(book, "book/a1-ledger").select(".essay-claim")}
    page = soup(book, name)
    links = list(page.select("article a[href*='a1-ledger.html#c']"))
    assert len(links) >= 2
    for link in links:
        # In a table the claim itself stands beside its id.
        assert link["href"].split("#")[1] in ids and (
            link.get("title")
            or link.find_parent(class_=["essay-examined", "essay-squares"])
        )
    for text in page.find("article").find_all(string=re.compile(r"\bC\d\d\b")):
        if not text.find_parents(
            ["a", "code", "pre", "script", "svg", "figcaption", "style"]
        ) and not text.find_parents(
            class_=[
                "pasted-text",
                "essay-bet",
                "essay-quiz",
                "essay-squares",
                "essay-table",
            ]
        ):  # written by code: plain
            pytest.fail(f"{text!r} is not linked")


# The reader's own ledger -----------------------------------------------------

OWN = "book/a2-multiverse.html"
STANDING = """() => Object.fromEntries(
    [...document.querySelectorAll('.essay-chosen .essay-squares__group')].flatMap((group) => [
        ...group.querySelectorAll('.essay-square')].map((square) => [square.dataset.claim,
            square.querySelector('.essay-square__came').innerText])))"""


@pytest.fixture(scope="module")
def found() -> pd.DataFrame:
    with kept_results():
        case = data.open_case(coding="record")
        return claims.answers(case, claims.multiverse(case))


def standing(found: pd.DataFrame, ledger: pd.DataFrame, **picked: str) -> dict:
    """What each claim comes to under some choices, in the words of the page."""
    case = data.open_case(coding="record")
    rows = claims.under(
        case, found, {k.replace("_", " "): v for k, v in picked.items()}
    )
    told = page.plainly(rows.assign(by_order=list(ledger["by_order"])))
    return told.str.replace(", and", " and").to_dict()


def test_verdicts_answer_the_reader_s_choices(
    browser: Browser, site: str, found: pd.DataFrame, ledger: pd.DataFrame
) -> None:
    with watch(browser, site, viewport={"width": 1280, "height": 900}) as seen:
        page = seen.page
        page.goto(f"{site}/{OWN}")
        said = page.locator(".essay-chosen__said")
        assert said.inner_text().startswith("All claims come out as in the essay.")

        def agrees(**picked: str) -> int:
            told, own = standing(found, ledger, **picked), standing(found, ledger)
            shown = {
                claim: words.split(";")[0].strip()
                for claim, words in page.evaluate(STANDING).items()
            }
            assert shown == told
            differ = [claim for claim in told if told[claim] != own[claim]]
            listed = page.locator(".essay-chosen__differs li a").all_inner_texts()
            assert listed == differ
            assert page.locator(".essay-square--changed").count() == len(differ)
            return len(differ)

        assert agrees() == 0
        page.get_by_label("version", exact=True).select_option("paper")
        page.get_by_label("roll calls", exact=True).select_option("20 or more")
        many = agrees(version="paper", roll_calls="20 or more")
        assert many > 0 and said.inner_text().startswith(f"{many} claims come out")
        page.get_by_label("acts", exact=True).select_option("by the state")
        agrees(version="paper", roll_calls="20 or more", acts="by the state")
        page.get_by_role("button", name="Back to the essay").click()
        assert agrees() == 0
        page.get_by_role("button", name="Kindest").focus()
        page.keyboard.press("Enter")
        came = said.inner_text()
        page.get_by_role("button", name="Hardest").click()
        fits = [
            int(re.search(r"the evidence fits (\d+)", text)[1])
            for text in (came, said.inner_text())
        ]
        assert fits[0] > fits[1]
        assert seen.errors == [] and seen.outside == []


def test_a_moved_square_tells_no_chance_that_was_not_computed(
    browser: Browser, site: str
) -> None:
    with watch(browser, site, viewport={"width": 360, "height": 740}) as seen:
        page = seen.page
        page.goto(f"{site}/{OWN}")
        before = page.evaluate(STANDING)["C07"]
        assert "chance" in before
        page.get_by_label("roll calls", exact=True).select_option("20 or more")
        assert "chance" not in page.evaluate(STANDING)["C07"]
        page.get_by_role("button", name="Back to the essay").click()
        assert page.evaluate(STANDING)["C07"] == before
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 360


def test_without_scripts_the_essay_s_own_verdicts_stand(
    browser: Browser, site: str
) -> None:
    with watch(browser, site, java_script_enabled=False) as seen:
        seen.page.goto(f"{site}/{OWN}")
        own = seen.page.locator(".essay-chosen")
        assert own.locator(".essay-square:visible").count() == CLAIMS
        assert own.locator("select:visible").count() == 0
        assert "With scripts switched on" in own.inner_text()


def test_choices_can_be_linked_to(browser: Browser, site: str) -> None:
    with watch(browser, site, viewport={"width": 1280, "height": 900}) as seen:
        page = seen.page
        page.goto(f"{site}/{OWN}")
        page.get_by_label("version", exact=True).select_option("paper")
        page.locator("details:has(select) > summary").click()
        page.get_by_label("score", exact=True).select_option("Polity")
        own = page.locator(".essay-chosen")
        own.get_by_role("button", name="Link to this view").click()
        address = own.get_by_label("Address of this view").input_value()
        there, said = page.evaluate(STANDING), own.locator(".essay-chosen__said")
        told = said.inner_text()
        page.goto("about:blank")
        page.goto(address)
        assert page.evaluate(STANDING) == there and said.inner_text() == told
        assert page.get_by_label("score", exact=True).is_visible()
        page.goto(f"{site}/{OWN}?view=choices&by_score=None&by_nothing=1")
        assert said.inner_text().startswith("All claims come out as in the essay.")
        assert "is passed over" in said.inner_text()
        assert seen.errors == [] and seen.outside == []
