// The messages of docs/protocol.md as types, and the reading of what the bridge sends. Nothing here
// knows a socket or a page. A message that does not have the promised form is not handed on: the
// rest of the code may trust its types.

export const SUBPROTOCOL = 'diemcau.1';
export const MESSAGE_MAX_BYTES = 64 * 1024;

export type Role = 'chair' | 'site' | 'observer';

export interface SiteInfo {
  id: string;
  name: string;
  role: Role;
  /** Its connection is up. */
  present: boolean;
  /** It went without a word. */
  lost: boolean;
  mic: boolean;
  camera: boolean;
  /** It has the floor. */
  floor: boolean;
}

/** Wanted of a camera, at most; all 0: none. */
export interface Picture {
  width: number;
  height: number;
  fps: number;
  kbps: number;
}

/** The scene of the meeting, or all sites at once. */
export type View = 'programme' | 'wall';

/** The lines of a picture that may be asked for. */
export type Height = 1080 | 720 | 360 | 180;

export type Quality = 0 | 1 | 2 | 3;

export interface LineInfo {
  quality: Quality;
  /** Lost packets, per mille. */
  loss: number;
  /** Round trip, ms. */
  rtt: number;
}

export type ClientMessage =
  | { type: 'join'; token: string; mic?: boolean; camera?: boolean }
  | { type: 'offer'; sdp: string }
  | { type: 'candidate'; candidate: string }
  | { type: 'media'; mic: boolean; camera: boolean }
  | { type: 'record'; on: boolean }
  | { type: 'watch'; view: View; height?: Height }
  | { type: 'floor'; site: string; on: boolean }
  | { type: 'leave' }
  | { type: 'ping' };

export interface Joined {
  type: 'joined';
  id?: number;
  meeting: { id: string; title: string };
  site: { id: string; name: string };
  role: Role;
  recording: boolean;
  sites: SiteInfo[];
  /** The meeting's clock, Unix time in ms. */
  now: number;
}

export type BridgeMessage =
  | Joined
  | { type: 'answer'; id?: number; sdp: string }
  | { type: 'ok'; id?: number }
  | { type: 'pong'; id?: number; now: number }
  | { type: 'error'; id?: number; code: string; message: string }
  /** Seats that are new or have changed, and ids of those that are no more. */
  | { type: 'sites'; sites: SiteInfo[]; gone: string[] }
  | ({ type: 'picture' } & Picture)
  | { type: 'recording'; on: boolean; code?: string; message?: string }
  | ({ type: 'line' } & LineInfo)
  | { type: 'connection'; state: 'connected' | 'failed'; code?: string }
  | { type: 'closed'; code: string; message: string };

/** What each request is answered by, `error` aside. */
export interface Answers {
  join: Joined;
  offer: Extract<BridgeMessage, { type: 'answer' }>;
  candidate: Extract<BridgeMessage, { type: 'ok' }>;
  media: Extract<BridgeMessage, { type: 'ok' }>;
  record: Extract<BridgeMessage, { type: 'ok' }>;
  watch: Extract<BridgeMessage, { type: 'ok' }>;
  floor: Extract<BridgeMessage, { type: 'ok' }>;
  leave: Extract<BridgeMessage, { type: 'ok' }>;
  ping: Extract<BridgeMessage, { type: 'pong' }>;
}

export const ANSWER_OF: { [T in ClientMessage['type']]: Answers[T]['type'] } = {
  join: 'joined',
  offer: 'answer',
  candidate: 'ok',
  media: 'ok',
  record: 'ok',
  watch: 'ok',
  floor: 'ok',
  leave: 'ok',
  ping: 'pong',
};

type Json = Record<string, unknown>;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isRole(value: unknown): value is Role {
  return value === 'chair' || value === 'site' || value === 'observer';
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}

function readSites(value: unknown): SiteInfo[] | null {
  if (!Array.isArray(value)) return null;
  const sites: SiteInfo[] = [];
  for (const one of value) {
    if (!isObject(one) || typeof one.id !== 'string' || typeof one.name !== 'string' || !isRole(one.role)) return null;
    sites.push({
      id: one.id,
      name: one.name,
      role: one.role,
      present: one.present === true,
      lost: one.lost === true,
      mic: one.mic === true,
      camera: one.camera === true,
      floor: one.floor === true,
    });
  }
  return sites;
}

function readNamed(value: unknown, name: 'title' | 'name'): [id: string, name: string] | null {
  if (!isObject(value) || typeof value.id !== 'string') return null;
  const text = value[name];
  return [value.id, typeof text === 'string' && text !== '' ? text : value.id];
}

function readJoined(json: Json): BridgeMessage | null {
  const meeting = readNamed(json.meeting, 'title');
  const site = readNamed(json.site, 'name');
  const sites = readSites(json.sites);
  if (!meeting || !site || !sites || !isRole(json.role) || !isTime(json.now)) return null;
  return {
    type: 'joined',
    meeting: { id: meeting[0], title: meeting[1] },
    site: { id: site[0], name: site[1] },
    role: json.role,
    recording: json.recording === true,
    sites,
    now: json.now,
  };
}

function readLine(json: Json): BridgeMessage | null {
  const { quality, loss, rtt } = json;
  if (quality !== 0 && quality !== 1 && quality !== 2 && quality !== 3) return null;
  return {
    type: 'line',
    quality,
    loss: typeof loss === 'number' && loss >= 0 ? loss : 0,
    rtt: typeof rtt === 'number' && rtt >= 0 ? rtt : 0,
  };
}

/** A size or a rate: whole, and not beyond what any camera has. */
function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 100_000;
}

function readPicture({ width, height, fps, kbps }: Json): BridgeMessage | null {
  if (!isAmount(width) || !isAmount(height) || !isAmount(fps) || !isAmount(kbps)) return null;
  return { type: 'picture', width, height, fps, kbps };
}

function readChanges(json: Json): BridgeMessage | null {
  const sites = readSites(json.sites);
  const { gone } = json;
  if (!sites || !Array.isArray(gone) || !gone.every((id) => typeof id === 'string')) return null;
  return { type: 'sites', sites, gone };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function readBody(json: Json): BridgeMessage | null {
  switch (json.type) {
    case 'joined':
      return readJoined(json);
    case 'answer':
      return typeof json.sdp === 'string' ? { type: 'answer', sdp: json.sdp } : null;
    case 'ok':
      return { type: 'ok' };
    case 'pong':
      return isTime(json.now) ? { type: 'pong', now: json.now } : null;
    case 'error':
      return typeof json.code === 'string' ? { type: 'error', code: json.code, message: text(json.message) } : null;
    case 'sites':
      return readChanges(json);
    case 'picture':
      return readPicture(json);
    case 'recording': {
      if (typeof json.on !== 'boolean') return null;
      const code = text(json.code);
      return code ? { type: 'recording', on: json.on, code, message: text(json.message) } : { type: 'recording', on: json.on };
    }
    case 'line':
      return readLine(json);
    case 'connection': {
      if (json.state !== 'connected' && json.state !== 'failed') return null;
      const code = text(json.code);
      return code ? { type: 'connection', state: json.state, code } : { type: 'connection', state: json.state };
    }
    case 'closed':
      return typeof json.code === 'string' ? { type: 'closed', code: json.code, message: text(json.message) } : null;
    default:
      return null;
  }
}

/** The message in `data`, or null where it is none of the protocol (to be ignored). */
export function readMessage(data: unknown): BridgeMessage | null {
  if (typeof data !== 'string') return null;
  let json: unknown;
  try {
    json = JSON.parse(data);
  } catch {
    return null;
  }
  if (!isObject(json) || json.v !== 1) return null;
  const message = readBody(json);
  if (message && typeof json.id === 'number' && Number.isInteger(json.id)) return { ...message, id: json.id } as BridgeMessage;
  return message;
}

export function writeMessage(message: ClientMessage, id: number): string {
  return JSON.stringify({ v: 1, id, ...message });
}
