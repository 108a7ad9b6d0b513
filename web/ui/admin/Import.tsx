// A list of sites from a file: taken as a whole, or its faults line by line.

import { useContext, useRef, useState } from 'preact/hooks';
import type { Rest, RestError } from '../../lib/rest';
import { LanguageContext, useWords } from '../i18n';
import { WarningIcon } from '../icons';
import { restError, RestTrouble } from './trouble';

const FAULTS_SHOWN = 100;

function Faults({ faults }: { faults: RestError['faults'] }) {
  const t = useWords();
  const { language } = useContext(LanguageContext);
  return (
    <div class="faults" data-testid="faults" data-faults={faults.length}>
      <p class="warning">
        <WarningIcon />
        <span>{t('admin.import.faults', { n: faults.length })}</span>
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('admin.import.line')}</th>
            <th scope="col">{t('admin.import.fault')}</th>
          </tr>
        </thead>
        <tbody>
          {faults.slice(0, FAULTS_SHOWN).map(({ line, message, messageVi }, index) => (
            <tr key={index} data-testid="fault" data-line={line}>
              <td class="number">{line}</td>
              <td>{language === 'vi' ? messageVi : message}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {faults.length > FAULTS_SHOWN && <p>{t('admin.import.more', { n: faults.length - FAULTS_SHOWN })}</p>}
    </div>
  );
}

export function Import({ rest, meeting, done }: { rest: Rest; meeting: string; done: () => void }) {
  const t = useWords();
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [taken, setTaken] = useState<number | null>(null);
  const [error, setError] = useState<RestError | null>(null);

  const take = async (file: File) => {
    setBusy(true);
    setTaken(null);
    setError(null);
    try {
      setTaken(await rest.setRoster(meeting, file));
      done();
    } catch (failure) {
      setError(restError(failure));
    }
    setBusy(false);
    // So that the same file, mended, counts as chosen again.
    if (input.current) input.current.value = '';
  };

  return (
    <>
      <p class="advice" id="import-hint">
        {t('admin.import.hint')}
      </p>
      {/* The browser's own button speaks the browser's language. */}
      <label class={busy ? 'csv-button csv-off' : 'csv-button'}>
        <span>{t('admin.import.choose')}</span>
        <input
          ref={input}
          type="file"
          accept=".csv,text/csv"
          data-testid="import"
          aria-describedby="import-hint"
          disabled={busy}
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            if (file) void take(file);
          }}
        />
      </label>
      <p role="status" data-testid="import-done" data-sites={taken ?? ''}>
        {busy ? t('admin.import.busy') : taken === null ? '' : t('admin.import.done', { n: taken })}
      </p>
      <RestTrouble error={error} />
      {error && error.faults.length > 0 && <Faults faults={error.faults} />}
    </>
  );
}
