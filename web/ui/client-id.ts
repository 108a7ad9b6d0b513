// Which page this is: kept over a reload, so that the bridge does not ask whether the site's other device
// may be put out when there is none.

const KEY = 'diemcau.client';

/** null: this browser keeps nothing; then a join takes the seat without a question. */
export function clientId(): string | null {
  try {
    const kept = sessionStorage.getItem(KEY);
    if (kept && /^[0-9a-f]{24}$/.test(kept)) return kept;
    const bytes = crypto.getRandomValues(new Uint8Array(12));
    const made = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    sessionStorage.setItem(KEY, made);
    return made;
  } catch {
    return null;
  }
}
