// For ./bench: how long from the click on `Vào họp` to the first picture, in Chromium.
// usage: node join-times.mjs LINK N    prints a JSON list of milliseconds
import { openBrowser } from '../lib/browser.mjs';

const [link, times] = process.argv.slice(2);

/** In the page: the moment of the click, and that of the first frame presented. */
function watchFirstFrame() {
  globalThis.__first = new Promise((resolve) => {
    let clicked = 0;
    addEventListener('click', (event) => {
      if (event.target.closest('[data-testid=join]')) clicked = performance.now();
    }, true);
    const seen = new WeakSet();
    new MutationObserver(() => {
      const video = document.querySelector('[data-testid=programme]');
      if (!video || seen.has(video)) return;
      seen.add(video);
      video.requestVideoFrameCallback((now) => resolve(now - clicked));
    }).observe(document, { childList: true, subtree: true });
  });
}

const browser = await openBrowser({ initScripts: [watchFirstFrame] });
const { page } = browser;
const measured = [];
for (let i = 0; i < Number(times); i++) {
  await page.goto('about:blank');
  await page.goto(link);
  await page.getByTestId('join').click({ timeout: 20_000 });
  measured.push(await page.evaluate(() => globalThis.__first));
  await page.getByTestId('leave').click();
  await page.getByTestId('over').waitFor();
}
await browser.close();
console.log(JSON.stringify(measured.map((ms) => Math.round(ms))));
