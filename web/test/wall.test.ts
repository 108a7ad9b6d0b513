import { describe, expect, it } from 'vitest';
import { wallCell, wallColumns, wallSites } from '../lib/wall';

describe('the grid of the wall', () => {
  it.each([
    [1, 1],
    [2, 2],
    [4, 2],
    [5, 3],
    [209, 15],
    [226, 16],
  ])('%d tiles: %d columns', (tiles, columns) => expect(wallColumns(tiles)).toBe(columns));

  // 1920x1080 as pipelines/grid.c cuts it: fourteen rows of 72 lines, in the middle.
  it('of 209 sites', () => {
    expect(wallCell(1920, 1080, 209, 0)).toEqual({ x: 0, y: 36, width: 128, height: 72 });
    expect(wallCell(1920, 1080, 209, 14)).toEqual({ x: 1792, y: 36, width: 128, height: 72 });
    // Fourteen in the last row, in the middle of it.
    expect(wallCell(1920, 1080, 209, 195)).toEqual({ x: 64, y: 972, width: 128, height: 72 });
    expect(wallCell(1920, 1080, 209, 208)).toEqual({ x: 1728, y: 972, width: 128, height: 72 });
  });

  it('covers without overlapping, for every number of sites', () => {
    for (let n = 1; n <= 300; n++) {
      const cells = Array.from({ length: n }, (_, index) => wallCell(1920, 1080, n, index));
      for (const { x, y, width, height } of cells) {
        expect(x >= 0 && y >= 0 && x + width <= 1920 && y + height <= 1080 && width > 0 && height > 0).toBe(true);
      }
      expect(new Set(cells.map(({ x, y }) => `${x} ${y}`)).size).toBe(n);
    }
  });

  it('has all with a voice, in their order, also those that are lost', () => {
    const sites = [
      { id: 'a', role: 'chair', present: true, lost: false },
      { id: 'b', role: 'observer', present: true, lost: false },
      { id: 'c', role: 'site', present: false, lost: true },
      { id: 'd', role: 'operator', present: true, lost: false },
      { id: 'e', role: 'secretary', present: true, lost: false },
    ] as const;
    expect(wallSites(sites).map(({ id }) => id)).toEqual(['a', 'c', 'e']);
  });
});
