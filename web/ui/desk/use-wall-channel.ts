// The desk's end of the channel to the wall.

import { useEffect, useRef } from 'preact/hooks';
import type { Session } from '../session';
import type { MenuAction, MenuContext } from './menu-items';
import { channelName, type ToDesk, type ToWall } from './wall-channel';

const TELL_EVERY_MS = 500;
const ALLOWED = new Set(['floor', 'lower', 'silence', 'role', 'hand-over', 'remove', 'let-present', 'aside']);

function isAction(value: unknown): value is MenuAction {
  if (typeof value !== 'object' || value === null) return false;
  if ('pane' in value) return Number.isInteger(value.pane);
  const command: unknown = 'command' in value ? value.command : null;
  return typeof command === 'object' && command !== null && 'type' in command && ALLOWED.has(String(command.type));
}

/** Returns what opens the wall in a window of its own. */
export function useWallChannel(session: Session, context: MenuContext, perform: (site: string, action: MenuAction) => void): () => void {
  const { claims, meetingId, token } = session;
  const channel = useRef<BroadcastChannel | null>(null);
  const heard = useRef(false); // a wall is there
  const timer = useRef<number | null>(null);
  const latest = useRef({ context, perform });
  latest.current = { context, perform };

  const tell = () => {
    timer.current = null;
    channel.current?.postMessage({ type: 'desk', context: latest.current.context } satisfies ToWall);
  };

  useEffect(() => {
    if (typeof BroadcastChannel === 'undefined') return;
    const own = new BroadcastChannel(channelName(meetingId, claims.site));
    channel.current = own;
    own.onmessage = ({ data }: MessageEvent<ToDesk>) => {
      if (data?.type === 'hello') {
        heard.current = true;
        tell();
      } else if (data?.type === 'act' && typeof data.site === 'string' && isAction(data.action)) {
        latest.current.perform(data.site, data.action);
      }
    };
    own.postMessage({ type: 'desk', context: latest.current.context } satisfies ToWall);
    return () => {
      own.postMessage({ type: 'gone' } satisfies ToWall);
      own.close();
      channel.current = null;
      if (timer.current !== null) clearTimeout(timer.current);
    };
  }, [meetingId, claims.site]);

  useEffect(() => {
    if (heard.current && timer.current === null) timer.current = setTimeout(tell, TELL_EVERY_MS) as unknown as number;
  }, [context.room, context.role, context.panes, context.mayPresent, context.aside]);

  return () => {
    const url = `./toan-canh.html#${token}${claims.meeting === '' ? `/${meetingId}` : ''}`;
    window.open(url, 'diemcau-wall', 'popup,width=1280,height=760');
  };
}
