// Makes docs/images/meeting.png: the page of a chair in a running meeting, as people see it.
// usage: node screenshot.mjs SITES [MEDIA]    MEDIA: a folder of films and speech for the simulated sites
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { joinMeeting, openBrowser, received } from '../lib/browser.mjs';
import { root, startServer } from '../lib/server.mjs';
import { fakeDevices, startSites } from '../lib/sites.mjs';
import { until } from '../lib/wait.mjs';

const [sites = '7', media] = process.argv.slice(2);
const names = fileURLToPath(new URL('names.txt', import.meta.url));
const server = await startServer();
const meeting = 'giao-ban';
const simulated = await startSites(server, { meeting, count: Number(sites), seconds: 300, options: ['--names', names, ...(media ? ['--media', media] : [])] });
const folder = await mkdtemp(join(tmpdir(), 'diemcau-devices-'));
const browser = await openBrowser({ devices: await fakeDevices(folder, 8) });
await joinMeeting(browser, await server.link({ meeting, site: 'chu-tri', name: 'Chủ trì', role: 'chair' }));
const tiles = Number(sites) + 1;
await until('all sites are seen', async () => (await server.metrics()).diemcau_pictures_decoded === tiles, { seconds: 60 });
await browser.page.getByTestId('record').click();
await browser.page.getByTestId('recording').waitFor();
const { frames } = await received(browser);
await until('two seconds more of picture', async () => (await received(browser)).frames > frames + 50);
await browser.page.screenshot({ path: `${root}docs/images/meeting.png` });
await browser.close();
await simulated.stop('SIGINT');
await server.stop();
await rm(folder, { recursive: true });
