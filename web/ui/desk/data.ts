// What the desk asks of the bridge besides the messages: the layouts and who was invited. Both are asked
// for again until they come; a link that may not see the list works without.

import { useEffect, useState } from 'preact/hooks';
import { RestError, type Invited } from '../../lib/rest';
import type { Layout } from '../../lib/scene';
import { pageRest } from '../rest';
import type { Session } from '../session';

const AGAIN_MS = 5000;

function useAsked<T>(ask: () => Promise<T>, first: T, key: string): T {
  const [value, setValue] = useState(first);
  useEffect(() => {
    let timer = 0;
    let over = false;
    const tryIt = () => {
      ask().then(
        (got) => over || setValue(got),
        (error: unknown) => {
          const refused = error instanceof RestError && error.status >= 400 && error.status < 500 && error.status !== 429;
          if (!over && !refused) timer = setTimeout(tryIt, AGAIN_MS) as unknown as number;
        },
      );
    };
    tryIt();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [key]);
  return value;
}

const NO_LAYOUTS: Layout[] = [];
const NOBODY: Invited[] = [];

export function useLayouts(session: Session): Layout[] {
  return useAsked(() => pageRest(session.token).layouts(), NO_LAYOUTS, session.token);
}

/** Asked again with each coming into the meeting: the list may have changed. */
export function useInvited(session: Session): Invited[] {
  const { meeting } = session;
  const id = meeting.meeting?.id ?? '';
  return useAsked(() => (id ? pageRest(session.token).roster(id) : Promise.resolve(NOBODY)), NOBODY, `${id} ${meeting.phase === 'in'}`);
}
