// The meeting's work as the bridge tells it: `work` for all, `desk-work` for those at the desk, `said` and `ballot`.
// Reading, and the few rules that follow from it; pure.

import { isObject, type Json } from './json';
import type { Role } from './messages';

export const ROLL_STATUSES = ['uncalled', 'present', 'no-picture', 'no-sound', 'lost', 'absent', 'excused'] as const;
export type RollStatus = (typeof ROLL_STATUSES)[number];

export const CHAT_MAX_CHARS = 500;
export const ANNOUNCE_MAX_CHARS = 200;
export const ANNOUNCE_TO_MAX = 256;
export const QUESTION_MAX_CHARS = 200;
export const CHOICE_MAX_CHARS = 80;
export const CHOICES_MAX = 10;
export const REASON_MAX_CHARS = 200;
export const AGENDA_MAX = 50;
export const AGENDA_TITLE_MAX_CHARS = 200;
export const AGENDA_WHO_MAX_CHARS = 128;
export const AGENDA_MINUTES_MAX = 1440;
export const VOTE_MAX_S = 86_400;
export const DOCUMENTS_MAX = 50;
export const DOCUMENT_MAX_BYTES = 20 * 1024 * 1024;
export const PATIENCE_S = 8;
export const PATIENCE_MIN_S = 2;
export const PATIENCE_MAX_S = 60;
/** Votes that a page keeps, the last ones; and marks or ids of one list. */
const VOTES_KEPT = 100;
const LIST_MAX = 10_000;
/** Lines that a page keeps: more than the bridge tells anybody who comes. */
export const CHAT_KEPT = 300;

export interface Vote {
  number: number;
  question: string;
  choices: string[];
  secret: boolean;
  /** Percent of the entitled; 0: none. */
  quorum: number;
  /** Unix ms; 0: no limit. */
  until: number;
  open: boolean;
  voted: number;
  entitled: number;
  /** Of each choice; null while it is open. */
  counts: number[] | null;
  quorate: boolean | null;
  /** The result stands in the picture. */
  shown: boolean;
}

export interface AgendaItem {
  title: string;
  minutes: number;
  who: string;
}

export interface MeetingDocument {
  id: string;
  title: string;
  kind: string;
  bytes: number;
  pages: number;
}

export interface Work {
  chatOpen: boolean;
  /** `to`: ids; empty: all. */
  announcement: { text: string; at: number; to: string[] } | null;
  vote: Vote | null;
  agenda: { items: AgendaItem[]; at: number; since: number };
  documents: MeetingDocument[];
  document: { id: string; page: number } | null;
  presenter: string | null;
  mayPresent: string[];
  /** Whose turn it is in the spoken roll call. */
  called: string | null;
  aside: string[];
}

export interface ChatLine {
  n: number;
  at: number;
  site: string;
  name: string;
  to: 'all' | 'desk';
  text: string;
}

export interface Ballot {
  /** Number of the vote it is of; 0: none. */
  vote: number;
  entitled: boolean;
  voted: boolean;
}

export interface RollMark {
  site: string;
  status: RollStatus;
  reason: string;
  byHand: boolean;
  at: number;
}

export interface Tour {
  on: true;
  paused: boolean;
  site: string;
  patience: number;
  done: number;
  left: number;
}

/** `choice` -1: secret, it has voted. */
export type DeskVote = Vote & { cast: { site: string; choice: number }[] };

export interface DeskWork {
  roll: { open: boolean; since: number; marks: RollMark[]; tour: Tour | null };
  votes: DeskVote[];
  aside: string[];
}

export const FIRST_WORK: Work = {
  chatOpen: true,
  announcement: null,
  vote: null,
  agenda: { items: [], at: -1, since: 0 },
  documents: [],
  document: null,
  presenter: null,
  mayPresent: [],
  called: null,
  aside: [],
};

export const NO_BALLOT: Ballot = { vote: 0, entitled: false, voted: false };

/** What steers a terminal, or turns the writing of what stands beside it. */
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/g;
const TEXT_MAX = 500; // characters; no text of the meeting's work is longer

/** Somebody's words in one line: the bridge has cut and cleaned them, and the page does not rely on it. */
function text(value: unknown): string {
  if (typeof value !== 'string') return '';
  const cut = value.length > TEXT_MAX ? [...value.slice(0, 2 * TEXT_MAX)].slice(0, TEXT_MAX).join('') : value;
  return cut.replace(UNSEEN, ' ');
}
const count = (value: unknown) => (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0);
const texts = (value: unknown) => (Array.isArray(value) ? value.slice(0, LIST_MAX).filter((one): one is string => typeof one === 'string').map(text) : []);
const idOrNull = (value: unknown) => text(value) || null;

function list<T>(value: unknown, read: (one: Json) => T | null): T[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, LIST_MAX).filter(isObject).map(read).filter((one): one is T => one !== null);
}

function readVote(value: unknown): Vote | null {
  if (!isObject(value) || count(value.number) === 0) return null;
  const choices = texts(value.choices);
  const counts = Array.isArray(value.counts) ? value.counts.map(count) : null;
  if (choices.length < 2 || choices.length > CHOICES_MAX || (counts && counts.length !== choices.length)) return null;
  return {
    number: count(value.number),
    question: text(value.question),
    choices,
    secret: value.secret === true,
    quorum: Math.min(100, count(value.quorum)),
    until: count(value.until),
    open: value.open === true,
    voted: count(value.voted),
    entitled: count(value.entitled),
    counts,
    quorate: typeof value.quorate === 'boolean' ? value.quorate : null,
    shown: value.shown === true,
  };
}

function readAgenda(value: unknown): Work['agenda'] {
  if (!isObject(value)) return FIRST_WORK.agenda;
  const items = list(value.items, (one) => (text(one.title) ? { title: text(one.title), minutes: count(one.minutes), who: text(one.who) } : null));
  const at = typeof value.at === 'number' && Number.isInteger(value.at) && value.at >= 0 && value.at < Math.min(items.length, AGENDA_MAX) ? value.at : -1;
  return { items: items.slice(0, AGENDA_MAX), at, since: count(value.since) };
}

/** null: not of the promised form. */
export function readDocument(value: unknown): MeetingDocument | null {
  if (!isObject(value) || text(value.id) === '') return null;
  const { id, title, kind, bytes, pages } = value;
  return { id: text(id), title: text(title) || text(id), kind: text(kind), bytes: count(bytes), pages: Math.max(1, count(pages)) };
}

/** null: not of the promised form. */
export function readWork(value: unknown): Work | null {
  if (!isObject(value) || typeof value.chatOpen !== 'boolean') return null;
  const { announcement, document } = value;
  return {
    chatOpen: value.chatOpen,
    announcement: isObject(announcement) && text(announcement.text) ? { text: text(announcement.text), at: count(announcement.at), to: texts(announcement.to) } : null,
    vote: readVote(value.vote),
    agenda: readAgenda(value.agenda),
    documents: list(value.documents, readDocument).slice(0, DOCUMENTS_MAX),
    document: isObject(document) && text(document.id) ? { id: text(document.id), page: Math.max(1, count(document.page)) } : null,
    presenter: idOrNull(value.presenter),
    mayPresent: texts(value.mayPresent),
    called: idOrNull(value.called),
    aside: texts(value.aside),
  };
}

export function readChat(value: unknown): ChatLine[] | null {
  if (!isObject(value) || !Array.isArray(value.lines)) return null;
  return list(value.lines, (one) =>
    count(one.n) > 0 && (one.to === 'all' || one.to === 'desk')
      ? { n: count(one.n), at: count(one.at), site: text(one.site), name: text(one.name), to: one.to, text: text(one.text) }
      : null,
  );
}

export function readBallot(value: unknown): Ballot | null {
  return isObject(value) && typeof value.vote === 'number' ? { vote: count(value.vote), entitled: value.entitled === true, voted: value.voted === true } : null;
}

function readMark(one: Json): RollMark | null {
  const status = ROLL_STATUSES.find((known) => known === one.status);
  return status && text(one.site) ? { site: text(one.site), status, reason: text(one.reason), byHand: one.byHand === true, at: count(one.at) } : null;
}

export function readDeskWork(value: unknown): DeskWork | null {
  if (!isObject(value) || !isObject(value.roll)) return null;
  const { roll } = value;
  const { tour } = roll;
  return {
    roll: {
      open: roll.open === true,
      since: count(roll.since),
      marks: list(roll.marks, readMark),
      tour: isObject(tour) && tour.on === true ? { on: true, paused: tour.paused === true, site: text(tour.site), patience: count(tour.patience), done: count(tour.done), left: count(tour.left) } : null,
    },
    votes: list(Array.isArray(value.votes) ? value.votes.slice(-VOTES_KEPT) : [], (one) => {
      const vote = readVote(one);
      const cast = list(one.cast, (each) => (text(each.site) && Number.isInteger(each.choice) ? { site: text(each.site), choice: each.choice as number } : null));
      return vote && { ...vote, cast };
    }),
    aside: texts(value.aside),
  };
}

/** Lines in the order of their numbers, each once; the last ones. */
export function withChat(lines: readonly ChatLine[], added: readonly ChatLine[]): ChatLine[] {
  const all = new Map(lines.map((line) => [line.n, line]));
  for (const line of added) all.set(line.n, line);
  return [...all.values()].sort((a, b) => a.n - b.n).slice(-CHAT_KEPT);
}

/** Whether `site` is one of those an announcement is for. */
export function isFor(announcement: NonNullable<Work['announcement']>, site: string): boolean {
  return announcement.to.length === 0 || announcement.to.includes(site);
}

/** Whole percent of each count, of all that were given. */
export function shares(counts: readonly number[]): number[] {
  const all = counts.reduce((sum, one) => sum + one, 0);
  return counts.map((one) => (all === 0 ? 0 : Math.round((100 * one) / all)));
}

/** Whether `site` may show its screen: who leads always, others when they are let. */
export function mayPresent(role: Role | null, site: string, work: Work): boolean {
  return role === 'chair' || role === 'secretary' || (role === 'site' && work.mayPresent.includes(site));
}

/** The vote that `site` has still to give its voice in, or null. */
export function voteToCast(work: Work, ballot: Ballot): Vote | null {
  const { vote } = work;
  return vote?.open && ballot.vote === vote.number && ballot.entitled && !ballot.voted ? vote : null;
}

/** Lines after number `n` that somebody else has said. */
export function unread(lines: readonly ChatLine[], n: number, own: string): number {
  return lines.filter((line) => line.n > n && line.site !== own).length;
}
