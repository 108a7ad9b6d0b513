// How many lines of the chat this person has not seen: what was said before it came is not counted.

import { useEffect, useRef, useState } from 'preact/hooks';
import { unread } from '../lib/work';
import type { Session } from './session';

/** `reading`: the chat is in view. */
export function useUnread(session: Session, reading: boolean): number {
  const { chat, role, site } = session.meeting;
  const last = chat[chat.length - 1]?.n ?? 0;
  const [read, setRead] = useState(last);
  const come = useRef(role !== null);
  useEffect(() => {
    if (reading || !come.current) setRead(last);
    come.current = role !== null;
  }, [last, reading, role !== null]);
  return reading ? 0 : unread(chat, read, site?.id ?? '');
}
