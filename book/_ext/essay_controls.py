"""The controls of a chart as the page has them at once: real inputs, before any script draws.

They stand disabled until the page's script takes them up (`essay-charts.js`), since without it
nothing moves. Their marks are those that Vega gives to its own.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any

from essay_specs import views
from essay_words import _, formatted

Spec = dict[str, Any]


def controls(spec: Spec) -> Iterator[Spec]:
    """Parameters of a specification that a reader can move, each once."""
    known = set()
    for view in views(spec):
        for param in view.get("params") or []:
            bind = param.get("bind")
            movable = (
                isinstance(bind, dict) and "input" in bind and "select" not in param
            )
            if movable and param["name"] not in known:
                known.add(param["name"])
                yield param


def settings_of(name: str, spec: Spec) -> dict[str, Any]:
    """What the chart says of a control: label, unit, colour; of one, or of a family."""
    given = spec.get("usermeta", {}).get("essay", {}).get("controls") or {}
    family = next((key for key in given if name.startswith(f"{key}_")), None)
    return given.get(name) or given.get(family) or {}


def plain(value: Any) -> str:
    """A value as a script writes it.

    >>> plain(2.0), plain(0.25), plain(True), plain("all")
    ('2', '0.25', 'true', 'all')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def attributes(**given: Any) -> str:
    """Attributes of an element; those without a value are left out.

    >>> attributes(name="a", value=None, disabled=True, data_type="range")
    ' name="a" disabled data-type="range"'
    """
    words = []
    for key, value in given.items():
        name = key.strip("_").replace("_", "-")
        if value is True:
            words.append(f" {name}")
        elif value is not None and value is not False:
            words.append(f' {name}="{html.escape(plain(value))}"')
    return "".join(words)


def shown(value: float, step: float, unit: str | None) -> str:
    """The value of a slider in words."""
    digits = len(plain(step).partition(".")[2])
    text = formatted(value, f".{digits}f")
    return f"{text} {unit}" if unit else text


def slider(param: Spec, label: str, settings: dict[str, Any]) -> str:
    """A slider with its value beside it."""
    bind = param["bind"]
    step, value = bind.get("step", 1), param.get("value", bind["min"])
    told = shown(value, step, settings.get("unit"))
    said = attributes(
        type="range",
        name=param["name"],
        min=bind["min"],
        max=bind["max"],
        step=step,
        value=value,
        aria_label=label,
        aria_valuetext=told,
        disabled=True,
    )
    return f'<input{said}><output class="essay-control__value" aria-hidden="true">{html.escape(told)}</output>'


def options(param: Spec) -> Iterator[tuple[str, str, bool]]:
    """Value and label of each option of a control, and whether it is chosen at the start."""
    bind = param["bind"]
    for place, value in enumerate(bind["options"]):
        label = (bind.get("labels") or bind["options"])[place]
        yield plain(value), str(label), value == param.get("value")


def choice(param: Spec) -> str:
    """A list to choose from."""
    inside = "".join(
        f"<option{attributes(value=value, selected=chosen)}>{html.escape(label)}</option>"
        for value, label, chosen in options(param)
    )
    return f"<select{attributes(name=param['name'], disabled=True)}>{inside}</select>"


def buttons(param: Spec) -> str:
    """Buttons of which one is pressed."""
    return "".join(
        f"<label><input{attributes(type='radio', name=param['name'], value=value, checked=chosen, disabled=True)}>"
        f"{html.escape(label)}</label>"
        for value, label, chosen in options(param)
    )


def control(param: Spec, spec: Spec) -> str:
    """One control with its label."""
    settings = settings_of(param["name"], spec)
    kind = param["bind"]["input"]
    label = settings.get("label") or (param["bind"].get("name") or param["name"])
    label = label.rstrip(": \u00a0")
    name = f'<span class="vega-bind-name">{html.escape(label)}</span>'
    box = attributes(class_="vega-bind", data_type=kind, data_unit=settings.get("unit"))
    box += attributes(data_colour=settings.get("colour"))
    if kind == "radio":
        box += attributes(role="radiogroup", aria_label=label)
        pressed = f'<span class="vega-bind-radio">{buttons(param)}</span>'
        return f"<div{box}>{name}{pressed}</div>"
    if kind == "range":
        inside = slider(param, label, settings)
    elif kind == "checkbox":
        at = attributes(name=param["name"], checked=bool(param.get("value")))
        inside = f'<input type="checkbox"{at} disabled>'
    else:
        inside = choice(param)
    return f"<div{box}><label>{name}{inside}</label></div>"


def panel(spec: Spec) -> str:
    """All controls of a chart; nothing where it has none.

    A browser that remembers what stood in a form must not set a control that nobody moved.
    """
    made = "".join(control(param, spec) for param in controls(spec))
    if not made:
        return ""
    asleep = html.escape(
        _("Where the scripts of the page do not run, this drawing stands at its start.")
    )
    return (
        f'<form class="vega-bindings" autocomplete="off">{made}'
        f'<p class="essay-chart__asleep">{asleep}</p></form>'
    )
