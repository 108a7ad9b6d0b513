// All sites with their state: who was invited and who is there. Found by a few letters, chosen by a press
// or the arrow keys, drawn into a pane, and led by the menu of the row.

import { useRef, useState } from 'preact/hooks';
import { lineWord } from '../../lib/line';
import { FILTERS, makeLines, type Filter, type Line, type Row, type Rows } from '../../lib/roster';
import { hasVoice } from '../../lib/room';
import { useWords, type Key, type Translate } from '../i18n';
import { CameraOffIcon, HandIcon, MenuIcon, MicIcon, MicOffIcon } from '../icons';
import { dragSite } from './drag';
import { VirtualList } from './VirtualList';
import type { MenuPlace } from './SiteMenu';

const ROW_HEIGHT = 48;

const STATE_WORD: Record<Row['state'], Key> = { present: 'sites.present', lost: 'sites.lost', absent: 'sites.absent' };
const LINE_WORD: Record<ReturnType<typeof lineWord>, Key> = { none: 'line.none', poor: 'line.poor', fair: 'line.fair', good: 'line.good' };
const FILTER_WORD: Record<Filter, Key> = {
  all: 'filter.all',
  present: 'filter.present',
  hands: 'filter.hands',
  muted: 'filter.muted',
  lost: 'filter.lost',
  absent: 'filter.absent',
};

function Bars({ quality }: { quality: number }) {
  return (
    <svg class={`bars bars-${quality}`} viewBox="0 0 20 16" aria-hidden="true">
      {[1, 2, 3].map((bar) => (
        <rect key={bar} class={bar <= quality ? 'full' : ''} x={(bar - 1) * 7} y={16 - bar * 5 - 1} width="5" height={bar * 5 + 1} rx="1" />
      ))}
    </svg>
  );
}

/** The state of a row in words, for who does not see the signs. */
function rowWords(t: Translate, { seat, state, hand, quality }: Row, own: boolean): string {
  const there = seat !== null && state === 'present';
  return [
    own ? t('sites.you') : '',
    seat && seat.role !== 'site' ? t(ROLE_WORD[seat.role]) : '',
    t(STATE_WORD[state]),
    there && seat.floor ? t('sites.floor') : '',
    hand > 0 ? t('sites.hand', { n: hand }) : '',
    there && hasVoice(seat.role) && seat.silenced ? t('sites.silenced') : '',
    there && hasVoice(seat.role) && !seat.silenced && !seat.mic ? t('sites.mic.off') : '',
    there && hasVoice(seat.role) && !seat.camera ? t('sites.camera.off') : '',
    quality !== null && there ? `${t('line')} ${t(LINE_WORD[lineWord(quality)])}` : '',
  ]
    .filter(Boolean)
    .join(', ');
}

export const ROLE_WORD = {
  chair: 'sites.chair',
  secretary: 'sites.secretary',
  operator: 'sites.operator',
  observer: 'sites.observer',
  site: 'sites.site',
} as const;

interface RowProps {
  row: Row;
  own: boolean;
  chosen: boolean;
  choose: () => void;
  menu: (place: MenuPlace) => void;
  onKey: (event: KeyboardEvent) => void;
}

function SiteRow({ row, own, chosen, choose, menu, onKey }: RowProps) {
  const t = useWords();
  const { seat, state, hand, quality, id, name } = row;
  const there = seat !== null && state === 'present';
  const sends = there && hasVoice(seat.role);
  const remark = seat && seat.role !== 'site' ? t(ROLE_WORD[seat.role]) : state !== 'present' ? t(STATE_WORD[state]) : '';
  const open = sends && seat.mic && !seat.silenced;
  const openMenu = (button: Element) => {
    const box = button.getBoundingClientRect();
    menu({ x: box.right, y: box.top });
  };
  return (
    <div
      class={`row row-${state} ${there && seat.floor ? 'row-floor' : ''} ${chosen ? 'row-chosen' : ''}`}
      data-testid="row"
      data-site={id}
      data-state={state}
      data-hand={hand}
      data-mic={open}
      data-quality={quality ?? ''}
      draggable
      onDragStart={(event) => dragSite(event, id)}
      onContextMenu={(event) => {
        event.preventDefault();
        choose();
        menu({ x: event.clientX, y: event.clientY });
      }}
    >
      <button
        type="button"
        class="row-main"
        data-testid="row-choose"
        aria-pressed={chosen}
        title={name}
        onClick={choose}
        onKeyDown={onKey}
      >
        <span class="site-dot" aria-hidden="true" />
        <span class="row-words">
          <span class="row-name">{name}</span>
          {remark && (
            <span class="row-remark" aria-hidden="true">
              {remark}
            </span>
          )}
        </span>
        <span class="unseen">{rowWords(t, row, own)}</span>
        {hand > 0 && (
          <span class="row-hand" aria-hidden="true">
            <HandIcon />
            {hand}
          </span>
        )}
        {sends && <span class={seat.floor ? 'row-sign row-speaks' : open ? 'row-sign' : 'row-sign row-off'}>{open ? <MicIcon /> : <MicOffIcon />}</span>}
        {sends && !seat.camera && <span class="row-sign row-off"><CameraOffIcon /></span>}
        {there && quality !== null && <Bars quality={quality} />}
      </button>
      <button
        type="button"
        class="row-menu"
        data-testid="row-menu"
        aria-haspopup="menu"
        aria-label={t('menu.of', { name })}
        onClick={(event) => {
          choose();
          openMenu(event.currentTarget);
        }}
      >
        <MenuIcon />
      </button>
    </div>
  );
}

interface Props {
  rows: Rows;
  own: string;
  chosen: string | null;
  choose: (site: string) => void;
  menu: (site: string, place: MenuPlace) => void;
}

export function SiteList({ rows, own, chosen, choose, menu }: Props) {
  const t = useWords();
  const [filter, setFilter] = useState<Filter>('all');
  const [search, setSearch] = useState('');
  const list = useRef<HTMLUListElement>(null);
  const lines = makeLines(rows, filter, search);
  const places = lines.map((line) => ('row' in line ? line.row.id : null));
  const reveal = chosen === null ? -1 : places.indexOf(chosen);

  /** To the next row, past headings; the focus goes along once it is drawn. */
  const move = (step: 1 | -1) => {
    let at = reveal;
    do at += step;
    while (at >= 0 && at < places.length && places[at] === null);
    const next = places[at];
    if (!next) return;
    choose(next);
    requestAnimationFrame(() =>
      requestAnimationFrame(() => list.current?.querySelector<HTMLElement>('.row-chosen .row-main')?.focus({ preventScroll: true })),
    );
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    move(event.key === 'ArrowDown' ? 1 : -1);
  };

  return (
    <section class="site-list" aria-labelledby="site-list-title">
      <h2 id="site-list-title" class="unseen">
        {t('sites.title', { present: rows.counts.present, all: rows.counts.all })}
      </h2>
      <input
        type="search"
        class="search"
        data-testid="search"
        placeholder={t('search')}
        aria-label={t('search')}
        value={search}
        onInput={(event) => setSearch(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') onKey(event);
        }}
      />
      <div class="filters" role="group" aria-label={t('filter')}>
        {FILTERS.map((one) => (
          <button
            key={one}
            type="button"
            data-testid={`filter-${one}`}
            aria-pressed={filter === one}
            class={rows.counts[one] === 0 ? 'filter filter-empty' : 'filter'}
            onClick={() => setFilter(one)}
          >
            {t(FILTER_WORD[one])} <b>{rows.counts[one]}</b>
          </button>
        ))}
      </div>
      {lines.length === 0 && (
        <p class="site-list-none" role="status">
          {t('search.none')}
        </p>
      )}
      <VirtualList<Line>
        items={lines}
        rowHeight={ROW_HEIGHT}
        label={t('control.sites')}
        keyOf={(line, index) => ('row' in line ? line.row.id : `heading ${index}`)}
        reveal={reveal}
        listRef={list}
      >
        {(line) =>
          'row' in line ? (
            <SiteRow
              row={line.row}
              own={line.row.id === own}
              chosen={line.row.id === chosen}
              choose={() => choose(line.row.id)}
              menu={(place) => menu(line.row.id, place)}
              onKey={onKey}
            />
          ) : (
            <p class="row-heading">
              <span>{line.heading}</span> {line.present}/{line.all}
            </p>
          )
        }
      </VirtualList>
    </section>
  );
}
