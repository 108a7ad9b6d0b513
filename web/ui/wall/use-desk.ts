// The wall's end of the channel to the desk's page on the same machine.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { MenuAction } from '../desk/menu-items';
import { channelName, type DeskNews, type ToDesk, type ToWall } from '../desk/wall-channel';

export interface DeskLink {
  /** null: no page of the desk is open on this machine. */
  news: DeskNews | null;
  act: (site: string, action: MenuAction) => void;
}

export function useDesk(meeting: string, site: string): DeskLink {
  const [news, setNews] = useState<DeskNews | null>(null);
  const channel = useRef<BroadcastChannel | null>(null);
  useEffect(() => {
    if (typeof BroadcastChannel === 'undefined') return;
    const own = new BroadcastChannel(channelName(meeting, site));
    channel.current = own;
    const hello = () => own.postMessage({ type: 'hello' } satisfies ToDesk);
    let greeted = false;
    own.onmessage = ({ data }: MessageEvent<ToWall>) => {
      if (data?.type === 'gone') {
        greeted = false;
        setNews(null);
      } else if (data?.type === 'desk') {
        setNews(data);
        // A desk that has just been opened does not know yet that a wall is there.
        if (!greeted) {
          greeted = true;
          hello();
        }
      }
    };
    hello();
    return () => {
      channel.current = null;
      own.close();
    };
  }, [meeting, site]);
  return {
    news,
    act: (to, action) => channel.current?.postMessage({ type: 'act', site: to, action } satisfies ToDesk),
  };
}
