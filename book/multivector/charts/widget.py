"""Charts of a live session: Altair's widget, with the script that draws it sent once.

Altair's own widget carries Vega, nearly a megabyte, with every chart. Here one widget that
nobody sees holds the script; a chart names it, and the first that is drawn fetches it.
"""

import functools
from typing import Any

import traitlets
from altair.jupyter import JupyterChart
from ipywidgets import Label, Widget, widget_serialization

#: Asks the widget manager for the script, once in a page, and lets it draw.
FETCH = """
const fetchScript = async (model) => {
  const name = model.get('script').replace('IPY_MODEL_', '');
  const { widget_manager: manager } = model;
  const holder = await manager.get_model(name);
  const address = URL.createObjectURL(new Blob([holder.get('value')], { type: 'text/javascript' }));
  try { return await import(address); } finally { URL.revokeObjectURL(address); }
};
const script = (model) => {
  globalThis.essayDrawing ??= fetchScript(model).catch((error) => {
    delete globalThis.essayDrawing;
    throw error;
  });
  return globalThis.essayDrawing;
};
export default { async render(given) { return (await script(given.model)).default.render(given); } };
"""


class Bundled(JupyterChart):
    """Altair's widget with all that it needs; a class of its own, so that Altair's stays."""


@functools.cache
def script() -> Label:
    """The widget that holds Vega and what Altair draws with, made when the first chart asks."""
    Bundled.enable_offline()
    return Label(value=str(Bundled._esm))


class Plot(JupyterChart):
    """A chart that names the script instead of carrying it."""

    _esm = FETCH
    script = traitlets.Instance(Widget).tag(sync=True, **widget_serialization)


def plot(spec: dict[str, Any]) -> Plot:
    """A widget with a specification that was checked when its chart gave it away.

    To build Altair's chart from it again, and to check it twice more against the schema, takes
    several times as long as to draw it.
    """
    made = Plot(None, script=script())
    made.spec = spec
    return made
