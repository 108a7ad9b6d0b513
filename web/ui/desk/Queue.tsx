// Raised hands, first come first; a hand is moved by its buttons or by drawing it.

import { useState } from 'preact/hooks';
import { clockText, type RoomState } from '../../lib/room';
import { useWords } from '../i18n';
import { CloseIcon, DownIcon, UpIcon } from '../icons';
import type { Session } from '../session';
import { useSeconds } from '../TurnClock';
import { dragSite, droppedSite, overSite } from './drag';

interface Props {
  session: Session;
  queue: RoomState['queue'];
  nameOf: (site: string) => string;
  invite: (site: string) => void;
}

const SHOWN_MAX = 60; // of thousands of hands nobody sees more; their number is told

export function Queue({ session, queue, nameOf, invite }: Props) {
  const t = useWords();
  const now = useSeconds(session.meeting.clockOffset);
  const [over, setOver] = useState(-1);
  const act = session.client;
  const move = (site: string, to: number) => void act.command({ type: 'queue', site, to });
  return (
    <section class="queue" aria-labelledby="queue-title" data-testid="queue" data-hands={queue.length}>
      <h2 id="queue-title">{t('queue', { n: queue.length })}</h2>
      {queue.length === 0 && <p class="panel-none">{t('queue.none')}</p>}
      <ol>
        {queue.slice(0, SHOWN_MAX).map(({ site, since }, index) => (
          <li
            key={site}
            class={index === over ? 'hand hand-over' : 'hand'}
            data-testid="hand-row"
            data-site={site}
            draggable
            onDragStart={(event) => dragSite(event, site)}
            onDragOver={(event) => overSite(event) && setOver(index)}
            onDragLeave={() => setOver(-1)}
            onDrop={(event) => {
              const moved = droppedSite(event);
              setOver(-1);
              if (moved !== null && moved !== site && queue.some((one) => one.site === moved)) move(moved, index);
            }}
          >
            <p class="hand-who">
              <b>{index + 1}</b>
              <span class="hand-name" title={nameOf(site)}>
                {nameOf(site)}
              </span>
              <time title={t('queue.since')}>{clockText((now - since) / 1000)}</time>
            </p>
            <div class="hand-buttons">
              <button type="button" class={index === 0 ? 'grant grant-first' : 'grant'} data-testid="grant" onClick={() => invite(site)}>
                <span aria-hidden="true">{t('queue.grant')}</span> {index === 0 && <kbd aria-hidden="true">Enter</kbd>}
                <span class="unseen">{t('queue.grant.of', { name: nameOf(site) })}</span>
              </button>
              <button type="button" class="icon-button" data-testid="hand-up" disabled={index === 0} aria-label={t('queue.up', { name: nameOf(site) })} title={t('queue.up', { name: nameOf(site) })} onClick={() => move(site, index - 1)}>
                <UpIcon />
              </button>
              <button type="button" class="icon-button" data-testid="hand-down" disabled={index === queue.length - 1} aria-label={t('queue.down', { name: nameOf(site) })} title={t('queue.down', { name: nameOf(site) })} onClick={() => move(site, index + 1)}>
                <DownIcon />
              </button>
              <button type="button" class="icon-button" data-testid="hand-lower" aria-label={t('queue.lower', { name: nameOf(site) })} title={t('queue.lower', { name: nameOf(site) })} onClick={() => void act.command({ type: 'lower', site })}>
                <CloseIcon />
              </button>
            </div>
          </li>
        ))}
      </ol>
      {queue.length > SHOWN_MAX && <p class="panel-none">{t('queue.more', { n: queue.length - SHOWN_MAX })}</p>}
    </section>
  );
}
