// The page of all bets: what the reader bet on, what came of it, and how well it went.
//
// The bets stand in the page as links to their places; an answer is told only when a bet
// was placed there. Without this script the list is a list of questions.
(() => {
  'use strict';

  const { _, counted, decimal } = window.essayWords;
  const { read, remembers } = window.essayGuesses;

  const place = document.querySelector('.essay-bets');
  if (!place) return;

  const items = [...place.querySelectorAll('.essay-guess')].map((element) => ({ element, bet: read(element) }));
  const make = (tag, className, text) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const button = (text, press) => {
    const element = Object.assign(make('button', '', text), { type: 'button' });
    element.addEventListener('click', press);
    return element;
  };
  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
  const percent = (share) => `${Math.round(100 * share)}%`;

  // ---- the score -----------------------------------------------------------------------------

  // How often somebody who is right in a share of all cases is right at most so often.
  const chanceOfSoFew = (right, cases, share) => {
    let one = (1 - share) ** cases;
    let all = one;
    for (let k = 1; k <= right; k += 1) {
      one *= ((cases - k + 1) / k) * (share / (1 - share));
      all += one;
    }
    return Math.min(1, all);
  };

  // Brier's score over all options: what was not given to the option bet on is shared out
  // among the others. Nought is perfect; to call all options equally likely scores 1 - 1/n.
  const brier = ({ bet, guess }) => {
    const other = (1 - guess.sure) / (bet.options.length - 1);
    return sum(bet.options.map((_option, index) => {
      const given = index + 1 === guess.value ? guess.sure : other;
      return (given - (index + 1 === bet.answer)) ** 2;
    }));
  };
  const blind = ({ bet }) => 1 - 1 / bet.options.length;
  const mean = (placed, of) => sum(placed.map(of)) / placed.length;

  const sayOptions = (placed) => {
    const right = placed.filter(({ bet, guess }) => bet.right(guess)).length;
    const said = [_('Of {bets}, {right} came out; blind guessing would get about {chance}.', {
      bets: counted(placed.length, _('# bet on one of several answers|# bets on one of several answers')),
      right, chance: decimal(sum(placed.map(({ bet }) => 1 / bet.options.length)), 1),
    })];
    const sure = placed.filter(({ guess }) => guess.sure);
    if (sure.length) said.push(_('Where you said how sure you were ({cases}), your Brier score is {score}: nought is perfect, lower is better, and to call every answer equally likely would score {blind}.', {
      cases: counted(sure.length, _('# case|# cases')), score: decimal(mean(sure, brier), 2), blind: decimal(mean(sure, blind), 2),
    }));
    return said.join(' ');
  };

  const sayNumbers = (placed) => {
    const off = mean(placed, ({ bet, guess }) => Math.abs(guess.value - bet.answer) / (bet.high - bet.low));
    return _('Your {bets} missed by {off} of the scale on average.', {
      bets: counted(placed.length, _('# bet on a number|# bets on a number')), off: percent(off),
    });
  };

  const sayIntervals = (placed) => {
    const held = placed.filter(({ bet, guess }) => bet.right(guess)).length;
    const wide = mean(placed, ({ bet, guess }) => (guess.high - guess.low) / (bet.high - bet.low));
    return [
      _('Your intervals held {held} of {answers}; at 90% they should hold nearly all.', { held, answers: counted(placed.length, _('# answer|# answers')) }),
      held < placed.length ? _('Somebody whose intervals hold nine times in ten would do no better than that in {share} of such rounds.', { share: percent(chanceOfSoFew(held, placed.length, 0.9)) }) : '',
      placed.length < 10 ? _('So few bets tell little about you.') : '',
      _('On average they covered {wide} of the scale: who covers all of it is never wrong and says nothing.', { wide: percent(wide) }),
    ].filter(Boolean).join(' ');
  };

  const SAY = { options: sayOptions, number: sayNumbers, interval: sayIntervals };

  // ---- what is kept, to take along ---------------------------------------------------------------

  const kept = (placed) => placed.map(({ element, bet, guess }) => ({
    bet: bet.name,
    page: new URL(element.querySelector('.essay-bets__place a').href).pathname.split('/').pop(),
    kind: bet.kind,
    question: element.querySelector('.essay-bet__question').textContent.trim(),
    guess: bet.writtenGuess(guess),
    value: guess.value ?? null,
    low: guess.low ?? null,
    high: guess.high ?? null,
    sure: guess.sure ?? null,
    answer: bet.answer,
    answer_in_words: bet.written(bet.answer),
    right: bet.right(guess),
    version: document.documentElement.dataset.version ?? 'record',
  }));
  // A cell that begins like a formula is none for a spreadsheet after a quotation mark.
  const cell = (value) => `"${String(value ?? '').replaceAll('"', '""').replace(/^(?=[=+@])/, "'")}"`;
  const asTable = (rows) => [Object.keys(rows[0]), ...rows.map(Object.values)].map((row) => row.map(cell).join(',')).join('\r\n');
  const download = (name, type, text) => {
    const link = make('a');
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  };

  // ---- the page ----------------------------------------------------------------------------------

  const score = make('div', 'essay-bets__score');
  score.setAttribute('role', 'status');
  score.tabIndex = -1;
  const placedBets = () => items.map(({ element, bet }) => ({ element, bet, guess: bet.guess })).filter(({ guess }) => guess);
  const tools = make('p', 'essay-bets__tools');
  const forget = () => {
    if (!window.confirm(_('Forget all your bets? They are kept nowhere else.'))) return;
    for (const { bet } of items) bet.forget();
    show();
    score.focus();             // the buttons are gone
  };
  tools.append(
    button(_('Take along as a table (CSV)'), () => download('bets.csv', 'text/csv', asTable(kept(placedBets())))),
    button(_('Take along as JSON'), () => download('bets.json', 'application/json', JSON.stringify(kept(placedBets()), null, 1))),
    button(_('Forget all bets'), forget),
  );

  const answers = new Map(items.map(({ element }) => {
    const said = make('p', 'essay-bets__told');
    element.querySelector('.essay-bets__place').before(said);
    return [element, said];
  }));

  const show = () => {
    const placed = placedBets();
    const told = [placed.length ? _('You have placed {placed} of {all} bets.', { placed: placed.length, all: items.length })
      : _('You have placed none of the {all} bets yet. Each is placed in its chapter, before the figure tells.', { all: items.length })];
    for (const [kind, say] of Object.entries(SAY)) {
      const some = placed.filter(({ bet }) => bet.kind === kind);
      if (some.length) told.push(say(some));
    }
    if (!remembers()) told.push(_('This browser keeps nothing for this page, so that your bets are forgotten when you close this tab.'));
    score.replaceChildren(...told.map((line) => make('p', '', line)));
    tools.hidden = !placed.length;
    for (const { element, bet } of items) {
      const { guess } = bet;
      element.classList.toggle('essay-guess--right', Boolean(guess) && bet.right(guess));
      element.classList.toggle('essay-guess--wrong', Boolean(guess) && !bet.right(guess));
      answers.get(element).textContent = guess ? bet.told(guess) : '';
    }
  };

  place.querySelector('.essay-bets__without').replaceWith(score, tools);
  show();
  document.addEventListener('essay-version', show);
  // Another page of the book may be open beside this one.
  window.addEventListener('storage', ({ key }) => { if (key === null || key.startsWith('essay-bet-')) show(); });
  window.addEventListener('pageshow', show);
})();
