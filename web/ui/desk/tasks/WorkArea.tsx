// The meeting's work at the desk: what the chosen tab shows.

import { AgendaTab } from './AgendaTab';
import { AsideTab } from './AsideTab';
import { ChatTab } from './ChatTab';
import type { TabProps } from './common';
import { MinutesTab } from './MinutesTab';
import { PresentTab } from './PresentTab';
import { RollTab } from './RollTab';
import { VoteTab } from './VoteTab';
import '../../tasks/work.css';
import './work-area.css';

export type WorkTab = 'roll' | 'vote' | 'chat' | 'agenda' | 'present' | 'aside' | 'minutes';

const TABS = { roll: RollTab, vote: VoteTab, chat: ChatTab, agenda: AgendaTab, present: PresentTab, aside: AsideTab, minutes: MinutesTab };

export function WorkArea({ tab, ...props }: TabProps & { tab: WorkTab }) {
  const View = TABS[tab];
  return <View {...props} />;
}
