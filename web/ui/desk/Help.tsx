// The keys of the desk.

import { useWords, type Key } from '../i18n';
import { Dialog } from './Dialog';

const KEYS: readonly [keys: string, words: Key][] = [
  ['Space', 'help.take'],
  ['Z', 'help.undo'],
  ['1 – 9', 'help.scene'],
  ['Enter', 'help.grant'],
  ['M', 'help.mute'],
  ['W', 'help.wall'],
  ['F', 'help.fullscreen'],
  ['?', 'help.help'],
];

export function Help({ close }: { close: () => void }) {
  const t = useWords();
  return (
    <Dialog id="help" title={t('help')} close={close}>
      <dl class="keys">
        {KEYS.map(([keys, words]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{t(words)}</dd>
          </div>
        ))}
      </dl>
      <p class="advice">{t('help.hint')}</p>
      <div class="dialog-buttons">
        <button type="button" class="main" data-testid="help-close" autoFocus onClick={close}>
          {t('dialog.close')}
        </button>
      </div>
    </Dialog>
  );
}
