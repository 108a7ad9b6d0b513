// What a picture shows: a layout, and whom each of its panes shows. Pure.

export interface Scene {
  /** Name of a layout; `auto`: the equal grid that grows with the sites. */
  layout: string;
  letterbox: boolean;
  labels: boolean;
  border: boolean;
  /** Words, in the order of the panes; the layout's own for those that are not named. */
  panes: string[];
}

/** A layout of GET /api/layouts. Places are parts of the picture, 0…1. */
export interface LayoutPane {
  x: number;
  y: number;
  w: number;
  h: number;
  show: string;
}

export interface Layout {
  name: string;
  title: string;
  titleVi: string;
  /** Who has the floor sees another picture than the others. */
  speaker: boolean;
  /** None: `auto`. */
  panes: LayoutPane[];
}

export const PANES_MAX = 64;
export const SCENES_MAX = 20;
export const SCENE_NAME_MAX_CHARS = 64;
const LAYOUT_NAME = /^[A-Za-z0-9+._-]{1,32}$/;
const PANE_WORD = /^(auto|loudest(:[0-9]{1,4})?|previous|floor|chair|site:[A-Za-z0-9._-]{1,64}|roll:[0-9]{1,4}|content|nothing)$/;

export type PaneKind = 'auto' | 'loudest' | 'previous' | 'floor' | 'chair' | 'site' | 'roll' | 'content' | 'nothing';

/** `roll:10` → roll, 10. */
export function paneParts(word: string): { kind: PaneKind; value: string } {
  const [kind = 'auto', value = ''] = word.split(/:(.*)/s);
  return { kind: kind as PaneKind, value };
}

export function isPaneWord(word: unknown): word is string {
  return typeof word === 'string' && PANE_WORD.test(word);
}

export function readScene(value: unknown): Scene | null {
  if (typeof value !== 'object' || value === null) return null;
  const { layout, letterbox, labels, border, panes } = value as Record<string, unknown>;
  if (typeof layout !== 'string' || !LAYOUT_NAME.test(layout)) return null;
  if (panes !== undefined && (!Array.isArray(panes) || panes.length > PANES_MAX || !panes.every(isPaneWord))) return null;
  return {
    layout,
    letterbox: letterbox === true,
    labels: labels !== false,
    border: border !== false,
    panes: (panes as string[] | undefined) ?? [],
  };
}

/** Whom each pane of `scene` is told to show. */
export function paneWords(scene: Scene, layout: Layout | null): string[] {
  if (!layout) return scene.panes;
  return layout.panes.map(({ show }, index) => scene.panes[index] ?? show);
}

/** `word` into pane `index`. A site that stands in another pane changes places with what was here: no
 * site is in two. */
export function withPane(scene: Scene, layout: Layout, index: number, word: string): Scene {
  const panes = paneWords(scene, layout);
  const before = panes[index];
  if (before === undefined) return scene;
  const other = paneParts(word).kind === 'site' ? panes.indexOf(word) : -1;
  if (other >= 0) panes[other] = before;
  panes[index] = word;
  return { ...scene, panes };
}

/** Another layout. The named sites come along as far as there are panes, the rest is the layout's own. */
export function withLayout(scene: Scene, layout: Layout): Scene {
  const sites = scene.panes.filter((word) => paneParts(word).kind === 'site').slice(0, layout.panes.length);
  const panes = layout.panes.map(({ show }) => show);
  let place = 0;
  for (const word of sites) {
    // Panes for the floor keep it while there are others.
    const free = panes.findIndex((show, index) => index >= place && show === 'auto');
    const at = free >= 0 ? free : panes.findIndex((show) => paneParts(show).kind !== 'site');
    if (at < 0) break;
    panes[at] = word;
    place = at + 1;
  }
  return { ...scene, layout: layout.name, panes: sites.length > 0 ? panes : [] };
}

export function sameScene(one: Scene | null, other: Scene | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
