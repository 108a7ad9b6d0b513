// Where each site stands in the wall: the bridge's equal grid. Pure.

import type { SiteInfo } from './messages';
import { hasVoice } from './room';

export interface Cell {
  x: number;
  y: number;
  width: number;
  height: number;
}

const even = (value: number) => Math.floor(value) & ~1;
/** The i-th of the n + 1 edges that cut `length` into n parts. */
const edge = (length: number, n: number, i: number) => even((length * i) / n);

export function wallColumns(nTiles: number): number {
  let n = 1;
  while (n * n < nTiles) n++;
  return n;
}

/** The cell of tile `index` in a picture of `width` by `height`: as many rows as needed, in the middle, the
 * last one's cells in the middle too. */
export function wallCell(width: number, height: number, nTiles: number, index: number): Cell {
  const n = wallColumns(nTiles);
  const rows = Math.ceil(nTiles / n);
  const row = Math.floor(index / n);
  const column = index % n;
  const inRow = row === rows - 1 ? nTiles - row * n : n;
  const x0 = even((width - edge(width, n, inRow)) / 2);
  const y0 = even((height - edge(height, n, rows)) / 2);
  return {
    x: x0 + edge(width, n, column),
    y: y0 + edge(height, n, row),
    width: edge(width, n, column + 1) - edge(width, n, column),
    height: edge(height, n, row + 1) - edge(height, n, row),
  };
}

/** Who stands in the wall, in the order of the cells: every seat with a voice, also while it is lost. */
export function wallSites<S extends Pick<SiteInfo, 'role' | 'present' | 'lost'>>(sites: readonly S[]): S[] {
  return sites.filter(({ role, present, lost }) => hasVoice(role) && (present || lost));
}
