"""The two-stage model, for episodes that the reader writes down."""

import io
from typing import Any

import altair as alt
import ipywidgets as widgets
import pandas as pd

from .. import alignment, arena, charts
from ..data import Case
from ..forms import formatted
from ..hints import rows_of
from ..language import N_, _
from . import controls
from .explorer import Explorer


class EpisodesExplorer(Explorer):
    """The two-stage model for episodes that the reader writes down.

    Parameters
    ----------
    case : data.Case
        Gives the episodes to start from; those whose significance is not measured are left out.  Without
        any the reader writes all of them.
    draws : int
        Draws behind prior and posterior.
    """

    ADDS = N_(
        "write episodes of your own and choose the model and the width of the prior"
    )
    STANDS = N_("stands still on this page but for its commitment")

    COLUMNS = ("label", *arena.INPUTS, "external")
    #: What is told of an episode of the case beside.
    TOLD = ("start", "external_why", "source")
    #: Models that need no leaders; "no leader" and "no threat" are "both" and "external only" then.
    CHOICES = tuple(
        name for name in arena.MODELS if name not in ("no leader", "no threat")
    )

    def __init__(self, case: Case, draws: int = 4000) -> None:
        self.case, self.draws = case, draws
        self.episodes = pd.DataFrame(columns=[*self.COLUMNS, *self.TOLD])
        if case.has("episodes", "significance"):
            found = alignment.episodes(case)
            self.episodes = found.dropna(subset="significance")
        self.text = self.episodes[list(self.COLUMNS)].round(3).to_csv(index=False)

    def rows(self, text: str) -> pd.DataFrame:
        """Episodes out of lines of comma-separated values, the first of which names the columns."""
        try:
            rows = pd.read_csv(io.StringIO(text.strip()), skipinitialspace=True)
        except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
            raise ValueError(
                f"text is no table of comma-separated values: {error}"
            ) from None
        if missing := [name for name in self.COLUMNS if name not in rows]:
            raise ValueError(
                f"text lacks the columns {missing}; allowed: a first line with {','.join(self.COLUMNS)}"
            )
        rows["label"] = rows["label"].astype(str)
        known = self.episodes.drop_duplicates("label").set_index("label")
        known = known[[*self.TOLD]].astype(object)
        rows = rows.drop(columns=known.columns, errors="ignore")
        rows = rows.join(known, on="label").astype({"start": "datetime64[us]"})
        return rows.fillna(dict.fromkeys(known.columns[1:], _("a row of your own")))

    def figure(
        self,
        text: str | None = None,
        model: str = "both",
        prior_sd: float = 1.5,
        commitment: float = 1.0,
    ) -> Any:
        """The chart for one setting.

        Parameters
        ----------
        text : str, optional
            Episodes as comma-separated values; by default those of the case.
        model : str
            One of :attr:`CHOICES`.
        prior_sd : float
            Standard deviation of the prior of each coefficient, above 0.
        commitment : float
            Where the slider of the surface starts, in [0, 1].
        """
        rows = self.rows(self.text if text is None else text)
        found = arena.widths(rows, [prior_sd], [model], self.draws)
        ours = rows["label"].isin(self.episodes["label"]).any()
        lattice = self.lattice(found, model)
        surface = charts.arena.arena_surface(
            lattice, rows, commitment, _("fit of this essay to the rows of the reader")
        )
        chart = alt.vconcat(
            surface,
            charts.arena.prior_and_posterior(found, prior_sd, still=True),
            spacing=14,
        ).resolve_scale(color="independent")
        return charts.finish(
            chart,
            **self.words(len(rows), found, model, prior_sd),
            source=self.sources() if ours else _("rows of your own"),
            kind="model",
        )

    def sources(self) -> list[str]:
        """What the episodes of the case and their inputs are cited from."""
        tables = ("episodes", *self.case.table("significance")["table"])
        return [self.case.cite(table) for table in tables]

    def words(
        self, n: int, found: pd.DataFrame, model: str, prior_sd: float
    ) -> dict[str, str]:
        """Title, subtitle and description for one setting."""
        after = found[found["source"] == "posterior"]
        said = {
            "n": n,
            "k": found["coefficient"].nunique(),
            "still": self.still(after["ratio"]),
            "model": charts.arena.MODEL_WORDS.get(model, model),
            "prior_sd": prior_sd,
            "draws": self.draws,
            "after": "; ".join(
                _(
                    "{coefficient} {one.mean:+.2f}, spread {one.ratio:.0%} of the prior",
                    coefficient=charts.arena.coefficient(one.coefficient),
                    one=one,
                )
                for one in rows_of(after)
            ),
        }
        return {
            "title": _(
                "After {n} episodes the spread of the coefficients is still {still} of what it was before",
                **said,
            ),
            "subtitle": _(
                "Model: {model}, without a starting point for each leader; standard deviation at first {prior_sd:g}; {draws:,} draws. Above the weight of causes abroad, below each coefficient, with 90 percent intervals",
                **said,
            ),
            "description": _(
                "Weight of the external arena by significance and threat, as a heat map with {n} episodes as dots, and what is believed of {k} coefficients before and after them, as 90 percent intervals. After: {after}.",
                **said,
            ),
        }

    @staticmethod
    def still(left: pd.Series) -> str:
        """How much of their spread the coefficients have left, in words."""
        least, most = left.min(), left.max()
        if least == most:
            return formatted(least, ".0%")
        return _("{least:.0%} to {most:.0%}", least=least, most=most)

    @staticmethod
    def lattice(found: pd.DataFrame, model: str) -> dict[str, pd.DataFrame]:
        """The weight of the external arena at the mean coefficients, before and after the episodes."""
        means = found.pivot(index="coefficient", columns="source", values="mean")
        means = means.reindex(list(arena.COEFFICIENTS)).fillna(0.0)
        reverse = arena.MODELS[model].internal_first
        order = arena.arena_internal_first if reverse else arena.arena
        steps = [0, 0.25, 0.5, 0.75, 1]
        after, before = (
            arena.surface(means[source], steps, order=order)
            for source in ("posterior", "prior")
        )
        return {_("after the episodes"): after, _("assumed before them"): before}

    def controls(self) -> dict[str, widgets.Widget]:
        """Controls by the argument of ``figure``."""
        spread = _("Sd of the prior"), 0.25, 4, 0.25
        text = self.default("text") or self.text
        return {
            "text": controls.lines(_("Episodes"), text, "48em", "17em"),
            "model": controls.one(
                _("Model"), list(self.CHOICES), self.default("model")
            ),
            **self.sliders("9em", ("prior_sd", *spread)),
        }
