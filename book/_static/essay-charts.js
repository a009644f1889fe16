// Make charts live when they come near the screen.
//
// Each figure.essay-chart holds a static drawing, a Vega-Lite specification and a caption.
// One shared script (Vega, from our own host) is loaded when the first chart comes near.
// A chart is then drawn beside the static one, fitted to its column, and swapped in. If
// anything fails the static drawing stays. Figures carry `dataset.state` ('static' or
// 'live') and, when live, `vegaView`.
(() => {
  'use strict';

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
      script.onerror = () => reject(new Error('the chart script could not be loaded'));
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

  const debounce = (action, wait) => {
    let timer;
    return () => { clearTimeout(timer); timer = setTimeout(action, wait); };
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

  // ---- Controls -------------------------------------------------------------------------

  const decimals = (step) => (String(step).split('.')[1] ?? '').length;

  const shownValue = (input, unit) =>
    `${Number(input.value).toFixed(decimals(input.step))}${unit ? ` ${unit}` : ''}`;

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

  const dressControls = (form, spec, view) => {
    const controls = spec.usermeta?.essay?.controls ?? {};
    form.querySelectorAll('.vega-bind').forEach((control) => dressControl(control, controls, view));
    form.addEventListener('submit', (event) => event.preventDefault());
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
      const form = element('form', { class: 'vega-bindings', 'aria-label': 'Controls of the chart' });
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
    dressControls(drawn.form, chart.spec, drawn.view);
    await writeState(drawn.view, state);
    return drawn;
  };

  const label = (svg, name) => {
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', name);
    svg.removeAttribute('aria-roledescription');
  };

  const refocus = (form, name) => {
    if (name) form.querySelector(`[name="${CSS.escape(name)}"]`)?.focus({ preventScroll: true });
  };

  const draw = async (chart) => {
    const width = Math.floor(chart.view.clientWidth);
    if (width < 40 || Math.abs(width - chart.width) <= LEAST_CHANGE) return;
    chart.width = width;
    const old = chart.drawn;
    const state = old && readState(old.view, chart.spec, old.form);
    const drawn = await embed(chart, width, state);
    const focused = old?.form.contains(document.activeElement) ? document.activeElement.name : null;
    label(drawn.host.querySelector('svg'), chart.label);
    chart.view.replaceChildren(...(drawn.form.children.length ? [drawn.form] : []), drawn.host);
    refocus(drawn.form, focused);
    old?.result.finalize();
    Object.assign(chart, { drawn });
    chart.figure.vegaView = drawn.view;
    chart.figure.dataset.state = 'live';
  };

  // One drawing at a time for each chart; a change that comes meanwhile is drawn after it.
  const redraw = (chart) => {
    chart.busy = (chart.busy ?? Promise.resolve()).then(() => draw(chart)).catch((error) => {
      if (!chart.drawn) chart.figure.dataset.state = 'static';
      chart.stage.replaceChildren();
      console.warn(`${chart.figure.id} stays as it is: ${error.message}`);
    });
    return chart.busy;
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

  const drawing = async (view) => {
    const style = getComputedStyle(document.documentElement);
    const ground = '<rect width="100%" height="100%" fill="var(--chart-background, #fff)"/>';
    return withColours((await view.toSVG()).replace(/(<svg[^>]*>)/, `$1${ground}`), style);
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
    const url = URL.createObjectURL(await picture(await drawing(chart.drawn.view), type));
    element('a', { href: url, download: `${chart.figure.id}.${type}` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  };

  const saveMenu = (chart) => {
    const button = (type) => {
      const made = element('button', { type: 'button' }, `Save as ${type.toUpperCase()}`);
      made.addEventListener('click', () => save(chart, type));
      return made;
    };
    return element('details', { class: 'essay-chart__save' },
      element('summary', {}, 'Save this chart'), element('p', {}, button('svg'), ' ', button('png')));
  };

  // ---- Versions of the book -------------------------------------------------------------

  // The first specification, and those of other versions by their name. Data that both
  // hold stand in the first one only.
  const specsOf = (figure) => {
    const specs = { '': JSON.parse(figure.querySelector('script[type="application/json"]').textContent) };
    for (const script of figure.querySelectorAll('script[data-version]')) {
      const other = JSON.parse(script.textContent);
      specs[script.dataset.version] = { ...other, datasets: { ...specs[''].datasets, ...other.datasets } };
    }
    return specs;
  };

  const textOf = (title) => [].concat(title?.text ?? title ?? '').join(' ');

  // Give a chart the specification of the version in force; does that change it?
  const chooseVersion = (chart) => {
    const spec = chart.specs[document.documentElement.dataset.version] ?? chart.specs[''];
    const changes = chart.spec !== spec;
    chart.spec = spec;
    chart.label = [textOf(spec.title), spec.description ?? ''].map((text) => text.trim().replace(/\.$/, '')).join('. ');
    const description = chart.figure.querySelector('.essay-chart__description p');
    if (description) description.textContent = spec.description ?? '';
    const caption = chart.figure.querySelector('.essay-chart__caption');
    if (caption) caption.textContent = spec.usermeta?.essay?.caption ?? '';
    return changes;
  };

  // ---- Start ----------------------------------------------------------------------------

  const mount = async (figure) => {
    const view = figure.querySelector('.essay-chart__view');
    const chart = {
      figure, view, width: 0,
      stage: element('div', { class: 'essay-chart__stage', 'aria-hidden': 'true' }),
    };
    try {
      chart.specs = specsOf(figure);
      chooseVersion(chart);
      await loadVega();
    } catch (error) {
      console.warn(`${figure.id} stays static: ${error.message}`);
      return;
    }
    figure.append(chart.stage);
    await redraw(chart);
    if (chart.drawn) figure.querySelector('.essay-chart__extras')?.append(saveMenu(chart));
    new ResizeObserver(debounce(() => redraw(chart), 150)).observe(view);
    document.addEventListener('essay-version', () => {
      if (!chooseVersion(chart)) return;
      chart.width = 0;
      redraw(chart);
    });
  };

  const scrollable = () => {
    // What scrolls sideways must be reachable by keyboard.
    for (const box of document.querySelectorAll('.essay-math__scroll, .cell_output > div')) {
      if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
    }
  };

  const start = () => {
    const near = new IntersectionObserver((entries) => {
      for (const entry of entries.filter((one) => one.isIntersecting)) {
        near.unobserve(entry.target);
        mount(entry.target);
      }
    }, { rootMargin: '300px' });
    for (const figure of document.querySelectorAll('figure.essay-chart')) {
      figure.dataset.state = 'static';
      near.observe(figure);
    }
    scrollable();
  };

  start();   // the script is deferred: the page is there
})();
