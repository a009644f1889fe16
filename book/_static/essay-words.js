// What the scripts say, in the language of the book.
//
// English stands in the scripts and is the name of a word in the catalogue, as in all code
// of this book; the build hands over what another language has for it. A sentence has
// places in braces; a plural has a form for each category of the language, with # for the
// number: '# chart|# charts'.
(() => {
  'use strict';

  const { language, words } = document.currentScript.dataset;
  const own = JSON.parse(words);
  const locale = language.replace('_', '-');
  const plurals = new Intl.PluralRules(locale);
  const ORDER = ['zero', 'one', 'two', 'few', 'many', 'other'];
  const known = ORDER.filter((name) => plurals.resolvedOptions().pluralCategories.includes(name));
  const point = new Intl.NumberFormat(locale).formatToParts(0.5).find(({ type }) => type === 'decimal').value;

  const _ = (message, places = {}) =>
    (own[message] ?? message).replace(/\{(\w+)\}/g, (place, name) => places[name] ?? place);

  // The last form stands for categories that have none.
  const counted = (many, forms) => {
    const each = forms.split('|');
    return each[Math.min(known.indexOf(plurals.select(many)), each.length - 1)].replace('#', many);
  };

  const decimal = (number, digits) => Number(number).toFixed(digits).replace('.', point);

  window.essayWords = { _, counted, decimal };
})();
