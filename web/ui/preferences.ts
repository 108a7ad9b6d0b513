// What this browser remembers: devices, what was on, language. A browser that keeps nothing (private
// window, full disk) works the same without.

import type { Language } from './i18n';

export interface Preferences {
  language: Language;
  camera: string;
  mic: string;
  speaker: string;
  cameraOn: boolean;
  micOn: boolean;
  sitesShown: boolean;
  shortcuts: boolean;
  /** Sites, one space between two, whose microphone the chair may open; the last ones asked. */
  consents: string;
}

const CONSENTS_MAX = 50;

const KEY = 'diemcau.preferences';

const DEFAULTS: Preferences = {
  language: 'vi',
  camera: '',
  mic: '',
  speaker: '',
  cameraOn: true,
  micOn: true,
  sitesShown: true,
  shortcuts: true,
  consents: '',
};

/** Takes from `stored` what has the right form. */
export function readPreferences(stored: string | null): Preferences {
  let json: unknown = null;
  try {
    json = JSON.parse(stored ?? 'null');
  } catch {
    // as if nothing were stored
  }
  const given = (typeof json === 'object' && json !== null ? json : {}) as Record<string, unknown>;
  const preferences: Record<string, unknown> = { ...DEFAULTS };
  for (const [key, value] of Object.entries(DEFAULTS)) {
    if (typeof given[key] === typeof value) preferences[key] = given[key];
  }
  if (preferences.language !== 'en') preferences.language = 'vi';
  return preferences as unknown as Preferences;
}

let current: Preferences | null = null;

export function loadPreferences(): Preferences {
  if (!current) {
    let stored: string | null = null;
    try {
      stored = localStorage.getItem(KEY);
    } catch {
      // a browser that keeps nothing
    }
    current = readPreferences(stored);
  }
  return current;
}

export function savePreferences(part: Partial<Preferences>): Preferences {
  current = { ...loadPreferences(), ...part };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // remembered until the page is closed
  }
  return current;
}

export function hasConsent(site: string): boolean {
  return loadPreferences().consents.split(' ').includes(site);
}

export function saveConsent(site: string, on: boolean): void {
  const others = loadPreferences()
    .consents.split(' ')
    .filter((one) => one !== '' && one !== site);
  savePreferences({ consents: [...(on ? [site] : []), ...others].slice(0, CONSENTS_MAX).join(' ') });
}
