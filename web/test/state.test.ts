import { describe, expect, it } from 'vitest';
import type { SiteInfo } from '../lib/messages';
import { initialState, reduce, SITES_MAX, type MeetingEvent, type MeetingState } from '../lib/state';

const after = (...events: MeetingEvent[]): MeetingState => events.reduce(reduce, initialState);
const start: MeetingEvent = { type: 'start' };
const connected: MeetingEvent = { type: 'connected' };

describe('reduce', () => {
  it.each<[string, MeetingEvent[], Partial<MeetingState>]>([
    ['starts', [start], { phase: 'joining', attempt: 1 }],
    ['is in', [start, connected], { phase: 'in', attempt: 0 }],
    ['loses', [start, connected, { type: 'lost' }], { phase: 'reconnecting', attempt: 1 }],
    ['stays joining while joining fails', [start, { type: 'lost' }, { type: 'attempt', attempt: 2 }], { phase: 'joining', attempt: 2 }],
    ['stays over', [start, { type: 'over', code: 'replaced' }, connected, { type: 'lost' }], { phase: 'over', over: 'replaced' }],
    ['starts again', [start, { type: 'over', code: 'left' }, start], { phase: 'joining', over: null }],
    ['shows the wall', [{ type: 'view', view: 'wall' }], { view: 'wall', viewError: null }],
    ['tells a view that was not given', [{ type: 'view-failed', view: 'programme', code: 'forbidden' }], { viewError: { code: 'forbidden' } }],
    [
      'forgets that with the next view',
      [
        { type: 'view-failed', view: 'programme', code: 'internal' },
        { type: 'view', view: 'wall' },
      ],
      { view: 'wall', viewError: null },
    ],
    ['starts with the programme', [{ type: 'view', view: 'wall' }, { type: 'over', code: 'left' }, start], { view: 'programme' }],
    ['keeps the meeting’s clock', [{ type: 'clock', now: 5000, at: 1000 }], { clockOffset: 4000 }],
    [
      'tells a recording that failed',
      [{ type: 'message', at: 0, message: { type: 'recording', on: false, code: 'recording-failed', message: '' } }],
      { recording: false, recordingError: { code: 'recording-failed' } },
    ],
    [
      'forgets the failure when the next recording runs',
      [
        { type: 'record-failed', code: 'internal' },
        { type: 'message', at: 0, message: { type: 'recording', on: true } },
      ],
      { recording: true, recordingError: null },
    ],
    [
      'forgets the line with the connection',
      [start, connected, { type: 'message', at: 9, message: { type: 'line', quality: 3, loss: 0, rtt: 9 } }, { type: 'lost' }],
      { line: null },
    ],
  ])('%s', (_, events, expected) => expect(after(...events)).toMatchObject(expected));

  const site = (id: string, more: Partial<SiteInfo> = {}): SiteInfo => ({
    id,
    name: id.toUpperCase(),
    role: 'site',
    present: true,
    lost: false,
    mic: true,
    camera: true,
    floor: false,
    ...more,
  });
  const joined = (sites: SiteInfo[]): MeetingEvent => ({
    type: 'message',
    at: 0,
    message: { type: 'joined', meeting: { id: 'm', title: 'M' }, site: { id: 'a', name: 'A' }, role: 'site', recording: false, sites, now: 1 },
  });
  const changes = (sites: SiteInfo[], gone: string[] = []): MeetingEvent => ({ type: 'message', at: 0, message: { type: 'sites', sites, gone } });
  const ids = (state: MeetingState) => state.sites.map(({ id }) => id).join('');

  it('changes the list of sites where it has changed', () => {
    const state = after(joined(['a', 'b', 'c'].map((id) => site(id))));
    const next = reduce(state, changes([site('b', { floor: true }), site('d')]));
    expect(ids(next)).toBe('abcd');
    expect(next.sites[1]).toEqual(site('b', { floor: true }));
    expect(next.sites[0]).toBe(state.sites[0]);
    expect(ids(state)).toBe('abc');
    expect(reduce(state, { type: 'message', at: 0, message: { type: 'ok' } })).toBe(state);
  });

  it('takes out who is gone, and ignores who was never there', () => {
    const state = after(joined(['a', 'b', 'c'].map((id) => site(id))), changes([], ['b', 'x']));
    expect(ids(state)).toBe('ac');
    expect(ids(reduce(state, changes([site('a'), site('b')], ['a'])))).toBe('cab'); // gone, and new again
  });

  it('begins anew with each joining', () => {
    expect(ids(after(joined([site('a'), site('b')]), changes([site('c')]), joined([site('b')])))).toBe('b');
  });

  it('keeps no more sites than any meeting has', () => {
    const many = Array.from({ length: SITES_MAX }, (_, n) => site(`s${n}`));
    const state = after(joined([...many, site('x')]), changes([site('y'), site('s0', { mic: false })]));
    expect(state.sites.length).toBe(SITES_MAX);
    expect(state.sites[0]?.mic).toBe(false);
    expect(reduce(state, changes([site('y')], ['s1'])).sites.at(-1)?.id).toBe('y');
  });
});
