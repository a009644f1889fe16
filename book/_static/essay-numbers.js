// The numbers behind each chart, a key press away: as tables, and as files to keep.
//
// Nothing is made before a reader asks. Then each kind of mark of a chart that carries data
// becomes a table: a row for each mark in sight, at the place where the controls stand, with
// the columns that its tooltip and axes name. Marks that tell the same of the same data (a
// line, and the points on it) share a table; labels say nothing that a mark does not. Where
// the chart could not be drawn, the rows are those that the page carries.
(() => {
  'use strict';

  const { _, counted } = window.essayWords;
  const { essay, edition } = document.currentScript.dataset;

  const MOST = 500;          // rows that the page shows; the file has all
  const SHORT = 40;          // letters of a text that can stand in a narrow column
  const LONG = 400;          // letters of a line that is better folded
  const DIGITS = 6;          // significant, of a number that is worked out in the browser
  const PARTS = [['layer', 'layer'], ['vconcat', 'concat'], ['hconcat', 'concat'], ['concat', 'concat']];
  const PLACES = ['x', 'x2', 'y', 'y2'];
  const OTHERS = ['row', 'column', 'facet', 'color', 'fill', 'stroke', 'shape', 'detail'];

  // ---- Marks of a specification ---------------------------------------------------------

  // Marks as Vega-Lite names them, with the data and the encoding that they inherit.
  const marksOf = (spec, name = '', data = null, encoding = {}, found = []) => {
    const own = spec.name ?? name;
    const from = spec.data ?? data;
    const channels = { ...encoding, ...spec.encoding };
    for (const [key, word] of PARTS) {
      (spec[key] ?? []).forEach((part, place) => marksOf(part, `${own && `${own}_`}${word}_${place}`,
        from, key === 'layer' ? channels : {}, found));
    }
    if (spec.spec) marksOf(spec.spec, `${own && `${own}_`}child`, from, {}, found);
    if (spec.mark) {
      const name_ = `${own && `${own}_`}marks`.replace(/\W/g, '_');
      found.push({ name: name_, type: spec.mark.type ?? spec.mark, channels, data: from?.name ?? '' });
    }
    return found;
  };

  // Rows behind the marks in sight, by the name of the mark.
  const drawnRows = (mark, found = new Map()) => {
    for (const item of mark.items ?? []) {
      if (mark.marktype === 'group') (item.items ?? []).forEach((inner) => drawnRows(inner, found));
      else if (mark.role === 'mark' && item.opacity !== 0) {
        if (!found.has(mark.name)) found.set(mark.name, []);
        found.get(mark.name).push(item.datum);
      }
    }
    return found;
  };

  // ---- Columns --------------------------------------------------------------------------

  const words = (text) => [].concat(text ?? '').join(' ').trim();

  const fieldOf = ({ field, aggregate, timeUnit }) => {
    const unit = timeUnit?.unit ?? timeUnit;
    if (aggregate === 'count') return '__count';
    if (aggregate) return `${aggregate.argmax ? 'argmax' : aggregate}_${field}`;
    return unit ? `${unit}_${field}` : field;
  };

  // Moments stand in the data in milliseconds, and are named so.
  const MILLISECONDS = /(^|_)ms$/;

  const column = (definition) => {
    const title = words(definition.title ?? definition.axis?.title ?? definition.legend?.title);
    const share = /%/.test(definition.format ?? definition.axis?.format ?? '') && definition.type === 'quantitative';
    const named = title || String(definition.field ?? '').replace(/_/g, ' ');
    return {
      field: fieldOf(definition),
      title: share && !/%/.test(named) ? _('{title} (as a share of 1)', { title: named }) : named,
      dated: definition.type === 'temporal' || MILLISECONDS.test(definition.field),
      form: definition.format ?? definition.axis?.format ?? '',
      said: Boolean(title),
    };
  };

  const isColumn = (definition) => Boolean(definition?.field || definition?.aggregate);
  const columnsAt = (channels, names) => names.map((name) => channels[name]).filter(isColumn).map(column);

  // A series is told by the month, as its steps are; the second end of a bar is of the kind of the first.
  const placesOf = (channels) => PLACES.flatMap((name) => {
    const first = channels[name.slice(0, 1)];
    const own = channels[name];
    return isColumn(own) ? [{ ...column({ ...own, type: own.type ?? first?.type }), form: '%m', ends: Boolean(channels[`${name.slice(0, 1)}2`]) }] : [];
  });

  // Where on the drawing something stands, which says nothing of the thing.
  const MERE_PLACE = /^([xy]\d?|lane|place|middle)$/;

  const distinct = (columns) => columns.filter(({ field }, place) => columns.findIndex((one) => one.field === field) === place);

  const value = (row, field) => field.split(/(?<!\\)\./).reduce((part, name) => part?.[name.replace(/\\/g, '')], row);

  // ---- Tables -----------------------------------------------------------------------------

  const pad = (number) => String(number).padStart(2, '0');

  // No date is more precise than the form in which the chart tells it.
  const dateText = (moment, form) => {
    const date = new Date(moment);
    const parts = [date.getUTCFullYear(), pad(date.getUTCMonth() + 1), pad(date.getUTCDate())];
    if (!form || /%-?[de]/.test(form)) return parts.join('-');
    return /%-?[mbB]/.test(form) ? parts.slice(0, 2).join('-') : String(parts[0]);
  };

  const cell = (row, { field, dated, form }) => {
    const found = value(row, field);
    if (found == null || found === '' || Number.isNaN(found)) return null;
    if (dated) return dateText(found, form);
    if (typeof found === 'number') return Number(found.toPrecision(DIGITS));
    return typeof found === 'object' && !Array.isArray(found) ? null : words(found);
  };

  const compare = (one, other) => {
    if (one === other) return 0;
    if (one === null || other === null) return one === null ? 1 : -1;
    if (typeof one === 'number' && typeof other === 'number') return one - other;
    return String(one).localeCompare(String(other), undefined, { numeric: true });
  };

  // Each row once: in the order of time where the drawing has one, then from left to right.
  const sorted = (rows) => {
    const once = new Map(rows.map((row) => [JSON.stringify(row.cells), row]));
    const order = ({ time, cells }) => [time, ...cells];
    return [...once.values()].sort((one, other) => {
      const [first, second] = [order(one), order(other)];
      const place = first.findIndex((key, index) => compare(key, second[index]));
      return place < 0 ? 0 : compare(first[place], second[place]);
    }).map(({ cells }) => cells);
  };

  const cellsOf = ({ rows, time }, columns) => rows.map((row) => ({
    time: time ? Number(new Date(value(row, time.field))) : 0,
    cells: columns.map((one) => cell(row, one)),
  }));

  const has = (rows, columns) => rows.length > 0 && columns.every(({ field }) => rows.some((row) => value(row, field) !== undefined));
  const within = (columns, others) => columns.every(({ field, title }) => others.some((one) => one.field === field && one.title === title));
  const names = (columns) => columns.map(({ title }) => title).join('\n');

  // What a mark tells: the words of its tooltip, then the axes that say more than it does.
  const toldBy = (mark, tips) => {
    const more = placesOf(mark.channels).filter((place) => place.said && !place.dated && !place.ends
      && !MERE_PLACE.test(place.field) && !tips.some(({ title }) => title === place.title));
    const apart = new Set(cellsOf(mark, tips).map(({ cells }) => JSON.stringify(cells))).size;
    const when = mark.time && apart < mark.rows.length / 2 ? [mark.time] : [];
    return distinct([...when, ...tips, ...more]);
  };

  // What tells of its rows in a tooltip has the words; what has none brings rows and places.
  const tables = (spec, rowsOf) => {
    const marks = marksOf(spec).filter(({ type }) => type !== 'text').map((mark, order) => ({
      ...mark,
      order,
      rows: rowsOf(mark),
      tips: [].concat(mark.channels.tooltip ?? []).filter(isColumn).map(column),
      time: placesOf(mark.channels).find(({ dated }) => dated),
    }));
    const found = [];
    const add = (mark, columns) => {
      const same = found.find((table) => names(table.columns) === names(columns));
      if (same) same.parts.push([mark, columns]);
      else found.push({ data: mark.data, order: mark.order, columns, parts: [[mark, columns]] });
    };
    const told = marks.filter(({ tips }) => tips.length).map((mark) => ({ ...mark, columns: toldBy(mark, mark.tips) }));
    for (const mark of [...told].sort((one, other) => other.columns.length - one.columns.length)) {
      const wider = found.find(({ data, columns }) => data === mark.data && within(mark.columns, columns) && has(mark.rows, columns));
      if (wider) wider.parts.push([mark, wider.columns]);
      else add(mark, mark.columns);
    }
    for (const mark of marks.filter(({ tips, rows }) => !tips.length && rows.length)) {
      const columns = distinct([...columnsAt(mark.channels, OTHERS), ...placesOf(mark.channels)]);
      const kin = found.find((table) => table.data === mark.data && has(mark.rows, table.columns));
      if (kin) {
        const more = columns.filter((one) => one.said && !one.dated && !kin.columns.some(({ field }) => field === one.field));
        if (kin.parts.length === 1) kin.columns = kin.parts[0][1] = [...kin.columns, ...more];
        kin.parts.push([mark, kin.columns]);
      } else if (columns.length > 1 && !told.some(({ data }) => data === mark.data)) add(mark, columns);
    }
    // What the chart is of comes before what is marked beside it.
    return found.sort((one, other) => one.order - other.order).map(({ columns, parts }) => ({
      columns: columns.map(({ title }) => title),
      rows: sorted(parts.flatMap(([mark, each]) => cellsOf(mark, each))),
    })).filter(tells).sort((one, other) => size(other) - size(one));
  };

  const size = ({ columns, rows }) => columns.length * rows.length;

  // Names alone, of places on a map, are no numbers.
  const tells = ({ columns, rows }) => rows.length && (columns.length > 1 || rows.some(([only]) => /\d/.test(only)));

  const tablesOf = ({ drawn, specs, versions, shows }) => {
    const spec = drawn?.spec ?? specs[shows ?? versions[0]];
    const seen = drawn && drawnRows(drawn.view.scenegraph().root);
    return tables(spec, ({ name, data }) => (seen ? seen.get(name) : spec.datasets?.[data]) ?? []);
  };

  // ---- Files --------------------------------------------------------------------------------

  // A spreadsheet takes some texts for formulas: an apostrophe before them says that they are none.
  const field = (content) => {
    if (content === null) return '';
    const text = typeof content === 'string' ? content.replace(/^[=+\-@\t\r]/, "'$&") : String(content);
    return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  };

  const csv = (about, { columns, rows }) => [
    ...about.map((line) => `# ${line.replace(/\s+/g, ' ')}`),
    ...[columns, ...rows].map((row) => row.map(field).join(',')),
  ].map((line) => `${line}\r\n`).join('');

  const save = (name, text) => {
    const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
    make('a', { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60000);
  };

  // ---- The page -----------------------------------------------------------------------------

  const make = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [key, given] of Object.entries(attributes)) made.setAttribute(key, given);
    made.append(...children);
    return made;
  };

  const line = (part) => (part?.textContent ?? '').trim().replace(/\s+/g, ' ');

  const sourceOf = (figure) =>
    line(figure.querySelector('details.essay-chart__source > p') ?? figure.querySelector('.essay-chart__source'));

  // What a picture says of itself: where its numbers come from, which version of the book, which edition.
  const creditsOf = ({ figure }) => [
    line(figure.querySelector('.essay-chart__version')),
    _('Source: {source}', { source: sourceOf(figure) }),
    _('Essay: {essay}, tables {edition}', { essay, edition }),
  ].filter(Boolean);

  const aboutOf = ({ figure }, title, address) => {
    return [
      _('Figure: {title}', { title: [line(figure.querySelector('.essay-chart__number')), title].filter(Boolean).join(' ') }),
      _('Essay: {essay}, tables {edition}', { essay, edition }),
      _('Page: {page}', { page: line(document.querySelector('.bd-article h1')).replace(/#$/, '') }),
      _('View: {address}', { address }),
      line(figure.querySelector('.essay-chart__version')),
      _('Source: {source}', { source: sourceOf(figure) }),
      _('Licence: {licence}', { licence: figure.dataset.licence ?? '' }),
    ].filter(Boolean);
  };

  // At the start a hole is one of the data; later a control may have left the value out.
  const tableOf = (caption, { columns, rows }, hole) => {
    const measured = (place) => rows.every((row) => row[place] === null || typeof row[place] === 'number');
    const head = make('tr', {}, ...columns.map((title, place) => make('th',
      { scope: 'col', ...(measured(place) ? { class: 'essay-numbers__number' } : {}) }, title)));
    const kind = (content) => {
      if (content === null) return 'hole';
      if (typeof content === 'number') return 'number';
      return content.length > SHORT ? 'words' : 'word';
    };
    const shown = (content) => (typeof content === 'number' ? String(content).replace('-', '\u2212') : content ?? hole);
    const body = rows.slice(0, MOST).map((row) => make('tr', {},
      ...row.map((content) => make('td', { class: `essay-numbers__${kind(content)}` }, shown(content)))));
    const table = make('table', {}, make('caption', {}, make('span', {}, caption)), make('thead', {}, head), make('tbody', {}, ...body));
    return make('div', { class: 'essay-numbers__scroll', tabindex: '0', role: 'region', 'aria-label': caption }, table);
  };

  const fill = (chart, box, address) => {
    const { figure } = chart;
    const title = line(figure.querySelector('.essay-chart__title'))
      || [].concat(chart.specs[chart.versions[0]].title?.text ?? '').join(' ') || figure.id;
    const all = tablesOf(chart);
    const hole = chart.notice ? _('none in this view') : _('no data');
    // What has not changed stays, and with it whatever a reader has just reached there.
    const now = JSON.stringify([title, hole, all]);
    if (chart.told === now && box.children.length) return;
    chart.told = now;
    box.replaceChildren(...all.flatMap((table, place) => {
      const caption = all.length > 1 ? _('{title} (table {place} of {all})', { title, place: place + 1, all: all.length }) : title;
      const button = make('button', { type: 'button' }, _('Save as {type}', { type: 'CSV' }));
      const name = [chart.name, figure.dataset.shows, all.length > 1 && place + 1].filter(Boolean).join('-');
      button.addEventListener('click', () => save(`${name}.csv`, csv(aboutOf(chart, caption, address()), table)));
      const count = counted(table.rows.length, _('# row.|# rows.'));
      const more = table.rows.length > MOST ? ` ${_('The first {most} are shown; the file has all.', { most: MOST })}` : '';
      return [tableOf(caption, table, hole), make('p', { class: 'essay-numbers__count' }, `${count}${more} `, button)];
    }));
    if (!all.length) box.append(make('p', {}, _('No numbers lie behind this drawing.')));
    const licence = make('p', {}, _('Licence: {licence}', { licence: figure.dataset.licence ?? '' }));
    box.append(licence.textContent.length <= LONG ? licence
      : make('details', { class: 'essay-fold' }, make('summary', {}, _('Licences')), licence));
  };

  // A fold for the numbers of one chart; `approach` draws the chart, `address` tells its view.
  const fold = (chart, { approach, address }) => {
    const box = make('div');
    const made = make('details', { class: 'essay-numbers' }, make('summary', {}, _('The numbers')), box);
    const refresh = () => { if (made.open) fill(chart, box, address); };
    made.addEventListener('toggle', async () => {
      if (!made.open) { box.replaceChildren(); return; }
      await approach(chart);
      try {
        refresh();
      } catch {
        box.replaceChildren(make('p', {}, _('The numbers of this drawing cannot be read.')));
      }
    });
    return { fold: made, refresh, credits: () => creditsOf(chart) };
  };

  window.essayNumbers = { fold, tablesOf, csv };
})();
