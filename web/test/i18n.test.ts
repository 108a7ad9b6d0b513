import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DICTIONARIES, translator } from '../ui/i18n';

const { vi, en } = DICTIONARIES;
const keys = Object.keys(vi);
const folder = new URL('../ui/', import.meta.url);
const source = readdirSync(folder, { recursive: true })
  .map(String)
  .filter((name) => /\.tsx?$/.test(name) && !name.startsWith('words-'))
  .map((name) => readFileSync(new URL(name, folder), 'utf8'))
  .join('\n')
  // What stands on the keys of a keyboard is the same in both.
  .replace(/<kbd[^>]*>[^<{]*<\/kbd>/g, '');

describe('the dictionaries', () => {
  it('have the same keys', () => expect(Object.keys(en).sort()).toEqual([...keys].sort()));

  it.each(keys)('%s: said in both, with the same places to fill', (key) => {
    const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
    const [one, other] = [vi[key as keyof typeof vi], en[key as keyof typeof en]];
    expect(one.trim()).not.toBe('');
    expect(other.trim()).not.toBe('');
    expect(places(one)).toEqual(places(other));
    expect(one).toBe(one.normalize('NFC'));
  });

  it.each(keys)('%s is used', (key) => expect(source.includes(`'${key}'`)).toBe(true));

  it('hold all that the page says', () => {
    // Text between tags, and labels given as text: letters that are no expression.
    const loose = [
      ...source.matchAll(/>\s*([A-Za-zÀ-ỹ][^<>{}=;()]*)<\//g),
      ...source.matchAll(/(?:aria-label|title|alt|placeholder)="([^"]+)"/g),
    ];
    expect(loose.map(([, text]) => text)).toEqual([]);
  });

  it('hold no key twice', () => {
    for (const name of ['words-vi.ts', 'words-en.ts']) {
      const found = [...readFileSync(new URL(name, folder), 'utf8').matchAll(/^ {2}'?([\w.-]+)'?:/gm)].map(([, key]) => key);
      expect(found.length).toBe(new Set(found).size);
      expect(found.length).toBe(keys.length);
    }
  });
});

describe('translator', () => {
  it('fills in', () => {
    expect(translator('vi')('meeting.reconnecting.again', { n: 2 })).toBe('Đang nối lại… (lần 2)');
    expect(translator('en')('sites.title', { present: 3, all: 9 })).toBe('Sites (3/9)');
  });

  it('takes values as they are, without reading them again', () => {
    expect(translator('en')('before.site', { name: '{name} $& $1' })).toBe('Site: {name} $& $1');
  });
});
