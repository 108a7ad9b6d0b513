// The roll call: all sites with what is measured of them or marked by hand, and the tour in which each is called up
// and speaks.

import { useMemo, useState } from 'preact/hooks';
import { rollCounts, rollFound, rollPresent, rollRows, type RollFilter, type RollRow } from '../../../lib/roll';
import { PATIENCE_MAX_S, PATIENCE_MIN_S, PATIENCE_S, REASON_MAX_CHARS, ROLL_STATUSES, type RollStatus, type Tour } from '../../../lib/work';
import { useWords, type Key } from '../../i18n';
import type { Session } from '../../session';
import { timeText, Words } from '../../tasks/text';
import { Dialog } from '../Dialog';
import { VirtualList } from '../VirtualList';
import type { TabProps } from './common';

const ROW_HEIGHT = 48;

export const STATUS_WORD: Record<RollStatus, Key> = {
  uncalled: 'roll.uncalled',
  present: 'roll.present',
  'no-picture': 'roll.no-picture',
  'no-sound': 'roll.no-sound',
  lost: 'roll.lost',
  absent: 'roll.absent',
  excused: 'roll.excused',
};

function MarkDialog({ session, row, close }: { session: Session; row: RollRow; close: () => void }) {
  const t = useWords();
  const [status, setStatus] = useState<RollStatus>(row.status);
  const [reason, setReason] = useState(row.reason);
  const save = (event: Event) => {
    event.preventDefault();
    const clean = reason.trim().normalize('NFC');
    void session.client.command({ type: 'roll-mark', site: row.site, status, ...(clean ? { reason: clean } : {}) });
    close();
  };
  return (
    <Dialog id="mark" title={t('roll.mark.of', { name: row.name })} close={close}>
      <form onSubmit={save}>
        <div class="mark-statuses" role="radiogroup" aria-label={t('roll.status')}>
          {ROLL_STATUSES.map((one) => (
            <label key={one} class="check">
              <input type="radio" name="status" data-testid={`mark-${one}`} checked={status === one} onChange={() => setStatus(one)} />
              <span>{t(STATUS_WORD[one])}</span>
            </label>
          ))}
        </div>
        <label for="mark-reason">{t('roll.reason')}</label>
        <input id="mark-reason" data-testid="mark-reason" maxLength={REASON_MAX_CHARS} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
        <div class="dialog-buttons">
          <button type="button" class="quiet" data-testid="mark-cancel" onClick={close}>
            {t('dialog.no')}
          </button>
          <button type="submit" class="main" data-testid="mark-save">
            {t('scenes.save')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** Sites are called up one after the other. */
function Running({ session, tour, nameOf }: { session: Session; tour: Tour; nameOf: (site: string) => string }) {
  const t = useWords();
  const all = tour.done + tour.left;
  const say = (what: 'pause' | 'resume' | 'next' | 'back' | 'stop') => void session.client.command({ type: 'calls', do: what });
  return (
    <section class="calls calls-on" aria-labelledby="calls-title" data-testid="calls" data-site={tour.site} data-paused={tour.paused}>
      <h3 id="calls-title">{t(tour.paused ? 'calls.paused' : 'calls.now')}</h3>
      <p class="calls-site">
        <Words>{nameOf(tour.site)}</Words>
      </p>
      <p data-testid="calls-progress">{t('calls.progress', { done: tour.done, all, patience: tour.patience })}</p>
      <span class="bar" aria-hidden="true">
        <span style={{ width: `${all > 0 ? Math.round((100 * tour.done) / all) : 0}%` }} />
      </span>
      <div class="calls-buttons">
        <button type="button" class="do" data-testid={tour.paused ? 'calls-resume' : 'calls-pause'} onClick={() => say(tour.paused ? 'resume' : 'pause')}>
          {t(tour.paused ? 'calls.resume' : 'calls.pause')}
        </button>
        <button type="button" class="plain" data-testid="calls-next" onClick={() => say('next')}>
          {t('calls.next')}
        </button>
        <button type="button" class="plain" data-testid="calls-back" onClick={() => say('back')}>
          {t('calls.back')}
        </button>
        <button type="button" class="plain" data-testid="calls-stop" onClick={() => say('stop')}>
          {t('calls.stop')}
        </button>
      </div>
      <p class="unseen" role="status">
        {t('calls.said', { name: nameOf(tour.site) })}
      </p>
    </section>
  );
}

function Starting({ session }: { session: Session }) {
  const t = useWords();
  const [patience, setPatience] = useState(PATIENCE_S);
  const start = (event: Event) => {
    event.preventDefault();
    void session.client.command({ type: 'calls', do: 'start', patience });
  };
  return (
    <form class="calls" onSubmit={start}>
      <h3>{t('calls')}</h3>
      <p class="work-hint">{t('calls.hint')}</p>
      <label class="number-line">
        <span>{t('calls.patience')}</span>
        <input
          type="number"
          data-testid="calls-patience"
          min={PATIENCE_MIN_S}
          max={PATIENCE_MAX_S}
          required
          value={patience}
          onInput={(event) => setPatience(event.currentTarget.valueAsNumber || PATIENCE_S)}
        />
      </label>
      <button type="submit" class="do" data-testid="calls-start" disabled={session.meeting.phase !== 'in'}>
        {t('calls.start')}
      </button>
    </form>
  );
}

export function RollTab({ session, rows, nameOf }: TabProps) {
  const t = useWords();
  const [filter, setFilter] = useState<RollFilter>('all');
  const [search, setSearch] = useState('');
  const [marked, setMarked] = useState<string | null>(null);
  const roll = session.meeting.deskWork?.roll ?? null;
  const table = useMemo(() => rollRows(rows, roll?.marks ?? []), [rows, roll?.marks]);
  const counts = useMemo(() => rollCounts(roll?.marks ?? []), [roll?.marks]);
  const found = rollFound(table, filter, search);
  const row = table.find(({ site }) => site === marked);
  if (!roll) return null;
  const say = (type: 'roll-open' | 'roll-close') => void session.client.command({ type });
  return (
    <div class="roll" data-testid="roll" data-open={roll.open} data-marks={roll.marks.length}>
      <div class="roll-table">
        <header class="work-line">
          {roll.marks.length > 0 && (
            <p class="roll-sum" data-testid="roll-sum">
              <strong>{t('roll.sum', { present: rollPresent(counts), all: counts.all })}</strong>{' '}
              {t(roll.open ? 'roll.since' : 'roll.closed', { time: timeText(roll.since) })}
            </p>
          )}
          <span class="space" />
          {roll.open ? (
            <button type="button" class="plain" data-testid="roll-close" onClick={() => say('roll-close')}>
              {t('roll.close')}
            </button>
          ) : (
            <button type="button" class="do" data-testid="roll-open" disabled={session.meeting.phase !== 'in'} onClick={() => say('roll-open')}>
              {t(roll.marks.length > 0 ? 'roll.open.again' : 'roll.open')}
            </button>
          )}
        </header>
        {roll.marks.length === 0 && <p class="work-hint">{t('roll.hint')}</p>}
        {roll.marks.length > 0 && (
          <>
            <div class="work-line">
              <input
                type="search"
                data-testid="roll-search"
                placeholder={t('search')}
                aria-label={t('search')}
                value={search}
                onInput={(event) => setSearch(event.currentTarget.value)}
              />
              <select data-testid="roll-filter" aria-label={t('filter')} value={filter} onChange={(event) => setFilter(event.currentTarget.value as RollFilter)}>
                {(['all', ...ROLL_STATUSES] as const).map((one) => (
                  <option key={one} value={one}>
                    {t('roll.filter', { status: t(one === 'all' ? 'filter.all' : STATUS_WORD[one]), n: counts[one] })}
                  </option>
                ))}
              </select>
            </div>
            {found.length === 0 && <p class="panel-none">{t('search.none')}</p>}
            <VirtualList<RollRow> items={found} rowHeight={ROW_HEIGHT} label={t('roll')} keyOf={({ site }) => site}>
              {(one) => (
                <div class={`roll-row roll-${one.status}`} data-testid="roll-row" data-site={one.site} data-status={one.status} data-by-hand={one.byHand}>
                  <span class="roll-name" title={one.name}>
                    <Words>{one.name}</Words>
                    {one.reason !== '' && (
                      <small>
                        <Words>{one.reason}</Words>
                      </small>
                    )}
                  </span>
                  <span class="roll-status">
                    {t(STATUS_WORD[one.status])}
                    {one.byHand && <small>{t('roll.by-hand')}</small>}
                  </span>
                  <time>{timeText(one.at)}</time>
                  <button type="button" class="plain" data-testid="roll-mark" disabled={!roll.open} onClick={() => setMarked(one.site)}>
                    <span aria-hidden="true">{t('roll.mark')}</span>
                    <span class="unseen">{t('roll.mark.of', { name: one.name })}</span>
                  </button>
                </div>
              )}
            </VirtualList>
          </>
        )}
      </div>
      {roll.tour ? <Running session={session} tour={roll.tour} nameOf={nameOf} /> : <Starting session={session} />}
      {row && <MarkDialog key={row.site} session={session} row={row} close={() => setMarked(null)} />}
    </div>
  );
}
