// Named scenes: brought into the preview by a press or their number, saved and dropped.

import { useState } from 'preact/hooks';
import type { DeskState } from '../../lib/room';
import { SCENE_NAME_MAX_CHARS, SCENES_MAX, type Scene } from '../../lib/scene';
import { useWords } from '../i18n';
import type { Session } from '../session';
import { Dialog } from './Dialog';

interface Props {
  session: Session;
  scenes: DeskState['scenes'];
  draft: Scene;
  recall: (scene: Scene) => void;
}

function SaveScene({ session, scenes, draft, close }: Omit<Props, 'recall'> & { close: () => void }) {
  const t = useWords();
  const [name, setName] = useState('');
  const clean = name.trim().normalize('NFC');
  const taken = scenes.some((scene) => scene.name === clean);
  const full = scenes.length >= SCENES_MAX && !taken;
  const save = (event: Event) => {
    event.preventDefault();
    if (clean === '' || full) return;
    void session.client.command({ type: 'scene-save', name: clean, scene: draft });
    close();
  };
  return (
    <Dialog id="scene-dialog" title={t('scenes.save.title')} close={close}>
      <form onSubmit={save}>
        <label for="scene-name">{t('scenes.name')}</label>
        <input
          id="scene-name"
          data-testid="scene-name"
          autoFocus
          maxLength={SCENE_NAME_MAX_CHARS}
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <p class="advice" role="status">
          {full ? t('scenes.full', { n: SCENES_MAX }) : taken ? t('scenes.taken') : ''}
        </p>
        {scenes.length > 0 && (
          <ul class="scene-saved" aria-label={t('scenes')}>
            {scenes.map((scene, index) => (
              <li key={scene.name}>
                <span>
                  {index + 1}. {scene.name}
                </span>
                <button
                  type="button"
                  class="small"
                  data-testid="scene-drop"
                  aria-label={t('scenes.drop.of', { name: scene.name })}
                  onClick={() => void session.client.command({ type: 'scene-drop', name: scene.name })}
                >
                  {t('scenes.drop')}
                </button>
              </li>
            ))}
          </ul>
        )}
        <div class="dialog-buttons">
          <button type="button" class="quiet" data-testid="scene-cancel" onClick={close}>
            {t('dialog.no')}
          </button>
          <button type="submit" class="main" data-testid="scene-save" disabled={clean === '' || full}>
            {t('scenes.save')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

export function Scenes({ session, scenes, draft, recall }: Props) {
  const t = useWords();
  const [saving, setSaving] = useState(false);
  return (
    <div class="scenes" role="group" aria-label={t('scenes')}>
      {scenes.map(({ name, scene }, index) => (
        <button key={name} type="button" class="small scene" data-testid="scene" data-scene={name} title={name} onClick={() => recall(scene)}>
          {index < 9 && <kbd>{index + 1}</kbd>}
          <span>{name}</span>
        </button>
      ))}
      <button type="button" class="small" data-testid="scene-new" onClick={() => setSaving(true)}>
        {t('scenes.new')}
      </button>
      {saving && <SaveScene session={session} scenes={scenes} draft={draft} close={() => setSaving(false)} />}
    </div>
  );
}
