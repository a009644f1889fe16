// Start the deck. Slides fill the window and are not scaled: a chart then stands where the
// pointer is, and takes the width that there is.
(() => {
  'use strict';

  window.Reveal.initialize({
    hash: true,
    width: '100%',
    height: '100%',
    margin: 0.04,
    minScale: 1,
    maxScale: 1,
    center: false,
    transition: 'none',
    plugins: [window.RevealNotes],
  });
})();
