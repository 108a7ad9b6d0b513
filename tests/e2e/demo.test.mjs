// What a newcomer sees: `serve --demo` prints three links that work, and Ctrl-C ends all of it.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { joinMeeting, openBrowser } from './lib/browser.mjs';
import { seeAdvance, seeSites } from './lib/meeting.mjs';
import { startServer } from './lib/server.mjs';
import { until } from './lib/wait.mjs';

// As on a bare Debian or below systemd: no locale is set, and the meeting's title is Vietnamese all the same.
for (const name of ['LANG', 'LC_ALL', 'LC_CTYPE', 'LANGUAGE']) delete process.env[name];

let server, browser, links;

before(async () => {
  server = await startServer({ options: ['--demo', '3'] });
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** The simulated sites that this bridge has started. */
async function children() {
  const found = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const args = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (args.includes('diemcau-sites') && args.includes(server.url)) found.push(pid);
  }
  return found;
}

test('one link each for chair, site and observer', async () => {
  links = await until('three links', () => {
    const found = [...server.output().matchAll(/https:\S+#\S+/g)].map(([link]) => link);
    return found.length === 3 && found;
  });
  const roles = links.map((link) => JSON.parse(Buffer.from(link.split('#')[1].split('.')[1], 'base64url').toString()).role);
  assert.deepEqual(roles, ['chair', 'site', 'observer']);
});

test('the observer sees the three simulated sites', async () => {
  await joinMeeting(browser, links[2]);
  await seeSites(browser, [1, 2, 3], { seconds: 40 });
  await seeAdvance(browser, [1, 2, 3], 3);
});

test('Ctrl-C ends the bridge and its simulated sites', async () => {
  assert.equal((await children()).length, 1);
  await server.end('SIGINT');
  assert.deepEqual(await children(), []);
});
