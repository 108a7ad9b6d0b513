// What may be done with one site, for the menu of its row and of its tile. Plain data: the page of the
// wall shows it too, and has the desk do it.

import type { Command, Role, SiteInfo } from '../../lib/messages';
import { hasVoice, type RoomState } from '../../lib/room';
import type { Key } from '../i18n';

export interface MenuContext {
  /** Of whoever works the desk. */
  role: Role;
  own: string;
  room: RoomState;
  /** Panes of the preview, by number; 0: its layout has none of its own. */
  panes: number;
  /** Sites that may present, and that are in the side room. */
  mayPresent: readonly string[];
  aside: readonly string[];
}

export type MenuAction = { command: Command; confirm?: 'hand-over' | 'remove' | 'keep-out' } | { pane: number };

export interface MenuItem {
  id: string;
  words: Key;
  values?: Record<string, string | number>;
  action: MenuAction;
}

/** Items that stand in one line, under a heading. */
export interface MenuGroup {
  id: string;
  heading: Key | null;
  items: MenuItem[];
}

const MINUTES = [1, 3, 5, 10];
const ROLES = [
  { role: 'secretary', words: 'menu.role.secretary' },
  { role: 'operator', words: 'menu.role.operator' },
  { role: 'site', words: 'menu.role.site' },
] as const;

function speaking(site: string, seat: SiteInfo | null, context: MenuContext): MenuGroup[] {
  if (!seat || !hasVoice(seat.role)) return [];
  const items: MenuItem[] = [];
  const groups: MenuGroup[] = [];
  if (seat.floor) {
    items.push({ id: 'floor-off', words: 'menu.floor.off', action: { command: { type: 'floor', site, on: false } } });
  } else {
    items.push({ id: 'floor', words: 'menu.floor', action: { command: { type: 'floor', site, on: true } } });
  }
  if (context.room.queue.some((one) => one.site === site)) {
    items.push({ id: 'lower', words: 'menu.lower', action: { command: { type: 'lower', site } } });
  }
  const quiet = seat.silenced;
  items.push({ id: quiet ? 'unmute' : 'mute', words: quiet ? 'menu.unmute' : 'menu.mute', action: { command: { type: 'silence', site, on: !quiet } } });
  groups.push({ id: 'speak', heading: null, items });
  groups.push({
    id: 'minutes',
    heading: 'menu.minutes',
    items: MINUTES.map((n) => ({
      id: `floor-${n}`,
      words: 'menu.minutes.n',
      values: { n },
      action: { command: { type: 'floor', site, on: true, seconds: n * 60 } },
    })),
  });
  return groups;
}

function work(site: string, seat: SiteInfo | null, context: MenuContext): MenuItem[] {
  const items: MenuItem[] = [];
  const may = context.mayPresent.includes(site);
  const aside = context.aside.includes(site);
  if (seat?.role === 'site') {
    items.push({ id: 'let-present', words: may ? 'menu.let-present.off' : 'menu.let-present', action: { command: { type: 'let-present', site, on: !may } } });
  }
  if (seat && (aside || seat.role === 'site' || seat.role === 'secretary')) {
    items.push({ id: 'aside', words: aside ? 'menu.aside.off' : 'menu.aside', action: { command: { type: 'aside', site, on: !aside } } });
  }
  return items;
}

function roles(site: string, seat: SiteInfo | null, context: MenuContext): MenuItem[] {
  if (!seat || context.role !== 'chair' || seat.role === 'chair') return [];
  const items: MenuItem[] = ROLES.filter(({ role }) => role !== seat.role).map(({ role, words }) => ({
    id: `role-${role}`,
    words,
    action: { command: { type: 'role', site, role } },
  }));
  if (hasVoice(seat.role) && seat.present) {
    items.push({ id: 'hand-over', words: 'menu.hand-over', action: { command: { type: 'hand-over', site }, confirm: 'hand-over' } });
  }
  return items;
}

function removal(site: string, seat: SiteInfo | null, context: MenuContext): MenuItem[] {
  if (!seat || seat.role === 'chair' || site === context.own) return [];
  return [
    { id: 'remove', words: 'menu.remove', action: { command: { type: 'remove', site, keepOut: false }, confirm: 'remove' } },
    { id: 'keep-out', words: 'menu.keep-out', action: { command: { type: 'remove', site, keepOut: true }, confirm: 'keep-out' } },
  ];
}

/** `seat`: null where the site has none. */
export function menuFor(site: string, seat: SiteInfo | null, context: MenuContext): MenuGroup[] {
  const groups = speaking(site, seat, context);
  if (context.panes > 0 && (!seat || hasVoice(seat.role))) {
    const items = Array.from({ length: context.panes }, (_, pane) => ({
      id: `pane-${pane + 1}`,
      words: 'menu.pane.n' as const,
      values: { n: pane + 1 },
      action: { pane },
    }));
    groups.push({ id: 'panes', heading: 'menu.panes', items });
  }
  groups.push({ id: 'work', heading: null, items: work(site, seat, context) });
  groups.push({ id: 'roles', heading: null, items: roles(site, seat, context) });
  groups.push({ id: 'removal', heading: null, items: removal(site, seat, context) });
  return groups.filter(({ items }) => items.length > 0);
}
