import { describe, expect, it } from 'vitest';
import { readMessage } from '../lib/messages';
import { rollCounts, rollFound, rollPresent, rollRows } from '../lib/roll';
import { makeRows } from '../lib/roster';
import { FIRST_ROOM } from '../lib/room';
import {
  AGENDA_MAX,
  CHAT_KEPT,
  FIRST_WORK,
  isFor,
  mayPresent,
  NO_BALLOT,
  readBallot,
  readChat,
  readDeskWork,
  readWork,
  shares,
  unread,
  voteToCast,
  withChat,
  type ChatLine,
  type RollMark,
  type Vote,
} from '../lib/work';

const VOTE: Vote = {
  number: 3,
  question: 'Thông qua nghị quyết?',
  choices: ['Đồng ý', 'Không đồng ý', 'Ý kiến khác'],
  secret: false,
  quorum: 50,
  until: 1_700_000_000_000,
  open: true,
  voted: 2,
  entitled: 209,
  counts: null,
  quorate: null,
  shown: false,
};

const WORK = {
  ...FIRST_WORK,
  announcement: { text: 'Nghỉ 10 phút', at: 5, to: ['xa-1'] },
  vote: VOTE,
  agenda: { items: [{ title: 'Khai mạc', minutes: 10, who: 'Chủ tịch' }], at: 0, since: 7 },
  documents: [{ id: 'd1', title: 'Báo cáo', kind: 'pdf', bytes: 100, pages: 12 }],
  document: { id: 'd1', page: 3 },
  presenter: 'xa-2',
  mayPresent: ['xa-2'],
  called: 'xa-1',
  aside: ['xa-9'],
};

describe('work', () => {
  it('is read as it is told', () => {
    expect(readWork(WORK)).toEqual(WORK);
    expect(readMessage(JSON.stringify({ v: 1, type: 'work', ...WORK }))).toEqual({ type: 'work', ...WORK });
    expect(readWork({ ...WORK, vote: { ...VOTE, open: false, counts: [2, 0, 1], quorate: true } })?.vote).toMatchObject({ counts: [2, 0, 1], quorate: true });
  });

  it.each([null, 7, 'work', [], {}])('%j is none', (value) => expect(readWork(value)).toBeNull());

  it('takes less than all, and more than is known', () => {
    expect(readWork({ chatOpen: false })).toEqual({ ...FIRST_WORK, chatOpen: false });
    expect(readWork({ chatOpen: true, later: [1] })).toEqual(FIRST_WORK);
  });

  it.each([
    ['without a number', { number: 0 }],
    ['with one choice', { choices: ['a'] }],
    ['with eleven', { choices: Array(11).fill('a') }],
    ['with counts of another vote', { counts: [1, 2] }],
  ])('leaves out a vote %s', (_, wrong) => expect(readWork({ ...WORK, vote: { ...VOTE, ...wrong } })?.vote).toBeNull());

  it('holds no more than there may be', () => {
    const many = readWork({
      chatOpen: true,
      agenda: { items: Array(90).fill({ title: 'x' }), at: 70 },
      documents: Array.from({ length: 90 }, (_, n) => ({ id: `d${n}` })),
      mayPresent: Array(20_000).fill('a'),
    });
    expect(many?.agenda).toMatchObject({ at: -1 });
    expect(many?.agenda.items.length).toBe(AGENDA_MAX);
    expect(many?.documents.length).toBe(50);
    expect(many?.documents[0]).toEqual({ id: 'd0', title: 'd0', kind: '', bytes: 0, pages: 1 });
    expect(many?.mayPresent.length).toBe(10_000);
  });

  it('says whether an announcement is for a site', () => {
    expect(isFor({ text: 'a', at: 1, to: [] }, 'xa-1')).toBe(true);
    expect(isFor({ text: 'a', at: 1, to: ['xa-1'] }, 'xa-1')).toBe(true);
    expect(isFor({ text: 'a', at: 1, to: ['xa-1'] }, 'xa-2')).toBe(false);
  });

  it('says who may present', () => {
    expect(mayPresent('chair', 'a', FIRST_WORK)).toBe(true);
    expect(mayPresent('secretary', 'a', FIRST_WORK)).toBe(true);
    expect(mayPresent('operator', 'xa-2', WORK)).toBe(false);
    expect(mayPresent('site', 'xa-1', WORK)).toBe(false);
    expect(mayPresent('site', 'xa-2', WORK)).toBe(true);
    expect(mayPresent('observer', 'xa-2', WORK)).toBe(false);
  });

  it('says which vote is to be cast', () => {
    const ballot = { vote: 3, entitled: true, voted: false };
    expect(voteToCast(WORK, ballot)).toBe(VOTE);
    expect(voteToCast(WORK, NO_BALLOT)).toBeNull();
    expect(voteToCast(WORK, { ...ballot, voted: true })).toBeNull();
    expect(voteToCast(WORK, { ...ballot, entitled: false })).toBeNull();
    expect(voteToCast(WORK, { ...ballot, vote: 2 })).toBeNull(); // of the vote before
    expect(voteToCast({ ...WORK, vote: { ...VOTE, open: false } }, ballot)).toBeNull();
  });

  it('shares out in whole percent', () => {
    expect(shares([1, 2, 0])).toEqual([33, 67, 0]);
    expect(shares([0, 0])).toEqual([0, 0]);
  });
});

const line = (n: number, more: Partial<ChatLine> = {}): ChatLine => ({ n, at: n, site: 'a', name: 'A', to: 'all', text: `t${n}`, ...more });

describe('chat', () => {
  it('is read, line by line', () => {
    expect(readChat({ lines: [line(1), { ...line(2), to: 'x' }, { ...line(0) }, 7, line(3)] })?.map(({ n }) => n)).toEqual([1, 3]);
    expect(readChat({ lines: 'x' })).toBeNull();
    expect(readMessage('{"v":1,"type":"said","lines":[]}')).toEqual({ type: 'said', lines: [] });
  });

  it('has words without what steers or turns the writing, and no more of them than a line has', () => {
    const [read] = readChat({ lines: [{ ...line(1), name: '\u202egnaV\u2066', text: `\u0000\u001b[31m<b>${'đ'.repeat(10 * 1024)}` }] }) ?? [];
    expect(read?.name).toBe(' gnaV ');
    expect(read?.text.startsWith(' [31m<b>đ')).toBe(true);
    expect([...(read?.text ?? '')].length).toBeLessThanOrEqual(500);
    const [flags] = readChat({ lines: [line(1, { text: '👍'.repeat(600) })] }) ?? [];
    expect([...(flags?.text ?? '')].length).toBe(500); // none is cut in two
    expect(flags?.text.endsWith('👍')).toBe(true);
  });

  it('keeps each line once, in order, the last ones', () => {
    expect(withChat([line(2), line(3)], [line(1), line(3, { text: 'x' })]).map(({ n, text }) => `${n}${text}`)).toEqual(['1t1', '2t2', '3x']);
    const all = withChat([], Array.from({ length: CHAT_KEPT + 50 }, (_, n) => line(n + 1)));
    expect(all.length).toBe(CHAT_KEPT);
    expect(all[0]?.n).toBe(51);
  });

  it('counts what others have said since', () => {
    expect(unread([line(1), line(2), line(3, { site: 'me' }), line(4)], 1, 'me')).toBe(2);
  });
});

describe('ballot', () => {
  it('is read', () => {
    expect(readBallot({ vote: 3, entitled: true, voted: false })).toEqual({ vote: 3, entitled: true, voted: false });
    expect(readBallot({ vote: 0 })).toEqual(NO_BALLOT);
    expect(readBallot({})).toBeNull();
    expect(readBallot(null)).toBeNull();
  });
});

const mark = (site: string, status: RollMark['status'], more: Partial<RollMark> = {}): RollMark => ({ site, status, reason: '', byHand: false, at: 1, ...more });

describe('desk-work', () => {
  const desk = {
    roll: { open: true, since: 4, marks: [mark('xa-1', 'present')], tour: { on: true, paused: false, site: 'xa-1', patience: 8, done: 1, left: 3 } },
    votes: [{ ...VOTE, cast: [{ site: 'xa-1', choice: -1 }] }],
    aside: ['xa-9'],
  };

  it('is read as it is told', () => {
    const read = readDeskWork(desk);
    expect(read?.roll.tour).toEqual({ on: true, paused: false, site: 'xa-1', patience: 8, done: 1, left: 3 });
    expect(read?.votes).toEqual(desk.votes);
    expect(read?.roll.marks).toEqual(desk.roll.marks);
    expect(readMessage(JSON.stringify({ v: 1, type: 'desk-work', ...desk }))).toMatchObject({ type: 'desk-work', aside: ['xa-9'] });
  });

  it('is none without a roll', () => {
    expect(readDeskWork({ votes: [] })).toBeNull();
    expect(readDeskWork({ roll: {} })).toEqual({ roll: { open: false, since: 0, marks: [], tour: null }, votes: [], aside: [] });
  });

  it('leaves out marks and votes of no form', () => {
    const read = readDeskWork({ roll: { marks: [mark('a', 'present'), { site: 'b', status: 'asleep' }, { status: 'present' }] }, votes: [{ number: 1 }, 3] });
    expect(read?.roll.marks.map(({ site }) => site)).toEqual(['a']);
    expect(read?.votes).toEqual([]);
  });
});

describe('the roll call', () => {
  const invited = ['a', 'b', 'c'].map((site) => ({ site, name: `Xã ${site.toUpperCase()}`, level: 1, parent: '', phone: '', email: '', role: 'site' as const }));
  const rows = makeRows({ sites: [], invited, room: FIRST_ROOM, lines: new Map() });

  it('has a row for each mark, in the order of the list, the others last', () => {
    const table = rollRows(rows, [mark('x', 'lost'), mark('c', 'present'), mark('a', 'excused', { byHand: true, reason: 'ốm' })]);
    expect(table.map(({ site, name }) => `${site} ${name}`)).toEqual(['a Xã A', 'c Xã C', 'x x']);
    expect(table[0]).toMatchObject({ byHand: true, reason: 'ốm', status: 'excused' });
  });

  it('counts', () => {
    const counts = rollCounts([mark('a', 'present'), mark('b', 'no-sound'), mark('c', 'absent')]);
    expect(counts).toMatchObject({ all: 3, present: 1, 'no-sound': 1, absent: 1, lost: 0 });
    expect(rollPresent(counts)).toBe(2);
  });

  it('finds by status and by letters without marks', () => {
    const table = rollRows(rows, [mark('a', 'present'), mark('b', 'absent')]);
    expect(rollFound(table, 'absent', '').map(({ site }) => site)).toEqual(['b']);
    expect(rollFound(table, 'all', 'xa b').map(({ site }) => site)).toEqual(['b']);
  });
});
