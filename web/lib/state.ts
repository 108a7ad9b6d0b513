// What a page knows about its meeting, and how it changes: a pure function of what happened.
//
//   before ──start──▶ joining ──connected──▶ in ──lost──▶ reconnecting ──connected──▶ in
//   joining, reconnecting ──waiting──▶ waiting (in the lobby) ──joined, lost──▶ joining
//   any ──over──▶ over (left, replaced, or a code that trying again cannot mend); over ──start──▶ joining

import type { BridgeMessage, Command, Joined, LineInfo, Quality, Role, SiteInfo, View } from './messages';
import { FIRST_WORK, NO_BALLOT, withChat, type Ballot, type ChatLine, type DeskWork, type Work } from './work';
import { FIRST_ROOM, hasDesk, type DeskState, type RoomState } from './room';

export type Phase = 'before' | 'joining' | 'waiting' | 'in' | 'reconnecting' | 'over';

export interface MeetingState {
  phase: Phase;
  /** Which try this is, from 1, while joining or reconnecting. */
  attempt: number;
  /** Why it is over: `left`, or a code of the protocol. */
  over: string | null;
  meeting: Joined['meeting'] | null;
  site: Joined['site'] | null;
  /** As it is now: the chair may change it. */
  role: Role | null;
  room: RoomState;
  /** For those at the desk. */
  desk: DeskState | null;
  /** Votes, agenda, documents and the rest of the meeting's work. */
  work: Work;
  /** For those at the desk. */
  deskWork: DeskWork | null;
  /** The last lines, in their order. */
  chat: ChatLine[];
  /** Of this site. */
  ballot: Ballot;
  /** Of the other sites, for those at the desk. */
  lines: ReadonlyMap<string, Quality>;
  recording: boolean;
  /** A recording that failed, a new object each time; null when the next one starts. */
  recordingError: { code: string } | null;
  /** In the order of their seats. */
  sites: SiteInfo[];
  /** What the picture shows. */
  view: View;
  /** A view that was not given, a new object each time; null when the next one is. */
  viewError: { code: string } | null;
  /** A command that was not obeyed, a new object each time. */
  commandError: { code: string; type: Command['type'] } | null;
  line: (LineInfo & { at: number }) | null;
  /** To be added to env.now() for the meeting's clock. */
  clockOffset: number | null;
}

export type MeetingEvent =
  | { type: 'start' }
  | { type: 'connected' }
  | { type: 'attempt'; attempt: number }
  | { type: 'lost' }
  | { type: 'over'; code: string }
  | { type: 'clock'; now: number; at: number }
  | { type: 'record-failed'; code: string }
  | { type: 'command-failed'; command: Command['type']; code: string }
  | { type: 'view'; view: View }
  | { type: 'view-failed'; view: View; code: string }
  | { type: 'message'; message: BridgeMessage; at: number };

export const initialState: MeetingState = {
  phase: 'before',
  attempt: 0,
  over: null,
  meeting: null,
  site: null,
  role: null,
  room: FIRST_ROOM,
  desk: null,
  work: FIRST_WORK,
  deskWork: null,
  chat: [],
  ballot: NO_BALLOT,
  lines: new Map(),
  recording: false,
  recordingError: null,
  sites: [],
  view: 'programme',
  viewError: null,
  commandError: null,
  line: null,
  clockOffset: null,
};

/** More than the largest meeting has; a bridge gone wrong shall not fill the page's memory. */
export const SITES_MAX = 5000;

/** Whoever is new stands behind the others. */
function withChanges(sites: SiteInfo[], changed: SiteInfo[], gone: string[]): SiteInfo[] {
  const left = new Set(gone);
  const seats = new Map(sites.filter(({ id }) => !left.has(id)).map((site) => [site.id, site]));
  for (const site of changed) {
    if (seats.has(site.id) || seats.size < SITES_MAX) seats.set(site.id, site);
  }
  return [...seats.values()];
}

/** What the list says of the own seat: its role, and so whether there is a desk. */
function withOwnRole(state: MeetingState, changed: readonly SiteInfo[]): MeetingState {
  const own = changed.find(({ id }) => id === state.site?.id);
  if (!own || own.role === state.role) return state;
  return { ...state, role: own.role, desk: hasDesk(own.role) ? state.desk : null, deskWork: hasDesk(own.role) ? state.deskWork : null };
}

function withLines(lines: ReadonlyMap<string, Quality>, changed: readonly { site: string; quality: Quality }[]): Map<string, Quality> {
  const next = new Map(lines);
  for (const { site, quality } of changed) {
    if (next.has(site) || next.size < SITES_MAX) next.set(site, quality);
  }
  return next;
}

function afterMessage(state: MeetingState, message: BridgeMessage, at: number): MeetingState {
  switch (message.type) {
    case 'waiting':
      return state.phase === 'over' ? state : { ...state, phase: 'waiting', attempt: 0 };
    case 'joined': {
      const { meeting, site, role, recording, sites, now, state: room, desk } = message;
      const { work = FIRST_WORK, chat = [], ballot = NO_BALLOT, deskWork = null } = message;
      const phase = state.phase === 'waiting' ? 'joining' : state.phase;
      const attempt = state.phase === 'waiting' ? 1 : state.attempt;
      const list = withChanges([], sites, []);
      const lines = new Map<string, Quality>();
      return { ...state, phase, attempt, meeting, site, role, recording, sites: list, room, desk: desk ?? null, work, chat: withChat([], chat), ballot, deskWork, lines, clockOffset: now - at };
    }
    case 'sites': {
      const next = { ...state, sites: withChanges(state.sites, message.sites, message.gone) };
      return withOwnRole(next, message.sites);
    }
    case 'state': {
      const { type: _, ...room } = message;
      return { ...state, room };
    }
    case 'desk': {
      const { type: _, ...desk } = message;
      return { ...state, desk };
    }
    case 'work': {
      const { type: _, ...work } = message;
      return { ...state, work };
    }
    case 'desk-work': {
      const { type: _, ...deskWork } = message;
      return { ...state, deskWork };
    }
    case 'said':
      return { ...state, chat: withChat(state.chat, message.lines) };
    case 'ballot': {
      const { type: _, ...ballot } = message;
      return { ...state, ballot };
    }
    case 'lines':
      return { ...state, lines: withLines(state.lines, message.lines) };
    case 'recording':
      return { ...state, recording: message.on, recordingError: message.code ? { code: message.code } : null };
    case 'line':
      return { ...state, line: { quality: message.quality, loss: message.loss, rtt: message.rtt, at } };
    default:
      return state;
  }
}

export function reduce(state: MeetingState, event: MeetingEvent): MeetingState {
  switch (event.type) {
    case 'start':
      return { ...state, phase: 'joining', attempt: 1, over: null, recordingError: null, view: 'programme', viewError: null, commandError: null, line: null };
    case 'connected':
      return state.phase === 'over' ? state : { ...state, phase: 'in', attempt: 0 };
    case 'attempt':
      return { ...state, attempt: event.attempt };
    case 'lost':
      if (state.phase === 'waiting') return { ...state, phase: 'joining', attempt: 1 };
      if (state.phase === 'in') return { ...state, phase: 'reconnecting', attempt: 1, line: null };
      return state;
    case 'over':
      return { ...state, phase: 'over', over: event.code, attempt: 0, line: null };
    case 'clock':
      return { ...state, clockOffset: event.now - event.at };
    case 'record-failed':
      return { ...state, recordingError: { code: event.code } };
    case 'command-failed':
      return { ...state, commandError: { code: event.code, type: event.command } };
    case 'view':
      return { ...state, view: event.view, viewError: null };
    case 'view-failed':
      return { ...state, view: event.view, viewError: { code: event.code } };
    case 'message':
      return afterMessage(state, event.message, event.at);
  }
}
