// A site's lasting link: which meeting? One is gone into at once; while there is none, it is looked for.

import { useContext, useEffect, useState } from 'preact/hooks';
import type { MeetingInfo } from '../lib/rest';
import { RestError } from '../lib/rest';
import type { Claims } from '../lib/token';
import { useArrival } from './hooks';
import { LanguageContext, useWords } from './i18n';
import { Over } from './Over';
import { PageBar } from './PageBar';
import { pageRest } from './rest';
import { whenText } from './when';

const AGAIN_MS = 10_000;

interface Props {
  token: string;
  claims: Claims;
  onChoice: (meeting: MeetingInfo) => void;
}

export function Choose({ token, claims, onChoice }: Props) {
  const t = useWords();
  const { language } = useContext(LanguageContext);
  const heading = useArrival<HTMLHeadingElement>();
  const [meetings, setMeetings] = useState<MeetingInfo[] | null>(null);
  const [trouble, setTrouble] = useState<RestError | null>(null);

  useEffect(() => {
    let timer = 0;
    let over = false;
    const look = async () => {
      try {
        const found = await pageRest(token).mine();
        if (over) return;
        setTrouble(null);
        if (found.length === 1) return onChoice(found[0] as MeetingInfo);
        setMeetings(found);
      } catch (error) {
        if (over) return;
        setTrouble(error instanceof RestError ? error : new RestError('internal'));
      }
      timer = setTimeout(() => void look(), AGAIN_MS) as unknown as number;
    };
    void look();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [token]);

  if (trouble && (trouble.status === 401 || trouble.status === 403)) {
    return <Over code={trouble.code === 'token-expired' ? 'token-expired' : 'token-invalid'} meeting="" />;
  }
  const sorted = [...(meetings ?? [])].sort((a, b) => Number(b.running) - Number(a.running) || a.planned - b.planned);
  return (
    <>
      <PageBar />
      <main class="over choose" data-testid="choose" data-meetings={meetings?.length ?? ''}>
        <p class="before-label">{t('before.site', { name: claims.name })}</p>
        <h1 ref={heading} tabIndex={-1}>
          {t(sorted.length > 0 ? 'choose' : meetings ? 'choose.none' : 'choose.looking')}
        </h1>
        <p role="status">{trouble ? t('choose.trouble') : meetings && sorted.length === 0 ? t('choose.none.hint') : ''}</p>
        {sorted.length > 0 && (
          <ul class="choose-list">
            {sorted.map((meeting) => (
              <li key={meeting.id}>
                <button type="button" class="choice" data-testid="choose-meeting" data-meeting={meeting.id} onClick={() => onChoice(meeting)}>
                  <strong>{meeting.title}</strong>
                  <span>
                    {[meeting.running ? t('choose.running') : '', whenText(meeting.planned, language)].filter(Boolean).join(' · ')}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </main>
    </>
  );
}
