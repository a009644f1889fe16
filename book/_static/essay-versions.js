// Change the whole book over to its other version, and see what moves.
//
// Where the paper and the public record differ, numbers of the text carry both values
// (span.essay-moves, data-record and data-paper) and charts a second specification. The
// choice stands in each figure that differs, below the first number that does, and where a
// page asks for it (div.essay-versions). It holds for all pages of the book in this
// browser. A version that an address asks for holds for that visit, and is kept if the
// reader chooses it. Without scripts the pages show the first version.
(() => {
  'use strict';

  const { _, counted } = window.essayWords;
  const views = window.essayViews;

  const VERSIONS = JSON.parse(document.currentScript.dataset.versions);
  const [FIRST, OTHER] = Object.keys(VERSIONS);
  const KEY = 'essay-version';
  const root = document.documentElement;

  const CHOICES = { record: _('By the record'), paper: _('As the paper tells it') };
  const DOTTED = {
    record: _('A double line marks a number that the public record tells otherwise.'),
    paper: _('A double line marks a number that the paper tells otherwise.'),
  };
  const WRITTEN = _('The sentences around them were written for {version}.', { version: VERSIONS[FIRST] });

  // A page opened from a file may be refused a memory.
  const remembered = () => {
    try { return localStorage.getItem(KEY); } catch { return null; }
  };
  const remember = (version) => {
    try { localStorage.setItem(KEY, version); } catch { /* it holds for this page then */ }
  };

  const numbers = [...document.querySelectorAll('.essay-moves')];
  // Words of a figure that has two drawings change with the drawing (essay-charts.js).
  const drawnTwice = `figure.essay-chart:has(script[data-version="${OTHER}"])`;
  const charts = [...document.querySelectorAll(drawnTwice)];
  const inText = numbers.filter((number) => !number.closest(drawnTwice));

  // The switch is not printed, what it stands at is.
  const printed = document.createElement('p');
  printed.className = 'essay-version__printed';

  let current = [views.version, remembered()].find((version) => [FIRST, OTHER].includes(version)) ?? FIRST;
  if (current !== FIRST) root.dataset.version = current;   // before the charts are drawn

  const differs = () => {
    if (!numbers.length && !charts.length) return _('No number and no chart of this page changes with the choice.');
    const what = [[numbers, _('# number of the text|# numbers of the text')], [charts, _('# chart|# charts')]]
      .filter(([found]) => found.length).map(([found, forms]) => counted(found.length, forms)).join(_(' and '));
    return numbers.length + charts.length === 1 ? _('{what} on this page differs between the two.', { what })
      : _('{what} on this page differ between the two.', { what });
  };

  // What stands beside a switch: of the whole page, or of the numbers around it.
  const says = {
    page: () => (current === FIRST ? differs() : `${differs()} ${WRITTEN}`),
    numbers: () => (current === FIRST ? DOTTED[OTHER] : `${DOTTED[FIRST]} ${WRITTEN}`),
  };

  const apply = () => {
    if (current === FIRST) delete root.dataset.version;
    else root.dataset.version = current;
    views.turn(numbers.length || charts.length ? current : '');
    printed.textContent = _('Dates and facts as told by {version}.', { version: VERSIONS[current] });
    for (const number of inText) number.textContent = number.dataset[current];
    const counterpart = current === FIRST ? OTHER : FIRST;
    for (const number of numbers) number.title = `${VERSIONS[counterpart]}: ${number.dataset[counterpart]}`;
    for (const input of document.querySelectorAll('.essay-version input')) input.checked = input.value === current;
    for (const status of document.querySelectorAll('.essay-version p')) status.textContent = says[status.dataset.says]();
    document.dispatchEvent(new CustomEvent('essay-version'));
  };

  const option = (version, name) => {
    const label = document.createElement('label');
    const input = Object.assign(document.createElement('input'), { type: 'radio', name, value: version });
    // A click on what an address has set already is a choice too.
    input.addEventListener('click', () => remember(version));
    input.addEventListener('change', () => {
      current = version;
      remember(version);
      apply();
      views.moved('');
    });
    label.append(input, CHOICES[version]);
    return label;
  };

  views.register('', () => ({}));

  let switches = 0;
  const control = (saying) => {
    const set = document.createElement('fieldset');
    set.className = 'essay-version';
    const legend = document.createElement('legend');
    legend.className = 'essay-hidden';
    legend.textContent = _('Dates and facts as told by');
    switches += 1;
    const options = Object.keys(VERSIONS).map((version) => option(version, `essay-version-${switches}`));
    const choice = Object.assign(document.createElement('div'), { className: 'essay-version__choice' });
    choice.append(...options);
    set.append(legend, choice);
    if (saying) {
      const status = document.createElement('p');
      status.dataset.says = saying;
      status.setAttribute('aria-live', 'polite');
      set.append(status, views.link('', _('Link to this version')));
    }
    return set;
  };

  const inFigure = (figure) => figure.querySelector('.essay-chart__view').before(control());

  // Below the paragraph, table or list that holds the first number in sight.
  const belowFirst = () => {
    let block = inText.find((number) => !number.closest('details, .essay-bet, .essay-quiz'));
    if (!block) return;
    const ends = (place) => place.matches('section, article, .cell_output, .bd-article');
    while (block.parentElement && !ends(block.parentElement)) block = block.parentElement;
    block.after(control('numbers'));
  };

  charts.forEach(inFigure);
  const asked = document.querySelector('.essay-versions');
  if (asked) asked.append(control('page'));
  else belowFirst();
  // Where no switch has words beside it, one line says aloud what was chosen.
  const aloud = Object.assign(document.createElement('p'), { className: 'essay-hidden' });
  aloud.setAttribute('role', 'status');
  const silent = switches && !document.querySelector('.essay-version p');
  if (silent) document.querySelector('main')?.append(aloud);
  const heading = document.querySelector('.bd-article h1');
  if (heading && document.querySelector('figure.essay-chart, .pasted-text')) heading.after(printed);
  apply();
  if (silent) document.addEventListener('essay-version', () => { aloud.textContent = printed.textContent; });
})();
