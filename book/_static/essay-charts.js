// Bring charts to life when a reader means them.
//
// Each figure.essay-chart holds its stills (the drawings of the build, for a wide and for a
// narrow column), its controls, a Vega-Lite specification and a caption; where the two
// versions of the book differ, stills and specification of the other version too. One shared
// script (Vega, from our own host) is fetched when the browser has nothing else to do, and run
// only when a reader points at a figure, touches it, reaches it by keyboard or moves one of its
// controls, or when an address asks for a view. A chart is then laid out for the same width as
// its still, and takes its place without moving anything. If anything fails the still stays,
// its controls are taken away, a line says so, and the next approach tries again.
//
// What a figure reports: `data-state` ('static' or 'live'), `data-busy` while something is
// under way, `data-drawn` (finished drawings and moves of controls), `data-shows` (version
// that the drawing in sight belongs to), `data-moved` while it stands away from its start,
// `vegaView` when live. `essayCharts.wake(figure)` does what a pointer does, `drawAll` for all
// figures; `essayCharts.settled()` is a promise that nothing is under way any more.
(() => {
  'use strict';

  const { _, decimal } = window.essayWords;
  const views = window.essayViews;

  const VEGA = new URL(document.currentScript.dataset.vega, document.currentScript.src);
  const LEAST_CHANGE = 8;    // px of width that are worth a new drawing
  const ERRORS_ONLY = 1;     // Vega's log level
  const ROUNDS = 4;          // drawings, at most, until widths are right
  const WIDTHS = { wide: 688, narrow: 340 };       // of the stills (essay_layout.py)
  const NARROW = 560;        // width of a column below which the narrow one is shown (essay.css)
  const PAUSE = 2000;        // ms after which Vega is fetched ahead
  const ALIKE = 0.12;        // of its shape, by which a drawing may miss that of its still

  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };

  // ---- Vega ---------------------------------------------------------------------------------

  let loading;
  let asked = false;         // since a first try it is no longer fetched ahead
  const loadVega = () => {
    asked = true;
    loading ??= new Promise((resolve, reject) => {
      const script = element('script', { src: VEGA });
      const fail = () => {
        loading = null;        // a line that was down may be up at the next try
        script.remove();
        reject(new Error('the chart script could not be loaded'));
      };
      // What came broken off in the middle has loaded, and is no use.
      script.onload = () => (window.vegaEmbed ? resolve() : fail());
      script.onerror = fail;
      document.head.append(script);
    });
    return loading;
  };

  // Only what costs the reader nothing: on a fast line, where that is known, and not from a disk.
  const fetchAhead = () => {
    const { connection } = navigator;
    const slow = connection && (connection.saveData || connection.effectiveType !== '4g');
    if (slow || asked || location.protocol === 'file:') return;
    // A script element that comes later takes what is here, and asks no second time.
    document.head.append(element('link', { rel: 'preload', as: 'script', fetchpriority: 'low', href: VEGA }));
  };

  // A while after all else has come, and a reader has begun to read.
  const whenIdle = () => setTimeout(() => (window.requestIdleCallback ?? setTimeout)(fetchAhead), PAUSE);

  // A server may forbid evaluation. Vega's interpreter needs none, and two to three times as long.
  let evaluates;
  const mayEvaluate = () => {
    if (evaluates === undefined) {
      try { evaluates = Boolean(new Function('')); } catch { evaluates = false; }
    }
    return evaluates;
  };

  // ---- What a figure reports --------------------------------------------------------------

  // Call the figure busy until the function that this gives is called.
  const hold = (chart) => {
    chart.holds += 1;
    chart.figure.dataset.busy = '';
    return () => {
      chart.holds -= 1;
      if (!chart.holds) delete chart.figure.dataset.busy;
    };
  };

  const count = (chart) => {
    chart.figure.dataset.drawn = Number(chart.figure.dataset.drawn ?? 0) + 1;
    chart.numbers?.refresh();
  };

  const frame = () => new Promise((resolve) => { requestAnimationFrame(resolve); });

  const settled = async () => {
    // Observers of size speak up within a frame or two.
    for (let calm = 0; calm < 3; calm += 1) {
      await frame();
      await Promise.all(charts.map((chart) => chart.drawn?.view.runAsync()));
      if (charts.some((chart) => chart.holds)) calm = -1;
    }
    return charts.map((chart) => chart.figure.dataset.state);
  };

  // ---- Specifications ---------------------------------------------------------------------

  const PARTS = ['layer', 'concat', 'hconcat', 'vconcat', 'spec'];

  const collect = (spec, found = []) => {
    if (Array.isArray(spec)) spec.forEach((part) => collect(part, found));
    else if (spec && typeof spec === 'object') {
      found.push(...(spec.params ?? []));
      for (const key of PARTS) collect(spec[key], found);
    }
    return found;
  };

  const isControl = ({ bind, select }) => Boolean(bind?.input && !select);

  // The page has the controls already: Vega makes none of its own.
  const withoutControls = (spec) => {
    if (Array.isArray(spec)) return spec.map(withoutControls);
    if (!spec || typeof spec !== 'object') return spec;
    const copy = { ...spec };
    if (spec.params) copy.params = spec.params.map(({ bind, ...param }) => (isControl({ bind, ...param }) ? param : { ...param, ...(bind ? { bind } : {}) }));
    for (const key of PARTS) if (spec[key]) copy[key] = withoutControls(spec[key]);
    return copy;
  };

  const pointSelections = (spec) => collect(spec)
    .filter((param) => (param.select?.type ?? param.select) === 'point')
    .map((param) => `${param.name}_store`);

  // Where a pointer draws a span, a drawing is not stretched: its places are counted in pixels.
  const hasSpans = (spec) => collect(spec).some((param) => (param.select?.type ?? param.select) === 'interval');

  // ---- Controls ---------------------------------------------------------------------------

  const inputsOf = ({ form }, name) => [...form.elements].filter((input) => input.name === name);
  const namesOf = ({ form }) => [...new Set([...form.elements].map((input) => input.name).filter(Boolean))];

  const textOf = ([first, ...others]) => {
    if (first.type === 'checkbox') return String(first.checked);
    return (first.type === 'radio' ? [first, ...others].find(({ checked }) => checked) : first)?.value ?? '';
  };

  const decimals = (step) => (String(step).split('.')[1] ?? '').length;

  const show = (input) => {
    if (input.type !== 'range') return;
    const { unit } = input.closest('.vega-bind').dataset;
    const text = `${decimal(input.value, decimals(input.step))}${unit ? ` ${unit}` : ''}`;
    input.nextElementSibling.value = text;
    input.setAttribute('aria-valuetext', text);
  };

  const setText = (inputs, text) => {
    for (const input of inputs) {
      if (input.type === 'checkbox') input.checked = text === 'true';
      else if (input.type === 'radio') input.checked = input.value === text;
      else input.value = text;
      show(input);
    }
  };

  const startText = (inputs) => {
    const [first] = inputs;
    if (first.type === 'checkbox') return String(first.defaultChecked);
    if (first.type === 'radio') return inputs.find(({ defaultChecked }) => defaultChecked)?.value ?? '';
    if (first.options) return [...first.options].find(({ defaultSelected }) => defaultSelected)?.value ?? first.options[0].value;
    return first.defaultValue;
  };

  // Can an input stand at what an address says?
  const fitsText = (inputs, text) => {
    const [first] = inputs;
    if (first.type === 'checkbox') return text === 'true' || text === 'false';
    if (first.type === 'radio') return inputs.some(({ value }) => value === text);
    if (first.options) return [...first.options].some(({ value }) => value === text);
    if (!/^-?\d{1,9}(\.\d{1,9})?$/.test(text)) return false;
    const [value, min, max, step] = [text, first.min, first.max, first.step].map(Number);
    const steps = (value - min) / step;
    return value >= min && value <= max && Math.abs(steps - Math.round(steps)) < 1e-6;
  };

  // What stands away from the start, by the name of its control.
  const away = (chart) => Object.fromEntries(namesOf(chart)
    .map((name) => [name, inputsOf(chart, name)])
    .filter(([, inputs]) => textOf(inputs) !== startText(inputs))
    .map(([name, inputs]) => [name, textOf(inputs)]));

  // A value of a specification for what a control says.
  const valueOf = ({ bind }, text) => {
    if (bind.input === 'checkbox') return text === 'true';
    return bind.options ? bind.options.find((value) => String(value) === text) : Number(text);
  };

  const signalsOf = (chart) => collect(chart.spec).filter(isControl)
    .map((param) => [param, inputsOf(chart, param.name)])
    .filter(([, inputs]) => inputs.length)
    .map(([param, inputs]) => [param.name, valueOf(param, textOf(inputs))]);

  const enable = (chart, can) => {
    for (const input of chart.form.elements) input.disabled = !can;
  };

  const toStart = (chart) => {
    chart.form.reset();
    [...chart.form.elements].forEach(show);
  };

  // The view that an address asks for, before anything is drawn.
  const takeAsked = (chart) => {
    if (!chart.asked) return;
    let odd = false;
    for (const [name, text] of chart.asked.values) {
      const inputs = inputsOf(chart, name);
      if (inputs.length && fitsText(inputs, text)) setText(inputs, text);
      else odd = true;
    }
    if (odd) chart.view.after(element('p', { class: 'essay-chart__moved', role: 'status' }, views.PASSED_OVER));
  };

  const arrive = async (chart) => {
    views.open(chart.figure);
    views.reach(chart.figure);
    await approach(chart);
    await settled();           // drawings above it may have moved it
    views.reach(chart.figure);
  };

  // Let the drawing follow: the newest place of each control, one run at a time.
  const follow = async (chart) => {
    noticeMoves(chart);
    chart.again = true;
    if (chart.following) return;
    chart.following = true;
    const release = hold(chart);
    try {
      await approach(chart);
      while (chart.drawn && chart.again) {
        chart.again = false;
        const { view } = chart.drawn;
        for (const [name, value] of signalsOf(chart)) view.signal(name, value);
        await view.runAsync();
        if (chart.again) await frame();
      }
      noticeMoves(chart);
      settleShape(chart);
      count(chart);
      views.moved(chart.name);
    } catch (error) {
      showStill(chart);
      fail(chart, error);
    } finally {
      chart.following = false;
      release();
    }
  };

  const takeControls = (chart) => {
    const { form } = chart;
    form.querySelector('.essay-chart__asleep')?.remove();
    for (const control of form.querySelectorAll('[data-colour]')) {
      control.style.setProperty('--control-colour', control.dataset.colour);
    }
    enable(chart, true);
    form.addEventListener('submit', (event) => event.preventDefault());
    for (const sign of ['input', 'change']) {
      form.addEventListener(sign, ({ target }) => { show(target); follow(chart); });
    }
  };

  // ---- Back to the start ---------------------------------------------------------------

  // A title is written for the start. Moved away from it a figure says so, and offers the
  // way back.
  const STARTS = _('Title and description hold for the start; the drawing shows your choice.');

  // What a hand has picked; a pointer that only passes over a mark picks nothing.
  const picksOf = (view, spec) => {
    const passing = ({ select }) => /over|move/.test(JSON.stringify(select?.on ?? ''));
    return collect(spec).filter((param) => param.select && !param.bind && !passing(param))
      .map((param) => `${param.name}_store`).filter((name) => view._runtime.data[name]);
  };

  const picked = ({ view, picks }) => JSON.stringify(picks.map((name) => view.data(name)?.map(({ values }) => values) ?? []));

  const noticeMoves = (chart) => {
    const { drawn } = chart;
    const moved = Object.keys(away(chart)).length > 0 || Boolean(drawn && picked(drawn) !== drawn.picked);
    chart.figure.toggleAttribute('data-moved', moved);
    if (moved === Boolean(chart.notice)) return;
    chart.notice?.remove();
    chart.notice = moved ? wayBack(chart) : null;
    // Between the controls and the drawing: near the title that it speaks of, and what a
    // hand is moving stays under it.
    if (moved && chart.form.isConnected) chart.form.after(chart.notice);
    else if (moved) chart.view.prepend(chart.notice);
  };

  const watchMoves = (chart, drawn) => {
    const { view, spec } = drawn;
    drawn.picks = picksOf(view, spec);
    drawn.picked = picked(drawn);
    for (const name of drawn.picks) view.addDataListener(name, () => noticeMoves(chart));
    for (const name of namesOf(chart)) {
      view.addSignalListener(name, (_name, value) => {
        const inputs = inputsOf(chart, name);
        if (textOf(inputs) !== String(value)) setText(inputs, String(value));
        noticeMoves(chart);
      });
    }
  };

  const wayBack = (chart) => {
    const button = element('button', { type: 'button' }, _('Back to the start'));
    button.addEventListener('click', async () => {
      toStart(chart);
      chart.forgets = true;
      if (chart.drawn) await redraw(chart);
      noticeMoves(chart);
      views.moved(chart.name);
      chart.form.querySelector('input, select')?.focus({ preventScroll: true });
    });
    return element('p', { class: 'essay-chart__moved', role: 'status' }, `${STARTS} `, button);
  };

  // ---- A chart that cannot live -------------------------------------------------------------

  const FAILED = _('This drawing stands at its start and cannot be moved: what moves it could not be loaded or read.');

  // No control that moves nothing: they go back to the start, and wait for the next try.
  const fail = (chart, error) => {
    console.warn(`${chart.figure.id} stays static: ${error.message}`);
    toStart(chart);
    enable(chart, false);
    noticeMoves(chart);
    if (chart.failed) return;
    const button = element('button', { type: 'button' }, _('Try again'));
    button.addEventListener('click', () => approach(chart));
    chart.failed = element('p', { class: 'essay-chart__moved essay-chart__failed', role: 'status' }, `${FAILED} `, button);
    chart.view.after(chart.failed);
  };

  const recover = (chart) => {
    chart.failed?.remove();
    chart.failed = null;
    enable(chart, true);
  };

  // ---- Drawing --------------------------------------------------------------------------

  const layoutOf = ({ view }) => (view.clientWidth < NARROW ? 'narrow' : 'wide');
  const roomOf = (chart) => (hasSpans(chart.spec) ? Math.floor(chart.view.clientWidth) : WIDTHS[layoutOf(chart)]);

  const overflow = (host, selector) => {
    const edge = host.getBoundingClientRect().right;
    const texts = host.querySelectorAll(selector);
    return Math.max(0, ...[...texts].map((text) => text.getBoundingClientRect().right - edge));
  };

  // What to correct after a drawing, or null if it is right.
  const correction = (host, width, rooms, fitted) => {
    const over = host.querySelector('svg').width.baseVal.value - width;
    const title = overflow(host, '.role-title text');
    const legend = overflow(host, '.role-legend-label text');
    const wrong = {};
    if (legend > 0.5) wrong.legend = (rooms.legend ?? width - 8) - legend - 4;
    if (title > 0.5) wrong.title = (rooms.title ?? width) - title - 4;
    if (!fitted.single && (over > 0.5 || over < -16)) {
      wrong.axis = (rooms.axis ?? 60) + Math.ceil(over / fitted.columns) + (over > 0 ? 1 : 0);
      wrong.force = over > 0.5;
    }
    return Object.keys(wrong).length ? { ...rooms, ...wrong } : null;
  };

  const embed = async (chart, width, stores) => {
    let rooms = {};
    let drawn;
    for (let round = 0; round < ROUNDS && rooms; round += 1) {
      drawn?.result.finalize();
      const fitted = window.essayFit.fit(chart.spec, width, rooms);
      const host = element('div', { class: 'essay-chart__canvas' });
      host.style.width = `${width}px`;
      chart.stage.replaceChildren(host);
      const result = await window.vegaEmbed(host, withoutControls(fitted.spec), {
        renderer: 'svg', actions: false, bind: element('div'), defaultStyle: false, ast: !mayEvaluate(),
        logLevel: ERRORS_ONLY,
        tooltip: { theme: 'essay', disableDefaultStyle: true },
      });
      drawn = { result, host, spec: fitted.spec, view: result.view };
      rooms = correction(host, width, rooms, fitted);
    }
    watchMoves(chart, drawn);
    const { view } = drawn;
    for (const [name, value] of signalsOf(chart)) view.signal(name, value);
    for (const [name, rows] of stores) if (rows?.length) view.data(name, rows);
    // Room is measured at each run; a second one sets the ticks for the room that the first has found.
    await view.runAsync();
    drawn.host.style.width = '';
    return drawn;
  };

  // Words that stand beside the drawing name it; a drawing with a title of its own has both.
  const label = (svg, { figure, spec }) => {
    svg.setAttribute('role', 'img');
    if (figure.querySelector('.essay-chart__title')) {
      svg.removeAttribute('aria-label');
      svg.setAttribute('aria-labelledby', `${figure.id}-title`);
      svg.setAttribute('aria-describedby', `${figure.id}-said`);
    } else svg.setAttribute('aria-label', labelOf(spec));
    svg.removeAttribute('aria-roledescription');
    // One image: Vega's names of its parts, in English, are not heard, nor that of its frame.
    svg.querySelector(':scope > g')?.setAttribute('aria-hidden', 'true');
    for (const name of ['role', 'aria-roledescription', 'aria-label']) svg.parentElement.removeAttribute(name);
  };

  // The drawing takes the shape of its still, to the pixel, unless it has grown out of it.
  const settleShape = (chart) => {
    if (!chart.drawn) return;
    const { host } = chart.drawn;
    const { width, height } = chart.stills[chart.shows][chart.layout].viewBox.baseVal;
    const own = host.querySelector('svg').viewBox.baseVal;
    const alike = Math.abs((own.height / own.width) / (height / width) - 1) < ALIKE;
    if (alike && !hasSpans(chart.spec)) host.style.setProperty('--still', `${width} / ${height}`);
    else host.style.removeProperty('--still');
  };

  // One drawing stands in a figure: the living one, or the still that fits the column. On paper,
  // whose column no script knows, both stills, of which the style sheet chooses; what a reader has
  // moved is printed as it stands.
  const arrange = (chart, onPaper = false) => {
    const stills = chart.stills[chart.shows];
    const start = onPaper && !chart.figure.hasAttribute('data-moved');
    const drawings = start ? Object.values(stills) : [chart.drawn?.host ?? stills[layoutOf(chart)]];
    for (const other of chart.inSight) if (!drawings.includes(other)) other.remove();
    chart.view.append(...drawings.filter((one) => one.parentElement !== chart.view));
    chart.inSight = drawings;
  };

  const draw = async (chart) => {
    if (chart.view.clientWidth < 40) return;
    const version = wanted(chart);
    chart.spec = chart.specs[version];
    chart.layout = layoutOf(chart);
    const width = roomOf(chart);
    const old = chart.drawn;
    const fits = old && version === chart.shows && Math.abs(width - chart.width) <= LEAST_CHANGE;
    if (fits && !chart.forgets) return;
    const stores = old && !chart.forgets
      ? pointSelections(chart.spec).map((name) => [name, old.view.data(name)?.map((row) => ({ ...row }))]) : [];
    chart.forgets = false;
    const drawn = await embed(chart, width, stores);
    label(drawn.host.querySelector('svg'), chart);
    tell(chart, version);
    watchTouch(drawn.host);
    old?.result.finalize();
    Object.assign(chart, { drawn, width });
    arrange(chart);
    settleShape(chart);
    noticeMoves(chart);
    recover(chart);
    chart.figure.vegaView = drawn.view;
    chart.figure.dataset.state = 'live';
    count(chart);
  };

  // The drawing of the build, in the version in force.
  const showStill = (chart) => {
    const version = wanted(chart);
    chart.drawn?.result.finalize();
    delete chart.drawn;
    delete chart.figure.vegaView;
    chart.figure.dataset.state = 'static';
    tell(chart, version);
    arrange(chart);
    count(chart);
  };

  // One drawing at a time for each chart; a change that comes meanwhile is drawn after it.
  const redraw = (chart) => {
    const release = hold(chart);
    chart.busy = (chart.busy ?? Promise.resolve()).then(() => draw(chart)).catch((error) => {
      showStill(chart);
      fail(chart, error);
    }).then(() => { chart.stage.replaceChildren(); release(); });
    return chart.busy;
  };

  // ---- Touch ------------------------------------------------------------------------------

  // A finger is wider than a mark: look around the place it touched, nearest first.
  const RING = [0, 6, 12, 18].flatMap((radius) => (radius
    ? [...Array(8).keys()].map((eighth) => [radius * Math.cos(eighth * Math.PI / 4), radius * Math.sin(eighth * Math.PI / 4)])
    : [[0, 0]]));

  const speaks = (part) => [].concat(part?.__data__ ?? [])[0]?.tooltip != null;

  const touched = (host, event) => {
    for (const [right, down] of RING) {
      const place = { clientX: event.clientX + right, clientY: event.clientY + down };
      // A word that lies on a mark does not hide it.
      const part = document.elementsFromPoint(place.clientX, place.clientY)
        .find((one) => host.contains(one) && speaks(one));
      if (part) return { part, place };
    }
    return null;
  };

  let pointed;       // part of a drawing whose tooltip a tap has shown
  const point = (types, { part, place }) => {
    for (const type of types) {
      part.dispatchEvent(new PointerEvent(type, { ...place, bubbles: true, cancelable: true, pointerType: 'mouse' }));
    }
  };

  const unpoint = () => {
    const before = pointed;
    pointed = null;
    if (before) point(['pointerout', 'mouseout'], before);
  };

  // A tap moves no pointer, so that Vega shows no tooltip: move one for it.
  const watchTouch = (host) => {
    let finger = false;
    host.addEventListener('pointerdown', (event) => { finger = event.pointerType === 'touch'; });
    host.addEventListener('click', (event) => {
      const found = finger && touched(host, event);
      if (!found) return;
      pointed = found;
      point(['pointerover', 'pointermove'], found);
    });
    // A mouse that lies still elsewhere does not take the tooltip of the finger away.
    host.addEventListener('mouseout', (event) => { if (pointed) event.stopPropagation(); }, { capture: true });
  };

  // ---- Saving ---------------------------------------------------------------------------

  const VARIABLE = /var\(\s*(--[\w-]+)\s*(?:,\s*((?:[^()]|\([^()]*\))*))?\)/g;

  // Outside the page no style sheet gives the variables their values. A fallback may hold
  // a variable itself, so this goes on until none is left.
  const withColours = (text, style) => {
    const plain = text.replace(VARIABLE,
      (_, name, fallback) => (style.getPropertyValue(name) || fallback || '').trim());
    return plain === text ? text : withColours(plain, style);
  };

  // What controls that were moved stand at, in the words of the page.
  const settingsTold = (chart) => Object.keys(away(chart)).map((name) => {
    const [first, ...others] = inputsOf(chart, name);
    const chosen = [first, ...others].find(({ checked }) => checked) ?? first;
    const value = first.type === 'checkbox' ? (first.checked ? _('yes') : _('no'))
      : first.nextElementSibling?.value ?? first.selectedOptions?.[0].textContent ?? chosen.parentElement.textContent;
    return `${first.closest('.vega-bind').querySelector('.vega-bind-name').textContent}: ${value}`;
  }).join('; ');

  const FACE = 'font-family="sans-serif"';

  const rowsOfText = (lines, top, step, look) => lines.map((line, place) => {
    const text = element('text');
    text.textContent = line;
    return `<text x="5" y="${top + step * (place + 1)}" ${FACE} ${look}>${text.innerHTML}</text>`;
  }).join('');

  // A picture leaves the page: its title, its source and the edition that it is from go with it.
  const framed = (svg, title, notes) => {
    const drawn = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
    const [width, height] = ['width', 'height'].map((name) => parseFloat(drawn.getAttribute(name)));
    const wrap = (text, face) => window.essayFit.wrap(text, width - 10, face);
    const head = title ? wrap(title, '600 15px sans-serif') : [];
    const foot = notes.flatMap((note) => wrap(note, '11px sans-serif'));
    const above = head.length ? head.length * 19 + 12 : 0;
    const whole = above + height + foot.length * 14 + 14;
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${whole}" viewBox="0 0 ${width} ${whole}">`,
      '<rect width="100%" height="100%" fill="var(--chart-background, #fff)"/>',
      rowsOfText(head, 0, 19, 'font-size="15" font-weight="600" fill="var(--chart-text, #222)"'),
      `<g transform="translate(0 ${above})">${svg}</g>`,
      rowsOfText(foot, above + height + 4, 14, 'font-size="11" fill="var(--chart-muted, #555)"'),
      '</svg>',
    ].join('');
  };

  // The still in sight, where no script draws.
  const stillText = (chart) => {
    const still = chart.stills[chart.shows][layoutOf(chart)].cloneNode(true);
    still.removeAttribute('class');
    return new XMLSerializer().serializeToString(still);
  };

  const drawing = async (chart) => {
    const { drawn, figure } = chart;
    const style = getComputedStyle(document.documentElement);
    const title = figure.querySelector('.essay-chart__title')?.textContent.trim().replace(/\s+/g, ' ');
    const settings = settingsTold(chart);
    const notes = [chart.notice && STARTS, settings, ...chart.numbers.credits()].filter(Boolean);
    const svg = drawn ? await drawn.view.toSVG() : stillText(chart);
    return withColours(framed(svg, title, notes), style);
  };

  const picture = async (svg, type) => {
    const vector = new Blob([svg], { type: 'image/svg+xml' });
    if (type === 'svg') return vector;
    const image = new Image();
    image.src = URL.createObjectURL(vector);
    await image.decode();
    const canvas = element('canvas', { width: image.width * 2, height: image.height * 2 });
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(image.src);
    return new Promise((resolve) => { canvas.toBlob(resolve, 'image/png'); });
  };

  const save = async (chart, type) => {
    const url = URL.createObjectURL(await picture(await drawing(chart), type));
    element('a', { href: url, download: `${[chart.figure.id, chart.shows].filter(Boolean).join('-')}.${type}` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  };

  const saveMenu = (chart) => {
    const button = (type) => {
      const made = element('button', { type: 'button' }, _('Save as {type}', { type: type.toUpperCase() }));
      made.addEventListener('click', () => save(chart, type));
      return made;
    };
    return element('details', { class: 'essay-chart__save' },
      element('summary', {}, _('Save this chart')), element('p', {}, button('svg'), ' ', button('png')));
  };

  // ---- Versions of the book -------------------------------------------------------------

  // Names of the versions that a figure can show, its first one first; one without a name
  // where the versions do not differ.
  const versionsOf = (figure) => {
    const note = figure.querySelector('.essay-chart__version');
    return note ? Object.keys(note.dataset) : [''];
  };

  const wanted = ({ versions }) => {
    const { version } = document.documentElement.dataset;
    return versions.includes(version) ? version : versions[0];
  };

  // One that would weigh too much has a still for any column.
  const pairOf = (place) => Object.fromEntries(Object.keys(WIDTHS)
    .map((name) => [name, place.querySelector(`.essay-chart__still--${name}, .essay-chart__still--any`)]));

  const stillsOf = (figure, [first, ...others]) => {
    const stills = { [first]: pairOf(figure.querySelector('.essay-chart__view')) };
    for (const version of others) {
      stills[version] = pairOf(figure.querySelector(`template[data-version="${version}"]`).content);
    }
    return stills;
  };

  const rowsOf = (columns) => {
    const fields = Object.entries(columns);
    return fields[0][1].map((_value, place) => (
      Object.fromEntries(fields.map(([field, values]) => [field, values[place]]))));
  };

  // A page carries rows by columns, where all of them have the same fields (essay_specs.py).
  const unpacked = (text) => {
    const { columns = {}, datasets, ...spec } = JSON.parse(text);
    const rows = Object.entries(columns).map(([name, fields]) => [name, rowsOf(fields)]);
    return { ...spec, datasets: { ...datasets, ...Object.fromEntries(rows) } };
  };

  // Data that both specifications hold stand in the first one only.
  const specsOf = (figure, [first, ...others]) => {
    const read = (selector) => unpacked(figure.querySelector(selector).textContent);
    const specs = { [first]: read('script[type="application/json"]') };
    for (const version of others) {
      const other = read(`script[data-version="${version}"]`);
      specs[version] = { ...other, datasets: { ...specs[first].datasets, ...other.datasets } };
    }
    return specs;
  };

  const titleOf = (title) => [].concat(title?.text ?? title ?? '').join(' ');

  const labelOf = (spec) => [titleOf(spec.title), spec.description ?? '']
    .map((text) => text.trim().replace(/\.$/, '')).join('. ');

  // The words of a figure belong to its drawing: they change in the same step.
  const tell = (chart, version) => {
    if (chart.shows === version) return;
    chart.shows = version;
    const { figure } = chart;
    const write = (selector, text) => {
      const element = figure.querySelector(selector);
      if (element) element.textContent = text;
    };
    if (figure.querySelector('.essay-chart__title')) {
      for (const number of figure.querySelectorAll('.essay-moves')) {
        number.textContent = number.dataset[version];
      }
    } else {
      const spec = chart.specs[version];
      write('.essay-chart__description p', spec.description ?? '');
      write('.essay-chart__caption', spec.usermeta?.essay?.caption ?? '');
    }
    const note = figure.querySelector('.essay-chart__version');
    note.textContent = note.dataset[version];
    figure.dataset.shows = version;
  };

  const followVersion = (chart) => {
    if (wanted(chart) === chart.shows) return;
    if (chart.drawn) { redraw(chart); return; }
    showStill(chart);
    // No still of this version is made for a phone: the chart itself is.
    const { wide, narrow } = chart.stills[chart.shows];
    if (wide === narrow && layoutOf(chart) === 'narrow') approach(chart);
  };

  // ---- Start ----------------------------------------------------------------------------

  const followWidth = (chart) => {
    let timer;
    let release;
    new ResizeObserver(() => {
      if (!chart.drawn) { arrange(chart); return; }
      clearTimeout(timer);
      release ??= hold(chart);
      timer = setTimeout(async () => {
        const done = release;
        release = null;
        if (chart.drawn) await redraw(chart);
        done();
      }, 150);
    }).observe(chart.view);
  };

  const mount = async (chart) => {
    const release = hold(chart);
    try {
      await loadVega();
      await redraw(chart);
    } catch (error) {
      fail(chart, error);
    } finally {
      release();
    }
  };

  // Draw a chart unless that was done or is under way.
  const approach = async (chart) => {
    if (chart.drawn) return;
    chart.mounting ??= mount(chart);
    await chart.mounting;
    chart.mounting = null;
  };

  const prepare = (figure) => {
    const versions = versionsOf(figure);
    const hash = figure.querySelector('[id^="figure-"]')?.id ?? figure.id;
    const name = hash.replace(/^figure-/, '');
    const chart = {
      figure, versions, name, asked: views.asked(name), width: 0, holds: 0,
      view: figure.querySelector('.essay-chart__view'),
      form: figure.querySelector('.vega-bindings') ?? element('form'),
      stage: element('div', { class: 'essay-chart__stage', 'aria-hidden': 'true' }),
      stills: stillsOf(figure, versions),
      get specs() {
        const value = specsOf(figure, versions);
        Object.defineProperty(this, 'specs', { value });      // read once, when first needed
        return value;
      },
    };
    figure.append(chart.stage);
    figure.dataset.state = 'static';
    views.register(name, () => away(chart), hash);
    chart.numbers = window.essayNumbers.fold(chart, { approach, address: () => views.address(name) });
    figure.querySelector('.essay-chart__extras')?.append(chart.numbers.fold, saveMenu(chart), views.link(name));
    chart.shows = versions[0];
    if (chart.shows) figure.dataset.shows = chart.shows;
    chart.inSight = Object.values(chart.stills[chart.shows]);
    takeControls(chart);
    takeAsked(chart);
    noticeMoves(chart);
    followWidth(chart);
    return chart;
  };

  const charts = [...document.querySelectorAll('figure.essay-chart')].map(prepare);

  const start = () => {
    for (const chart of charts) {
      for (const sign of ['pointerenter', 'pointerdown', 'focusin']) {
        chart.figure.addEventListener(sign, () => approach(chart));
      }
    }
    document.addEventListener('essay-version', () => charts.forEach(followVersion));
    charts.filter(({ asked }) => asked?.linked).forEach(arrive);
    // Back on a page that was left, its controls stand where the reader had put them.
    charts.filter((chart) => chart.asked && chart.notice).forEach(approach);
    // Paper does not wait for a drawing that is under way.
    addEventListener('beforeprint', () => {
      for (const chart of charts) {
        if (wanted(chart) !== chart.shows) showStill(chart);
        arrange(chart, true);
      }
    });
    addEventListener('afterprint', () => charts.forEach((chart) => arrange(chart)));
    document.addEventListener('pointerdown', unpoint, { capture: true });
    if (!charts.length) return;
    if (document.readyState === 'complete') whenIdle();
    else addEventListener('load', whenIdle, { once: true });
  };

  const drawAll = async () => {
    await Promise.all(charts.map(approach));
    return settled();
  };

  const wake = (figure) => approach(charts.find((chart) => chart.figure === figure));

  window.essayCharts = { settled, wake, drawAll };
  start();   // the script is deferred: the page is there
})();
