// The buttons of the meeting. aria-pressed says what is on.

import type { ComponentChildren } from 'preact';
import type { LocalState, Source } from './devices';
import { useWords, type Key } from './i18n';
import { CameraIcon, CameraOffIcon, MicIcon, MicOffIcon, WallIcon } from './icons';

export interface ButtonProps {
  id: string;
  icon: ComponentChildren;
  words: string;
  state?: string;
  pressed?: boolean;
  expanded?: boolean;
  shortcut?: string;
  kind?: string;
  disabled?: boolean;
  act: () => void;
}

export function ControlButton({ id, icon, words, state, pressed, expanded, shortcut, kind, disabled, act }: ButtonProps) {
  return (
    <button
      type="button"
      class={`control ${kind ?? ''}`}
      data-testid={id}
      disabled={disabled ?? false}
      onClick={act}
      {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
      {...(expanded === undefined ? {} : { 'aria-expanded': expanded, 'aria-controls': 'sites' })}
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

/** All sites at once, or again the scene of the meeting. */
export function WallButton({ on, disabled, act }: { on: boolean; disabled: boolean; act: () => void }) {
  const t = useWords();
  return (
    <ControlButton
      id="wall"
      icon={<WallIcon />}
      words={t('control.wall')}
      state={t(on ? 'control.wall.leave' : 'control.wall.see')}
      pressed={on}
      shortcut="W"
      kind={on ? 'in-use' : ''}
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

/** Microphone or camera, before and in the meeting. */
export function SourceButton({ source, local, act }: { source: Source; local: LocalState; act: () => void }) {
  const t = useWords();
  const words = WORDS[source];
  const wanted = source === 'mic' ? local.micOn : local.cameraOn;
  const there = source === 'mic' ? local.audio : local.video;
  const missing = wanted && !there && !local.opening && local.trouble[source] !== null;
  const on = wanted && !missing;
  const icons = source === 'mic' ? [<MicIcon />, <MicOffIcon />] : [<CameraIcon />, <CameraOffIcon />];
  return (
    <ControlButton
      id={source}
      icon={on ? icons[0] : icons[1]}
      words={t(words.name)}
      state={t(missing ? words.none : wanted ? words.on : words.off)}
      pressed={on}
      shortcut={source === 'mic' ? 'M' : 'V'}
      kind={on ? 'on' : 'off'}
      act={act}
    />
  );
}
