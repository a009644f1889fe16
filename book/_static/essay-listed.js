// Words of the index of the search are what it lists, and not what every object has.
//
// Sphinx looks a word up as a name of an object, and would find `constructor` in each. This
// runs between its script and the index.
(() => {
  'use strict';

  const LISTED = Object.create(null, { hasOwnProperty: { value: Object.prototype.hasOwnProperty } });
  const { setIndex } = Search;
  Search.setIndex = (index) => {
    for (const part of Object.values(index)) {
      if (part && typeof part === 'object' && !Array.isArray(part)) Object.setPrototypeOf(part, LISTED);
    }
    setIndex(index);
  };
})();
