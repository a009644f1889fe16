// The code of the book behind one switch, which the browser remembers.
//
// Without scripts, and with the switch on, every cell shows its code (essay.css). The page has
// the switch, without life, in its place (book/_ext/essay_terms.py), so that nothing moves.
(() => {
  'use strict';

  const KEY = 'essay-code';
  const root = document.documentElement;

  // A page opened from a file may be refused a memory.
  const recall = () => { try { return localStorage.getItem(KEY) === 'shown'; } catch { return false; } };
  const keep = (shown) => { try { localStorage.setItem(KEY, shown ? 'shown' : 'hidden'); } catch { /* it holds for this page then */ } };

  const apply = (shown) => {
    if (shown) root.dataset.code = 'shown';
    else delete root.dataset.code;
  };

  const button = (made) => {
    made.disabled = false;
    made.setAttribute('aria-pressed', String(recall()));
    made.addEventListener('click', () => {
      const shown = root.dataset.code !== 'shown';
      // What the reader is looking at stays where it is.
      const before = made.getBoundingClientRect().top;
      apply(shown);
      keep(shown);
      made.setAttribute('aria-pressed', String(shown));
      scrollBy({ top: made.getBoundingClientRect().top - before, behavior: 'instant' });
    });
  };

  apply(recall());
  document.querySelectorAll('.essay-code').forEach(button);
})();
