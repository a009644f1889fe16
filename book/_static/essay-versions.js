// Change the whole book over to its other version, and see what moves.
//
// Where the paper and the public record differ, numbers of the text carry both values
// (span.essay-moves, data-record and data-paper) and charts a second specification. The
// choice holds for all pages of the book in this browser. Without scripts the pages show
// the first version.
(() => {
  'use strict';

  const { _, counted } = window.essayWords;

  const VERSIONS = JSON.parse(document.currentScript.dataset.versions);
  const [FIRST, OTHER] = Object.keys(VERSIONS);
  const KEY = 'essay-version';
  const root = document.documentElement;

  // A page opened from a file may be refused a memory.
  const remembered = () => {
    try { return localStorage.getItem(KEY); } catch { return null; }
  };
  const remember = (version) => {
    try { localStorage.setItem(KEY, version); } catch { /* it holds for this page then */ }
  };

  const numbers = [...document.querySelectorAll('.essay-moves')];
  // Words of a figure that has two drawings change with the drawing (essay-charts.js).
  const followsDrawing = (number) => Boolean(number.closest('figure.essay-chart')?.querySelector('.essay-chart__version'));
  const charts = [...document.querySelectorAll(`figure.essay-chart:has(script[data-version="${OTHER}"])`)];

  // The switch is not printed, what it stands at is.
  const printed = document.createElement('p');
  printed.className = 'essay-version__printed';

  const apply = (version) => {
    if (version === FIRST) delete root.dataset.version;
    else root.dataset.version = version;
    printed.textContent = _('Dates and facts as told by {version}.', { version: VERSIONS[version] });
    for (const number of numbers) {
      if (!followsDrawing(number)) number.textContent = number.dataset[version];
      const counterpart = version === FIRST ? OTHER : FIRST;
      number.title = `${VERSIONS[counterpart]}: ${number.dataset[counterpart]}`;
    }
    document.dispatchEvent(new CustomEvent('essay-version'));
  };

  const says = (version) => {
    if (!numbers.length && !charts.length) return _('No number and no chart of this page changes with the choice.');
    const what = [[numbers, _('# number of the text|# numbers of the text')], [charts, _('# chart|# charts')]]
      .filter(([found]) => found.length).map(([found, forms]) => counted(found.length, forms)).join(_(' and '));
    const differs = numbers.length + charts.length === 1 ? _('{what} on this page differs between the two', { what })
      : _('{what} on this page differ between the two', { what });
    if (version !== FIRST) return `${differs}. ${_('The sentences around them were written for {version}.', { version: VERSIONS[FIRST] })}`;
    return `${differs}${numbers.length ? _('; the numbers carry a dotted line') : ''}.`;
  };

  const option = (version, status) => {
    const label = document.createElement('label');
    const input = document.createElement('input');
    Object.assign(input, { type: 'radio', name: 'essay-version', value: version, checked: version === current });
    input.addEventListener('change', () => {
      remember(version);
      apply(version);
      status.textContent = says(version);
    });
    label.append(input, ` ${VERSIONS[version]}`);
    return label;
  };

  const control = () => {
    const set = document.createElement('fieldset');
    set.className = 'essay-version';
    const legend = document.createElement('legend');
    legend.textContent = _('Dates and facts as told by');
    const status = document.createElement('p');
    status.setAttribute('aria-live', 'polite');
    set.append(legend, option(FIRST, status), option(OTHER, status), status);
    status.textContent = says(current);
    return set;
  };

  const current = remembered() === OTHER ? OTHER : FIRST;
  if (current !== FIRST) root.dataset.version = current;   // before the charts are drawn
  const heading = document.querySelector('.bd-article h1');
  if (heading && document.querySelector('figure.essay-chart, .pasted-text')) {
    heading.after(control(), printed);
    apply(current);
  }
})();
