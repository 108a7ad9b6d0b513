// The words of the page in the chosen language.

import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { en } from './words-en';
import { vi, type Words } from './words-vi';

export type Language = 'vi' | 'en';
export type Key = keyof Words;
/** The text of `key`, its `{names}` filled from `values`. */
export type Translate = (key: Key, values?: Record<string, string | number>) => string;

export const DICTIONARIES: Record<Language, Words> = { vi, en };

export function translator(language: Language): Translate {
  const words = DICTIONARIES[language];
  return (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all));
}

export const WordsContext = createContext<Translate>(translator('vi'));

/** Which language, and how to choose the other. */
export const LanguageContext = createContext<{ language: Language; choose: (to: Language) => void }>({
  language: 'vi',
  choose: () => undefined,
});

export function useWords(): Translate {
  return useContext(WordsContext);
}
