// Excerpts of the search page come from the pages' texts, which lie beside them as scripts.
//
// Sphinx's search fetches every page that it has found. From a disk a browser lets nothing be
// fetched; a script it loads. The texts are also a small part of what the pages weigh.
(() => {
  'use strict';

  const root = new URL(document.documentElement.dataset.content_root, location.href);
  const waiting = new Map();

  window.essayTexts = {
    tell(page, text) { waiting.get(page)?.(text); },
  };

  const load = (page) => new Promise((resolve, reject) => {
    waiting.set(page, resolve);
    const script = document.createElement('script');
    script.src = new URL(`texts/${page}.js`, root).href;
    script.onerror = () => reject(new Error(`no text of ${page}`));
    document.head.append(script);
  });

  const texts = new Map();
  // searchtools.js calls this by its name, with the address of a page and nothing else.
  const fetchElse = window.fetch;
  window.fetch = (address, ...more) => {
    const page = new URL(address, location.href).href;
    if (more.length || !page.startsWith(root.href) || !page.endsWith('.html')) return fetchElse(address, ...more);
    const name = decodeURI(page.slice(root.href.length, -'.html'.length));
    if (!texts.has(name)) texts.set(name, load(name));
    return texts.get(name).then((text) => new Response(text), () => new Response(''));
  };
})();
