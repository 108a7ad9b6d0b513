// After a build: what a browser loads before it shows anything must stay small, come from here alone,
// and obey the server's policy `default-src 'self'`.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const MAX_BYTES = 150 * 1024;
const DIST = fileURLToPath(new URL('../dist', import.meta.url));
const PAGES = ['index.html', 'toan-canh.html', 'quan-tri.html', 'in-dan.html'];
const problems = [];

for (const entry of readdirSync(DIST, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const data = readFileSync(join(entry.parentPath ?? entry.path, entry.name));
  for (const [address] of data.toString().matchAll(/\b(?:https?|wss?):\/\/[\w.-]+/g)) {
    // Names of XML vocabularies, never asked for.
    if (!/^http:\/\/www\.w3\.org$/.test(address)) problems.push(`${entry.name}: names another host, ${address}`);
  }
}

/** What `page` loads at once: what it names, and what that imports without being asked to later. */
function loaded(page) {
  const files = new Map([[page, readFileSync(join(DIST, page))]]);
  const waiting = [...files.get(page).toString().matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(([, path]) => path);
  while (waiting.length > 0) {
    const path = waiting.pop();
    if (files.has(path)) continue;
    const data = readFileSync(join(DIST, path));
    files.set(path, data);
    if (!path.endsWith('.js')) continue;
    const imports = data.toString().matchAll(/(?:^|[;\n}])import(?:[^"'()]*?from)?["']\.\/([\w.-]+)["']/g);
    for (const [, name] of imports) waiting.push(`assets/${name}`);
  }
  return files;
}

for (const page of PAGES) {
  const files = loaded(page);
  const html = files.get(page).toString();
  if (/<script(?![^>]*\bsrc=)/.test(html)) problems.push(`${page}: inline script`);
  if (/<style|\sstyle=|\son\w+=/.test(html)) problems.push(`${page}: inline style or handler`);
  if (/(?:src|href)="\//.test(html)) problems.push(`${page}: an absolute path`);
  const total = [...files.values()].reduce((sum, data) => sum + gzipSync(data).length, 0);
  if (total > MAX_BYTES) problems.push(`${page}: ${total} bytes compressed, more than ${MAX_BYTES}`);
  console.log(`${page}: first view ${(total / 1024).toFixed(1)} KB compressed of ${MAX_BYTES / 1024}, ${files.size} files`);
}

for (const problem of problems) console.error(problem);
process.exit(problems.length === 0 ? 0 : 1);
