// The bridge's REST API, for pages: who may call what is said by the token. Answers are read as a
// stranger's text, like messages. No DOM: `fetch` is given from outside.

import { isObject, type Json } from './json';
import { ROLES, type Role } from './messages';
import type { Layout, LayoutPane } from './scene';
import { DOCUMENT_MAX_BYTES, readDocument, type MeetingDocument } from './work';

export interface MeetingInfo {
  id: string;
  title: string;
  /** Unix ms; 0: for no time. */
  planned: number;
  invited: number;
  present: number;
  running: boolean;
  /** Of the site that asked for its own meetings; null: not told. */
  role: Role | null;
}

export interface Invited {
  site: string;
  name: string;
  /** 1: the highest. */
  level: number;
  /** Code of the one above, or "". */
  parent: string;
  phone: string;
  email: string;
  role: Role;
}

export interface SiteLink {
  site: string;
  name: string;
  level: number;
  parent: string;
  role: Role;
  url: string;
}

/** Of an import that was refused; `line` counts from 1, the header. */
export interface RosterFault {
  line: number;
  message: string;
  messageVi: string;
}

/** `code`: the bridge's, or `http-STATUS`, `unreachable`, `bad-answer`. */
export class RestError extends Error {
  constructor(
    readonly code: string,
    readonly status = 0,
    readonly faults: RosterFault[] = [],
  ) {
    super(code);
    this.name = 'RestError';
  }
}

export const ROSTER_MAX_BYTES = 2 * 1024 * 1024;

type Fetch = (url: string, init: { method: string; headers: Record<string, string>; body?: string | Blob; signal?: AbortSignal }) => Promise<Response>;

/** Sends a body and tells how much of it has gone, 0 to 1, which fetch cannot. Rejects when nobody answers. */
export type Upload = (
  url: string,
  headers: Record<string, string>,
  body: Blob,
  onSent: (share: number) => void,
) => Promise<{ status: number; text: string }>;

export type MinutesKind = 'json' | 'csv' | 'pdf';

/** Types of documents by the end of their names: what a file says of itself is not the same everywhere. */
const DOCUMENT_TYPES = new Map([
  ['pdf', 'application/pdf'],
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
]);

/** null: no document that the bridge takes. */
export function documentType(name: string): string | null {
  return DOCUMENT_TYPES.get(/\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '') ?? null;
}

const text = (value: unknown) => (typeof value === 'string' ? value : '');
const count = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0);
const knownRole = (value: unknown): Role | null => ((ROLES as readonly unknown[]).includes(value) ? (value as Role) : null);
const roleOf = (value: unknown): Role => knownRole(value) ?? 'site';

function list<T>(value: unknown, read: (one: Json) => T | null): T[] {
  if (!Array.isArray(value)) throw new RestError('bad-answer');
  return value.filter(isObject).map(read).filter((one): one is T => one !== null);
}

function readMeeting(one: Json): MeetingInfo | null {
  if (text(one.id) === '') return null;
  return {
    id: text(one.id),
    title: text(one.title) || text(one.id),
    planned: count(one.planned),
    invited: count(one.invited),
    present: count(one.present),
    running: one.running === true || count(one.present) > 0,
    role: knownRole(one.role),
  };
}

function readInvited(one: Json): Invited | null {
  const site = text(one.site);
  if (site === '') return null;
  return {
    site,
    name: text(one.name) || site,
    level: Math.max(1, Math.floor(count(one.level)) || 1),
    parent: text(one.parent),
    phone: text(one.phone),
    email: text(one.email),
    role: roleOf(one.role),
  };
}

function readLink(one: Json): SiteLink | null {
  const invited = readInvited(one);
  const url = text(one.url);
  // Drawn as a link: nothing but an address of a page.
  if (!invited || !/^https?:\/\//.test(url)) return null;
  const { site, name, level, parent, role } = invited;
  return { site, name, level, parent, role, url };
}

function readPane(one: Json): LayoutPane | null {
  const places = [one.x, one.y, one.w, one.h];
  if (!places.every((place) => typeof place === 'number' && place >= 0 && place <= 1)) return null;
  const [x, y, w, h] = places as [number, number, number, number];
  return { x, y, w, h, show: text(one.show) || 'auto' };
}

function readLayout(one: Json): Layout | null {
  const name = text(one.name);
  if (name === '') return null;
  const title = text(one.title) || name;
  return { name, title, titleVi: text(one.titleVi) || title, speaker: one.speaker === true, panes: list(one.panes ?? [], readPane) };
}

function readFaults(json: unknown): RosterFault[] {
  if (!isObject(json) || !Array.isArray(json.errors)) return [];
  return list(json.errors, (one) => ({ line: count(one.line), message: text(one.message), messageVi: text(one.messageVi) || text(one.message) }));
}

export interface Plan {
  title: string;
  id?: string;
  planned?: number;
}

export class Rest {
  /** `base`: address of the bridge's page, with its last `/`. */
  constructor(
    private readonly fetch: Fetch,
    private readonly base: string,
    private readonly token: string,
  ) {}

  async layouts(): Promise<Layout[]> {
    const json = await this.get('api/layouts');
    return list(json.layouts, readLayout);
  }

  /** Of a site's lasting link: what it is invited to. */
  async mine(): Promise<MeetingInfo[]> {
    const json = await this.ask('GET', 'api/me/meetings');
    return list(isObject(json) ? json.meetings : json, readMeeting);
  }

  async meetings(): Promise<MeetingInfo[]> {
    return list((await this.get('api/meetings')).meetings, readMeeting);
  }

  make(plan: Plan): Promise<MeetingInfo> {
    return this.made('POST', 'api/meetings', plan);
  }

  copy(id: string, plan: Plan): Promise<MeetingInfo> {
    return this.made('POST', `${this.of(id)}/copy`, plan);
  }

  async change(id: string, change: { title?: string; planned?: number }): Promise<void> {
    await this.ask('PATCH', this.of(id), change);
  }

  async end(id: string): Promise<void> {
    await this.ask('POST', `${this.of(id)}/end`);
  }

  async roster(id: string): Promise<Invited[]> {
    return list((await this.get(`${this.of(id)}/roster`)).sites, readInvited);
  }

  /** A whole list as CSV; resolves with the number of sites. Refused: RestError with its `faults`. */
  async setRoster(id: string, csv: Blob): Promise<number> {
    if (csv.size > ROSTER_MAX_BYTES) throw new RestError('too-large');
    const json = await this.ask('PUT', `${this.of(id)}/roster`, csv);
    return isObject(json) ? count(json.sites) : 0;
  }

  async links(id: string): Promise<SiteLink[]> {
    return list((await this.get(`${this.of(id)}/links`)).links, readLink);
  }

  /** `name`: of the file. Refused: RestError `too-large`, `bad-type` (not sent), or what the bridge says. */
  async addDocument(id: string, title: string, name: string, body: Blob, upload: Upload, onSent: (share: number) => void): Promise<MeetingDocument> {
    const type = documentType(name);
    if (type === null) throw new RestError('bad-type');
    if (body.size > DOCUMENT_MAX_BYTES) throw new RestError('too-large');
    const url = `${this.base}${this.of(id)}/documents?title=${encodeURIComponent(title)}`;
    let answer: { status: number; text: string };
    try {
      answer = await upload(url, { ...this.headers(), 'content-type': type }, body, onSent);
    } catch {
      throw new RestError('unreachable');
    }
    const made = readDocument(readAnswer(answer.status, answer.text));
    if (!made) throw new RestError('bad-answer');
    return made;
  }

  /** A picture of one page. */
  page(id: string, document: string, page: number, signal?: AbortSignal): Promise<Blob> {
    return this.blob(`${this.of(id)}/documents/${encodeURIComponent(document)}/pages/${page}`, signal);
  }

  minutes(id: string, kind: MinutesKind): Promise<Blob> {
    return this.blob(`${this.of(id)}/minutes.${kind}`);
  }

  private of(id: string): string {
    return `api/meetings/${encodeURIComponent(id)}`;
  }

  private async made(method: string, path: string, plan: Plan): Promise<MeetingInfo> {
    const json = await this.ask(method, path, plan);
    const meeting = isObject(json) ? readMeeting(json) : null;
    if (!meeting) throw new RestError('bad-answer');
    return meeting;
  }

  private async get(path: string): Promise<Json> {
    const json = await this.ask('GET', path);
    if (!isObject(json)) throw new RestError('bad-answer');
    return json;
  }

  private headers(): Record<string, string> {
    return this.token ? { authorization: `Bearer ${this.token}` } : {};
  }

  private async blob(path: string, signal?: AbortSignal): Promise<Blob> {
    const response = await this.send(path, { method: 'GET', headers: this.headers(), ...(signal ? { signal } : {}) });
    if (response.ok) return response.blob();
    throw failure(response.status, await response.text().catch(() => ''));
  }

  private async ask(method: string, path: string, body?: object | Blob): Promise<unknown> {
    const csv = typeof Blob !== 'undefined' && body instanceof Blob;
    const headers = this.headers();
    if (body) headers['content-type'] = csv ? 'text/csv; charset=utf-8' : 'application/json';
    const response = await this.send(path, { method, headers, ...(body ? { body: csv ? body : JSON.stringify(body) } : {}) });
    return readAnswer(response.status, await response.text().catch(() => ''));
  }

  private async send(path: string, init: Parameters<Fetch>[1]): Promise<Response> {
    try {
      return await this.fetch(this.base + path, init);
    } catch {
      throw new RestError('unreachable');
    }
  }
}

function failure(status: number, answer: string): RestError {
  let json: unknown = null;
  try {
    json = JSON.parse(answer);
  } catch {
    // a line of text, or what somebody between has put there
  }
  const code = isObject(json) ? text(json.code) : (/^([a-z]+(?:-[a-z]+)*): /.exec(answer)?.[1] ?? '');
  return new RestError(code || `http-${status}`, status, readFaults(json));
}

function readAnswer(status: number, answer: string): unknown {
  if (status < 200 || status > 299) throw failure(status, answer);
  try {
    return answer === '' ? null : JSON.parse(answer);
  } catch {
    throw new RestError('bad-answer', status);
  }
}
