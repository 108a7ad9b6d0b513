// The guide for whoever reads the page, in its language, in a tab of its own.

import { useContext } from 'preact/hooks';
import type { Role } from '../lib/messages';
import { LanguageContext, useWords } from './i18n';

const GUIDES: Partial<Record<Role, string>> = { chair: 'chu-tri', secretary: 'thu-ky', operator: 'ky-thuat' };

export function GuideLink({ role }: { role: Role | null }) {
  const t = useWords();
  const { language } = useContext(LanguageContext);
  const guide = (role && GUIDES[role]) ?? 'diem-cau';
  const folder = language === 'vi' ? './huong-dan' : `./huong-dan/${language}`;
  return (
    <a class="guide" data-testid="guide" href={`${folder}/${guide}.html`} hreflang={language} target="_blank" rel="noreferrer">
      {t('guide')}
    </a>
  );
}
