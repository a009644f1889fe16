// The reader's own ledger: set the choices, and every claim comes out as they let it.
//
// All combinations were computed for the multiverse and lie in the page, a letter each: of a
// claim those of its own choices, in the order of their options, the last choice running
// fastest. An address can hold choices (essay-views.js). Without this script the squares
// stand as the essay has them.
(() => {
  'use strict';

  const { _, counted } = window.essayWords;
  const views = window.essayViews;
  const PLACE = 'choices';

  const place = document.querySelector('.essay-chosen');
  if (!place) return;
  const [claims, told, options, presets] = ['claims', 'told', 'options', 'presets'].map((name) => JSON.parse(place.dataset[name]));
  const form = place.querySelector('form');
  const selects = [...form.querySelectorAll('select')];
  const status = form.querySelector('.essay-chosen__said');
  const differs = form.querySelector('.essay-chosen__differs');
  const groups = [...place.querySelectorAll('.essay-squares__group')];
  const squares = [...place.querySelectorAll('.essay-square')].sort((one, other) => one.dataset.claim.localeCompare(other.dataset.claim));
  const own = Object.fromEntries(selects.map((select) => [select.name, select.querySelector('[selected]').value]));
  const chances = new Map(squares.map((square) => [square, square.querySelector('.essay-square__came').innerHTML]));

  // Option by choice, empty where each rule's own holds.
  const state = () => Object.fromEntries(selects.map(({ name, value }) => [name, value]));

  // In an address a choice has a name that is nobody else's there.
  const address = (name) => `by_${name.replaceAll(' ', '_')}`;
  const changedFromOwn = () => Object.fromEntries(selects.filter(({ name, value }) => value !== own[name])
    .map(({ name, value }) => [address(name), value]));

  const comesOut = (claim, picked) => {
    const { choices, own: rules, came } = claims[claim];
    const at = choices.reduce((found, choice) => found * options[choice].length + options[choice].indexOf(picked[choice] || rules[choice]), 0);
    return told[came[at]];
  };
  const atHome = (claim, picked) => claims[claim].choices.every((choice) => (picked[choice] || claims[claim].own[choice]) === claims[claim].own[choice]);
  const inWords = ({ words, rule }) => (rule ? `${words}, ${rule}` : words);

  // What a square tells; how often chance would do as well was computed for the essay's choices.
  const tell = (square, now, home) => {
    const line = square.querySelector('.essay-square__came');
    line.innerHTML = chances.get(square);
    if (home) return;
    const mark = line.querySelector('.essay-verdict');
    mark.className = `essay-verdict essay-verdict--${now.verdict.replaceAll(' ', '-')}`;
    mark.title = now.verdict;
    mark.textContent = now.words;
    line.replaceChildren(mark, now.rule ? ` ${now.rule}` : '');
  };

  const apply = () => {
    const picked = state();
    const changed = [];
    const members = groups.map(() => []);
    for (const square of squares) {
      const { claim } = square.dataset;
      const now = comesOut(claim, picked);
      const before = comesOut(claim, {});
      const other = inWords(now) !== inWords(before);
      if (other) changed.push([claim, square.querySelector('b').textContent, inWords(before), inWords(now)]);
      square.className = `essay-square essay-verdict--${now.verdict.replaceAll(' ', '-')}${other ? ' essay-square--changed' : ''}`;
      tell(square, now, atHome(claim, picked));
      members[now.group].push(square);
    }
    const counts = [];
    groups.forEach((group, index) => {
      const many = members[index].length;
      group.hidden = !many;
      group.querySelector('ul').replaceChildren(...members[index]);
      group.querySelector('.essay-squares__count').textContent = counted(many, _('# claim|# claims'));
      if (many) counts.push(`${group.querySelector('.essay-verdict').textContent} ${many}`);
    });
    const first = changed.length ? counted(changed.length, _('# claim comes out otherwise than in the essay.|# claims come out otherwise than in the essay.'))
      : _('All claims come out as in the essay.');
    status.textContent = _('{first} In all: {counts}.', { first, counts: counts.join('; ') });
    differs.replaceChildren(...changed.map(([claim, says, was, now]) => {
      const item = document.createElement('li');
      const link = Object.assign(document.createElement('a'), { href: `a1-ledger.html#${claim.toLowerCase()}`, textContent: claim });
      item.append(link, ` ${says}: `, _('{was} in the essay, {now} with your choices.', { was, now }));
      return item;
    }));
    for (const select of selects) {
      const around = select.closest('.essay-chosen__choice');
      const changedHere = select.value !== own[select.name];
      const { reason } = select.selectedOptions[0].dataset;
      const before = [...select.options].find(({ value }) => value === own[select.name]).text;
      around.classList.toggle('essay-chosen__choice--changed', changedHere);
      around.querySelector('.essay-chosen__reason').textContent = changedHere ? _('{reason}. The essay: {before}.', { reason, before }) : reason;
    }
  };

  const pick = (preset) => {
    for (const select of selects) select.value = preset[select.name] ?? own[select.name];
    apply();
    views.moved(PLACE);
  };

  // Only what a choice offers can be set.
  const asked = () => {
    const { values = [], linked } = views.asked(PLACE) ?? {};
    const known = values.filter(([key, value]) => {
      const select = selects.find(({ name }) => address(name) === key);
      if (![...(select?.options ?? [])].some((option) => option.value === value)) return false;
      select.value = value;
      views.open(select);
      return true;
    });
    apply();
    if (known.length < values.length) status.textContent += ` ${views.PASSED_OVER}`;
    if (linked) views.reach(form);
  };

  views.register(PLACE, changedFromOwn);
  form.querySelector('.essay-chosen__tools').append(views.link(PLACE));
  for (const button of form.querySelectorAll('[data-pick]')) button.addEventListener('click', () => pick(presets[button.dataset.pick]));
  form.addEventListener('change', ({ target }) => {
    if (!selects.includes(target)) return;
    apply();
    views.moved(PLACE);
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  place.querySelector('.essay-chosen__without').remove();
  form.hidden = false;
  asked();
})();
