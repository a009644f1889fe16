// Buttons of the header and boxes that scroll, told to who reads by keyboard or by ear.
//
// The theme opens its two sidebars, its search and its colours without saying so, and lets
// go of the focus on the way. What scrolls in a box of its own can be reached by keyboard
// while it does. Names and roles that need no script are in the page (essay_landmarks.py).
(() => {
  'use strict';

  const { _ } = window.essayWords;
  const root = document.documentElement;

  // ---- Buttons of the header --------------------------------------------------------------

  // The theme takes the focus from a button that was pressed: it stays where the reader is.
  for (const button of document.querySelectorAll('.sidebar-toggle, .search-button__button, .theme-switch-button')) {
    button.blur = () => {};
  }

  const WIDE = matchMedia('(min-width: 992px)');      // as the theme has it
  for (const side of ['primary', 'secondary']) {
    const button = document.querySelector(`.${side}-toggle`);
    const sidebar = document.getElementById(`pst-${side}-sidebar`);
    const dialog = document.getElementById(`pst-${side}-sidebar-modal`);
    if (!button || !sidebar || !dialog) continue;
    // In a wide window the first button hides the sidebar itself; else both open a dialog.
    const beside = () => side === 'primary' && WIDE.matches && !sidebar.classList.contains('pst-sidebar-hidden');
    const tell = () => { button.setAttribute('aria-expanded', String(dialog.open || beside())); };
    // However it is opened or closed, it is the classes and the dialog that change.
    const watch = new MutationObserver(tell);
    for (const part of [sidebar, dialog]) watch.observe(part, { attributeFilter: ['class', 'open'] });
    WIDE.addEventListener('change', tell);
    tell();
  }

  const MODES = { auto: _('as your system has them'), light: _('light'), dark: _('dark') };
  const nameColours = () => {
    const name = _('Colours: {mode}', { mode: MODES[root.dataset.mode] ?? MODES.auto });
    for (const button of document.querySelectorAll('.theme-switch-button')) {
      button.setAttribute('aria-label', name);
      button.title = name;
    }
  };
  new MutationObserver(nameColours).observe(root, { attributeFilter: ['data-mode'] });
  nameColours();

  // ---- Boxes that scroll ------------------------------------------------------------------

  const BOXES = '.essay-table, .essay-math__scroll, .cell_output > div, .bd-article pre, .pst-scrollable-table-container';
  const CALLED = [['.essay-math__scroll', _('Formula')], ['pre', _('Code')], ['*', _('Table')]];

  const nameBox = (box) => {
    const scrolls = box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1;
    if (!scrolls || !/auto|scroll/.test(getComputedStyle(box).overflow)) {
      if (box.dataset.scrolls === undefined) return;
      delete box.dataset.scrolls;
      for (const name of ['tabindex', 'role', 'aria-label']) box.removeAttribute(name);
      return;
    }
    box.dataset.scrolls = '';
    box.tabIndex = 0;
    box.setAttribute('role', 'group');
    const said = box.querySelector('caption')?.textContent.trim();
    box.setAttribute('aria-label', said || CALLED.find(([kind]) => box.matches(kind))[1]);
  };
  const sizes = new ResizeObserver((entries) => { for (const { target } of entries) nameBox(target); });
  for (const box of document.querySelectorAll(BOXES)) sizes.observe(box);
})();
