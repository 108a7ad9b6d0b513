// Simulated sites (tests/sites): a picture with a mark, a tone of their own, and probes that check.
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, start } from './process.mjs';
import { sitesProgram } from './server.mjs';

/** Frequency of site n, as tests/sites/tone.h says. */
export const tone = (n) => 300 + 25 * (n % 256);

/** Starts `count` sites for at most `seconds`. */
export async function startSites(server, { meeting = 'giao-ban', count = 2, seconds = 120, probes = 0, options = [] } = {}) {
  const report = join(await mkdtemp(join(tmpdir(), 'diemcau-sites-')), 'report.json');
  const args = ['--server', server.url, '--key', server.key, '--meeting', meeting, '--sites', String(count), '--seconds', String(seconds)];
  const sites = start(sitesProgram, [...args, '--probes', String(probes), '--report', report, ...options]);
  return {
    ...sites,
    /** Lets them leave now, and gives their JSON report. */
    async finish() {
      await sites.stop('SIGINT');
      return JSON.parse(await readFile(report, 'utf8'));
    },
  };
}

/** Files for a browser's fake camera and microphone: the mark and the tone of site `n`. */
export async function fakeDevices(folder, n) {
  const video = join(folder, `site-${n}.y4m`);
  const audio = join(folder, `site-${n}.wav`);
  await run(sitesProgram, ['--site', String(n), '--write-y4m', video, '--write-wav', audio]);
  return { video, audio };
}
