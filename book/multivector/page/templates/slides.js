// Start the deck. What stands on a slide is as large as the slide has room for.
(() => {
  'use strict';

  const deck = window.Reveal;
  const SIZES = [1.7, 1.5, 1.35, 1.2, 1.1, 1, 0.92, 0.85, 0.78, 0.7, 0.62];

  // The largest size at which all of a slide is in sight.
  const fit = (slide, most = SIZES[0]) => {
    const sheet = slide?.querySelector('.sheet');
    if (!sheet) return;
    const wide = slide.clientWidth;
    const high = (slide.clientHeight || window.innerHeight) - 4;  // rounded up, it would scroll
    for (const size of SIZES.filter((one) => one <= most)) {
      sheet.style.zoom = size;
      const { width, height } = sheet.getBoundingClientRect();
      if (height <= high && width <= wide + 1 && sheet.scrollWidth <= sheet.clientWidth + 1) return;
    }
  };
  const size = (slide) => Number(slide.querySelector('.sheet')?.style.zoom) || SIZES[0];

  // A figure that grows while it is used becomes smaller, never larger: nothing jumps about.
  const watched = new ResizeObserver(() => {
    const slide = deck.getCurrentSlide();
    if (slide) fit(slide, size(slide));
  });

  const shown = (slide) => {
    watched.disconnect();
    // The next slide begins with what the record says.
    const first = document.querySelector('.essay-version input');
    if (first && !first.checked) first.click();
    fit(slide);
    const figure = slide.querySelector('figure');
    if (figure) watched.observe(figure);
  };

  // A clicker sends PageDown, and Space goes on, whatever was clicked before.
  let pointed = false;
  const release = ({ target }) => {
    if (pointed && target.matches('input, select, button, summary')) target.blur();
  };
  addEventListener('pointerdown', () => { pointed = true; }, { capture: true });
  addEventListener('change', release, { capture: true });
  addEventListener('click', release);
  addEventListener('keydown', (event) => {
    pointed = false;
    const turn = { PageDown: 'next', PageUp: 'prev' }[event.key];
    if (!turn) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    deck[turn]();
  }, { capture: true });

  // On paper every slide has its size before pages are counted.
  const printed = /print-pdf/.test(location.search);
  if (printed) {
    document.documentElement.classList.add('measured');
    document.querySelectorAll('section.lesson').forEach((slide) => fit(slide));
    document.documentElement.classList.remove('measured');
  }

  deck.on('slidechanged', ({ currentSlide }) => shown(currentSlide));
  deck.on('resize', () => fit(deck.getCurrentSlide()));
  deck.on('ready', ({ currentSlide }) => { if (!printed) shown(currentSlide); });
  deck.initialize({
    hash: true,
    width: '100%',
    height: '100%',
    margin: 0.04,
    minScale: 1,
    maxScale: 1,
    center: false,
    transition: 'none',
    slideNumber: true,
    pdfSeparateFragments: false,
    plugins: [window.RevealNotes],
  });
})();
