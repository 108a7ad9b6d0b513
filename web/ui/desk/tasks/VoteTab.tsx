// Votes: a new one, the one that is open, and what came of those before.

import { useState } from 'preact/hooks';
import { CHOICE_MAX_CHARS, CHOICES_MAX, QUESTION_MAX_CHARS, voteToCast, type DeskVote } from '../../../lib/work';
import { hasVoice } from '../../../lib/room';
import { useWords } from '../../i18n';
import type { Session } from '../../session';
import { Result, Turnout } from '../../tasks/Result';
import { Words } from '../../tasks/text';
import { TimeLeft, VoteCard } from '../../tasks/VoteCard';
import type { TabProps } from './common';

const TIMES_MIN = [0, 1, 2, 3, 5, 10, 15, 30];
const QUORUMS = [0, 50, 67, 75, 100];
/** So many bytes of ids a message can have; beyond it a vote is for all. */
const VOTERS_MAX_BYTES = 60_000;

function NewVote({ session, rows }: Pick<TabProps, 'session' | 'rows'>) {
  const t = useWords();
  const [question, setQuestion] = useState('');
  const [choices, setChoices] = useState(t('vote.choices.usual'));
  const [secret, setSecret] = useState(false);
  const [quorum, setQuorum] = useState(50);
  const [minutes, setMinutes] = useState(3);
  const [who, setWho] = useState<'all' | 'present'>('all');
  const [sends, setSends] = useState(false);
  const there = rows.rows.filter(({ seat, state }) => seat && state === 'present' && hasVoice(seat.role)).map(({ id }) => id);
  const few = there.length > 0 && JSON.stringify(there).length <= VOTERS_MAX_BYTES;
  const list = choices
    .split('\n')
    .map((choice) => choice.trim().normalize('NFC'))
    .filter(Boolean);
  const wrong =
    list.length < 2 || list.length > CHOICES_MAX ? 'vote.choices.number' : list.some((choice) => [...choice].length > CHOICE_MAX_CHARS) ? 'vote.choices.long' : new Set(list).size < list.length ? 'vote.choices.twice' : null;

  const open = async (event: Event) => {
    event.preventDefault();
    const clean = question.trim().normalize('NFC');
    if (clean === '' || wrong) return;
    setSends(true);
    const code = await session.client.command({
      type: 'vote-open',
      question: clean,
      choices: list,
      secret,
      quorum,
      seconds: minutes * 60,
      ...(who === 'present' && few ? { voters: there } : {}),
    });
    setSends(false);
    if (code === null) setQuestion('');
  };

  return (
    <form class="vote-new" onSubmit={(event) => void open(event)}>
      <h3 class="unseen">{t('vote.new')}</h3>
      <label for="vote-question">{t('vote.question')}</label>
      <input id="vote-question" data-testid="vote-question" required maxLength={QUESTION_MAX_CHARS} value={question} onInput={(event) => setQuestion(event.currentTarget.value)} />
      <label for="vote-choices">{t('vote.choices')}</label>
      <textarea id="vote-choices" data-testid="vote-choices" rows={3} value={choices} aria-invalid={wrong !== null} onInput={(event) => setChoices(event.currentTarget.value)} />
      {wrong && (
        <p class="work-wrong" role="status" data-testid="vote-wrong">
          {t(wrong, { n: CHOICES_MAX, max: CHOICE_MAX_CHARS })}
        </p>
      )}
      <div class="work-fields">
        <label>
          <span>{t('vote.kind')}</span>
          <select data-testid="vote-secret" value={secret ? 'secret' : 'named'} onChange={(event) => setSecret(event.currentTarget.value === 'secret')}>
            <option value="named">{t('vote.named')}</option>
            <option value="secret">{t('vote.secret')}</option>
          </select>
        </label>
        <label>
          <span>{t('vote.time')}</span>
          <select data-testid="vote-time" value={String(minutes)} onChange={(event) => setMinutes(Number(event.currentTarget.value))}>
            {TIMES_MIN.map((one) => (
              <option key={one} value={String(one)}>
                {one === 0 ? t('vote.time.none') : t('agenda.minutes', { n: one })}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>{t('vote.quorum')}</span>
          <select data-testid="vote-quorum" value={String(quorum)} onChange={(event) => setQuorum(Number(event.currentTarget.value))}>
            {QUORUMS.map((one) => (
              <option key={one} value={String(one)}>
                {one === 0 ? t('vote.quorum.none') : t('vote.quorum.n', { n: one })}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>{t('vote.who')}</span>
          <select data-testid="vote-who" value={who} onChange={(event) => setWho(event.currentTarget.value as 'all' | 'present')}>
            <option value="all">{t('vote.who.all')}</option>
            <option value="present" disabled={!few}>
              {t('vote.who.present')}
            </option>
          </select>
        </label>
      </div>
      <button type="submit" class="do" data-testid="vote-open" disabled={session.meeting.phase !== 'in' || sends || wrong !== null || question.trim() === ''}>
        {t('vote.open')}
      </button>
    </form>
  );
}

/** Who has voted, and in a public vote what. */
function Cast({ vote, nameOf }: { vote: DeskVote; nameOf: (site: string) => string }) {
  const t = useWords();
  if (vote.cast.length === 0) return null;
  return (
    <details class="cast" data-testid="vote-cast">
      <summary>{t('vote.cast', { n: vote.cast.length })}</summary>
      <ul>
        {vote.cast.map(({ site, choice }) => (
          <li key={site}>
            <Words>{nameOf(site)}</Words>
            {choice >= 0 && (
              <b>
                <Words>{vote.choices[choice] ?? ''}</Words>
              </b>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}

function OpenVote({ session, vote, nameOf }: { session: Session; vote: DeskVote; nameOf: (site: string) => string }) {
  const t = useWords();
  const { work, ballot } = session.meeting;
  const own = voteToCast(work, ballot);
  return (
    <section class="vote-open" data-testid="vote-running" data-vote={vote.number}>
      {own ? (
        <VoteCard session={session} vote={own} close={() => undefined} />
      ) : (
        <>
          <header class="work-line">
            <h3>{t('vote.now')}</h3>
            <span class="space" />
            <TimeLeft vote={vote} offset={session.meeting.clockOffset} />
          </header>
          <p class="vote-question">
            <Words>{vote.question}</Words>
          </p>
        </>
      )}
      <Turnout vote={vote} />
      <button type="button" class="do" data-testid="vote-close" onClick={() => void session.client.command({ type: 'vote-close' })}>
        {t('vote.close')}
      </button>
      <Cast vote={vote} nameOf={nameOf} />
    </section>
  );
}

export function VoteTab({ session, rows, nameOf }: TabProps) {
  const t = useWords();
  const votes = session.meeting.deskWork?.votes ?? [];
  const open = votes.find((vote) => vote.open);
  const past = votes.filter((vote) => !vote.open).reverse();
  return (
    <div class="votes" data-testid="votes" data-votes={votes.length}>
      {open ? <OpenVote session={session} vote={open} nameOf={nameOf} /> : <NewVote session={session} rows={rows} />}
      <section class="votes-past" aria-labelledby="votes-past-title">
        <h3 id="votes-past-title">{t('vote.past', { n: past.length })}</h3>
        {past.length === 0 && <p class="panel-none">{t('vote.past.none')}</p>}
        <ol>
          {past.map((vote) => (
            <li key={vote.number} data-testid="vote-past" data-vote={vote.number}>
              <p class="vote-past-question">
                {vote.number}. <Words>{vote.question}</Words> {vote.secret && <small>({t('vote.secret')})</small>}
              </p>
              <Result vote={vote} />
              <button
                type="button"
                class="plain"
                data-testid="vote-show"
                aria-pressed={vote.shown}
                onClick={() => void session.client.command({ type: 'vote-show', vote: vote.number, on: !vote.shown })}
              >
                {t(vote.shown ? 'vote.hide' : 'vote.show')}
              </button>
              <Cast vote={vote} nameOf={nameOf} />
            </li>
          ))}
        </ol>
      </section>
    </div>
  );
}
