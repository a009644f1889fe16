// Squares of all claims: a touch tells of a claim, a second one leads to its entry.
//
// Pointer and keyboard need no script: what a square tells stands beside its link, and the
// style sheet shows it. Without this script a touch follows the link.
(() => {
  'use strict';

  const squares = [...document.querySelectorAll('.essay-square')];
  if (!squares.length) return;
  const show = (shown) => {
    for (const square of squares) square.classList.toggle('essay-square--open', square === shown);
  };

  let touched = false;
  document.addEventListener('pointerdown', (event) => {
    touched = event.pointerType !== 'mouse';
    if (!event.target.closest('.essay-square')) show(null);
  });
  for (const square of squares) {
    square.querySelector('a').addEventListener('click', (event) => {
      if (!touched || square.classList.contains('essay-square--open')) return;
      event.preventDefault();
      show(square);
    });
    square.addEventListener('pointerenter', () => square.classList.remove('essay-square--closed'));
    square.addEventListener('focusin', () => square.classList.remove('essay-square--closed'));
  }
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    show(null);
    for (const square of squares) square.classList.add('essay-square--closed');
  });
})();
