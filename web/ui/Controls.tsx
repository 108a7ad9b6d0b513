// The buttons of the meeting. aria-pressed says what is on.

import type { ComponentChildren } from 'preact';
import type { LocalState, Source } from './devices';
import { useWords, type Key } from './i18n';
import { CameraIcon, CameraOffIcon, HandIcon, MicIcon, MicOffIcon } from './icons';

export interface ButtonProps {
  id: string;
  icon: ComponentChildren;
  words: string;
  state?: string;
  pressed?: boolean;
  expanded?: boolean;
  /** Id of what it opens. */
  controls?: string;
  shortcut?: string;
  kind?: string;
  disabled?: boolean;
  act: () => void;
}

export function ControlButton({ id, icon, words, state, pressed, expanded, controls, shortcut, kind, disabled, act }: ButtonProps) {
  return (
    <button
      type="button"
      class={`control ${kind ?? ''}`}
      data-testid={id}
      disabled={disabled ?? false}
      onClick={act}
      {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
      {...(expanded === undefined ? {} : { 'aria-expanded': expanded, ...(expanded && controls ? { 'aria-controls': controls } : {}) })}
      {...(shortcut ? { 'aria-keyshortcuts': shortcut } : {})}
    >
      {icon}
      <span class="control-words">
        <span class="control-name">{words}</span>
        {state && <span class="control-state"> {state}</span>}
      </span>
      {shortcut && <kbd aria-hidden="true">{shortcut}</kbd>}
    </button>
  );
}

/** The own hand, with its place in the queue. */
export function HandButton({ place, disabled, act }: { place: number; disabled: boolean; act: () => void }) {
  const t = useWords();
  return (
    <ControlButton
      id="hand"
      icon={<HandIcon />}
      words={t(place > 0 ? 'hand.down' : 'hand')}
      {...(place > 0 ? { state: t('hand.place', { n: place }) } : {})}
      pressed={place > 0}
      shortcut="H"
      kind={place > 0 ? 'in-use' : ''}
      disabled={disabled}
      act={act}
    />
  );
}

interface SourceWords {
  name: Key;
  on: Key;
  off: Key;
  none: Key;
}

const WORDS: Record<Source, SourceWords> = {
  mic: { name: 'control.mic', on: 'control.mic.on', off: 'control.mic.off', none: 'control.mic.none' },
  camera: { name: 'control.camera', on: 'control.camera.on', off: 'control.camera.off', none: 'control.camera.none' },
};

interface SourceProps {
  source: Source;
  local: LocalState;
  /** The chair has shut it. */
  silenced?: boolean;
  /** Its key means something else here. */
  bare?: boolean;
  act: () => void;
}

/** Microphone or camera, before and in the meeting. */
export function SourceButton({ source, local, silenced, bare, act }: SourceProps) {
  const t = useWords();
  const words = WORDS[source];
  const wanted = source === 'mic' ? local.micOn : local.cameraOn;
  const there = source === 'mic' ? local.audio : local.video;
  const missing = wanted && !there && !local.opening && local.trouble[source] !== null;
  const on = wanted && !missing && !silenced;
  const icons = source === 'mic' ? [<MicIcon />, <MicOffIcon />] : [<CameraIcon />, <CameraOffIcon />];
  return (
    <ControlButton
      id={source}
      icon={on ? icons[0] : icons[1]}
      words={t(words.name)}
      state={t(silenced ? 'control.mic.silenced' : missing ? words.none : wanted ? words.on : words.off)}
      pressed={on}
      {...(bare ? {} : { shortcut: source === 'mic' ? 'M' : 'V' })}
      kind={on ? 'on' : 'off'}
      act={act}
    />
  );
}
