// Beside the picture: the vote, what is said in writing, what the meeting goes through.

import { useEffect, useState } from 'preact/hooks';
import { useWords } from '../i18n';
import type { Session } from '../session';
import { Agenda } from './Agenda';
import { Chat } from './Chat';
import { TabList, type Tab } from './Tabs';
import { VoteCard } from './VoteCard';

export type SiteTab = 'chat' | 'agenda';

interface Props {
  session: Session;
  tab: SiteTab;
  choose: (tab: SiteTab) => void;
  unread: number;
  /** A document that this person has put away. */
  hidden: boolean;
  showDocument: () => void;
}

export function SitePanel({ session, tab, choose, unread, hidden, showDocument }: Props) {
  const t = useWords();
  const { work, clockOffset } = session.meeting;
  const { vote } = work;
  const [closed, setClosed] = useState(0); // number of the vote whose result has been put away
  useEffect(() => {
    if (vote?.open) setClosed(0);
  }, [vote?.open]);
  const tabs: Tab<SiteTab>[] = [
    { id: 'chat', words: t('chat'), badge: unread > 0 && tab !== 'chat' ? { text: String(unread), said: t('chat.unread', { n: unread }) } : null },
    { id: 'agenda', words: t('agenda') },
  ];
  return (
    <section class="work" id="work" aria-label={t('work')} data-testid="work">
      {vote && vote.number !== closed && <VoteCard session={session} vote={vote} close={() => setClosed(vote.number)} />}
      <TabList name="work" label={t('work')} tabs={tabs} chosen={tab} choose={choose} />
      <div class="work-body" id="work-panel" role="tabpanel" aria-labelledby={`work-tab-${tab}`} tabIndex={tab === 'agenda' ? 0 : -1}>
        {tab === 'chat' ? (
          <Chat session={session} />
        ) : (
          <>
            {hidden && (
              <button type="button" class="plain" data-testid="document-show" onClick={showDocument}>
                {t('document.see')}
              </button>
            )}
            <Agenda agenda={work.agenda} offset={clockOffset} />
          </>
        )}
      </div>
    </section>
  );
}
