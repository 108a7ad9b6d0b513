// In the meeting: the programme as large as fits, the state of things above, the buttons below.

import { useEffect, useState } from 'preact/hooks';
import { toldOf, useAnnouncement } from './announce';
import { ControlButton, HandButton, SourceButton } from './Controls';
import { Cover } from './Cover';
import { useFullScreen, type FullScreen } from './fullscreen';
import { useArrival, useScreenAwake, useShortcuts, useSilentMic } from './hooks';
import { useWords } from './i18n';
import { EnlargeIcon, LeaveIcon, ListIcon, ReduceIcon } from './icons';
import { Notices } from './Notices';
import { OwnFloor } from './OwnFloor';
import { loadPreferences, savePreferences } from './preferences';
import { Programme } from './Programme';
import { SelfView } from './SelfView';
import type { Session } from './session';
import { Silenced } from './Silenced';
import { Sites } from './Sites';
import { TopBar } from './TopBar';

interface BarProps {
  session: Session;
  screen: FullScreen;
  sitesShown: boolean;
  toggleSites: () => void;
  toggleMic: () => void;
  toggleHand: () => void;
}

function BottomBar({ session, screen, sitesShown, toggleSites, toggleMic, toggleHand }: BarProps) {
  const t = useWords();
  const { meeting, media, client } = session;
  return (
    <div class="bottom-bar" role="group" aria-label={t('control.group')}>
      {session.sends && (
        <>
          <SourceButton source="mic" local={media.state} silenced={session.silenced} act={toggleMic} />
          <SourceButton source="camera" local={media.state} act={() => void media.toggle('camera')} />
        </>
      )}
      {meeting.role === 'site' && <HandButton place={session.hand} disabled={meeting.phase !== 'in' || session.hasFloor} act={toggleHand} />}
      {screen.possible && (
        <ControlButton
          id="fullscreen"
          icon={screen.on ? <ReduceIcon /> : <EnlargeIcon />}
          words={t(screen.on ? 'control.fullscreen.exit' : 'control.fullscreen')}
          shortcut="F"
          act={screen.toggle}
        />
      )}
      <ControlButton id="sites-toggle" icon={<ListIcon />} words={t('control.sites')} expanded={sitesShown} act={toggleSites} />
      <span class="space" />
      <ControlButton id="leave" icon={<LeaveIcon />} words={t('control.leave')} kind="leave" act={() => client.leave()} />
    </div>
  );
}

export function Meeting({ session, title }: { session: Session; title: string }) {
  const t = useWords();
  const root = useArrival<HTMLElement>();
  const { meeting, media, claims } = session;
  const local = media.state;
  const screen = useFullScreen(root);
  const [picture, setPicture] = useState(false);
  const [refused, setRefused] = useState(false);
  const [sitesShown, setSitesShown] = useState(loadPreferences().sitesShown);
  const silent = useSilentMic(local.audio, local.micOn && meeting.phase === 'in');
  useScreenAwake();
  const said = useAnnouncement(toldOf(meeting, local, session));
  const toggleMic = () => setRefused(!session.toggleMic());
  const canRaise = meeting.role === 'site' && meeting.phase === 'in' && !session.hasFloor;
  const toggleHand = () => void session.client.command({ type: 'hand', on: session.hand === 0 });
  useEffect(() => setRefused(false), [session.silenced, session.hand > 0]);
  useShortcuts({
    f: screen.toggle,
    ...(canRaise ? { h: toggleHand } : {}),
    ...(session.sends ? { m: toggleMic, v: () => void media.toggle('camera') } : {}),
  });
  const toggleSites = () => setSitesShown(savePreferences({ sitesShown: !sitesShown }).sitesShown);
  const classes = [
    'meeting',
    sitesShown ? 'with-sites' : '',
    session.sends ? '' : 'watches',
    session.hasFloor && media.sending.mic ? 'speaks' : '',
    screen.on ? 'full' : '',
    screen.idle ? 'idle' : '',
  ];
  return (
    <main ref={root} tabIndex={-1} class={classes.join(' ')} data-testid="meeting" data-phase={meeting.phase}>
      <TopBar meeting={meeting} title={meeting.meeting?.title ?? title} />
      <div class="stage">
        <Programme view={meeting.view} stream={session.stream} speaker={media.speaker} dimmed={meeting.phase === 'reconnecting'} onPicture={setPicture} />
        <Cover meeting={meeting} picture={picture} />
        <div class="over-picture">
          <Notices session={session} silent={silent} />
          <OwnFloor session={session} />
        </div>
        <Silenced session={session} asked={refused} />
      </div>
      {sitesShown && <Sites sites={meeting.sites} own={meeting.site?.id ?? claims.site} queue={meeting.room.queue} />}
      {session.sends && <SelfView local={local} silenced={session.silenced} />}
      <BottomBar session={session} screen={screen} sitesShown={sitesShown} toggleSites={toggleSites} toggleMic={toggleMic} toggleHand={toggleHand} />
      <p class="unseen" role="status" data-testid="status">
        {said && t(said)}
      </p>
    </main>
  );
}
