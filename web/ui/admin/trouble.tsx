// Why the bridge has not done what was asked, in words that say what to do.

import { RestError } from '../../lib/rest';
import { useWords, type Key } from '../i18n';
import { WarningIcon } from '../icons';

export function restError(error: unknown): RestError {
  return error instanceof RestError ? error : new RestError('internal');
}

function keyOf({ code, status }: RestError): Key {
  if (status === 401 || status === 403) return 'admin.trouble.forbidden';
  if (code === 'unreachable') return 'admin.trouble.unreachable';
  if (code === 'too-large' || status === 413) return 'admin.trouble.large';
  if (status === 404) return 'admin.trouble.not-found';
  if (status === 409) return 'admin.trouble.conflict';
  return status === 400 || status === 422 ? 'admin.trouble.bad' : 'admin.trouble.other';
}

export function RestTrouble({ error }: { error: RestError | null }) {
  const t = useWords();
  return (
    <div role="alert">
      {error && error.faults.length === 0 && (
        <p class="warning" data-testid="admin-trouble" data-code={error.code}>
          <WarningIcon />
          <span>
            {t(keyOf(error))} <small>{t('over.details', { code: error.code })}</small>
          </span>
        </p>
      )}
    </div>
  );
}
