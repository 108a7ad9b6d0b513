// What the meeting goes through, and where it is.

import { clockText } from '../../lib/room';
import type { Work } from '../../lib/work';
import { useWords } from '../i18n';
import { useSeconds } from '../TurnClock';
import { Words } from './text';

/** How long the item has been gone on with; with a plan, what is left of it. */
export function ItemClock({ since, minutes, offset }: { since: number; minutes: number; offset: number | null }) {
  const t = useWords();
  const gone = Math.max(0, Math.floor((useSeconds(offset) - since) / 1000));
  const left = minutes * 60 - gone;
  const over = minutes > 0 && left < 0;
  return (
    <span class={over ? 'turn-clock turn-over' : 'turn-clock'} role="timer" data-testid="agenda-clock">
      {minutes === 0 ? t('agenda.gone', { time: clockText(gone) }) : t(over ? 'turn.over' : 'turn.left', { time: clockText(Math.abs(left)) })}
    </span>
  );
}

export function Agenda({ agenda, offset }: { agenda: Work['agenda']; offset: number | null }) {
  const t = useWords();
  if (agenda.items.length === 0) return <p class="panel-none">{t('agenda.none')}</p>;
  return (
    <ol class="agenda" data-testid="agenda" data-at={agenda.at}>
      {agenda.items.map(({ title, minutes, who }, index) => {
        const now = index === agenda.at;
        return (
          <li key={index} class={now ? 'agenda-now' : index < agenda.at ? 'agenda-done' : ''} data-testid="agenda-item" {...(now ? { 'aria-current': 'step' as const } : {})}>
            <b class="agenda-number">{index + 1}</b>
            <div>
              <p class="agenda-title">
                <Words>{title}</Words>
              </p>
              <p class="agenda-more">
                {[minutes > 0 ? t('agenda.minutes', { n: minutes }) : ''].filter(Boolean).join('')}
                {who !== '' && <Words>{who}</Words>}
              </p>
              {now && (
                <p class="agenda-here">
                  <strong>{t('agenda.now')}</strong> <ItemClock since={agenda.since} minutes={minutes} offset={offset} />
                </p>
              )}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
