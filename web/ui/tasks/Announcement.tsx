// What the chair has said to all in writing: large, over the picture, until it has been seen.

import { useShortcuts } from '../hooks';
import { useWords } from '../i18n';
import { TextIcon } from '../icons';
import { Words } from './text';

export function Announcement({ text, seen }: { text: string; seen: () => void }) {
  const t = useWords();
  useShortcuts({ escape: seen });
  return (
    <div class="announcement" role="alert" data-testid="announcement">
      <p class="announcement-head">
        <TextIcon /> {t('announcement')}
      </p>
      <p class="announcement-text">
        <Words>{text}</Words>
      </p>
      <button type="button" class="main" data-testid="announcement-seen" onClick={seen}>
        {t('announcement.seen')}
      </button>
    </div>
  );
}
