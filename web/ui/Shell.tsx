// Around every page: its words, and the choice of the language.

import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { LanguageContext, translator, WordsContext, type Language, type Translate } from './i18n';
import { loadPreferences, savePreferences } from './preferences';

interface Props {
  /** Of the window. */
  title: (t: Translate) => string;
  children: ComponentChildren;
}

export function Shell({ title, children }: Props) {
  const [language, setLanguage] = useState(loadPreferences().language);
  const words = useMemo(() => translator(language), [language]);
  const named = title(words);
  useEffect(() => {
    document.documentElement.lang = language;
    document.title = named;
  }, [language, named]);
  const choose = (to: Language) => setLanguage(savePreferences({ language: to }).language);
  return (
    <WordsContext.Provider value={words}>
      <LanguageContext.Provider value={{ language, choose }}>{children}</LanguageContext.Provider>
    </WordsContext.Provider>
  );
}
