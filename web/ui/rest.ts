// The bridge's REST API of the host that the page came from.

import { Rest } from '../lib/rest';

export function pageRest(token: string): Rest {
  return new Rest((url, init) => fetch(url, init), new URL('.', location.href.split('#')[0]).href, token);
}
