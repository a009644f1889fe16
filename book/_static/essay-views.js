// The state of a page in its address: a link that brings another reader to the same view.
//
// A view is a place of a page (a figure, by its name; the list of claims) with what a reader
// has set there, and the version of the book where the page differs between the two:
//
//     04-akayev.html?view=tilt&half_life=365&version=paper#figure-tilt
//
// The address bar stays as it is while controls move: a page has several figures, a slider
// moves in passing, and a bookmark of a chapter should not keep what a finger has brushed. It
// takes a view when a reader asks for its link, and from then on follows that view, so that
// it never says what is not so. No move makes an entry in the history: Back leaves the page,
// and on coming back to it each place stands as it was left.
//
// What an address says is text. Each place compares it with what its own controls can be set
// to, and passes over the rest.
(() => {
  'use strict';

  const { _ } = window.essayWords;

  const PLACE = 'view';
  const VERSION = 'version';
  const PAUSE = 250;         // ms without a move after which it is kept
  const LONGEST = 2000;      // characters of an address that are looked at

  const said = new URLSearchParams(location.search.length > LONGEST ? '' : location.search);

  // What the reader had set before leaving: only on the way back, not in a fresh visit.
  const returns = performance.getEntriesByType('navigation')[0]?.type === 'back_forward';
  const left = new Map(Object.entries((returns && history.state?.essay) || {}));

  const asked = (place) => {
    const kept = left.get(place);
    if (kept) return { values: Object.entries(kept), linked: false };
    if (said.get(PLACE) !== place) return null;
    return { values: [...said].filter(([name]) => name !== PLACE && name !== VERSION), linked: !returns };
  };

  let version = '';          // in force, where the page differs between the two
  let shown = said.get(PLACE) ?? (said.has(VERSION) ? '' : null);      // place whose view the bar has
  const places = new Map();          // what each place stands at, and where it is on the page

  const addressOf = (place, hash = places.get(place)?.hash ? `#${places.get(place).hash}` : '') => {
    const { values = () => ({}) } = places.get(place) ?? {};
    const words = new URLSearchParams();
    const set = Object.entries(values());
    if (place && set.length) words.set(PLACE, place);
    for (const [name, value] of set) words.set(name, value);
    if (version) words.set(VERSION, version);
    const query = String(words);
    return `${location.href.split(/[?#]/)[0]}${query && `?${query}`}${hash}`;
  };

  // A page opened from a file, or moved too often, may be refused.
  const write = (address) => {
    const essay = Object.fromEntries([...places].map(([place, { values }]) => [place, values()])
      .concat([...left].filter(([place]) => !places.get(place)?.touched))
      .filter(([, values]) => Object.keys(values).length));
    try { history.replaceState({ ...history.state, essay }, '', address); } catch { /* the link says it */ }
  };

  const follows = () => shown !== null && (shown === '' || places.has(shown));
  const keep = () => {
    write(follows() ? addressOf(shown, location.hash) : location.href);
    for (const { refresh } of places.values()) refresh?.();
  };

  let timer;
  const moved = (place) => {
    const known = places.get(place);
    if (known) known.touched = true;
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  };
  addEventListener('pagehide', () => { clearTimeout(timer); if (timer) keep(); });

  const make = (tag, attributes, ...children) => {
    const made = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };

  // A button that tells the address of a place, and copies it where the browser allows that.
  const link = (place, name = _('Link to this view')) => {
    const button = make('button', { type: 'button', class: 'essay-link__button' }, name);
    const field = make('input', { type: 'text', readonly: '', 'aria-label': _('Address of this view') });
    const status = make('span', { role: 'status' });
    const told = make('span', { class: 'essay-link__told', hidden: '' }, field);
    const known = places.get(place);
    const refresh = () => {
      const address = addressOf(place);
      if (told.hidden || field.value === address) return;
      field.value = address;
      status.textContent = '';
    };
    if (known) known.refresh = refresh;
    button.addEventListener('click', async () => {
      told.hidden = false;
      refresh();
      shown = place;
      write(field.value);
      try {
        await navigator.clipboard.writeText(field.value);
        status.textContent = _('The address is copied.');
      } catch {
        field.focus();
        field.select();
        status.textContent = _('Copy this address.');
      }
    });
    field.addEventListener('focus', () => field.select());
    return make('span', { class: 'essay-link' }, button, told, status);
  };

  // A place that can be linked to: `values` gives what is away from the start, by name.
  const register = (place, values, hash) => places.set(place, { values, hash });

  const PASSED_OVER = _('Part of the address says nothing that can be set here, and is passed over.');

  // Bring a place into sight, unless the reader has gone elsewhere meanwhile.
  let went = false;
  for (const sign of ['wheel', 'touchmove', 'keydown', 'pointerdown']) {
    addEventListener(sign, () => { went = true; }, { once: true, passive: true });
  }
  const open = (part) => {
    for (let fold = part.closest('details'); fold; fold = fold.parentElement.closest('details')) fold.open = true;
  };
  const reach = (part) => { if (!went) part.scrollIntoView({ behavior: 'instant' }); };

  window.essayViews = {
    asked, register, moved, link, open, reach, PASSED_OVER,
    address: addressOf,
    version: said.get(VERSION),
    turn: (to) => { version = to; },
  };
})();
