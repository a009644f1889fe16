"""Colours: seen on the page, told apart by every eye, and the same partner in both themes."""

from __future__ import annotations

import csv
import itertools
import re

import essay_assets
import numpy as np
import pytest
from conftest import ROOT

SHEET = (ROOT / "book" / "_static" / "essay.css").read_text(encoding="utf-8")
GROUNDS = {"light": "#ffffff", "dark": essay_assets.DARK_GROUND}
MARK = 3.0  # WCAG 2.2, 1.4.11: what one must see to understand a graphic
TEXT = 4.5  # WCAG 2.2, 1.4.3
TURN = 30  # degrees of hue; red is as far from orange

# What is left of a colour (linear RGB) where one kind of cone is missing: G. M. Machado,
# M. M. Oliveira, L. A. F. Fernandes, IEEE TVCG 15(6), 2009, severity 1.
EYES = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
# The palette that is recommended to everybody with such eyes in mind (M. Okabe, K. Ito, 2008):
# ours must keep its colours as far apart as that one keeps its closest two.
OKABE_ITO = "#000000 #e69f00 #56b4e9 #009e73 #f0e442 #0072b2 #d55e00 #cc79a7".split()

# Colours of the style sheet that stand side by side in one figure.
FAMILIES = ("kind", "level", "verdict", "outcome")


def linear(colour: str) -> np.ndarray:
    """Linear RGB of a colour like #1a2b3c."""
    parts = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIELAB (D65) of linear RGB."""
    to_xyz = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ]
    )
    share = to_xyz @ rgb / to_xyz.sum(axis=1)
    f = np.where(share > 216 / 24389, np.cbrt(share), (24389 / 27 * share + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def turned(one: float, other: float) -> float:
    """Degrees from one hue to another, from -180 to 180."""
    return (other - one + 180) % 360 - 180


def difference(one: np.ndarray, other: np.ndarray) -> float:
    """How far apart two colours look: CIEDE2000."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    g = 1.5 - 0.5 * np.sqrt(mean**7 / (mean**7 + 25**7))
    c1, c2 = np.hypot(g * a1, b1), np.hypot(g * a2, b2)
    h1, h2 = (np.degrees(np.arctan2(b, g * a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = turned(h1, h2) if c1 * c2 else 0.0
    light, chroma, hue = (l1 + l2) / 2, (c1 + c2) / 2, (h1 + turn / 2) % 360
    if not c1 * c2:
        hue = h1 + h2
    t = 1 - 0.17 * np.cos(np.radians(hue - 30)) + 0.24 * np.cos(np.radians(2 * hue))
    t += 0.32 * np.cos(np.radians(3 * hue + 6)) - 0.2 * np.cos(np.radians(4 * hue - 63))
    away = (light - 50) ** 2
    parts = np.array(
        [
            (l2 - l1) / (1 + 0.015 * away / np.sqrt(20 + away)),
            (c2 - c1) / (1 + 0.045 * chroma),
            2
            * np.sqrt(c1 * c2)
            * np.sin(np.radians(turn / 2))
            / (1 + 0.015 * chroma * t),
        ]
    )
    bend = -2 * np.sqrt(chroma**7 / (chroma**7 + 25**7))
    bend *= np.sin(np.radians(60 * np.exp(-(((hue - 275) / 25) ** 2))))
    return float(np.sqrt((parts**2).sum() + bend * parts[1] * parts[2]))


def seen(colour: str, eye: str) -> np.ndarray:
    """A colour as an eye has it, in CIELAB."""
    return lab(np.clip(EYES[eye] @ linear(colour), 0, 1))


def closest(colours: list[str]) -> float:
    """How far apart the closest two of some colours look to the eye that tells them worst."""
    return min(
        difference(seen(one, eye), seen(other, eye))
        for eye in EYES
        for one, other in itertools.combinations(colours, 2)
    )


def vectors(theme: str) -> dict[str, str]:
    """Colour of each partner."""
    column = {"light": "colour", "dark": "colour_dark"}[theme]
    with (ROOT / "data" / "vectors.csv").open(encoding="utf-8-sig") as file:
        return {row["vector"]: row[column] for row in csv.DictReader(file)}


def family(name: str, theme: str) -> dict[str, str]:
    """Colours of one kind of things, as the style sheet has them."""
    found = essay_assets.variables(SHEET, theme)
    return {key: c for key, c in found.items() if key.startswith(f"--chart-{name}-")}


# The measure --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        # G. Sharma, W. Wu, E. N. Dalal, Color Research and Application 30(1), 2005, table 1.
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
        ((90.8027, -2.0831, 1.4410), (91.1528, -1.6435, 0.0447), 1.4441),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_measure_is_that_of_the_standard(one, other, apart):
    found = difference(np.array(one), np.array(other))
    assert found == pytest.approx(apart, abs=1e-4)


def test_an_eye_without_one_kind_of_cone_confuses_what_it_must():
    assert closest(["#d62728", "#2ca02c"]) < closest(["#1f77b4", "#ff7f0e"])
    for eye in EYES:
        assert seen("#808080", eye)[1:] == pytest.approx([0, 0], abs=0.5)


# The colours --------------------------------------------------------------------


@pytest.mark.parametrize("theme", GROUNDS)
def test_partners_are_seen_and_told_apart(theme):
    shades = vectors(theme)
    for name, colour in shades.items():
        assert essay_assets.contrast(colour, GROUNDS[theme]) >= MARK, name
    assert closest(list(shades.values())) >= closest(OKABE_ITO)


def test_a_partner_keeps_its_hue_between_the_themes():
    light, dark = vectors("light"), vectors("dark")
    for name in light:
        (_, a1, b1), (_, a2, b2) = lab(linear(light[name])), lab(linear(dark[name]))
        if np.hypot(a1, b1) < 5:
            assert np.hypot(a2, b2) < 5, f"{name} is grey in one theme only"
            continue
        hues = (np.degrees(np.arctan2(b, a)) for a, b in ((a1, b1), (a2, b2)))
        assert abs(turned(*hues)) <= TURN, name


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("theme", GROUNDS)
def test_kinds_are_seen_and_told_apart(theme, name):
    shades = family(name, theme)
    if name in ("kind", "level") and theme == "light":
        shades = in_module(name)  # the module's fallback is the light colour
    assert len(shades) >= 3
    for key, colour in shades.items():
        assert essay_assets.contrast(colour, GROUNDS[theme]) >= MARK, key
    assert closest(list(shades.values())) >= closest(OKABE_ITO)


def in_module(name: str) -> dict[str, str]:
    """Light colours of one kind of things that stand in the module's theme."""
    text = (ROOT / "book" / "multivector" / "charts" / "theme.py").read_text("utf-8")
    return dict(re.findall(rf'css\("({name}-[\w-]+)", "(#\w{{6}})"', text))


@pytest.mark.parametrize("theme", GROUNDS)
def test_words_of_the_style_sheet_can_be_read(theme):
    blocks = re.findall(r"html(\[data-theme=\"dark\"\])? \{([^}]*)\}", SHEET)
    chosen = [text for dark, text in blocks if bool(dark) == (theme == "dark")]
    found = dict(re.findall(r"(--[\w-]+): (#\w{6});", chosen[0]))
    for name in ("text", "muted", "accent", "verdict-supported"):
        colour = found[f"--chart-{name}"]
        assert essay_assets.contrast(colour, GROUNDS[theme]) >= TEXT, name


@pytest.mark.parametrize("theme", GROUNDS)
def test_a_square_is_told_by_more_than_its_colour(theme):
    """Each verdict has a border of its own kind, or a ground."""
    rules = dict(
        re.findall(r"\.essay-square\.essay-verdict--([\w-]+) > a \{([^}]*)\}", SHEET)
    )
    assert len(set(rules.values())) == len(rules) == 5


def test_forced_colours_take_those_that_fit_the_systems_ground():
    rules = essay_assets.forced(SHEET)
    light, dark = rules.split("@media (forced-colors: active) and")
    for theme, text in (("light", light), ("dark", dark)):
        for name, colour in essay_assets.variables(SHEET, theme).items():
            assert f"{name}: {colour};" in text
        assert "--chart-text" not in text
