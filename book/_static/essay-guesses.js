// What the reader has bet on: kept in this browser, sent nowhere.
//
// A bet is an element with its name, its options or scale, and its answer. What was bet on
// is kept under the bet's name as one or two numbers: the place of an option and how sure
// the reader is of it in percent, a number, or the two ends of an interval.
(() => {
  'use strict';

  const { _, decimal } = window.essayWords;

  // A page opened from a file may be refused a memory.
  const recall = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const keep = (key, value) => {
    try { if (value === null) localStorage.removeItem(key); else localStorage.setItem(key, value); } catch { /* it holds for this visit */ }
  };
  // What stands in for a memory that does not serve ends with the tab (essay-first.js).
  const remembers = () => document.documentElement.dataset.memory !== 'tab';

  // What was kept may come from an older page, or from a hand that tried something.
  const guessed = (bet, kept) => {
    if (!/^-?\d+(\.\d+)?( -?\d+(\.\d+)?)?$/.test(kept ?? '')) return null;
    const [first, second] = kept.split(' ').map(Number);
    const onScale = (value) => value >= bet.low && value <= bet.high;
    if (bet.kind === 'options') {
      const sure = second === undefined || (second >= 100 / bet.options.length - 1 && second <= 100);
      return bet.options[first - 1] !== undefined && sure ? { value: first, sure: second === undefined ? null : second / 100 } : null;
    }
    if (bet.kind === 'interval') return onScale(first) && onScale(second) && first <= second ? { low: first, high: second } : null;
    return onScale(first) && second === undefined ? { value: first } : null;
  };

  // A number that rounds to the reader's is the reader's.
  const right = (bet, guess) => {
    const slack = bet.step / 2 + 1e-9;
    if (bet.kind === 'options') return guess.value === bet.answer;
    if (bet.kind === 'interval') return guess.low - slack < bet.answer && bet.answer < guess.high + slack;
    return Math.abs(guess.value - bet.answer) < slack;
  };

  const written = (bet, value) => {
    if (bet.options) return bet.options[value - 1];
    return `${decimal(bet.percent ? 100 * value : value, bet.digits)}${bet.percent ? '%' : bet.unit ? ` ${bet.unit}` : ''}`;
  };

  const writtenGuess = (bet, guess) => {
    if (bet.kind === 'interval') return _('{low} to {high}', { low: written(bet, guess.low), high: written(bet, guess.high) });
    return written(bet, guess.value);
  };

  // What came of a bet, as sentences.
  const told = (bet, guess) => {
    const named = { guess: writtenGuess(bet, guess), sure: `${Math.round(100 * guess.sure)}%` };
    const said = [guess.sure ? _('You bet on {guess}, {sure} sure.', named) : _('You bet on {guess}.', named)];
    const answer = written(bet, bet.answer);
    if (bet.kind === 'interval') said.push(right(bet, guess) ? _('It holds the answer, {answer}.', { answer }) : _('The answer lies outside: {answer}.', { answer }));
    else if (right(bet, guess)) said.push(_('That is what came out.'));
    else if (bet.options) said.push(_('What came out: {answer}.', { answer }));
    return said.join(' ');
  };

  const read = (element) => {
    const options = [...element.querySelectorAll('ol > li')].map((item) => item.textContent.trim());
    const scale = JSON.parse(element.dataset.bet);
    const key = `essay-bet-${element.dataset.name}`;
    const bet = {
      ...scale,
      name: element.dataset.name,
      key,
      kind: options.length ? 'options' : scale.interval ? 'interval' : 'number',
      options: options.length ? options : null,
      // The answer follows the version of the book that the reader has chosen.
      get answer() {
        const { version } = document.documentElement.dataset;
        return Number(element.getAttribute(`data-answer-${version}`) ?? element.dataset.answer);
      },
      get guess() { return guessed(bet, recall(key)); },
      parsed: (kept) => guessed(bet, kept),
      place: (...numbers) => keep(key, numbers.join(' ')),
      forget: () => keep(key, null),
      right: (guess) => right(bet, guess),
      written: (value) => written(bet, value),
      writtenGuess: (guess) => writtenGuess(bet, guess),
      told: (guess) => told(bet, guess),
    };
    return bet;
  };

  window.essayGuesses = { read, remembers };
})();
