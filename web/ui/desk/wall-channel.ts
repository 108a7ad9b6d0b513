// Between the desk and the page of the wall on the second screen: the wall's connection gives no
// commands and is told nothing of the list, so the desk's page does both for it.

import type { MenuAction, MenuContext } from './menu-items';

/** What the desk knows, for the wall. */
export interface DeskNews {
  type: 'desk';
  context: MenuContext;
}

export type ToDesk = { type: 'hello' } | { type: 'act'; site: string; action: MenuAction };
export type ToWall = DeskNews | { type: 'gone' };

/** One per meeting: two desks in two tabs are of two meetings, as a rule. */
export function channelName(meeting: string, site: string): string {
  return `diemcau.wall.${meeting}.${site}`;
}
