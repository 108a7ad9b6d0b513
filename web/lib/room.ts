// The meeting as the bridge tells it besides the list of sites: `state` for all, `desk` for those at
// the desk. Reading and the rules that follow from it; pure.

import { isObject } from './json';
import type { Role } from './messages';
import { readScene, SCENES_MAX, type Scene } from './scene';

export type Policy = 'open' | 'permission' | 'chair';

/** A raised hand, or a turn; Unix ms. */
export interface Since {
  site: string;
  since: number;
}

export interface RoomState {
  policy: Policy;
  selfUnmute: boolean;
  locked: boolean;
  banner: string;
  chair: string | null;
  /** `limit`: seconds, 0: none. */
  floor: (Since & { limit: number }) | null;
  /** First come first. */
  queue: Since[];
  /** Seconds; 0: none. */
  tour: number;
}

export interface DeskState {
  programme: Scene;
  preview: Scene | null;
  canUndo: boolean;
  layoutLocked: boolean;
  scenes: { name: string; scene: Scene }[];
  lobby: { site: string; name: string }[];
  keptOut: string[];
  /** The site in each pane of the programme, or "". */
  shown: string[];
}

export const BANNER_MAX_CHARS = 200;
export const FLOOR_MAX_S = 86_400;
export const EXCEPT_MAX = 256;

export const FIRST_ROOM: RoomState = {
  policy: 'open',
  selfUnmute: true,
  locked: false,
  banner: '',
  chair: null,
  floor: null,
  queue: [],
  tour: 0,
};

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function readSince(value: unknown): Since | null {
  if (!isObject(value) || typeof value.site !== 'string' || !isCount(value.since)) return null;
  return { site: value.site, since: value.since };
}

function all<T>(value: unknown, read: (one: unknown) => T | null): T[] | null {
  if (!Array.isArray(value)) return null;
  const list: T[] = [];
  for (const one of value) {
    const item = read(one);
    if (item === null) return null;
    list.push(item);
  }
  return list;
}

const asText = (value: unknown) => (typeof value === 'string' ? value : null);

/** null: not of the promised form. */
export function readRoom(value: unknown): RoomState | null {
  if (!isObject(value)) return null;
  const { policy, selfUnmute, locked, banner, chair, tour } = value;
  if (policy !== 'open' && policy !== 'permission' && policy !== 'chair') return null;
  const queue = all(value.queue, readSince);
  const turn = value.floor === null ? null : readSince(value.floor);
  if (!queue || (value.floor !== null && !turn) || !isCount(tour) || typeof banner !== 'string') return null;
  if (typeof selfUnmute !== 'boolean' || typeof locked !== 'boolean' || (chair !== null && typeof chair !== 'string')) return null;
  const limit = isObject(value.floor) && isCount(value.floor.limit) ? value.floor.limit : 0;
  return { policy, selfUnmute, locked, banner, chair, floor: turn && { ...turn, limit }, queue, tour };
}

export function readDesk(value: unknown): DeskState | null {
  if (!isObject(value)) return null;
  const programme = readScene(value.programme);
  const preview = value.preview === null ? null : readScene(value.preview);
  const scenes = all(value.scenes, (one) => {
    const scene = isObject(one) ? readScene(one.scene) : null;
    return isObject(one) && typeof one.name === 'string' && scene ? { name: one.name, scene } : null;
  });
  const lobby = all(value.lobby, (one) =>
    isObject(one) && typeof one.site === 'string' && typeof one.name === 'string' ? { site: one.site, name: one.name } : null,
  );
  const keptOut = all(value.keptOut, asText);
  const shown = all(value.shown, asText);
  if (!programme || (value.preview !== null && !preview) || !scenes || !lobby || !keptOut || !shown) return null;
  return {
    programme,
    preview,
    canUndo: value.canUndo === true,
    layoutLocked: value.layoutLocked === true,
    scenes: scenes.slice(0, SCENES_MAX),
    lobby,
    keptOut,
    shown,
  };
}

export function hasVoice(role: Role): boolean {
  return role === 'chair' || role === 'secretary' || role === 'site';
}

export function hasDesk(role: Role): boolean {
  return role === 'chair' || role === 'secretary' || role === 'operator';
}

/** Whether whoever was muted may open its own microphone. */
export function mayUnmute(role: Role, room: RoomState): boolean {
  if (role === 'chair') return true;
  if (room.policy === 'chair' || !hasVoice(role)) return false;
  return role === 'secretary' || (room.policy === 'open' && room.selfUnmute);
}

/** Of a turn: seconds that have gone and, with a limit, that are left (below 0: over it). */
export function turnTimes(turn: Since & { limit: number }, nowMs: number): { gone: number; left: number | null } {
  const gone = Math.max(0, Math.floor((nowMs - turn.since) / 1000));
  return { gone, left: turn.limit > 0 ? turn.limit - gone : null };
}

/** 65 → 01:05, 3725 → 1:02:05, −5 → −00:05 */
export function clockText(seconds: number): string {
  const whole = Math.abs(Math.trunc(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const rest = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return `${seconds < 0 ? '−' : ''}${hours > 0 ? `${hours}:` : ''}${rest}`;
}
