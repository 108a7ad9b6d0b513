// The messages of docs/protocol.md as types, and the reading of what the bridge sends. Nothing here
// knows a socket or a page. A message that does not have the promised form is not handed on: the
// rest of the code may trust its types.

import { isObject, type Json } from './json';
import { readDesk, readRoom, type DeskState, type Policy, type RoomState } from './room';
import type { Scene } from './scene';
import {
  readBallot,
  readChat,
  readDeskWork,
  readWork,
  type AgendaItem,
  type Ballot,
  type ChatLine,
  type DeskWork,
  type RollStatus,
  type Work,
} from './work';

export const SUBPROTOCOL = 'diemcau.1';
export const MESSAGE_MAX_BYTES = 64 * 1024;

export const ROLES = ['chair', 'secretary', 'operator', 'site', 'observer'] as const;
export type Role = (typeof ROLES)[number];

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
  /** It is not heard, by the chair's word or the policy. */
  silenced: boolean;
  /** Its microphone may be opened by the chair. */
  consent: boolean;
}

/** Wanted of a camera, at most; all 0: none. */
export interface Picture {
  width: number;
  height: number;
  fps: number;
  kbps: number;
}

/** The scene of the meeting, all sites at once, or what the desk prepares. */
export type View = 'programme' | 'wall' | 'preview';
export type Screen = 'wall' | 'preview';

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

export interface Join {
  type: 'join';
  token: string;
  mic?: boolean;
  camera?: boolean;
  /** Where the token names none. */
  meeting?: string;
  /** Which page or device this is. */
  client?: string;
  /** Another device of the site may be replaced. */
  replace?: boolean;
  screen?: Screen;
}

/** What leads the meeting. All are answered by `ok`. */
export type Command =
  | { type: 'hand'; on: boolean }
  | { type: 'consent'; on: boolean }
  | { type: 'lower'; site: string }
  | { type: 'queue'; site: string; to: number }
  | { type: 'floor'; site: string; on: boolean; seconds?: number }
  | { type: 'policy'; mic: Policy; selfUnmute?: boolean }
  | { type: 'silence'; site: string; on: boolean }
  | { type: 'silence-all'; on: boolean; except?: string[] }
  | { type: 'show'; scene: Scene }
  | { type: 'preview'; scene: Scene }
  | { type: 'take' }
  | { type: 'undo' }
  | { type: 'scene-save'; name: string; scene?: Scene }
  | { type: 'scene-drop'; name: string }
  | { type: 'layout-lock'; on: boolean }
  | { type: 'banner'; text: string }
  | { type: 'tour'; seconds: number }
  | { type: 'lock'; on: boolean }
  | { type: 'admit'; site: string; on: boolean }
  | { type: 'remove'; site: string; keepOut: boolean }
  | { type: 'let-in'; site: string }
  | { type: 'record'; on: boolean }
  | { type: 'role'; site: string; role: Exclude<Role, 'chair'> }
  | { type: 'hand-over'; site: string }
  | { type: 'end' }
  | WorkCommand;

/** The meeting's work. */
export type WorkCommand =
  | { type: 'chat'; to: 'all' | 'desk'; text: string }
  | { type: 'chat-open'; on: boolean }
  | { type: 'announce'; text: string; to?: string[] }
  | { type: 'vote-open'; question: string; choices: string[]; voters?: string[]; secret: boolean; quorum: number; seconds: number }
  | { type: 'vote'; vote: number; choice: number }
  | { type: 'vote-close' }
  | { type: 'vote-show'; vote: number; on: boolean }
  | { type: 'roll-open' }
  | { type: 'roll-mark'; site: string; status: RollStatus; reason?: string }
  | { type: 'roll-close' }
  | { type: 'calls'; do: 'start' | 'pause' | 'resume' | 'next' | 'back' | 'stop'; patience?: number }
  | { type: 'agenda'; items: AgendaItem[] }
  | { type: 'agenda-at'; item: number }
  | { type: 'document-show'; document: string; page?: number }
  | { type: 'document-remove'; document: string }
  | { type: 'let-present'; site: string; on: boolean }
  | { type: 'present'; on: boolean }
  | { type: 'aside'; site: string; on: boolean };

export type ClientMessage =
  | Join
  | { type: 'offer'; sdp: string }
  | { type: 'candidate'; candidate: string }
  | { type: 'media'; mic: boolean; camera: boolean }
  | { type: 'watch'; view: View; height?: Height }
  | { type: 'leave' }
  | { type: 'ping' }
  | Command;

export interface Joined {
  type: 'joined';
  id?: number;
  meeting: { id: string; title: string };
  site: { id: string; name: string };
  role: Role;
  recording: boolean;
  sites: SiteInfo[];
  state: RoomState;
  /** For those at the desk. */
  desk?: DeskState;
  work?: Work;
  chat?: ChatLine[];
  ballot?: Ballot;
  deskWork?: DeskWork;
  /** The meeting's clock, Unix time in ms. */
  now: number;
}

export type BridgeMessage =
  | Joined
  /** In the lobby: `joined` follows, or `closed`. */
  | { type: 'waiting'; id?: number }
  | ({ type: 'state' } & RoomState)
  | ({ type: 'desk' } & DeskState)
  | ({ type: 'work' } & Work)
  | ({ type: 'desk-work' } & DeskWork)
  | { type: 'said'; lines: ChatLine[] }
  | ({ type: 'ballot' } & Ballot)
  | { type: 'lines'; lines: { site: string; quality: Quality }[] }
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
export type Answers = { [T in Exclude<ClientMessage['type'], 'join' | 'offer' | 'ping'>]: Extract<BridgeMessage, { type: 'ok' }> } & {
  join: Joined;
  offer: Extract<BridgeMessage, { type: 'answer' }>;
  ping: Extract<BridgeMessage, { type: 'pong' }>;
};

/** All requests, each with the type that answers it. */
export const ANSWER_OF: { [T in ClientMessage['type']]: Answers[T]['type'] } = {
  join: 'joined',
  offer: 'answer',
  ping: 'pong',
  candidate: 'ok',
  media: 'ok',
  watch: 'ok',
  leave: 'ok',
  hand: 'ok',
  consent: 'ok',
  lower: 'ok',
  queue: 'ok',
  floor: 'ok',
  policy: 'ok',
  silence: 'ok',
  'silence-all': 'ok',
  show: 'ok',
  preview: 'ok',
  take: 'ok',
  undo: 'ok',
  'scene-save': 'ok',
  'scene-drop': 'ok',
  'layout-lock': 'ok',
  banner: 'ok',
  tour: 'ok',
  lock: 'ok',
  admit: 'ok',
  remove: 'ok',
  'let-in': 'ok',
  record: 'ok',
  role: 'ok',
  'hand-over': 'ok',
  end: 'ok',
  chat: 'ok',
  'chat-open': 'ok',
  announce: 'ok',
  'vote-open': 'ok',
  vote: 'ok',
  'vote-close': 'ok',
  'vote-show': 'ok',
  'roll-open': 'ok',
  'roll-mark': 'ok',
  'roll-close': 'ok',
  calls: 'ok',
  agenda: 'ok',
  'agenda-at': 'ok',
  'document-show': 'ok',
  'document-remove': 'ok',
  'let-present': 'ok',
  present: 'ok',
  aside: 'ok',
};

function isRole(value: unknown): value is Role {
  return (ROLES as readonly unknown[]).includes(value);
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
      silenced: one.silenced === true,
      consent: one.consent === true,
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
  const state = readRoom(json.state);
  const desk = json.desk === undefined ? undefined : readDesk(json.desk);
  const work = readWork(json.work);
  const chat = readChat(json.chat);
  const ballot = readBallot(json.ballot);
  const deskWork = readDeskWork(json.deskWork);
  if (!meeting || !site || !sites || !state || desk === null || !isRole(json.role) || !isTime(json.now)) return null;
  return {
    type: 'joined',
    meeting: { id: meeting[0], title: meeting[1] },
    site: { id: site[0], name: site[1] },
    role: json.role,
    recording: json.recording === true,
    sites,
    state,
    ...(desk ? { desk } : {}),
    ...(work ? { work } : {}),
    ...(chat ? { chat } : {}),
    ...(ballot ? { ballot } : {}),
    ...(deskWork ? { deskWork } : {}),
    now: json.now,
  };
}

function isQuality(value: unknown): value is Quality {
  return value === 0 || value === 1 || value === 2 || value === 3;
}

function readLines({ lines }: Json): BridgeMessage | null {
  if (!Array.isArray(lines)) return null;
  const read: { site: string; quality: Quality }[] = [];
  for (const line of lines) {
    if (!isObject(line) || typeof line.site !== 'string' || !isQuality(line.quality)) return null;
    read.push({ site: line.site, quality: line.quality });
  }
  return { type: 'lines', lines: read };
}

function readLine(json: Json): BridgeMessage | null {
  const { quality, loss, rtt } = json;
  if (!isQuality(quality)) return null;
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
    case 'waiting':
      return typeof json.id === 'number' ? { type: 'waiting' } : null;
    case 'state': {
      const room = readRoom(json);
      return room && { type: 'state', ...room };
    }
    case 'desk': {
      const desk = readDesk(json);
      return desk && { type: 'desk', ...desk };
    }
    case 'work': {
      const work = readWork(json);
      return work && { type: 'work', ...work };
    }
    case 'desk-work': {
      const work = readDeskWork(json);
      return work && { type: 'desk-work', ...work };
    }
    case 'said': {
      const lines = readChat(json);
      return lines && { type: 'said', lines };
    }
    case 'ballot': {
      const ballot = readBallot(json);
      return ballot && { type: 'ballot', ...ballot };
    }
    case 'lines':
      return readLines(json);
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
