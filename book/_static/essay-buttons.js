// What buttons of the theme do, without code in the markup: a policy of the page lets none
// of that run (book/_ext/essay_policy.py).
(() => {
  'use strict';

  const DOES = {
    print: () => window.print(),
    hide: () => { if (typeof SphinxHighlight !== 'undefined') SphinxHighlight.hideSearchWords(); },
  };

  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-does]');
    if (!button) return;
    event.preventDefault();
    DOES[button.dataset.does]?.();
  });

  // Sphinx offers to hide the words that a search has marked, by a link that is code.
  const offers = document.getElementById('searchbox');
  const tame = () => {
    for (const link of offers.querySelectorAll('a[href^="javascript:"]')) {
      link.href = '#';
      link.dataset.does = 'hide';
    }
  };
  if (offers) {
    tame();
    new MutationObserver(tame).observe(offers, { childList: true, subtree: true });
  }

  // On the page of the search its field is what a reader came for.
  if (document.getElementById('search-results')) document.querySelector('main form.bd-search input')?.select();
})();
