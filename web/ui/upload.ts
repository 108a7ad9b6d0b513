// Sends a file and tells how much of it has gone: what fetch cannot tell yet.

import type { Upload } from '../lib/rest';

export const upload: Upload = (url, headers, body, onSent) =>
  new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open('POST', url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener('progress', ({ loaded, total }) => onSent(total > 0 ? loaded / total : 0));
    request.addEventListener('load', () => done({ status: request.status, text: request.responseText }));
    for (const end of ['error', 'abort', 'timeout']) request.addEventListener(end, () => failed(new Error(end)));
    request.send(body);
  });
