import { describe, expect, it } from 'vitest';
import { meetingOfHash, readToken, tokenOfHash } from '../lib/token';

const NOW = 1_800_000_000_000;
const part = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const GOOD = { iss: 'diemcau', meeting: 'giao-ban', site: 'dong-van', role: 'site', exp: NOW / 1000 + 60 };
const token = (claims: unknown) => `${part({ alg: 'HS256' })}.${part(claims)}.c2ln`;
const read = (claims: object) => readToken(token({ ...GOOD, ...claims }), NOW);

function claims(more: object) {
  const reading = read(more);
  if (!('claims' in reading)) throw new Error(reading.kind);
  return reading.claims;
}

describe('readToken', () => {
  it('reads names in Vietnamese', () => {
    expect(read({ title: 'Giao ban tháng 11', name: 'xã Đồng Văn' })).toEqual({
      kind: 'good',
      claims: {
        kind: 'seat',
        meeting: 'giao-ban',
        site: 'dong-van',
        role: 'site',
        expires: GOOD.exp,
        title: 'Giao ban tháng 11',
        name: 'xã Đồng Văn',
      },
    });
  });

  it('brings names to composed form, and without them shows the ids', () => {
    expect(claims({ name: 'xã Đồng Văn'.normalize('NFD') }).name).toBe('xã Đồng Văn');
    expect(claims({ name: 'e\u200e\u0301' }).name).toBe('é'); // a mark that something hidden kept from its letter
    expect(claims({})).toMatchObject({ title: 'giao-ban', name: 'dong-van' });
    expect(claims({ title: 7, name: ['x'] })).toMatchObject({ title: 'giao-ban', name: 'dong-van' });
    expect(claims({ title: ' \u0007 ' }).title).toBe('giao-ban');
  });

  it('takes out what disguises text, and cuts what is long by characters', () => {
    expect(claims({ name: 'a\u202eb\u2066c\n\u0000d\u200f' }).name).toBe('abcd');
    expect([...claims({ name: '𝒳'.repeat(100) }).name].length).toBe(64);
    expect(claims({ title: 'x'.repeat(2000) }).title.length).toBe(200);
    expect(claims({ name: '<img src=x onerror=alert(1)>' }).name).toBe('<img src=x onerror=alert(1)>'); // text, never markup
  });

  it('tells an expired one, with its names', () => {
    expect(read({ exp: NOW / 1000 - 1, title: 'Cũ' })).toMatchObject({ kind: 'expired', claims: { title: 'Cũ' } });
  });

  it('tells that there is none', () => expect(readToken('', NOW)).toEqual({ kind: 'none' }));

  it.each<[string, string]>([
    ['one part', 'abc'],
    ['two parts', 'a.b'],
    ['four parts', `${token(GOOD)}.x`],
    ['an empty part', `.${part(GOOD)}.x`],
    ['no base64', 'a.%%%.c'],
    ['a script', '"><script>.x.y'],
    ['no JSON', `a.${part('{')}.c`],
    ['bad UTF-8', `a.${Buffer.from([0x22, 0xff, 0x22]).toString('base64url')}.c`],
    ['null', token(null)],
    ['a list', token([GOOD])],
    ['a string', token('"x"')],
    ['a number', token(7)],
    ['deep nesting', token('['.repeat(2000))],
    ['another issuer', token({ ...GOOD, iss: 'x' })],
    ['no meeting', token({ ...GOOD, meeting: undefined })],
    ['a meeting with a slash', token({ ...GOOD, meeting: '../x' })],
    ['a long site', token({ ...GOOD, site: 'x'.repeat(65) })],
    ['an empty site', token({ ...GOOD, site: '' })],
    ['a site that is an object', token({ ...GOOD, site: { toString: 'x' } })],
    ['an unknown role', token({ ...GOOD, role: 'god' })],
    ['a role of Object', token({ ...GOOD, role: 'constructor' })],
    ['no expiry', token({ ...GOOD, exp: undefined })],
    ['an expiry in words', token({ ...GOOD, exp: 'never' })],
    ['an infinite expiry', token(JSON.stringify(GOOD).replace(/"exp":\d+/, '"exp":1e999'))],
    ['too long', token({ ...GOOD, pad: 'x'.repeat(5000) })],
  ])('refuses %s', (_, text) => expect(readToken(text, NOW)).toEqual({ kind: 'bad' }));
});

describe('tokenOfHash', () => {
  it.each([
    ['#a.b.c', 'a.b.c'],
    ['#', ''],
    ['', ''],
    ['# a ', 'a'],
  ])('%j', (hash, expected) => expect(tokenOfHash(hash)).toBe(expected));
});

describe('other links', () => {
  it('a site’s lasting one names no meeting, and the list says its role', () => {
    expect(claims({ meeting: undefined, role: undefined, name: 'xã Lũng Cú' })).toMatchObject({
      kind: 'site',
      meeting: '',
      site: 'dong-van',
      role: null,
      name: 'xã Lũng Cú',
    });
    expect(read({ meeting: undefined })).toEqual({ kind: 'bad' }); // a role without a meeting
    expect(read({ role: undefined })).toEqual({ kind: 'bad' }); // a meeting without a role
  });

  it('that of the administration has a role and nothing else', () => {
    expect(claims({ meeting: undefined, site: undefined, role: 'admin' })).toMatchObject({ kind: 'admin', site: '' });
    expect(read({ role: 'admin' })).toEqual({ kind: 'bad' });
  });

  it.each(['chair', 'secretary', 'operator', 'site', 'observer'])('may be of the role %s', (role) => expect(claims({ role }).role).toBe(role));

  it('may have a meeting behind it in the address', () => {
    expect(tokenOfHash('#a.b.c/giao-ban')).toBe('a.b.c');
    expect(meetingOfHash('#a.b.c/giao-ban')).toBe('giao-ban');
    expect(meetingOfHash('#a.b.c')).toBe('');
    expect(meetingOfHash('#a.b.c/<script>')).toBe('');
  });
});
