// The roll call as a table: a row for each mark, in the order of the list, with its number of each status. Pure.

import { fold, type Rows } from './roster';
import { ROLL_STATUSES, type RollMark, type RollStatus } from './work';

export interface RollRow extends RollMark {
  name: string;
}

/** All, or those of one status. */
export type RollFilter = 'all' | RollStatus;

/** `rows`: for the order and the names. Who has a mark and is in no list stands last. */
export function rollRows(rows: Rows, marks: readonly RollMark[]): RollRow[] {
  const left = new Map(marks.map((mark) => [mark.site, mark]));
  const table: RollRow[] = [];
  for (const { id, name } of rows.rows) {
    const mark = left.get(id);
    if (!mark) continue;
    table.push({ ...mark, name });
    left.delete(id);
  }
  for (const mark of left.values()) table.push({ ...mark, name: rows.names.get(mark.site) ?? mark.site });
  return table;
}

export function rollCounts(marks: readonly RollMark[]): Record<RollFilter, number> {
  const counts = { all: marks.length } as Record<RollFilter, number>;
  for (const status of ROLL_STATUSES) counts[status] = 0;
  for (const { status } of marks) counts[status]++;
  return counts;
}

/** Who is there, with or without picture and sound. */
export function rollPresent(counts: Record<RollFilter, number>): number {
  return counts.present + counts['no-picture'] + counts['no-sound'];
}

export function rollFound(rows: readonly RollRow[], filter: RollFilter, search: string): RollRow[] {
  const wanted = fold(search.trim()).split(/\s+/).filter(Boolean);
  return rows.filter((row) => (filter === 'all' || row.status === filter) && wanted.every((word) => fold(row.name).includes(word) || row.site.toLowerCase().includes(word)));
}
