// The bar above every view but the meeting itself, and the switch of the language.

import { useContext, useState } from 'preact/hooks';
import type { Role } from '../lib/messages';
import { GuideLink } from './GuideLink';
import { LanguageContext, useWords } from './i18n';
import { loadPreferences, savePreferences } from './preferences';

export function LanguageSwitch() {
  const t = useWords();
  const { language, choose } = useContext(LanguageContext);
  const other = language === 'vi' ? 'en' : 'vi';
  return (
    <button type="button" class="language" lang={other} data-testid="language" onClick={() => choose(other)}>
      {t('language.other')}
    </button>
  );
}

export function PageBar({ role = null }: { role?: Role | null }) {
  const t = useWords();
  const [shortcuts, setShortcuts] = useState(loadPreferences().shortcuts);
  return (
    <header class="page-bar">
      <span class="product">{t('product')}</span>
      <span class="space" />
      <label class="shortcuts">
        <input
          type="checkbox"
          data-testid="shortcuts"
          checked={shortcuts}
          onChange={(event) => setShortcuts(savePreferences({ shortcuts: event.currentTarget.checked }).shortcuts)}
        />
        <span>{t('control.shortcuts')}</span>
      </label>
      <GuideLink role={role} />
      <LanguageSwitch />
    </header>
  );
}
