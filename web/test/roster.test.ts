import { describe, expect, it } from 'vitest';
import type { SiteInfo } from '../lib/messages';
import type { Invited } from '../lib/rest';
import { FIRST_ROOM } from '../lib/room';
import { fold, makeLines, makeRows, type Filter } from '../lib/roster';

const seat = (id: string, more: Partial<SiteInfo> = {}): SiteInfo => ({
  id,
  name: `seat ${id}`,
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
const invited = (site: string, name: string, level: number, parent = ''): Invited => ({ site, name, level, parent, phone: '', email: '', role: 'site' });
const LIST = [invited('xa-1', 'xã Lũng Cú', 3, 'h-1'), invited('h-1', 'huyện Đồng Văn', 2, 'tinh'), invited('xa-2', 'xã Đường Âm', 3, 'h-1'), invited('tinh', 'Tỉnh', 1)];
const rows = makeRows({
  sites: [seat('guest'), seat('xa-1', { silenced: true }), seat('tinh'), seat('h-1', { present: false, lost: true })],
  invited: LIST,
  room: { ...FIRST_ROOM, queue: [{ site: 'tinh', since: 1 }, { site: 'xa-1', since: 2 }] },
  lines: new Map([['tinh', 3]]),
});
const told = (filter: Filter, search = '') => makeLines(rows, filter, search).map((line) => ('row' in line ? line.row.id : `${line.heading} ${line.present}/${line.all}`));

describe('the rows', () => {
  it('stand by level, with who is not there, and who came besides', () => {
    expect(rows.rows.map(({ id, state, hand }) => `${id} ${state} ${hand}`)).toEqual(['tinh present 1', 'h-1 lost 0', 'xa-1 present 2', 'xa-2 absent 0', 'guest present 0']);
    expect(rows.counts).toEqual({ all: 5, present: 3, hands: 2, muted: 1, lost: 1, absent: 1 });
    expect(rows.rows[0]?.quality).toBe(3);
  });

  it.each<[Filter, string[]]>([
    ['all', ['tinh', 'guest', 'Tỉnh 0/1', 'h-1', 'huyện Đồng Văn 1/2', 'xa-1', 'xa-2']],
    ['hands', ['tinh', 'huyện Đồng Văn 1/1', 'xa-1']],
    ['muted', ['huyện Đồng Văn 1/1', 'xa-1']],
    ['lost', ['Tỉnh 0/1', 'h-1']],
    ['absent', ['huyện Đồng Văn 0/1', 'xa-2']],
  ])('%s', (filter, wanted) => expect(told(filter)).toEqual(wanted));

  it.each([
    ['dong van', ['Tỉnh 0/1', 'h-1']],
    ['DUONG', ['huyện Đồng Văn 0/1', 'xa-2']],
    ['cu lung', ['huyện Đồng Văn 1/1', 'xa-1']],
    ['xa-2', ['huyện Đồng Văn 0/1', 'xa-2']],
    ['nowhere', []],
  ])('are found by %s', (search, wanted) => expect(told('all', search)).toEqual(wanted));

  it('are made of thousands within a frame or two', () => {
    const many = Array.from({ length: 5000 }, (_, n) => invited(`s${n}`, `xã Số ${n}`, 1 + (n % 3), n > 3 ? `s${n % 3}` : ''));
    const sites = many.map(({ site }) => seat(site));
    const make = () => makeLines(makeRows({ sites, invited: many, room: FIRST_ROOM, lines: new Map() }), 'all', 'so');
    expect(make().filter((line) => 'row' in line).length).toBe(5000);
  });
});

describe('fold', () => {
  it.each([
    ['Đồng Văn', 'dong van'],
    ['xã Đường Âm'.normalize('NFD'), 'xa duong am'],
    ['ƯỢNG', 'uong'],
  ])('%s: %s', (name, plain) => expect(fold(name)).toBe(plain));
});
