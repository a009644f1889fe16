// Fit a Vega-Lite specification to a width: pure functions from a specification to a copy.
//
// Vega-Lite itself can fit a single view, but neither breaks titles into lines, nor
// arranges legends, nor fits concatenated views. essay-charts.js draws, measures and
// calls again with corrected rooms.
(() => {
  'use strict';

  const NARROW = 520;        // below this a legend at the side leaves too little for the plot
  const LEAST_VIEW = 230;    // views side by side are at least this wide, or go below each other
  const GAP = 20;            // Vega-Lite's spacing between views
  const SYMBOL_ROOM = 28;    // what a legend entry takes beside its label
  const COMPOSITIONS = ['hconcat', 'vconcat', 'concat'];
  const LEGEND_CHANNELS = ['color', 'fill', 'stroke', 'shape', 'size', 'opacity', 'fillOpacity',
    'strokeOpacity', 'strokeDash', 'strokeWidth'];

  const pen = document.createElement('canvas').getContext('2d');

  const textWidth = (text, font) => {
    pen.font = font;
    return pen.measureText(text).width;
  };

  const fill = (words, width, font) => {
    const lines = [];
    for (const word of words) {
      const longer = `${lines[lines.length - 1]} ${word}`;
      if (lines.length && textWidth(longer, font) <= width) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines;
  };

  // Lines of about the same length: the narrowest width that needs no line more.
  const wrap = (text, width, font) => {
    const words = text.split(/\s+/).filter(Boolean);
    let lines = fill(words, width, font);
    for (let narrower = width - 8; narrower > width / 2; narrower -= 8) {
      const next = fill(words, narrower, font);
      if (next.length > lines.length || next.some((line) => textWidth(line, font) > width)) break;
      lines = next;
    }
    return lines;
  };

  const isText = (value) => typeof value === 'string'
    || (Array.isArray(value) && value.every((line) => typeof line === 'string'));

  const rewrap = (value, width, font) =>
    (isText(value) ? wrap([].concat(value).join(' '), width, font) : value);

  const font = (weight, size, family) => `${weight} ${size}px ${family}`;

  const fitTitle = (title, width, config) => {
    if (!title) return title;
    const given = isText(title) ? { text: title } : title;
    const style = { ...config.title, ...given };
    const family = style.font ?? config.font ?? 'sans-serif';
    const fitted = {
      ...given,
      text: rewrap(given.text, width, font(style.fontWeight ?? 'bold', style.fontSize ?? 13, family)),
      anchor: style.anchor ?? 'start',
      frame: style.frame ?? 'bounds',
    };
    if (given.subtitle) {
      fitted.subtitle = rewrap(given.subtitle, width,
        font(style.subtitleFontWeight ?? 'normal', style.subtitleFontSize ?? 11, style.subtitleFont ?? family));
    }
    return fitted;
  };

  const fitAxisTitles = (encoding, width, config) => {
    const axis = config.axis ?? {};
    const face = font(axis.titleFontWeight ?? 'bold', axis.titleFontSize ?? 11,
      axis.titleFont ?? config.font ?? 'sans-serif');
    const fitted = { ...encoding };
    for (const channel of ['x', 'x2']) {
      const given = encoding[channel];
      if (!given) continue;
      fitted[channel] = { ...given };
      if (given.type === 'ordinal' && given.axis !== null) {
        fitted[channel].axis = { labelOverlap: 'parity', ...given.axis };
      }
      if (given.title) fitted[channel].title = rewrap(given.title, width, face);
      if (given.axis?.title) {
        fitted[channel].axis = { ...fitted[channel].axis, title: rewrap(given.axis.title, width, face) };
      }
    }
    return fitted;
  };

  const rowsOf = (view, root) =>
    view.data?.values ?? root.datasets?.[view.data?.name] ?? root.data?.values
    ?? root.datasets?.[root.data?.name] ?? [];

  const distinct = (rows, field) => [...new Set(rows.map((row) => row[field]))];

  const legendLabels = (definition, rows) => {
    const domain = definition.scale?.domain;
    const labels = Array.isArray(domain) ? domain : distinct(rows, definition.field);
    return labels.filter((label) => label != null).map(String);
  };

  const legendColumns = (labels, width, config) => {
    const legend = config.legend ?? {};
    const face = font('normal', legend.labelFontSize ?? 10, legend.labelFont ?? config.font ?? 'sans-serif');
    const rooms = labels.map((label) => textWidth(label, face) + SYMBOL_ROOM);
    // Each column is as wide as its longest label.
    const needed = (columns) => [...Array(columns).keys()]
      .reduce((sum, first) => sum + Math.max(...rooms.filter((_, place) => place % columns === first)), 0);
    let columns = labels.length || 1;
    while (columns > 1 && needed(columns) > width) columns -= 1;
    return columns;
  };

  const isDiscrete = (definition) => ['nominal', 'ordinal'].includes(definition.type);

  const fitLegends = (encoding, rows, width, config) => {
    const fitted = { ...encoding };
    for (const channel of LEGEND_CHANNELS) {
      const given = encoding[channel];
      if (!given?.field || given.legend === null) continue;
      const legend = { ...given.legend };
      const orient = legend.orient ?? config.legend?.orient ?? 'right';
      const atSide = orient === 'left' || orient === 'right';
      if (atSide && width < NARROW) legend.orient = 'bottom';
      if (atSide && width >= NARROW) continue;
      if (isDiscrete(given)) {
        // No more than the chart asks for: what a label expression makes of a name may be longer.
        legend.columns = Math.min(legend.columns ?? Infinity, legendColumns(legendLabels(given, rows), width, config));
      }
      else legend.gradientLength = Math.min(legend.gradientLength ?? 200, width - 40);
      fitted[channel] = { ...given, legend };
    }
    return fitted;
  };

  const fitEncoding = (view, width, legendWidth, root, parent = view) => {
    const fitted = { ...view };
    const data = view.data ? view : parent;
    if (view.encoding) {
      const config = root.config ?? {};
      const encoding = fitAxisTitles(view.encoding, width, config);
      fitted.encoding = fitLegends(encoding, rowsOf(data, root), legendWidth, config);
    }
    if (view.layer) {
      fitted.layer = view.layer.map((layer) => fitEncoding(layer, width, legendWidth, root, data));
    }
    return fitted;
  };

  // The width below which a view is not squeezed: ours, or less if the chart asks for less.
  const leastWidth = (view) => Math.min(LEAST_VIEW, ...[view, view.spec, ...(view.hconcat ?? view.concat ?? [])]
    .map((part) => part?.width).filter(Number.isFinite));

  // How many views stand beside each other, which is how often an axis takes its room.
  const columnsOf = (view, width, root) => {
    const most = Math.max(1, Math.floor((width + GAP) / (leastWidth(view) + GAP)));
    if (view.hconcat) return Math.min(view.hconcat.length, most);
    if (view.concat) return Math.min(view.columns ?? view.concat.length, most);
    const facet = view.encoding?.facet ?? view.encoding?.column ?? view.facet?.column ?? view.facet;
    if (!facet?.field && !Array.isArray(view.repeat)) return 1;
    if (view.encoding?.column || view.facet?.column) {
      return Math.max(1, distinct(rowsOf(view, root), facet.field).length);
    }
    const count = Array.isArray(view.repeat) ? view.repeat.length
      : distinct(rowsOf(view, root), facet.field).length || most;
    return Math.min(facet?.columns ?? view.columns ?? count, count, most);
  };

  const share = (width, columns) => (width - GAP * (columns - 1)) / columns;

  const fitView = (view, width, rooms, root) => {
    const columns = columnsOf(view, width, root);
    const kind = COMPOSITIONS.find((name) => view[name]);
    const inner = share(width, columns);
    if (kind) {
      const { [kind]: views, columns: _, ...rest } = view;
      const below = kind === 'vconcat' || columns === 1;
      const parts = views.map((part) => fitView({ ...part, title: fitTitle(part.title, inner - rooms.axis, root.config ?? {}) },
        inner, rooms, root));
      if (kind === 'hconcat' && columns === views.length && !below) return { ...rest, hconcat: parts };
      return below ? { ...rest, vconcat: parts } : { ...rest, concat: parts, columns };
    }
    if (view.spec) {
      const wrapped = !view.facet?.column && !view.facet?.row && !view.repeat?.column && !view.repeat?.row;
      const spec = fitView(view.spec, inner, rooms, { ...root, data: view.data ?? root.data });
      return { ...view, spec, ...(wrapped ? { columns } : {}) };
    }
    // A legend begins where the plot does.
    const fitted = fitEncoding(view, inner - rooms.axis, Math.min(rooms.legend, inner - rooms.axis), root);
    if (fitted.encoding?.facet) fitted.encoding.facet = { ...fitted.encoding.facet, columns };
    const keepsStep = view.width && typeof view.width === 'object' && !rooms.force;
    if (!keepsStep) fitted.width = Math.max(60, Math.floor(inner - rooms.axis));
    return fitted;
  };

  const isSingle = (spec) => (spec.mark || spec.layer)
    && !['facet', 'row', 'column'].some((channel) => spec.encoding?.[channel]);

  /**
   * Copy of a specification that fits a width in pixels.
   *
   * Room is measured anew whenever a control moves: another series has longer labels.
   *
   * `rooms` is what the caller has measured: `axis`, what a view takes beside its plot;
   * `title` and `legend`, the widths that titles and legends may use.
   */
  const fit = (spec, width, rooms = {}) => {
    const known = { axis: 60, title: width - 4, legend: width - 8, ...rooms };
    const config = { ...spec.config };
    if (width < NARROW) {
      // Long labels must not eat the plot. What is cut here stands in the tooltip.
      config.axisY = { labelLimit: Math.round(width * 0.36), ...config.axisY };
      config.legend = { labelLimit: width - 60, ...config.legend };
    }
    config.legend = { labelLimit: 320, ...config.legend };
    const root = { ...spec, config };
    const single = isSingle(spec);
    const fitted = single
      ? { ...fitEncoding(root, width - known.axis, Math.min(known.legend, width - known.axis), root), width: Math.floor(width),
        autosize: { type: 'fit-x', contains: 'padding', resize: true } }
      : { ...fitView(root, width, known, root), autosize: { type: 'pad', resize: true } };
    const { aspect } = spec.usermeta?.essay ?? {};      // a map keeps its shape
    if (single && aspect) fitted.height = Math.round(width / aspect);
    fitted.title = fitTitle(spec.title, known.title, config);
    return { spec: fitted, single, columns: columnsOf(spec, width, root) };
  };

  window.essayFit = { fit, wrap, textWidth };
})();
