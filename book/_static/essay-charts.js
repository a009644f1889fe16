// Make charts live when they come near the screen.
//
// Each figure.essay-chart holds a still (the drawing of the build), a Vega-Lite
// specification and a caption; where the two versions of the book differ, the still and
// the specification of the other version too. One shared script (Vega, from our own host)
// is loaded when the first chart comes near. A chart is then drawn beside the still, fitted
// to its column, and swapped in. If anything fails the still stays, and the next approach
// tries again.
//
// What a figure reports: `data-state` ('static' or 'live'), `data-busy` while something is
// under way, `data-drawn` (finished drawings and moves of controls), `data-shows` (version
// that the drawing in sight belongs to), `vegaView` when live. `essayCharts.settled()` is a
// promise that nothing is under way any more.
(() => {
  'use strict';

  const { _, decimal } = window.essayWords;
  const views = window.essayViews;

  const VEGA = new URL(document.currentScript.dataset.vega, document.currentScript.src);
  const LEAST_CHANGE = 8;    // px of width that are worth a new drawing
  const ERRORS_ONLY = 1;     // Vega's log level
  const ROUNDS = 4;          // drawings, at most, until widths are right

  let loading;
  const loadVega = () => {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement('script');
      script.src = VEGA;
      script.onload = resolve;
      script.onerror = () => {
        loading = null;        // a line that was down may be up at the next try
        script.remove();
        reject(new Error('the chart script could not be loaded'));
      };
      document.head.append(script);
    });
    return loading;
  };

  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
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
    // Observers of size and nearness speak up within a frame or two.
    for (let calm = 0; calm < 3; calm += 1) {
      await frame();
      await Promise.all(charts.map((chart) => chart.drawn?.view.runAsync()));
      if (charts.some((chart) => chart.holds)) calm = -1;
    }
    return charts.map((chart) => chart.figure.dataset.state);
  };

  // ---- Values of controls, which outlive a drawing -------------------------------------

  const collect = (spec, found = []) => {
    if (Array.isArray(spec)) spec.forEach((part) => collect(part, found));
    else if (spec && typeof spec === 'object') {
      found.push(...(spec.params ?? []));
      for (const key of ['layer', 'concat', 'hconcat', 'vconcat', 'spec']) collect(spec[key], found);
    }
    return found;
  };

  const pointSelections = (spec) => collect(spec)
    .filter((param) => (param.select?.type ?? param.select) === 'point')
    .map((param) => `${param.name}_store`);

  const readState = (view, spec, form) => ({
    signals: [...new Set([...form.elements].map((input) => input.name).filter(Boolean))]
      .map((name) => [name, view.signal(name)]),
    stores: pointSelections(spec).map((name) => [name, view.data(name)?.map((row) => ({ ...row }))]),
  });

  const writeState = async (view, state) => {
    if (!state) return;
    for (const [name, value] of state.signals) view.signal(name, value);
    for (const [name, rows] of state.stores) if (rows?.length) view.data(name, rows);
    await view.runAsync();
  };

  // ---- A view that an address asks for ----------------------------------------------------

  // What a control can be set to, of what an address says; one value or none.
  const settingsFor = (bind, text) => {
    if (bind.input === 'checkbox') return [true, false].filter((value) => String(value) === text);
    if (bind.options) return bind.options.filter((value) => String(value) === text).slice(0, 1);
    if (bind.input !== 'range' || !/^-?\d{1,9}(\.\d{1,9})?$/.test(text)) return [];
    const value = Number(text);
    const steps = (value - bind.min) / (bind.step ?? 1);
    const stands = value >= bind.min && value <= bind.max && Math.abs(steps - Math.round(steps)) < 1e-6;
    return stands ? [value] : [];
  };

  const askedState = ({ asked, spec }) => {
    const binds = new Map(collect(spec).filter((param) => param.bind?.input).map(({ name, bind }) => [name, bind]));
    const signals = asked.values.flatMap(([name, text]) =>
      (binds.has(name) ? settingsFor(binds.get(name), text).map((value) => [name, value]) : []));
    return { signals, stores: [], odd: signals.length < asked.values.length };
  };

  // What stands away from the start, by the name of its control.
  const away = ({ drawn, start, asked }) => (drawn
    ? Object.fromEntries(Object.entries(start).map(([name, value]) => [name, value, drawn.view.signal(name)])
      .filter(([, value, now]) => now !== value).map(([name, , now]) => [name, String(now)]))
    : Object.fromEntries(asked?.values ?? []));

  const arrive = async (chart) => {
    views.open(chart.figure);
    views.reach(chart.figure);
    await approach(chart);
    await settled();           // drawings above it may have moved it
    views.reach(chart.figure);
  };

  // ---- Controls -------------------------------------------------------------------------

  const decimals = (step) => (String(step).split('.')[1] ?? '').length;

  const shownValue = (input, unit) =>
    `${decimal(input.value, decimals(input.step))}${unit ? ` ${unit}` : ''}`;

  const settingsOf = (name, controls) => controls[name]
    ?? controls[Object.keys(controls).find((key) => name.startsWith(`${key}_`))] ?? {};

  const dressSlider = (input, label, settings, view) => {
    const output = element('output', { class: 'essay-control__value' });
    const show = () => {
      output.value = shownValue(input, settings.unit);
      input.setAttribute('aria-valuetext', output.value);
    };
    input.nextElementSibling?.remove();        // Vega's own, which shows rounding noise
    input.after(output);
    input.setAttribute('aria-label', label);
    input.addEventListener('input', show);
    view.addSignalListener(input.name, (_, value) => { input.value = value; show(); });
    show();
  };

  const dressControl = (control, controls, view) => {
    const inputs = control.querySelectorAll('input, select');
    const name = control.querySelector('.vega-bind-name');
    const settings = settingsOf(inputs[0].name, controls);
    const label = settings.label ?? name.textContent.replace(/[:\s]+$/, '');
    name.textContent = label;
    control.dataset.type = inputs[0].type;
    if (settings.colour) control.style.setProperty('--control-colour', settings.colour);
    if (inputs[0].type === 'range') dressSlider(inputs[0], label, settings, view);
    if (inputs[0].type === 'radio') {
      control.setAttribute('role', 'radiogroup');
      control.setAttribute('aria-label', label);
    }
  };

  // ---- Back to the start ---------------------------------------------------------------

  // A title is written for the start. Moved away from it a figure says so, and offers the
  // way back.
  const STARTS = _('Title and description hold for the start; the drawing shows your choice.');

  // What a hand has set; a pointer that only passes over a mark sets nothing.
  const settings = (view, spec, form) => {
    const passing = ({ select }) => /over|move/.test(JSON.stringify(select?.on ?? ''));
    const picked = collect(spec).filter((param) => param.select && !param.bind && !passing(param))
      .map((param) => `${param.name}_store`).filter((name) => view._runtime.data[name]);
    return {
      picked,
      now: () => JSON.stringify([
        readState(view, spec, form).signals,
        picked.map((name) => view.data(name)?.map(({ values }) => values) ?? []),
      ]),
    };
  };

  const watchMoves = (chart, { form, view, spec }) => {
    const { picked, now } = settings(view, spec, form);
    const start = now();
    chart.start = Object.fromEntries(readState(view, spec, form).signals);
    const notice = () => {
      const moved = now() !== start;
      if (moved === Boolean(chart.notice)) return;
      chart.notice?.remove();
      chart.notice = moved ? wayBack(chart) : null;
      // Between the controls and the drawing: near the title that it speaks of, and what a
      // hand is moving stays under it.
      if (moved) chart.view.querySelector('.essay-chart__canvas')?.before(chart.notice);
    };
    for (const name of picked) view.addDataListener(name, notice);
    for (const { name } of form.elements) if (name) view.addSignalListener(name, notice);
    chart.noticeMoves = notice;
  };

  const wayBack = (chart) => {
    const button = element('button', { type: 'button' }, _('Back to the start'));
    button.addEventListener('click', async () => {
      chart.notice.remove();
      chart.notice = null;
      chart.forgets = true;
      await redraw(chart);
      views.moved(chart.name);
      chart.view.querySelector('input, select')?.focus({ preventScroll: true });
    });
    return element('p', { class: 'essay-chart__moved', role: 'status' }, `${STARTS} `, button);
  };

  const dressControls = (chart, { form, view }) => {
    const controls = chart.spec.usermeta?.essay?.controls ?? {};
    form.querySelectorAll('.vega-bind').forEach((control) => dressControl(control, controls, view));
    form.addEventListener('submit', (event) => event.preventDefault());
    // Vega listens to an input itself, and some wait a moment for the next move first.
    const wait = Math.max(0, ...collect(chart.spec).map((param) => param.bind?.debounce ?? 0));
    const follow = async () => {
      const release = hold(chart);
      await new Promise((resolve) => { setTimeout(resolve, wait); });
      await view.runAsync();
      chart.noticeMoves();
      count(chart);
      views.moved(chart.name);
      release();
    };
    for (const sign of ['input', 'change']) form.addEventListener(sign, follow);
  };

  // ---- Drawing --------------------------------------------------------------------------

  const titleOverflow = (host) => {
    const edge = host.getBoundingClientRect().right;
    const texts = host.querySelectorAll('.role-title text');
    return Math.max(0, ...[...texts].map((text) => text.getBoundingClientRect().right - edge));
  };

  // What to correct after a drawing, or null if it is right.
  const correction = (host, width, rooms, fitted) => {
    const over = host.querySelector('svg').width.baseVal.value - width;
    const title = titleOverflow(host);
    const wrong = {};
    if (title > 0.5) wrong.title = (rooms.title ?? width) - title - 4;
    if (!fitted.single && (over > 0.5 || over < -16)) {
      wrong.axis = (rooms.axis ?? 60) + Math.ceil(over / fitted.columns) + (over > 0 ? 1 : 0);
      wrong.force = over > 0.5;
    }
    return Object.keys(wrong).length ? { ...rooms, ...wrong } : null;
  };

  const embed = async (chart, width, state) => {
    let rooms = {};
    let drawn;
    for (let round = 0; round < ROUNDS && rooms; round += 1) {
      drawn?.result.finalize();
      const fitted = window.essayFit.fit(chart.spec, width, rooms);
      const form = element('form', { class: 'vega-bindings', 'aria-label': _('Controls of the chart') });
      const host = element('div', { class: 'essay-chart__canvas' });
      chart.stage.replaceChildren(host);
      const result = await window.vegaEmbed(host, fitted.spec, {
        renderer: 'svg', actions: false, bind: form, defaultStyle: false,
        logLevel: ERRORS_ONLY,
        tooltip: { theme: 'essay', disableDefaultStyle: true },
      });
      drawn = { result, form, host, spec: fitted.spec, view: result.view };
      rooms = correction(host, width, rooms, fitted);
    }
    // Room is measured at each run; a second one sets the ticks for the room that the first has found.
    await drawn.view.runAsync();
    dressControls(chart, drawn);
    watchMoves(chart, drawn);
    await writeState(drawn.view, state);
    chart.noticeMoves();
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

  const refocus = (form, name) => {
    if (name) form.querySelector(`[name="${CSS.escape(name)}"]`)?.focus({ preventScroll: true });
  };

  const draw = async (chart) => {
    const width = Math.floor(chart.view.clientWidth);
    const version = wanted(chart);
    const fits = chart.drawn && version === chart.shows && Math.abs(width - chart.width) <= LEAST_CHANGE;
    if (width < 40 || (fits && !chart.forgets)) return;
    chart.spec = chart.specs[version];
    const old = chart.drawn;
    const asked = !old && chart.asked && askedState(chart);
    const state = asked || (old && !chart.forgets && readState(old.view, chart.spec, old.form));
    chart.forgets = false;
    const drawn = await embed(chart, width, state);
    const focused = old?.form.contains(document.activeElement) ? document.activeElement.name : null;
    label(drawn.host.querySelector('svg'), chart);
    const above = [drawn.form.children.length && drawn.form, chart.notice].filter(Boolean);
    chart.view.replaceChildren(...above, drawn.host);
    tell(chart, version);
    refocus(drawn.form, focused);
    watchTouch(drawn.host);
    old?.result.finalize();
    Object.assign(chart, { drawn, width });
    if (asked) chart.asked = null;
    if (asked?.odd) chart.view.after(element('p', { class: 'essay-chart__moved', role: 'status' }, views.PASSED_OVER));
    chart.figure.vegaView = drawn.view;
    chart.figure.dataset.state = 'live';
    count(chart);
  };

  // The drawing of the build, in the version in force.
  const showStill = (chart) => {
    const version = wanted(chart);
    chart.notice = null;
    chart.view.replaceChildren(chart.stills[version]);
    chart.drawn?.result.finalize();
    delete chart.drawn;
    delete chart.figure.vegaView;
    chart.figure.dataset.state = 'static';
    tell(chart, version);
    count(chart);
  };

  // One drawing at a time for each chart; a change that comes meanwhile is drawn after it.
  const redraw = (chart) => {
    const release = hold(chart);
    chart.busy = (chart.busy ?? Promise.resolve()).then(() => draw(chart)).catch((error) => {
      if (!chart.drawn || wanted(chart) !== chart.shows) showStill(chart);
      console.warn(`${chart.figure.id} stays as it is: ${error.message}`);
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

  const GROUND = '<rect width="100%" height="100%" fill="var(--chart-background, #fff)"/>';

  // A picture leaves the page: the title goes with it.
  const titled = (svg, title) => {
    const drawn = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
    const [width, height] = ['width', 'height'].map((name) => parseFloat(drawn.getAttribute(name)));
    const rows = window.essayFit.wrap(title, width - 10, '600 15px sans-serif');
    const room = rows.length * 19 + 12;
    const words = rows.map((row, place) => {
      const text = element('text');
      text.textContent = row;
      return `<text x="5" y="${19 * (place + 1)}" font-family="sans-serif" font-size="15" font-weight="600" fill="var(--chart-text, #222)">${text.innerHTML}</text>`;
    });
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height + room}" viewBox="0 0 ${width} ${height + room}">${GROUND}${words.join('')}<g transform="translate(0 ${room})">${svg}</g></svg>`;
  };

  const drawing = async ({ drawn, figure }) => {
    const style = getComputedStyle(document.documentElement);
    const title = figure.querySelector('.essay-chart__title');
    const svg = await drawn.view.toSVG();
    return withColours(title ? titled(svg, title.textContent.trim().replace(/\s+/g, ' '))
      : svg.replace(/(<svg[^>]*>)/, `$1${GROUND}`), style);
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
    element('a', { href: url, download: `${[chart.figure.id, chart.figure.dataset.shows].filter(Boolean).join('-')}.${type}` }).click();
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

  const stillsOf = (figure, [first, ...others]) => {
    const stills = { [first]: figure.querySelector('.essay-chart__view > svg') };
    for (const version of others) {
      stills[version] = figure.querySelector(`template[data-version="${version}"]`).content.querySelector('svg');
    }
    return stills;
  };

  // Data that both specifications hold stand in the first one only.
  const specsOf = (figure, [first, ...others]) => {
    const read = (selector) => JSON.parse(figure.querySelector(selector).textContent);
    const specs = { [first]: read('script[type="application/json"]') };
    for (const version of others) {
      const other = read(`script[data-version="${version}"]`);
      specs[version] = { ...other, datasets: { ...specs[first].datasets, ...other.datasets } };
    }
    return specs;
  };

  const textOf = (title) => [].concat(title?.text ?? title ?? '').join(' ');

  const labelOf = (spec) => [textOf(spec.title), spec.description ?? '']
    .map((text) => text.trim().replace(/\.$/, '')).join('. ');

  // The words of a figure belong to its drawing: they change in the same step.
  const tell = (chart, version) => {
    if (chart.shows === version) return;
    chart.shows = version;
    if (!version) return;
    const { figure } = chart;
    const spec = chart.specs[version];
    const write = (selector, text) => {
      const element = figure.querySelector(selector);
      if (element) element.textContent = text;
    };
    if (figure.querySelector('.essay-chart__title')) {
      for (const number of figure.querySelectorAll('.essay-moves')) {
        number.textContent = number.dataset[version];
      }
    } else {
      write('.essay-chart__description p', spec.description ?? '');
      write('.essay-chart__caption', spec.usermeta?.essay?.caption ?? '');
    }
    const note = figure.querySelector('.essay-chart__version');
    note.textContent = note.dataset[version];
    figure.dataset.shows = version;
  };

  const followVersion = (chart) => {
    if (wanted(chart) === chart.shows) return;
    if (chart.drawn) redraw(chart);
    else showStill(chart);
  };

  // ---- Start ----------------------------------------------------------------------------

  const followWidth = (chart) => {
    let timer;
    let release;
    new ResizeObserver(() => {
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
    const { figure } = chart;
    const release = hold(chart);
    try {
      await loadVega();
      await redraw(chart);
      if (!chart.drawn || chart.served) return;
      chart.served = true;
      figure.querySelector('.essay-chart__extras > .essay-link')?.before(saveMenu(chart));
      followWidth(chart);
    } catch (error) {
      console.warn(`${figure.id} stays static: ${error.message}`);
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
    figure.querySelector('.essay-chart__extras')?.append(chart.numbers.fold, views.link(name));
    chart.shows = versions[0];
    if (chart.shows) figure.dataset.shows = chart.shows;
    return chart;
  };

  const scrollable = () => {
    // What scrolls sideways must be reachable by keyboard.
    for (const box of document.querySelectorAll('.essay-math__scroll, .cell_output > div')) {
      if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
    }
  };

  const charts = [...document.querySelectorAll('figure.essay-chart')].map(prepare);

  const start = () => {
    const near = new IntersectionObserver((entries) => {
      for (const entry of entries.filter((one) => one.isIntersecting)) {
        approach(charts.find((chart) => chart.figure === entry.target));
      }
    }, { rootMargin: '300px' });
    for (const chart of charts) {
      near.observe(chart.figure);
      // Where the script could not be had, whatever the reader does with the figure tries again.
      for (const sign of ['pointerenter', 'pointerdown', 'focusin']) {
        chart.figure.addEventListener(sign, () => approach(chart));
      }
    }
    document.addEventListener('essay-version', () => charts.forEach(followVersion));
    charts.filter(({ asked }) => asked?.linked).forEach(arrive);
    // Paper does not wait for a drawing that is under way.
    window.addEventListener('beforeprint', () => {
      charts.filter((chart) => wanted(chart) !== chart.shows).forEach(showStill);
    });
    document.addEventListener('pointerdown', unpoint, { capture: true });
    scrollable();
  };

  const drawAll = async () => {
    await Promise.all(charts.map(approach));
    return settled();
  };

  window.essayCharts = { settled, drawAll };
  start();   // the script is deferred: the page is there
})();
