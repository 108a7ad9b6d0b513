// What a page knows about its meeting, and how it changes: a pure function of what happened.
//
//   before ──start──▶ joining ──connected──▶ in ──lost──▶ reconnecting ──connected──▶ in
//   any ──over──▶ over (left, replaced, or a code that trying again cannot mend); over ──start──▶ joining

import type { BridgeMessage, Joined, LineInfo, Role, SiteInfo, View } from './messages';

export type Phase = 'before' | 'joining' | 'in' | 'reconnecting' | 'over';

export interface MeetingState {
  phase: Phase;
  /** Which try this is, from 1, while joining or reconnecting. */
  attempt: number;
  /** Why it is over: `left`, or a code of the protocol. */
  over: string | null;
  meeting: Joined['meeting'] | null;
  site: Joined['site'] | null;
  role: Role | null;
  recording: boolean;
  /** A recording that failed, a new object each time; null when the next one starts. */
  recordingError: { code: string } | null;
  /** In the order of their seats. */
  sites: SiteInfo[];
  /** What the picture shows. */
  view: View;
  /** A view that was not given, a new object each time; null when the next one is. */
  viewError: { code: string } | null;
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
  recording: false,
  recordingError: null,
  sites: [],
  view: 'programme',
  viewError: null,
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

function afterMessage(state: MeetingState, message: BridgeMessage, at: number): MeetingState {
  switch (message.type) {
    case 'joined': {
      const { meeting, site, role, recording, sites, now } = message;
      return { ...state, meeting, site, role, recording, sites: withChanges([], sites, []), clockOffset: now - at };
    }
    case 'sites':
      return { ...state, sites: withChanges(state.sites, message.sites, message.gone) };
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
      return { ...state, phase: 'joining', attempt: 1, over: null, recordingError: null, view: 'programme', viewError: null, line: null };
    case 'connected':
      return state.phase === 'over' ? state : { ...state, phase: 'in', attempt: 0 };
    case 'attempt':
      return { ...state, attempt: event.attempt };
    case 'lost':
      if (state.phase === 'in') return { ...state, phase: 'reconnecting', attempt: 1, line: null };
      return state;
    case 'over':
      return { ...state, phase: 'over', over: event.code, attempt: 0, line: null };
    case 'clock':
      return { ...state, clockOffset: event.now - event.at };
    case 'record-failed':
      return { ...state, recordingError: { code: event.code } };
    case 'view':
      return { ...state, view: event.view, viewError: null };
    case 'view-failed':
      return { ...state, view: event.view, viewError: { code: event.code } };
    case 'message':
      return afterMessage(state, event.message, event.at);
  }
}
