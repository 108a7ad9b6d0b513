import { describe, expect, it } from 'vitest';
import { isPaneWord, paneParts, paneWords, readScene, withLayout, withPane, type Layout, type Scene } from '../lib/scene';

const layout = (name: string, ...shows: string[]): Layout => ({
  name,
  title: name,
  titleVi: name,
  speaker: false,
  panes: shows.map((show) => ({ x: 0, y: 0, w: 1, h: 1, show })),
});
const scene = (panes: string[], more: Partial<Scene> = {}): Scene => ({ layout: 'a', letterbox: false, labels: true, border: true, panes, ...more });

describe('scenes', () => {
  it.each([
    [{ layout: 'auto' }, { layout: 'auto', letterbox: false, labels: true, border: true, panes: [] }],
    [{ layout: '1+7', labels: false, panes: ['floor'] }, { layout: '1+7', letterbox: false, labels: false, border: true, panes: ['floor'] }],
    [{ layout: '../x' }, null],
    [{ layout: '1+7', panes: ['site:<b>'] }, null],
    [{ layout: '1+7', panes: Array(65).fill('auto') }, null],
    [null, null],
    ['auto', null],
  ])('%j is read', (given, wanted) => expect(readScene(given)).toEqual(wanted));

  it.each([
    ['auto', true],
    ['loudest:5', true],
    ['roll:10', true],
    ['site:xa-1', true],
    ['site:', false],
    ['roll', false],
    ['toString', false],
  ])('%s is a pane’s word: %s', (word, is) => expect(isPaneWord(word)).toBe(is));

  it('reads words', () => {
    expect(paneParts('roll:10')).toEqual({ kind: 'roll', value: '10' });
    expect(paneParts('floor')).toEqual({ kind: 'floor', value: '' });
  });

  it('takes the layout’s own where none is named', () => {
    expect(paneWords(scene(['chair']), layout('a', 'floor', 'auto'))).toEqual(['chair', 'auto']);
    expect(paneWords(scene(['chair', 'auto', 'nothing']), layout('a', 'floor'))).toEqual(['chair']);
  });

  it('puts into a pane, and lets no site stand in two', () => {
    const all = layout('a', 'floor', 'auto', 'auto');
    expect(withPane(scene([]), all, 1, 'site:x').panes).toEqual(['floor', 'site:x', 'auto']);
    expect(withPane(scene(['floor', 'site:x']), all, 0, 'site:x').panes).toEqual(['site:x', 'floor', 'auto']);
    expect(withPane(scene(['floor']), all, 9, 'site:x')).toEqual(scene(['floor']));
  });

  it('takes the named sites along to another layout', () => {
    const from = scene(['site:x', 'floor', 'site:y']);
    expect(withLayout(from, layout('b', 'floor', 'auto', 'auto'))).toEqual(scene(['floor', 'site:x', 'site:y'], { layout: 'b' }));
    expect(withLayout(from, layout('c', 'floor'))).toEqual(scene(['site:x'], { layout: 'c' }));
    expect(withLayout(scene(['chair']), layout('b', 'floor', 'auto')).panes).toEqual([]);
    expect(withLayout(from, layout('auto')).panes).toEqual([]);
  });
});
