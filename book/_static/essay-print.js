// On paper nothing can be unfolded, and an answer below its question is no question: the
// answers of a page are printed at its end. Without scripts they are printed where they stand.
(() => {
  'use strict';

  const { _ } = window.essayWords;
  const root = document.documentElement;

  const make = (tag, kind, ...inside) => {
    const made = Object.assign(document.createElement(tag), { className: kind });
    made.append(...inside);
    return made;
  };

  // Copies of what an element holds, without the names that only one place may have.
  const copies = (element, left) => [...element.childNodes].filter((node) => node !== left).map((node) => {
    const copy = node.cloneNode(true);
    for (const named of [copy, ...(copy.querySelectorAll?.('[id]') ?? [])]) named.removeAttribute?.('id');
    return copy;
  });

  // Taken before the scripts of bets and self-checks put forms in their place.
  const answers = [...document.querySelectorAll('.bd-article :is(.essay-bet, .essay-quiz__question, details.sd-dropdown:not(.essay-form, .essay-note))')].map((asked) => {
    const fold = asked.matches('details') ? asked : asked.querySelector('details');
    const question = asked.querySelector('.essay-bet__question, .essay-quiz__asked, .sd-summary-text');
    const told = make('div', 'essay-answers__told', ...copies(asked === fold ? fold.querySelector('.sd-summary-content') : fold, fold.querySelector('summary')));
    return make('div', 'essay-answers__one', make('p', 'essay-answers__asked', ...copies(question)), told);
  });
  if (!answers.length) return;

  const end = make('section', 'essay-answers', make('h2', '', _('Answers')), ...answers);
  const moved = [...end.querySelectorAll('.essay-moves')].map((number) => [number, number.textContent]);

  window.addEventListener('beforeprint', () => {
    const { version } = root.dataset;
    for (const [number, first] of moved) number.textContent = number.dataset[version] ?? first;
    document.querySelector('.bd-article').append(end);
  });
  window.addEventListener('afterprint', () => end.remove());
})();
