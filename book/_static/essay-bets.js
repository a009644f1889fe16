// Bets and self-checks: the reader commits to a guess, the page keeps it and answers.
//
// What was bet on is kept by essay-guesses.js. Without this script the questions stand with
// their answers in folds.
(() => {
  'use strict';

  const { _ } = window.essayWords;
  const { read } = window.essayGuesses;

  const make = (tag, className, text) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };

  // ---- bets --------------------------------------------------------------------------------------

  // Options are numbered from 1: a translation has other words, and the same places.
  const radios = (name, options, labelledby, className) => {
    const set = make('div', className);
    set.setAttribute('role', 'radiogroup');
    set.setAttribute('aria-labelledby', labelledby);
    set.append(...options.map((option, index) => {
      const label = make('label');
      label.append(Object.assign(make('input'), { type: 'radio', name, value: index + 1, required: true }), option);
      return label;
    }));
    return set;
  };

  // What a slider stands at, for the eye: the slider itself says it aloud.
  const shownValue = (text) => {
    const shown = make('output', '', text);
    shown.setAttribute('aria-hidden', 'true');
    return shown;
  };

  const optionsOf = (part) => [...part.querySelectorAll('ol > li')].map((item) => item.textContent.trim());

  // A slider with what it stands at beside it.
  const slider = (bet, value, name, labelledby) => {
    const label = make('label');
    const range = Object.assign(make('input'), { type: 'range', min: bet.low, max: bet.high, step: bet.step });
    range.value = value;
    const shown = shownValue();
    const show = () => { shown.textContent = bet.written(range.value); range.setAttribute('aria-valuetext', bet.written(range.value)); };
    range.addEventListener('input', show);
    range.setAttribute('aria-labelledby', labelledby);
    if (name) {
      const named = make('span', 'essay-bet__end', name);
      named.id = `${labelledby}-${name.replace(/\W+/g, '-')}`;
      range.setAttribute('aria-labelledby', `${labelledby} ${named.id}`);
      label.append(named);
    }
    label.append(range, shown);
    show();
    return { label, range, show };
  };

  // Each kind of bet: what it asks with, and what the form then says in numbers.
  const KINDS = {
    options: (bet, labelledby) => {
      const least = Math.round(100 / bet.options.length);
      const label = make('label', 'essay-bet__sure');
      const range = Object.assign(make('input'), { type: 'range', min: least, max: 100, step: 1, value: least });
      const unsaid = _('not said');
      const shown = shownValue(unsaid);
      const sure = _('How sure, if you like');
      range.setAttribute('aria-label', sure);
      range.setAttribute('aria-valuetext', unsaid);
      let said = [];
      range.addEventListener('input', () => {
        said = [range.value];
        shown.textContent = `${range.value}%`;
        range.setAttribute('aria-valuetext', shown.textContent);
      });
      label.append(sure, range, shown);
      const set = radios(bet.key, bet.options, labelledby, 'essay-bet__options');
      return { parts: [set, label], numbers: (form) => [form.elements[bet.key].value, ...said] };
    },
    // The thumb has to stand somewhere, but where it stands at first is no guess.
    number: (bet, labelledby) => {
      const { label, range } = slider(bet, bet.low + (bet.high - bet.low) / 2, '', labelledby);
      const unset = _('not set');
      label.querySelector('output').textContent = unset;
      range.setAttribute('aria-valuetext', unset);
      return { parts: [label], numbers: () => [range.value], wait: range };
    },
    interval: (bet, labelledby) => {
      const hint = make('p', 'essay-bet__hint', _('Set a low and a high so that you would be right nine times in ten to say: the answer lies between.'));
      const low = slider(bet, bet.low, _('at least'), labelledby);
      const high = slider(bet, bet.high, _('at most'), labelledby);
      // One end takes the other with it.
      low.range.addEventListener('input', () => { if (Number(high.range.value) < Number(low.range.value)) { high.range.value = low.range.value; high.show(); } });
      high.range.addEventListener('input', () => { if (Number(low.range.value) > Number(high.range.value)) { low.range.value = high.range.value; low.show(); } });
      return { parts: [hint, low.label, high.label], numbers: () => [low.range.value, high.range.value] };
    },
  };

  const mark = (bet, value, kind) => {
    const part = make('span', `essay-bet__mark${kind}`);
    part.style.left = `${(100 * (value - bet.low)) / (bet.high - bet.low)}%`;
    return part;
  };

  const line = (bet, guess) => {
    const track = make('div', 'essay-bet__line');
    if (bet.kind === 'interval') {
      const held = mark(bet, guess.low, '');
      held.className = 'essay-bet__interval';
      held.style.width = `${(100 * (guess.high - guess.low)) / (bet.high - bet.low)}%`;
      track.append(held);
    } else track.append(mark(bet, guess.value, ''));
    track.append(mark(bet, bet.answer, ' essay-bet__mark--answer'));
    track.setAttribute('aria-hidden', 'true');
    const legend = make('p', 'essay-bet__legend');
    const own = bet.kind === 'interval' ? _('▬ your bet: {guess}', { guess: bet.writtenGuess(guess) }) : _('○ your bet: {guess}', { guess: bet.writtenGuess(guess) });
    legend.append(make('span', '', own), make('span', '', _('◆ the answer: {answer}', { answer: bet.written(bet.answer) })));
    return [track, legend];
  };

  const place = (element) => {
    const bet = read(element);
    element.querySelector('ol')?.remove();
    const question = element.querySelector('.essay-bet__question');
    const fold = element.querySelector('details');
    question.id = `${bet.key}-question`;
    const form = make('form');
    const status = make('p');
    status.setAttribute('role', 'status');
    const answer = make('div');
    let placed = null;

    // The title of the figure that follows tells the answer, unless it is a question: it is blurred until a bet is placed.
    const figure = [...document.querySelectorAll('figure.essay-chart')]
      .find((one) => element.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
    const title = figure?.querySelector('.essay-chart__title');
    const show = Object.assign(make('button', 'essay-chart__unveil', _('Show the title, which tells the answer')), { type: 'button' });
    const veil = () => {
      // A question does not tell.
      if (!title || /^[^.!?]*\?$/.test(title.textContent.trim())) return;
      figure.classList.add('essay-chart--veiled');
      // Who listens is not told either; the drawing is called as its title is.
      title.setAttribute('aria-label', _('The title tells the answer, and is hidden until you bet'));
      title.after(show);
    };
    const unveil = () => {
      figure?.classList.remove('essay-chart--veiled');
      title?.removeAttribute('aria-label');
      show.remove();
    };
    // The button goes away: the reader is left at what it has shown.
    show.addEventListener('click', () => {
      unveil();
      title.tabIndex = -1;
      title.focus({ preventScroll: true });
    });

    const tell = () => {
      const within = form.contains(document.activeElement) || answer.contains(document.activeElement);
      unveil();
      form.hidden = true;
      fold.hidden = false;
      fold.open = true;
      status.textContent = bet.told(placed);
      const again = Object.assign(make('button', '', _('Bet again')), { type: 'button' });
      again.addEventListener('click', () => { bet.forget(); ask(); form.elements[0].focus(); });
      answer.replaceChildren(...(bet.options ? [] : line(bet, placed)), again);
      // What had the focus is gone: it stays at the bet.
      if (within) again.focus({ preventScroll: true });
      if (!element.dataset.all) return;
      const all = make('a', 'essay-bet__all', _('All your bets'));
      all.href = element.dataset.all;
      answer.append(' ', all);
    };

    const ask = () => {
      veil();
      placed = null;
      fold.hidden = true;
      form.hidden = false;
      status.textContent = '';
      answer.replaceChildren();
    };

    const { parts, numbers, wait } = KINDS[bet.kind](bet, question.id);
    const submit = Object.assign(make('button', '', _('Place the bet')), { type: 'submit', disabled: Boolean(wait) });
    wait?.addEventListener('input', () => { submit.disabled = false; });
    form.append(...parts, submit);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const chosen = numbers(form);
      bet.place(...chosen);
      placed = bet.parsed(chosen.join(' '));
      tell();
    });
    question.after(form, status, answer);
    placed = bet.guess;
    if (placed) tell();
    else {
      bet.forget();
      ask();
    }
    document.addEventListener('essay-version', () => { if (placed) tell(); });
  };

  // ---- self-checks -------------------------------------------------------------------------------

  const check = (part) => {
    const options = optionsOf(part);
    const right = Number(part.dataset.right);
    const question = part.querySelector('p');
    const why = part.querySelector('details p').textContent;
    question.id = `essay-quiz-${part.dataset.name}`;
    const form = make('form');
    const status = make('p');
    status.setAttribute('role', 'status');
    form.append(radios(question.id, options, question.id, 'essay-quiz__options'));
    form.addEventListener('change', (event) => {
      const good = Number(event.target.value) === right + 1;
      status.textContent = good ? `${_('Yes.')} ${why}` : `${_('No.')} ${_('Try another.')}`;
    });
    form.addEventListener('submit', (event) => event.preventDefault());
    part.querySelector('ol').replaceWith(form);
    part.querySelector('details').remove();
    part.append(status);
  };

  document.querySelectorAll('.essay-bet').forEach(place);
  document.querySelectorAll('.essay-quiz__question').forEach(check);
})();
