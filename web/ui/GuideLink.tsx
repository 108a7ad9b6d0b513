// The guide for whoever reads the page, in a tab of its own. There is none but in Vietnamese.

import type { Role } from '../lib/messages';
import { useWords } from './i18n';

const GUIDES: Partial<Record<Role, string>> = { chair: 'chu-tri', secretary: 'thu-ky', operator: 'ky-thuat' };

export function GuideLink({ role }: { role: Role | null }) {
  const t = useWords();
  const guide = (role && GUIDES[role]) ?? 'diem-cau';
  return (
    <a class="guide" data-testid="guide" href={`./huong-dan/${guide}.html`} hreflang="vi" target="_blank" rel="noreferrer">
      {t('guide')}
    </a>
  );
}
