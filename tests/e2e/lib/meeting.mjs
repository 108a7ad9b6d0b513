// One meeting as most tests want it: a bridge, simulated sites, browsers with fake devices.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { joinMeeting, openBrowser, received } from './browser.mjs';
import { gridCells, grab, marks } from './picture.mjs';
import { startServer } from './server.mjs';
import { fakeDevices, startSites } from './sites.mjs';
import { until } from './wait.mjs';

export async function startMeeting({ sites = 2, meeting = 'giao-ban', tls = true, options = [], seconds = 240 } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'diemcau-devices-'));
  const server = await startServer({ tls, options });
  const simulated = sites ? await startSites(server, { meeting, count: sites, seconds }) : null;
  const browsers = [];
  const room = {
    server,
    simulated,
    meeting,
    /** A browser with the mark and tone of site `n`; 0: without devices, for an observer. */
    async open(n, how = {}) {
      const browser = await openBrowser({ devices: n ? await fakeDevices(folder, n) : undefined, ...how });
      browsers.push(browser);
      return Object.assign(browser, { n });
    },
    async enter(browser, { site = `trinh-duyet-${browser.n}`, name, role = browser.n ? 'site' : 'observer' } = {}) {
      await joinMeeting(browser, await server.link({ meeting, site, name, role }));
      return Object.assign(browser, { site });
    },
    join: async (n, { site, name, role, ...how } = {}) => room.enter(await room.open(n, how), { site, name, role }),
    async end() {
      for (const browser of browsers) await browser.close().catch(() => {});
      await simulated?.stop();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return room;
}

/** Waits until the marks of exactly `wanted` sites are seen, each in one tile; the marks by tile. */
export function seeSites(browser, wanted, { tiles = wanted.length, seconds = 30 } = {}) {
  const sorted = [...wanted].sort((a, b) => a - b).join();
  return until(`the marks of sites ${sorted} in ${tiles} tiles`, async () => {
    const seen = marks(await grab(browser.page), tiles);
    const sites = seen.filter(Boolean).map((mark) => mark.site);
    if ([...sites].sort((a, b) => a - b).join() !== sorted) throw new Error(`seen: ${JSON.stringify(seen)}`);
    return seen;
  }, { seconds });
}

/** Waits until every one of `sites` shows a newer frame than now: nothing stands still. */
export async function seeAdvance(browser, sites, tiles, seconds = 5) {
  const frames = async () => new Map(marks(await grab(browser.page), tiles).filter(Boolean).map((m) => [m.site, m.frame]));
  const before = await frames();
  await until(`the pictures of sites ${sites} go on`, async () => {
    const now = await frames();
    return sites.every((site) => now.has(site) && now.get(site) !== before.get(site));
  }, { seconds });
}

/** The tile of site `n`: its rectangle in the picture. A single picture may be blurred by motion. */
export function tileOf(browser, n, tiles) {
  return until(`a tile of site ${n}`, async () => {
    const picture = await grab(browser.page);
    const index = marks(picture, tiles).findIndex((mark) => mark?.site === n);
    return index >= 0 && { index, picture, cell: gridCells(picture.width, picture.height, tiles)[index] };
  });
}

/** Frames per second that the page decodes while `work` runs. */
export async function undisturbed(browser, work) {
  const before = await received(browser);
  const start = Date.now();
  const result = await work();
  const seconds = (Date.now() - start) / 1000;
  return { result, fps: ((await received(browser)).frames - before.frames) / seconds };
}
