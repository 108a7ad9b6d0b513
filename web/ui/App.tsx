// The page: which view stands, in which language.

import { useEffect, useMemo, useReducer, useState } from 'preact/hooks';
import { readToken, type TokenReading } from '../lib/token';
import { Before } from './Before';
import { translator, WordsContext, type Language } from './i18n';
import { Meeting } from './Meeting';
import { Over } from './Over';
import { LanguageContext } from './PageBar';
import { loadPreferences, savePreferences } from './preferences';
import { Session } from './session';

function Seat({ session }: { session: Session }) {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    session.onChange(() => redraw(undefined));
    session.start();
  }, [session]);
  const { phase, over } = session.meeting;
  if (phase === 'before') return <Before session={session} claims={session.claims} />;
  if (phase === 'over') {
    return (
      <Over
        key={over}
        code={over ?? 'internal'}
        meeting={session.meeting.meeting?.title ?? session.claims.title}
        onAgain={() => session.join()}
        onPrepare={() => session.client.prepare()}
      />
    );
  }
  return <Meeting session={session} />;
}

/** Why there is nothing to join, before the bridge is asked. */
function refusal(reading: TokenReading): string | null {
  if (typeof RTCPeerConnection === 'undefined') return 'no-webrtc';
  if (reading.kind === 'none') return 'no-token';
  if (reading.kind === 'bad') return 'token-invalid';
  return reading.kind === 'expired' ? 'token-expired' : null;
}

export function App({ token }: { token: string }) {
  const [language, setLanguage] = useState(loadPreferences().language);
  const words = useMemo(() => translator(language), [language]);
  const reading = useMemo(() => readToken(token, Date.now()), [token]);
  const [insisted, setInsisted] = useState(false);
  const claims = 'claims' in reading ? reading.claims : null;
  const code = insisted && reading.kind === 'expired' ? null : refusal(reading);
  const session = useMemo(() => (claims && code === null ? new Session(token, claims) : null), [code]);

  useEffect(() => {
    document.documentElement.lang = language;
    document.title = claims ? words('title.page', { meeting: claims.title }) : words('product');
  }, [language]);

  const choose = (to: Language) => setLanguage(savePreferences({ language: to }).language);
  return (
    <WordsContext.Provider value={words}>
      <LanguageContext.Provider value={{ language, choose }}>
        {session ? (
          <Seat session={session} />
        ) : (
          <Over code={code ?? 'token-invalid'} meeting={claims?.title ?? ''} {...(claims ? { onAgain: () => setInsisted(true) } : {})} />
        )}
      </LanguageContext.Provider>
    </WordsContext.Provider>
  );
}
