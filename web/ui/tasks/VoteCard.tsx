// The vote as a site sees it: first what to press, then that it is done, then the result.

import { useEffect, useState } from 'preact/hooks';
import { clockText } from '../../lib/room';
import { voteToCast, type Vote } from '../../lib/work';
import { useWords } from '../i18n';
import type { Session } from '../session';
import { useSeconds } from '../TurnClock';
import { Result, Turnout } from './Result';
import { Words } from './text';

export function TimeLeft({ vote, offset }: { vote: Vote; offset: number | null }) {
  const t = useWords();
  const left = Math.max(0, Math.ceil((vote.until - useSeconds(offset)) / 1000));
  if (vote.until === 0) return null;
  return (
    <span class={left <= 30 ? 'turn-clock turn-soon' : 'turn-clock'} role="timer" data-testid="vote-left">
      {t('turn.left', { time: clockText(left) })}
    </span>
  );
}

/** A voice is given once and not taken back: chosen first, then given. */
function Choosing({ session, vote }: { session: Session; vote: Vote }) {
  const t = useWords();
  const [chosen, setChosen] = useState(-1);
  const [sends, setSends] = useState(false);
  useEffect(() => setChosen(-1), [vote.number]);
  const give = async () => {
    setSends(true);
    await session.client.command({ type: 'vote', vote: vote.number, choice: chosen });
    setSends(false);
  };
  return (
    <>
      <div class="vote-choices" role="group" aria-label={t('vote.choose')}>
        {vote.choices.map((choice, index) => (
          <button key={index} type="button" class="vote-choice" data-testid="vote-choice" data-choice={index} aria-pressed={chosen === index} onClick={() => setChosen(index)}>
            <Words>{choice}</Words>
          </button>
        ))}
      </div>
      <button type="button" class="main vote-give" data-testid="vote-give" disabled={chosen < 0 || sends || session.meeting.phase !== 'in'} onClick={() => void give()}>
        {t(chosen < 0 ? 'vote.choose-first' : 'vote.give')}
      </button>
      <p class="vote-hint">{t(vote.secret ? 'vote.secret.hint' : 'vote.named.hint')}</p>
    </>
  );
}

interface Props {
  session: Session;
  vote: Vote;
  close: () => void;
}

export function VoteCard({ session, vote, close }: Props) {
  const t = useWords();
  const { work, ballot, clockOffset } = session.meeting;
  const cast = voteToCast(work, ballot);
  const mine = ballot.vote === vote.number;
  const state = !vote.open ? 'closed' : cast ? 'choose' : mine && ballot.voted ? 'voted' : 'watch';
  return (
    <section class={`vote-card vote-${state}`} aria-labelledby="vote-title" data-testid="vote" data-vote={vote.number} data-state={state}>
      <header>
        <h2 id="vote-title">{t(vote.open ? 'vote.now' : 'vote.result')}</h2>
        {vote.open && <TimeLeft vote={vote} offset={clockOffset} />}
      </header>
      <p class="vote-question">
        <Words>{vote.question}</Words>
      </p>
      {cast && <Choosing session={session} vote={vote} />}
      {state === 'voted' && (
        <p class="vote-done" role="status" data-testid="vote-done">
          {t('vote.done')}
        </p>
      )}
      {state === 'watch' && <p class="vote-hint">{t('vote.not-entitled')}</p>}
      {(state === 'voted' || state === 'watch') && <Turnout vote={vote} />}
      {!vote.open && <Result vote={vote} />}
      {!vote.open && (
        <button type="button" class="plain" data-testid="vote-close-card" onClick={close}>
          {t('dialog.close')}
        </button>
      )}
    </section>
  );
}
