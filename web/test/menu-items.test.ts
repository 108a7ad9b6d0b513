import { describe, expect, it } from 'vitest';
import type { SiteInfo } from '../lib/messages';
import { FIRST_ROOM } from '../lib/room';
import { menuFor, type MenuContext } from '../ui/desk/menu-items';

const CONTEXT: MenuContext = { role: 'chair', own: 'tinh', room: FIRST_ROOM, panes: 0, mayPresent: [], aside: [] };
const seat = (role: SiteInfo['role']): SiteInfo => ({ id: 'xa-1', name: 'Xã', role, present: true, lost: false, mic: true, camera: true, floor: false, silenced: false, consent: false });
const items = (role: SiteInfo['role'] | null, more: Partial<MenuContext> = {}) =>
  menuFor('xa-1', role && seat(role), { ...CONTEXT, ...more }).flatMap((group) => group.items);
const command = (id: string, role: SiteInfo['role'] | null, more: Partial<MenuContext> = {}) => {
  const action = items(role, more).find((item) => item.id === id)?.action;
  return action && 'command' in action ? action.command : null;
};

describe('the menu of a site', () => {
  it('lets it present, or no more', () => {
    expect(command('let-present', 'site')).toEqual({ type: 'let-present', site: 'xa-1', on: true });
    expect(command('let-present', 'site', { mayPresent: ['xa-1'] })).toEqual({ type: 'let-present', site: 'xa-1', on: false });
    expect(command('let-present', 'secretary')).toBeNull(); // always may
    expect(command('let-present', 'observer')).toBeNull();
    expect(command('let-present', null)).toBeNull();
  });

  it('moves it to the side room, and back', () => {
    expect(command('aside', 'secretary')).toEqual({ type: 'aside', site: 'xa-1', on: true });
    expect(command('aside', 'site', { aside: ['xa-1'] })).toEqual({ type: 'aside', site: 'xa-1', on: false });
    expect(command('aside', 'chair')).toBeNull();
    expect(command('aside', null, { aside: ['xa-1'] })).toBeNull();
  });
});
