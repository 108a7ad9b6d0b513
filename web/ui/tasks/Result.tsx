// What a vote has come to: a bar for each choice, and whether enough have voted.

import { shares, type Vote } from '../../lib/work';
import { useWords } from '../i18n';
import { Words } from './text';

/** Those who have voted, of those who may. */
export function Turnout({ vote }: { vote: Vote }) {
  const t = useWords();
  const share = vote.entitled > 0 ? vote.voted / vote.entitled : 0;
  return (
    <div class="turnout" data-testid="turnout" data-voted={vote.voted} data-entitled={vote.entitled}>
      <p>{t('vote.turnout', { voted: vote.voted, entitled: vote.entitled })}</p>
      <span class="bar" aria-hidden="true">
        <span style={{ width: `${Math.round(100 * share)}%` }} />
      </span>
    </div>
  );
}

export function Result({ vote }: { vote: Vote }) {
  const t = useWords();
  const { counts, quorate, quorum } = vote;
  if (!counts) return null;
  const percent = shares(counts);
  const most = Math.max(...counts);
  return (
    <div class="result" data-testid="result" data-counts={counts.join(' ')}>
      <ul>
        {vote.choices.map((choice, index) => (
          <li key={index} class={most > 0 && counts[index] === most ? 'result-most' : ''}>
            <p>
              <Words>{choice}</Words>
              <b>{t('vote.count', { n: counts[index] ?? 0, percent: percent[index] ?? 0 })}</b>
            </p>
            <span class="bar" aria-hidden="true">
              <span style={{ width: `${percent[index]}%` }} />
            </span>
          </li>
        ))}
      </ul>
      <p class="result-sum">
        {t('vote.turnout', { voted: vote.voted, entitled: vote.entitled })}
        {quorum > 0 && quorate !== null && (
          <strong class={quorate ? '' : 'not-quorate'} data-testid="quorate">
            {t(quorate ? 'vote.quorate' : 'vote.not-quorate', { quorum })}
          </strong>
        )}
      </p>
    </div>
  );
}
