"""Which parameters each method of a rule takes, and of what kind.

The methods themselves live in ``claims``; a test holds that they take just these.  Here the
parameters are written down so that a case can be checked before anything is computed.
"""

import functools
import re

#: Parameters by method: ``name:kind``, a text where no kind is told; "?" before one that may be left
#: out.  ``[kind]`` is a list, ``{name}`` one of the tables below.
METHODS = {
    "above_others": "measure others:[text] first:whole last:whole direction",
    "above_trend": "series trend:[whole] years:[whole]",
    "after_the_visit": "declaration:[text] visit:[text] softening:[text] known_days:whole "
    "?illustrates:yes ?coding",
    "agency_weight": "low:number high:number level:number fewest:whole",
    "alike_and_together": "measure others:[text] first:whole last:whole direction margin:number "
    "years_outside_at_most:whole together_at_most:number fewest_changes:whole "
    "draws:all",
    "best_number": "most:whole exponents:[number] costs:[number] steps:whole few:whole "
    "high:number low:number",
    "better_model": "model than:[text] leaders ?prior_width:number ?prior_centre:number ?drop "
    "?grades",
    "bids_rise": "rents:[text] cost:number grant loan debt_relief relief "
    "discounts:[number] steps:whole credible:number",
    "blocks_rise": "blocks:[[{shift}]]",
    "both_positive": "on also:[text] first:whole last:whole half_life:number direction ?coding",
    "break_at": "series last:whole found:[whole] strict:number loose:number null "
    "draws:whole seed:whole ?peers:[text] ?fewest:whole",
    "break_between_leaders": "series before:[whole] after:[whole] found:[whole] strict:number null "
    "draws:whole seed:whole ?peers:[text] ?fewest:whole",
    "careers": "table fewest:whole",
    "changes": "items:[{change}] sign:whole ?coded:[text] ?peers:[text] ?fewest:whole "
    "?half_life:number ?direction ?coding",
    "changes_among_all": "series spans:[[whole]] length:whole first:whole last:whole sign:whole "
    "pairs_at_most:number compared:[text] compared_series "
    "states_at_most:number fewest_spans:whole fewest_states:whole draws:all "
    "?peers:[text] ?fewest:whole",
    "changes_of_office": "series first:whole last:whole strict:number ?peers:[text] ?fewest:whole",
    "coefficient": "model coefficient leaders ?prior_width:number ?prior_centre:number ?drop "
    "?grades ?whole_interval:yes",
    "days_after": "act:[text] mark:[text] near:whole ?coding",
    "deeds_over_words": "first:whole last:whole more less most:whole some:whole direction",
    "each_ablation_worse": "model without:[text] leaders ?prior_width:number ?prior_centre:number "
    "?drop ?grades",
    "equal_before_and_after": "series before:[whole] after:[whole] margin:number level:number "
    "draws:whole seed:whole ?peers:[text] ?fewest:whole",
    "exit_of_leader": "leader says denies",
    "falls_after_years": "series years:[whole] sign:whole",
    "hedge_pays": "value:number rivals:[number] credibilities:[number] shares:[number] "
    "cost:number steps:whole high:number low:number",
    "index_rises": "index before:[day] after:[day] half_life:number direction level:number "
    "draws:whole seed:whole ?coding ?whole:yes ?whole_interval:yes",
    "insurer": "state_ideal:number personal_ideal:number baseline:number nearer:number "
    "before:day after:[day] half_life:number direction ?coding",
    "jump_among_states_and_years": "series states:[text] partners:[text] transform year:whole before:[whole] "
    "after:[whole] first:whole last:whole years_at_least:whole sign:whole "
    "less_own_median:yes strict:number loose:number fewest_cells:whole "
    "draws:all",
    "jump_among_years": "series year:whole before:[whole] after:[whole] first:whole last:whole "
    "years_at_least:whole sign:whole strict:number loose:number beside:[text] "
    "beside_fewest:whole fewest_cells:whole draws:all",
    "jumps_among_states_and_years": "items:[{stretch}] states:[text] peers:[text] year:whole before:[whole] "
    "after:[whole] years_at_least:whole fewest_cells:whole "
    "less_own_median:[text] sign:whole at_most:number measures_at_least:whole "
    "edition direction fewest:whole draws:all",
    "leads": "cause effect first:whole last:whole reach:whole enough:number",
    "leans_and_votes": "vector partner others:[text] trade:[whole] votes:[whole] edition "
    "common_years:whole trade_rank:whole votes_rank:whole "
    "chance_at_most:number fewest:whole shown:{memory} draws:all",
    "leans_on": "vector others:[text] first:whole last:whole edition half_life:number "
    "direction ?coding",
    "loser_is_paid": "first_value:number values:[number] costs:[number] harms:[number] "
    "credibilities:[number] steps:whole high:number",
    "means_rise": "items:[{shift}] ?otherwise ?peers:[text] ?fewest:whole ?edition "
    "?direction",
    "moved_at_home": "outcomes:[text] line:number level:number bases:yes sure",
    "moved_by_office": "office outcomes:[text] line:number level:number bases:yes sure",
    "moves_after_threats": "window:whole until direction strict:number loose:number robust:number "
    "?coding",
    "named_years": "series other years:[whole] last:whole strict:number loose:number "
    "opposite:number null draws:whole seed:whole ?peers:[text] ?fewest:whole",
    "needs": "told",
    "opinions": "table fewest:whole leader",
    "opened_and_kept": "before:day after:day gained kept deal:[text] rise:number fall:number "
    "half_life:number direction ?coding ?whole:yes",
    "peers_spared": "blow:[text] on_peers:[text] unrest:[text] until ?coding",
    "response_to_shocks": "series compared:[text] years:[whole] first:whole last:whole level:number ?holes:yes "
    "draws:whole seed:whole ?fewest:whole ?whole_interval:yes",
    "revenue_and_jump": "rents:[text] series year:whole before:[whole] after:[whole] first:whole "
    "last:whole years_at_least:whole sign:whole strict:number loose:number "
    "beside:[text] beside_fewest:whole fewest_cells:whole draws:all",
    "rising": "series:[text] first:whole last:whole many:whole",
    "share_of_block": "block high:number low:number leaders ?prior_width:number "
    "?prior_centre:number ?drop ?grades",
    "share_of_years_first": "edition partner first:whole last:whole half:number third:number",
    "share_signed": "ideals:[number] weights:[number] costs:number reversion:number "
    "threshold:number constraint:number patron_ideal:number "
    "patron_cost:number values:[number] steps:whole limit:number",
    "votes_against": "outcomes:[text] many:whole",
    "votes_that_bind": "changed:[text] delayed:[text]",
    "weight_of_private_rent": "rents:[text] cost:number host_ceiling:number rival_ceiling:number "
    "limit:number",
    "within_band": "measure others:[text] first:whole last:whole edge:number direction",
}
#: Tables within parameters, in the same form.
TABLES = {
    "change": "series from:moment to:moment",
    "shift": "series before:[whole] after:[whole] sign:whole",
    "stretch": "series first:whole last:whole",
    "memory": "half_life:number direction",
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _day(value: object) -> bool:
    return isinstance(value, str) and bool(_DAY.fullmatch(value))


#: By kind: whether a value is of it, and how it is written.
KINDS = {
    "text": (lambda value: isinstance(value, str), "a text in quotation marks"),
    "whole": (_whole, "a whole number"),
    "number": (lambda value: _whole(value) or isinstance(value, float), "a number"),
    "yes": (lambda value: isinstance(value, bool), "true or false"),
    "day": (_day, 'a day as "2001-08-31"'),
    "moment": (
        lambda value: _whole(value) or _day(value),
        "a year, or a day in quotes",
    ),
    "all": (lambda value: value == "all", 'the word "all" in quotation marks'),
}


@functools.cache
def taken(words: str) -> dict[str, tuple[str, bool]]:
    """Kind of each parameter of a method or a table, and whether it must be there.

    Parameters
    ----------
    words : str
        One of the values of :data:`METHODS` or :data:`TABLES`.

    Returns
    -------
    dict of str to (str, bool)
    """
    found = {}
    for word in words.split():
        name, _, kind = word.lstrip("?").partition(":")
        found[name] = (kind or "text", not word.startswith("?"))
    return found
