// The state of things above the picture.

import type { ComponentChildren } from 'preact';
import type { MeetingState } from '../lib/state';
import { Clock } from './Clock';
import { GuideLink } from './GuideLink';
import { useWords } from './i18n';
import { RecordIcon, ScreenIcon } from './icons';
import { Line } from './Line';
import { LanguageSwitch } from './PageBar';

/** Whose screen all see. */
function Presenter({ meeting }: { meeting: MeetingState }) {
  const t = useWords();
  const { presenter } = meeting.work;
  if (presenter === null) return null;
  return (
    <p class="presenter" data-testid="presenter" data-site={presenter}>
      <ScreenIcon /> <bdi>{t('present.by', { name: meeting.sites.find(({ id }) => id === presenter)?.name ?? presenter })}</bdi>
    </p>
  );
}

export function TopBar({ meeting, title, children }: { meeting: MeetingState; title: string; children?: ComponentChildren }) {
  const t = useWords();
  return (
    <header class="top-bar">
      <h1 data-testid="meeting-title">{title}</h1>
      {meeting.recording && (
        <p class="on-air" data-testid="recording">
          <RecordIcon /> {t('meeting.recording')}
        </p>
      )}
      <span class="space" />
      <Presenter meeting={meeting} />
      {children}
      <Clock offset={meeting.clockOffset} />
      <Line line={meeting.line} />
      <GuideLink role={meeting.role} />
      <LanguageSwitch />
    </header>
  );
}
