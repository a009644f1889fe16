// Filters for the ledger of claims: by section, type, verdict and evidence.
//
// The claims are folds in the page and all of them can be read without this script. An
// address with a claim's id at its end opens that claim; one with a filter (essay-views.js)
// sets it.
(() => {
  'use strict';

  const { _ } = window.essayWords;
  const views = window.essayViews;
  const PLACE = 'claims';

  const ledger = document.querySelector('.essay-ledger');
  if (!ledger) return;
  const claims = [...ledger.querySelectorAll('.essay-claim')];
  const FILTERS = { section: _('Section'), type: _('Type'), verdict: _('What came out'), evidence: _('Rests on') };
  const parts = (claim, key) => (claim.dataset[key] ? claim.dataset[key].split('; ') : []);

  const form = document.createElement('form');
  form.className = 'essay-filters';
  form.setAttribute('aria-label', _('Filter the claims'));
  // Claims that no text makes have no section.
  const told = Object.entries(FILTERS).filter(([key]) => claims.some((claim) => claim.dataset[key]));
  const selects = told.map(([key, name]) => {
    const label = document.createElement('label');
    const select = document.createElement('select');
    select.name = key;
    select.add(new Option(_('all'), ''));
    for (const value of new Set(claims.flatMap((claim) => parts(claim, key)))) select.add(new Option(value, value));
    label.append(`${name} `, select);
    form.append(label);
    return select;
  });
  const open = document.createElement('button');
  open.type = 'button';
  const status = document.createElement('p');
  status.setAttribute('role', 'status');
  const all = document.createElement('button');
  all.type = 'button';
  all.textContent = _('All claims');
  const set = () => Object.fromEntries(selects.filter(({ value }) => value).map((select) => [select.name, select.value]));
  views.register(PLACE, set);
  form.append(open, all, views.link(PLACE), status);

  const shown = () => claims.filter((claim) => !claim.hidden);
  const name = () => { open.textContent = shown().some((claim) => !claim.open) ? _('Open these') : _('Close these'); };
  const apply = () => {
    for (const claim of claims) {
      claim.hidden = !selects.every(({ name: key, value }) => !value || parts(claim, key).includes(value));
    }
    status.textContent = _('{shown} of {all} claims', { shown: shown().length, all: claims.length });
    all.hidden = !Object.keys(set()).length;
    name();
  };
  const clear = () => {
    for (const select of selects) select.value = '';
    apply();
  };
  all.addEventListener('click', () => {
    clear();
    views.moved(PLACE);
    selects[0].focus();
  });
  open.addEventListener('click', () => {
    const closed = shown().some((claim) => !claim.open);
    for (const claim of shown()) claim.open = closed;
    name();
  });
  form.addEventListener('change', ({ target }) => {
    if (!selects.includes(target)) return;
    apply();
    views.moved(PLACE);
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  for (const claim of claims) claim.addEventListener('toggle', name);

  const follow = () => {
    const claim = location.hash && document.getElementById(location.hash.slice(1));
    if (!claim || !claim.classList.contains('essay-claim')) return;
    clear();
    claim.open = true;
    claim.scrollIntoView();
  };
  // Only what a filter offers can be set.
  const asked = () => {
    const { values = [], linked } = views.asked(PLACE) ?? {};
    const known = values.filter(([key, value]) => selects.some((select) => select.name === key && value
      && [...select.options].some((option) => option.value === value)));
    for (const [key, value] of known) selects.find((select) => select.name === key).value = value;
    apply();
    if (known.length < values.length) status.textContent += `. ${views.PASSED_OVER}`;
    if (linked) views.reach(form);
  };
  ledger.prepend(form);
  apply();
  follow();
  asked();
  addEventListener('hashchange', follow);
})();
