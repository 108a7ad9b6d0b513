import { describe, expect, it } from 'vitest';
import { initialState, reduce, type MeetingEvent, type MeetingState } from '../lib/state';

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

  it('takes the list of sites as it comes', () => {
    const site = { id: 'a', name: 'A', role: 'site', present: true, lost: false, mic: true, camera: true } as const;
    const state = after({ type: 'message', at: 0, message: { type: 'sites', sites: [site] } });
    expect(state.sites).toEqual([site]);
    expect(reduce(state, { type: 'message', at: 0, message: { type: 'ok' } })).toBe(state);
  });
});
