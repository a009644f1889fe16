// What must be settled before a page is drawn: a memory to rely on, and the colours.
//
// The theme trusts the browser's memory, which may be refused (a framed page, a strict
// browser), full, or hold nonsense. Where it does not serve, one takes its place that lasts
// as long as this tab: it lies in the name of the window, which goes along from page to
// page. Each page says which it is (data-memory on the root), so that no words promise more.
(() => {
  'use strict';

  const root = document.documentElement;
  const MARK = 'essay:';
  const SOME = 'x'.repeat(1000);       // what a reader's choices take, about
  const MODES = ['auto', 'light', 'dark'];

  // A memory that takes nothing in is none: one that is full refuses only then.
  const serves = (name) => {
    try {
      window[name].setItem('essay-memory', SOME);
      window[name].removeItem('essay-memory');
      return true;
    } catch { return false; }
  };

  // What a memory holds that is full.
  const already = () => {
    try { return Object.entries(localStorage); } catch { return []; }
  };

  // A name that somebody else has given to the window stays: then it lasts for this page.
  const ours = window.name === '' || window.name.startsWith(MARK);
  const noted = () => {
    try { return new Map(JSON.parse(window.name.slice(MARK.length)).map(([key, value]) => [String(key), String(value)])); } catch { return new Map(); }
  };

  const replacement = () => {
    const kept = new Map([...already(), ...(ours ? noted() : [])]);
    const note = () => { if (ours) window.name = MARK + JSON.stringify([...kept]); };
    return {
      getItem: (key) => kept.get(String(key)) ?? null,
      setItem: (key, value) => { kept.set(String(key), String(value)); note(); },
      removeItem: (key) => { kept.delete(String(key)); note(); },
    };
  };

  if (!['localStorage', 'sessionStorage'].every(serves)) {
    root.dataset.memory = 'tab';
    const value = replacement();
    for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, { value });
  }

  // Words that the page is to mark come with an address too: no more than a reader types.
  const here = new URL(location.href);
  const marked = here.searchParams.get('highlight') ?? '';
  const kept = localStorage.getItem('sphinx_highlight_terms') ?? '';
  const isOdd = (words) => words.length > 200 || words.split(/\s+/).some((word) => word.length === 1);
  if (isOdd(marked)) {
    here.searchParams.delete('highlight');
    try { history.replaceState(history.state, '', here); } catch { /* a page opened from a file may be refused */ }
  }
  if (isOdd(kept)) localStorage.removeItem('sphinx_highlight_terms');

  for (const key of ['mode', 'theme']) {
    if (!MODES.includes(localStorage.getItem(key))) localStorage.removeItem(key);
    root.dataset[key] = localStorage.getItem(key) ?? 'auto';
  }
  // The theme's script would choose between light and dark when the page has been drawn.
  const { mode } = root.dataset;
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.theme = mode === 'auto' ? (dark ? 'dark' : 'light') : mode;
})();
