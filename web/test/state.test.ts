import { describe, expect, it } from 'vitest';
import type { SiteInfo } from '../lib/messages';
import { FIRST_ROOM, type DeskState } from '../lib/room';
import { FIRST_WORK, NO_BALLOT } from '../lib/work';
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
    silenced: false,
    consent: false,
    ...more,
  });
  const joined = (sites: SiteInfo[]): MeetingEvent => ({
    type: 'message',
    at: 0,
    message: { type: 'joined', meeting: { id: 'm', title: 'M' }, site: { id: 'a', name: 'A' }, role: 'site', recording: false, sites, state: FIRST_ROOM, now: 1 },
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

  const scene = { layout: 'auto', letterbox: false, labels: true, border: true, panes: [] };
  const desk: DeskState = { programme: scene, preview: null, canUndo: false, layoutLocked: false, scenes: [], lobby: [], keptOut: [], shown: [] };
  const told = (message: object): MeetingEvent => ({ type: 'message', at: 0, message: message as never });

  it('waits in the lobby, and joins from there', () => {
    const waiting = after(start, told({ type: 'waiting' }));
    expect(waiting).toMatchObject({ phase: 'waiting', attempt: 0 });
    expect(reduce(waiting, joined([site('a')]))).toMatchObject({ phase: 'joining', attempt: 1 });
    expect(reduce(waiting, { type: 'lost' })).toMatchObject({ phase: 'joining', attempt: 1 });
    expect(reduce(waiting, { type: 'over', code: 'refused' })).toMatchObject({ phase: 'over', over: 'refused' });
  });

  it('takes the state of the meeting, the desk and the lines', () => {
    const room = { ...FIRST_ROOM, policy: 'permission' as const, queue: [{ site: 'a', since: 5 }] };
    const state = after(joined([site('a')]), told({ type: 'state', ...room }), told({ type: 'desk', ...desk }));
    expect(state.room).toEqual(room);
    expect(state.desk).toEqual(desk);
    const lines = reduce(reduce(state, told({ type: 'lines', lines: [{ site: 'a', quality: 3 }] })), told({ type: 'lines', lines: [{ site: 'b', quality: 1 }] }));
    expect([...lines.lines]).toEqual([
      ['a', 3],
      ['b', 1],
    ]);
    expect(reduce(lines, joined([site('a')])).lines.size).toBe(0);
  });

  it('follows the own role, and leaves the desk with it', () => {
    const atDesk = after(joined([site('a')]), changes([site('a', { role: 'secretary' })]), told({ type: 'desk', ...desk }));
    expect(atDesk).toMatchObject({ role: 'secretary', desk });
    expect(reduce(atDesk, changes([site('b', { role: 'chair' })]))).toMatchObject({ role: 'secretary', desk });
    expect(reduce(atDesk, changes([site('a', { role: 'site' })]))).toMatchObject({ role: 'site', desk: null });
  });

  it('takes the meeting’s work, and begins anew with each joining', () => {
    const line = (n: number) => ({ n, at: n, site: 'b', name: 'B', to: 'all', text: 't' });
    const work = { ...FIRST_WORK, chatOpen: false, called: 'a' };
    const deskWork = { roll: { open: true, since: 1, marks: [], tour: null }, votes: [], aside: ['b'] };
    const state = after(
      joined([site('a')]),
      told({ type: 'work', ...work }),
      told({ type: 'desk-work', ...deskWork }),
      told({ type: 'ballot', vote: 1, entitled: true, voted: false }),
      told({ type: 'said', lines: [line(2), line(1)] }),
      told({ type: 'said', lines: [line(2), line(3)] }),
    );
    expect(state.work).toEqual(work);
    expect(state.deskWork).toEqual(deskWork);
    expect(state.ballot).toEqual({ vote: 1, entitled: true, voted: false });
    expect(state.chat.map(({ n }) => n)).toEqual([1, 2, 3]);
    expect(reduce(state, changes([site('a', { role: 'observer' })])).deskWork).toBeNull();
    expect(reduce(state, joined([site('a')]))).toMatchObject({ work: FIRST_WORK, deskWork: null, chat: [], ballot: NO_BALLOT });
  });

  it('tells a command that was not obeyed, each time anew', () => {
    const failed: MeetingEvent = { type: 'command-failed', command: 'floor', code: 'forbidden' };
    const one = after(joined([site('a')]), failed);
    expect(one.commandError).toEqual({ code: 'forbidden', type: 'floor' });
    expect(reduce(one, failed).commandError).not.toBe(one.commandError);
  });
});
