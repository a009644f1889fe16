// Bets and self-checks: the reader commits to a guess, the page keeps it and answers.
//
// Guesses stay in this browser and are sent nowhere. Without this script the questions
// stand with their answers in folds.
(() => {
  'use strict';

  const { _, decimal } = window.essayWords;

  // A page opened from a file may be refused a memory.
  const recall = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const keep = (key, value) => {
    try { if (value === null) localStorage.removeItem(key); else localStorage.setItem(key, value); } catch { /* it holds for this visit */ }
  };
  const make = (tag, className, text) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };

  // ---- bets --------------------------------------------------------------------------------------

  // Options are numbered from 1: a translation has other words, and the same places.
  const radios = (name, options, labelledby) => options.map((option, index) => {
    const label = make('label');
    const input = Object.assign(make('input'), { type: 'radio', name, value: index + 1, required: true });
    input.setAttribute('aria-describedby', labelledby);
    label.append(input, option);
    return label;
  });

  const optionsOf = (part) => [...part.querySelectorAll('ol > li')].map((item) => item.textContent.trim());

  const place = (bet) => {
    const list = bet.querySelector('ol');
    const options = list && optionsOf(bet);
    // The answer follows the version of the book that the reader has chosen.
    const given = {
      ...JSON.parse(bet.dataset.bet),
      options,
      get answer() {
        const { version } = document.documentElement.dataset;
        return Number(bet.getAttribute(`data-answer-${version}`) ?? bet.dataset.answer);
      },
    };
    list?.remove();
    const key = `essay-bet-${bet.dataset.name}`;
    const question = bet.querySelector('.essay-bet__question');
    const fold = bet.querySelector('details');
    question.id = `${key}-question`;
    const form = make('form');
    form.setAttribute('aria-labelledby', question.id);
    const status = make('p');
    status.setAttribute('role', 'status');
    const answer = make('div');

    const written = (value) => (given.options ? given.options[value - 1]
      : `${decimal(given.percent ? 100 * value : value, given.digits)}${given.percent ? '%' : given.unit ? ` ${given.unit}` : ''}`);

    const line = (guess) => {
      const track = make('div', 'essay-bet__line');
      for (const [value, kind] of [[guess, ''], [given.answer, ' essay-bet__mark--answer']]) {
        const mark = make('span', `essay-bet__mark${kind}`);
        mark.style.left = `${(100 * (value - given.low)) / (given.high - given.low)}%`;
        track.append(mark);
      }
      track.setAttribute('aria-hidden', 'true');
      const legend = make('p', 'essay-bet__legend');
      legend.append(make('span', '', _('○ your bet: {guess}', { guess: written(guess) })), make('span', '', _('◆ the answer: {answer}', { answer: written(given.answer) })));
      return [track, legend];
    };

    const tell = (guess) => {
      form.hidden = true;
      fold.hidden = false;
      fold.open = true;
      const right = given.options ? Number(guess) === given.answer : Math.abs(guess - given.answer) < given.step / 2 + 1e-9;
      const said = [_('You bet on {guess}.', { guess: written(guess) })];
      if (right) said.push(_('That is what came out.'));
      else if (given.options) said.push(_('What came out: {answer}.', { answer: written(given.answer) }));
      status.textContent = said.join(' ');
      answer.replaceChildren(...(given.options ? [] : line(Number(guess))));
      const again = Object.assign(make('button', '', _('Bet again')), { type: 'button' });
      again.addEventListener('click', () => { keep(key, null); ask(); form.elements[0].focus(); });
      answer.append(again);
    };

    const ask = () => {
      fold.hidden = true;
      form.hidden = false;
      status.textContent = '';
      answer.replaceChildren();
    };

    if (given.options) form.append(...radios(key, given.options, question.id));
    else {
      const label = make('label');
      const range = Object.assign(make('input'), { type: 'range', min: given.low, max: given.high, step: given.step });
      range.value = given.low + (given.high - given.low) / 2;
      range.setAttribute('aria-labelledby', question.id);
      const shown = make('output', '', written(range.value));
      range.addEventListener('input', () => { shown.textContent = written(range.value); range.setAttribute('aria-valuetext', written(range.value)); });
      label.append(range, shown);
      form.append(label);
    }
    form.append(Object.assign(make('button', '', _('Place the bet')), { type: 'submit' }));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const chosen = given.options ? form.elements[key].value : form.querySelector('input').value;
      keep(key, chosen);
      tell(chosen);
    });
    question.after(form, status, answer);
    // What was kept may come from an older page, or from a hand that tried something.
    const before = recall(key);
    const makesSense = given.options ? given.options.some((_, index) => String(index + 1) === before)
      : /^-?\d+(\.\d+)?$/.test(before ?? '') && Number(before) >= given.low && Number(before) <= given.high;
    if (makesSense) tell(before);
    else {
      if (before !== null) keep(key, null);
      ask();
    }
    document.addEventListener('essay-version', () => { if (form.hidden) tell(recall(key)); });
  };

  // ---- self-checks -------------------------------------------------------------------------------

  const check = (part) => {
    const options = optionsOf(part);
    const right = Number(part.dataset.right);
    const question = part.querySelector('p');
    const why = part.querySelector('details p').textContent;
    question.id = `essay-quiz-${part.dataset.name}`;
    const form = make('form');
    form.setAttribute('aria-labelledby', question.id);
    const status = make('p');
    status.setAttribute('role', 'status');
    form.append(...radios(question.id, options, question.id));
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
