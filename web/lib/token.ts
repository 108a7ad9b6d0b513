// Reads what a link's token claims, to show names before anybody is asked. Nothing is verified here:
// the bridge does that. So every value is taken as a stranger's text: bounded, and without characters
// that could disguise it.

import { ROLES, type Role } from './messages';

/** One seat of one meeting; a site, whatever it is invited to; everything. */
export type TokenKind = 'seat' | 'site' | 'admin';

export interface Claims {
  kind: TokenKind;
  /** "" where the token names none. */
  meeting: string;
  /** "" for `admin`. */
  site: string;
  /** null: the meeting's list decides. */
  role: Role | null;
  /** Unix time, seconds. */
  expires: number;
  title: string;
  name: string;
}

export type TokenReading = { kind: 'none' } | { kind: 'bad' } | { kind: 'expired'; claims: Claims } | { kind: 'good'; claims: Claims };

const TOKEN_MAX_CHARS = 4096;
const ID = /^[A-Za-z0-9._-]{1,64}$/;
const TITLE_MAX_CHARS = 200;
const NAME_MAX_CHARS = 64;
// Control, line-separating and bidirectional formatting characters, and lone surrogates.
const UNWANTED = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

function decodePart(part: string): unknown {
  const base64 = part.replace(/-/g, '+').replace(/_/g, '/');
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
}

function clean(value: unknown, maxChars: number): string {
  if (typeof value !== 'string') return '';
  return [...value.replace(UNWANTED, '').normalize('NFC').trim()].slice(0, maxChars).join('');
}

function readClaims(token: string): Claims | null {
  const parts = token.split('.');
  if (token.length > TOKEN_MAX_CHARS || parts.length !== 3 || !parts.every((part) => /^[A-Za-z0-9_-]+$/.test(part))) return null;
  let claims: unknown;
  try {
    claims = decodePart(parts[1] as string);
  } catch {
    return null;
  }
  if (typeof claims !== 'object' || claims === null) return null;
  const { iss, meeting, site, role, exp, title, name } = claims as Record<string, unknown>;
  if (iss !== 'diemcau' || typeof exp !== 'number' || !Number.isFinite(exp)) return null;
  if (role === 'admin') {
    const bare = meeting === undefined && site === undefined;
    return bare ? { kind: 'admin', meeting: '', site: '', role: null, expires: exp, title: '', name: '' } : null;
  }
  if (typeof site !== 'string' || !ID.test(site)) return null;
  const named = clean(name, NAME_MAX_CHARS) || site;
  if (meeting === undefined) {
    return role === undefined ? { kind: 'site', meeting: '', site, role: null, expires: exp, title: '', name: named } : null;
  }
  if (typeof meeting !== 'string' || !ID.test(meeting) || !(ROLES as readonly unknown[]).includes(role)) return null;
  return { kind: 'seat', meeting, site, role: role as Role, expires: exp, title: clean(title, TITLE_MAX_CHARS) || meeting, name: named };
}

/** `nowMs`: this machine's clock. It may be wrong: let people try an expired link all the same, the
 * bridge decides. */
export function readToken(token: string, nowMs: number): TokenReading {
  if (token === '') return { kind: 'none' };
  const claims = readClaims(token);
  if (!claims) return { kind: 'bad' };
  return { kind: claims.expires * 1000 < nowMs ? 'expired' : 'good', claims };
}

/** The token in a page's address (`location.hash`). */
export function tokenOfHash(hash: string): string {
  return hash.replace(/^#/, '').trim().split('/')[0] as string;
}

/** The meeting named behind the token, for a link that names none itself: `#TOKEN/MEETING`. "": none. */
export function meetingOfHash(hash: string): string {
  const meeting = hash.trim().split('/')[1] ?? '';
  return ID.test(meeting) ? meeting : '';
}
