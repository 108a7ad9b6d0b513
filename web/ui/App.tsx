// The page: which view stands, in which language.

import { useEffect, useMemo, useReducer, useState } from 'preact/hooks';
import type { MeetingInfo } from '../lib/rest';
import { readToken, type TokenReading } from '../lib/token';
import { hasDesk } from '../lib/room';
import { Before } from './Before';
import { Choose } from './Choose';
import { lazy } from './lazy';
import { Meeting } from './Meeting';
import { Over } from './Over';
import { Session } from './session';
import { Shell } from './Shell';
import { Waiting } from './Waiting';

const Desk = lazy(() => import('./desk/Desk').then((part) => part.Desk));

function Seat({ session, title }: { session: Session; title: string }) {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    session.onChange(() => redraw(undefined));
    session.start();
    if (session.claims.role && hasDesk(session.claims.role)) Desk.preload();
  }, [session]);
  const { phase, over, role } = session.meeting;
  if (phase === 'before') return <Before session={session} claims={session.claims} title={title} />;
  if (phase === 'waiting') return <Waiting session={session} title={title} />;
  if (phase === 'over') {
    // The same code, but another thing to whoever has been in.
    const code = over === 'refused' && role !== null ? 'removed' : (over ?? 'internal');
    return (
      <Over
        key={over}
        code={code}
        meeting={session.meeting.meeting?.title ?? title}
        onAgain={() => session.join({ replace: code === 'occupied' })}
        onPrepare={() => session.client.prepare()}
      />
    );
  }
  return role !== null && hasDesk(role) ? <Desk session={session} title={title} /> : <Meeting session={session} title={title} />;
}

/** Why there is nothing to join, before the bridge is asked. */
function refusal(reading: TokenReading): string | null {
  if (typeof RTCPeerConnection === 'undefined') return 'no-webrtc';
  if (reading.kind === 'none') return 'no-token';
  if (reading.kind === 'bad') return 'token-invalid';
  return reading.kind === 'expired' ? 'token-expired' : null;
}

export function App({ token }: { token: string }) {
  const reading = useMemo(() => readToken(token, Date.now()), [token]);
  const [insisted, setInsisted] = useState(false);
  const named = 'claims' in reading ? reading.claims : null;
  const [chosen, setChosen] = useState<MeetingInfo | null>(null);
  // A lasting link says no role: the list of the meeting does, and whoever has no voice is asked for no devices.
  const claims = useMemo(() => (named?.kind === 'site' && chosen ? { ...named, role: chosen.role } : named), [named, chosen]);
  const code = insisted && reading.kind === 'expired' ? null : refusal(reading);
  const meeting = claims?.kind === 'seat' ? claims.meeting : (chosen?.id ?? '');
  const title = claims?.kind === 'seat' ? claims.title : (chosen?.title ?? '');
  const session = useMemo(() => (claims && code === null && meeting ? new Session(token, claims, meeting) : null), [code, meeting]);

  return (
    <Shell title={(t) => (title ? t('title.page', { meeting: title }) : t('product'))}>
      {session ? (
        <Seat session={session} title={title} />
      ) : claims && code === null ? (
        <Choose token={token} claims={claims} onChoice={setChosen} />
      ) : (
        <Over code={code ?? 'token-invalid'} meeting={title} {...(claims ? { onAgain: () => setInsisted(true) } : {})} />
      )}
    </Shell>
  );
}
