// What is said to a screen reader when something has happened.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { MeetingState } from '../lib/state';
import type { LocalState } from './devices';
import type { Key } from './i18n';

export interface Told {
  phase: MeetingState['phase'];
  recording: boolean;
  view: MeetingState['view'];
  micOn: boolean;
  cameraOn: boolean;
  floor: boolean;
  silenced: boolean;
  hand: boolean;
}

export function toldOf(meeting: MeetingState, local: LocalState, own: { hasFloor: boolean; silenced: boolean; hand: number }): Told {
  const mine = { floor: own.hasFloor, silenced: own.silenced, hand: own.hand > 0 };
  return { ...mine, phase: meeting.phase, recording: meeting.recording, view: meeting.view, micOn: local.micOn, cameraOn: local.cameraOn };
}

/** The sentence for the step from `before` to `now`, if there is one. */
export function sentence(before: Told, now: Told): Key | null {
  if (before.phase !== now.phase) {
    if (now.phase === 'in') return before.phase === 'reconnecting' ? 'said.reconnected' : 'said.joined';
    if (now.phase === 'reconnecting') return 'meeting.reconnecting';
  }
  if (before.floor !== now.floor) return now.floor ? 'said.floor.on' : 'said.floor.off';
  if (before.silenced !== now.silenced) return now.silenced ? 'said.silenced.on' : 'said.silenced.off';
  if (before.hand !== now.hand) return now.hand ? 'said.hand.up' : 'said.hand.down';
  if (before.recording !== now.recording) return now.recording ? 'said.recording.on' : 'said.recording.off';
  if (before.view !== now.view) return now.view === 'wall' ? 'said.view.wall' : 'said.view.programme';
  if (before.micOn !== now.micOn) return now.micOn ? 'said.mic.on' : 'said.mic.off';
  if (before.cameraOn !== now.cameraOn) return now.cameraOn ? 'said.camera.on' : 'said.camera.off';
  return null;
}

export function useAnnouncement(now: Told): Key | null {
  const [said, setSaid] = useState<Key | null>(null);
  const before = useRef(now);
  useEffect(() => {
    const next = sentence(before.current, now);
    before.current = now;
    if (next) setSaid(next);
  }, [now.phase, now.recording, now.view, now.micOn, now.cameraOn, now.floor, now.silenced, now.hand]);
  return said;
}
