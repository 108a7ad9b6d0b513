// After a build: what a browser loads before it shows anything must stay small, come from here alone,
// and obey the server's policy `default-src 'self'`.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const MAX_BYTES = 150 * 1024;
const DIST = fileURLToPath(new URL('../dist', import.meta.url));
const problems = [];
let total = 0;

for (const entry of readdirSync(DIST, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const path = join(entry.parentPath ?? entry.path, entry.name);
  const data = readFileSync(path);
  total += gzipSync(data).length;
  for (const [address] of data.toString().matchAll(/\b(?:https?|wss?):\/\/[\w.-]+/g)) {
    // Names of XML vocabularies, never asked for.
    if (!/^http:\/\/www\.w3\.org$/.test(address)) problems.push(`${entry.name}: names another host, ${address}`);
  }
}

const html = readFileSync(join(DIST, 'index.html'), 'utf8');
if (/<script(?![^>]*\bsrc=)/.test(html)) problems.push('index.html: inline script');
if (/<style|\sstyle=|\son\w+=/.test(html)) problems.push('index.html: inline style or handler');
if (/(?:src|href)="\//.test(html)) problems.push('index.html: an absolute path');
if (total > MAX_BYTES) problems.push(`first view: ${total} bytes compressed, more than ${MAX_BYTES}`);

for (const problem of problems) console.error(problem);
console.log(`first view: ${(total / 1024).toFixed(1)} KB compressed of ${MAX_BYTES / 1024}`);
process.exit(problems.length === 0 ? 0 : 1);
