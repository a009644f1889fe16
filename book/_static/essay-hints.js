// What a link says of itself (a term its meaning, a work its title) beside it, on hover and focus.
//
// The page carries it as the link's title, which a browser shows to a mouse only. Shown here
// it can be reached by keyboard, pointed at, and sent away with Escape. Without this script
// the title stays.
(() => {
  'use strict';

  const LINKS = '.bd-article a:is([title], [data-hint]):not(.headerlink)';
  const LATER = 250;         // ms in which a pointer gets from the link to the hint, or passes by
  const EDGE = 8;            // px kept free at the edges of the screen

  const hint = Object.assign(document.createElement('div'), { className: 'essay-hint', hidden: true });
  hint.setAttribute('role', 'tooltip');
  let shown = null;
  let timer;

  // A reader's program says it with the link, whether it is in sight or not.
  const textOf = (link) => {
    if (link.title) {
      link.dataset.hint = link.title;
      link.setAttribute('aria-description', link.title);
      link.removeAttribute('title');
    }
    return link.dataset.hint;
  };

  const place = (link) => {
    const lines = link.getClientRects();
    const { left, bottom } = lines[lines.length - 1];
    const { top } = lines[0];
    const { width, height } = hint.getBoundingClientRect();
    const below = bottom + height + EDGE < innerHeight || top < height + EDGE;
    hint.style.left = `${scrollX + Math.max(EDGE, Math.min(left, root.clientWidth - width - EDGE))}px`;
    hint.style.top = `${scrollY + (below ? bottom : top - height)}px`;
  };
  const root = document.documentElement;

  const show = (link) => {
    clearTimeout(timer);
    if (shown === link) return;
    shown = link;
    hint.textContent = textOf(link);
    hint.hidden = false;
    place(link);
  };
  const hide = () => {
    clearTimeout(timer);
    shown = null;
    hint.hidden = true;
  };
  const soon = (act) => {
    clearTimeout(timer);
    timer = setTimeout(act, LATER);
  };

  const linkOf = ({ target }) => target.closest?.(LINKS);
  document.addEventListener('pointerover', (event) => {
    if (event.pointerType === 'touch') return;
    if (hint.contains(event.target)) clearTimeout(timer);
    const link = linkOf(event);
    if (!link) return;
    textOf(link);            // before the browser shows its own
    if (shown === link) clearTimeout(timer);
    else soon(() => show(link));
  });
  document.addEventListener('pointerout', (event) => {
    if (event.pointerType === 'touch' || !(linkOf(event) || hint.contains(event.target))) return;
    if (shown !== document.activeElement) soon(hide);
    else clearTimeout(timer);
  });
  document.addEventListener('focusin', (event) => {
    const link = linkOf(event);
    if (link?.matches(':focus-visible')) show(link);
    else hide();
  });
  document.addEventListener('focusout', (event) => { if (linkOf(event) === shown) hide(); });
  document.addEventListener('keydown', (event) => { if (event.key === 'Escape' && shown) hide(); });

  for (const link of document.querySelectorAll(LINKS)) textOf(link);
  document.body.append(hint);
})();
