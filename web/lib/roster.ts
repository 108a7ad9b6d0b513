// The rows of the desk's list: who was invited and who is there, in one order, found by a few letters.
// Pure, and fast enough for thousands at each change.

import type { Quality, SiteInfo } from './messages';
import type { Invited } from './rest';
import type { RoomState } from './room';

export type SiteState = 'present' | 'lost' | 'absent';
export type Filter = 'all' | 'present' | 'hands' | 'muted' | 'lost' | 'absent';
export const FILTERS: readonly Filter[] = ['all', 'present', 'hands', 'muted', 'lost', 'absent'];

export interface Row {
  id: string;
  name: string;
  state: SiteState;
  /** null: it has no seat. */
  seat: SiteInfo | null;
  /** Place in the queue from 1; 0: its hand is down. */
  hand: number;
  /** null: not known. */
  quality: Quality | null;
}

/** A heading, or a row under it. */
export type Line = { heading: string; present: number; all: number } | { row: Row };

export interface Counts {
  all: number;
  present: number;
  hands: number;
  muted: number;
  lost: number;
  absent: number;
}

const folded = new Map<string, string>();
const FOLDED_MAX = 20_000;

/** Without marks and case, for searching: "Đồng Văn" → "dong van". */
export function fold(name: string): string {
  let plain = folded.get(name);
  if (plain === undefined) {
    plain = name
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replace(/đ/g, 'd');
    if (folded.size >= FOLDED_MAX) folded.clear();
    folded.set(name, plain);
  }
  return plain;
}

export function siteState({ present, lost }: Pick<SiteInfo, 'present' | 'lost'>): SiteState {
  return lost ? 'lost' : present ? 'present' : 'absent';
}

function rowOf(id: string, name: string, seat: SiteInfo | null, hands: Map<string, number>, lines: ReadonlyMap<string, Quality>): Row {
  return {
    id,
    name,
    seat,
    state: seat ? siteState(seat) : 'absent',
    hand: hands.get(id) ?? 0,
    quality: seat ? (lines.get(id) ?? null) : null,
  };
}

/** Whether the microphone gives nothing: its own switch, or the chair's word. */
export function isMuted(row: Row): boolean {
  return row.state === 'present' && row.seat !== null && (!row.seat.mic || row.seat.silenced);
}

function passes(row: Row, filter: Filter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'hands':
      return row.hand > 0;
    case 'muted':
      return isMuted(row);
    default:
      return row.state === filter;
  }
}

export interface Input {
  /** In the order of their seats. */
  sites: readonly SiteInfo[];
  /** Empty: not known. */
  invited: readonly Invited[];
  room: RoomState;
  lines: ReadonlyMap<string, Quality>;
}

export interface Rows {
  rows: Row[];
  /** Of each row, by its id: whom it stands under ("": nobody). */
  parents: Map<string, string>;
  names: Map<string, string>;
  counts: Counts;
}

/** Who was invited, as the list has them, a parent before those below it; then whoever came besides. */
export function makeRows({ sites, invited, room, lines }: Input): Rows {
  const seats = new Map(sites.map((site) => [site.id, site]));
  const hands = new Map(room.queue.map(({ site }, index) => [site, index + 1]));
  const names = new Map<string, string>();
  const parents = new Map<string, string>();
  const rows: Row[] = [];
  for (const { site, name, parent } of inOrder(invited)) {
    names.set(site, name);
    parents.set(site, parent);
    rows.push(rowOf(site, name, seats.get(site) ?? null, hands, lines));
  }
  for (const site of sites) {
    if (names.has(site.id)) continue;
    names.set(site.id, site.name);
    parents.set(site.id, '');
    rows.push(rowOf(site.id, site.name, site, hands, lines));
  }
  const counts: Counts = { all: rows.length, present: 0, hands: 0, muted: 0, lost: 0, absent: 0 };
  for (const row of rows) {
    counts[row.state]++;
    if (row.hand > 0) counts.hands++;
    if (isMuted(row)) counts.muted++;
  }
  return { rows, parents, names, counts };
}

/** By level, then by parent as the parents stand, then as the list has them. */
function inOrder(invited: readonly Invited[]): readonly Invited[] {
  const place = new Map(invited.map(({ site }, index) => [site, index]));
  const key = (one: Invited) => (place.has(one.parent) ? (place.get(one.parent) as number) : -1);
  return [...invited].sort((a, b) => a.level - b.level || key(a) - key(b) || (place.get(a.site) as number) - (place.get(b.site) as number));
}

/** The rows that are looked for, under their headings. Headings are left out while there would be one. */
export function makeLines({ rows, parents, names }: Rows, filter: Filter, search: string): Line[] {
  const wanted = fold(search.trim()).split(/\s+/).filter(Boolean);
  const found = (row: Row) => wanted.length === 0 || wanted.every((word) => fold(row.name).includes(word) || row.id.toLowerCase().includes(word));
  const groups = new Map<string, { present: number; all: number; lines: Line[] }>();
  for (const row of rows) {
    if (!passes(row, filter) || !found(row)) continue;
    const parent = parents.get(row.id) ?? '';
    let group = groups.get(parent);
    if (!group) groups.set(parent, (group = { present: 0, all: 0, lines: [] }));
    group.all++;
    if (row.state === 'present') group.present++;
    group.lines.push({ row });
  }
  const lines: Line[] = [];
  for (const [parent, group] of groups) {
    const heading = names.get(parent) ?? parent;
    if (parent !== '') lines.push({ heading, present: group.present, all: group.all });
    lines.push(...group.lines);
  }
  return lines;
}
