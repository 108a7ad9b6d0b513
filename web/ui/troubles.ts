// Which words tell what is wrong with this machine's devices.

import type { LocalState } from './devices';
import type { Key } from './i18n';

/** What to say about devices that are wanted and do not work. */
export function troubleKeys({ trouble, micOn, cameraOn }: LocalState): Key[] {
  const mic = micOn ? trouble.mic : null;
  const camera = cameraOn ? trouble.camera : null;
  if (mic === 'insecure' || camera === 'insecure') return ['trouble.insecure'];
  if (mic === 'denied' && camera === 'denied') return ['trouble.denied.both'];
  const keys: Key[] = [];
  if (camera)
    keys.push(({ denied: 'trouble.denied.camera', missing: 'trouble.missing.camera', busy: 'trouble.busy.camera' } as const)[camera]);
  if (mic) keys.push(({ denied: 'trouble.denied.mic', missing: 'trouble.missing.mic', busy: 'trouble.busy.mic' } as const)[mic]);
  return keys;
}

/** How one can join all the same. */
export function withoutKey({ trouble, micOn, cameraOn }: LocalState): Key {
  const mic = micOn && trouble.mic;
  const camera = cameraOn && trouble.camera;
  return mic && camera ? 'before.without.both' : mic ? 'before.without.mic' : 'before.without.camera';
}
