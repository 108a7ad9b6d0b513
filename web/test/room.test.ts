import { describe, expect, it } from 'vitest';
import { clockText, FIRST_ROOM, hasDesk, hasVoice, mayUnmute, readDesk, readRoom, turnTimes, type RoomState } from '../lib/room';

describe('what is read', () => {
  it('is refused where a part is missing or another', () => {
    expect(readRoom(FIRST_ROOM)).toEqual(FIRST_ROOM);
    for (const key of Object.keys(FIRST_ROOM)) expect(readRoom({ ...FIRST_ROOM, [key]: undefined })).toBeNull();
    expect(readRoom({ ...FIRST_ROOM, policy: 'anarchy' })).toBeNull();
    expect(readRoom({ ...FIRST_ROOM, queue: [{ site: 'a' }] })).toBeNull();
    expect(readRoom({ ...FIRST_ROOM, floor: { site: 'a', since: 1, limit: 9 } })?.floor).toEqual({ site: 'a', since: 1, limit: 9 });
  });

  it('holds no more scenes than a meeting has', () => {
    const scene = { layout: 'auto', letterbox: false, labels: true, border: true, panes: [] };
    const desk = { programme: scene, preview: null, canUndo: true, layoutLocked: false, scenes: Array(30).fill({ name: 'x', scene }), lobby: [], keptOut: [], shown: [''] };
    expect(readDesk(desk)?.scenes.length).toBe(20);
    expect(readDesk({ ...desk, shown: [1] })).toBeNull();
    expect(readDesk({ ...desk, lobby: [{ site: 'x' }] })).toBeNull();
  });
});

describe('rights', () => {
  it.each([
    ['chair', true, true],
    ['secretary', true, true],
    ['operator', false, true],
    ['site', true, false],
    ['observer', false, false],
  ] as const)('%s: voice %s, desk %s', (role, voice, desk) => {
    expect(hasVoice(role)).toBe(voice);
    expect(hasDesk(role)).toBe(desk);
  });

  // As mcu/room/rights.c has "speak".
  it.each<[RoomState['policy'], boolean, string]>([
    ['open', true, 'chair secretary site'],
    ['open', false, 'chair secretary'],
    ['permission', true, 'chair secretary'],
    ['chair', true, 'chair'],
  ])('with %s, own unmuting %s: %s may', (policy, selfUnmute, who) => {
    const roles = ['chair', 'secretary', 'site', 'operator', 'observer'] as const;
    expect(roles.filter((role) => mayUnmute(role, { ...FIRST_ROOM, policy, selfUnmute })).join(' ')).toBe(who);
  });
});

describe('times', () => {
  it('of a turn', () => {
    expect(turnTimes({ site: 'a', since: 1000, limit: 60 }, 31_500)).toEqual({ gone: 30, left: 30 });
    expect(turnTimes({ site: 'a', since: 1000, limit: 10 }, 31_000)).toEqual({ gone: 30, left: -20 });
    expect(turnTimes({ site: 'a', since: 5000, limit: 0 }, 1000)).toEqual({ gone: 0, left: null });
  });

  it.each([
    [0, '00:00'],
    [65, '01:05'],
    [3725, '1:02:05'],
    [-5, '−00:05'],
  ])('%d s: %s', (seconds, text) => expect(clockText(seconds)).toBe(text));
});
