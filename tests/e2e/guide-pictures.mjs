// Takes the pictures of the guides (web/public/huong-dan/*.webp, and en/) from the real bridge, with simulated sites and
// real pages. By hand, after the pages have changed:  node tests/e2e/guide-pictures.mjs
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBrowser } from './lib/browser.mjs';
import { connect } from './lib/client.mjs';
import { startMeeting } from './lib/meeting.mjs';
import { run } from './lib/process.mjs';
import { request, root, sitesProgram } from './lib/server.mjs';
import { fakeDevices, startSites } from './lib/sites.mjs';
import { until } from './lib/wait.mjs';

const OUT = join(root, 'web', 'public', 'huong-dan');
const MEETING = 'giao-ban';
const NEXT = 'giao-ban-12'; // whose list has codes as people give them
const COMMUNES = ('Đồng Văn,Lũng Cú,Mèo Vạc,Yên Minh,Quản Bạ,Hoàng Su Phì,Xín Mần,Bắc Mê,Vị Xuyên,Bắc Quang,Quang Bình,Phố Bảng,Sà Phìn,Lũng Phìn,' +
  'Sủng Máng,Sơn Vĩ,Khâu Vai,Niêm Sơn,Tát Ngà,Thắng Mố,Bạch Đích,Du Già,Đường Thượng,Mậu Duệ,Lùng Tám,Cán Tỷ,Nghĩa Thuận,Tùng Vài').split(',');
const HANDS = [['sim-27', 'xã Nghĩa Thuận'], ['sim-28', 'xã Tùng Vài']];
const NAMES = { 'ubnd-tinh': 'UBND tỉnh Hà Giang', 'van-phong': 'Văn phòng UBND tỉnh', 'thuong-son': 'xã Thượng Sơn' };

const QUALITY = 84;
const SOME_FRAMES = 25;

// Whenever this runs, the clocks of the pages show a morning.
const shift = ((8 - new Date().getUTCHours() + 36) % 24) - 12;
process.env.TZ = `Etc/GMT${shift > 0 ? '-' : '+'}${Math.abs(shift)}`;

const room = await startMeeting({ sites: 0, options: ['--agency', 'ỦY BAN NHÂN DÂN TỈNH HÀ GIANG'] });
const folder = await mkdtemp(join(tmpdir(), 'diemcau-guides-'));
const browsers = [];
const clients = [];
let sites;

const admin = await room.server.forge({ role: 'admin' });
const api = async (path, options = {}) => {
  const answer = await request(`${room.server.url}/api/${path}`, { ...options, headers: { authorization: `Bearer ${admin}`, ...options.headers } });
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`);
  return answer;
};

/** In the page: the names that real devices have. */
function nameDevices() {
  const devices = navigator.mediaDevices;
  const original = devices.enumerateDevices.bind(devices);
  const names = { videoinput: 'Camera USB', audioinput: 'Micro USB', audiooutput: 'Loa' };
  devices.enumerateDevices = async () => (await original()).map(({ deviceId, groupId, kind, label }) => ({ deviceId, groupId, kind, label: label && names[kind] }));
}

async function browse(n, site, role) {
  const video = join(folder, `camera-${n}.y4m`);
  await run(sitesProgram, ['--site', String(n), '--plain', '--write-y4m', video]);
  const { audio } = await fakeDevices(folder, n);
  const browser = await openBrowser({ devices: { video, audio }, initScripts: [nameDevices] });
  browsers.push(browser);
  return Object.assign(browser, { link: await room.server.link({ meeting: MEETING, site, name: NAMES[site], role }) });
}

/** In both languages: what is seen is the same, and the page is left as it was. */
async function shoot(page, name, change = () => page.getByTestId('language').click()) {
  for (const folder of ['.', 'en']) {
    await page.mouse.move(5, 400);
    await page.waitForTimeout(1500); // pictures settle, notices pass
    if ((await page.getByTestId('line').count()) > 0) await page.locator('[data-testid=line][data-quality="3"]').waitFor({ timeout: 90_000 });
    const browser = await page.context().newCDPSession(page);
    const { data } = await browser.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
    await browser.detach();
    await writeFile(join(OUT, folder, `${name}.webp`), Buffer.from(data, 'base64'));
    await change();
  }
  console.log(name);
}

/** A seat without picture and sound: it raises its hand, votes, or waits at the door. */
async function seat(site, name, role = 'site') {
  const client = await connect(room.server);
  const link = await room.server.link({ meeting: MEETING, site, name, role });
  const { type } = await client.ask('join', { token: link.split('#')[1], mic: false, camera: false });
  if (type !== 'joined' && type !== 'waiting') throw new Error(`${site}: ${type}`);
  clients.push(client);
  return client;
}

async function enter(browser) {
  await browser.page.goto(browser.link);
  await browser.page.getByTestId('join').click({ timeout: 60_000 });
  await browser.page.locator('[data-testid=meeting][data-phase=in]').waitFor({ timeout: 30_000 });
}

/** A report, as an office would send it. */
async function report(browser) {
  const page = await browser.context.newPage();
  const style = 'body{font:15pt/1.6 serif;margin:12mm 18mm}h1{font-size:20pt;text-align:center}h2{font-size:16pt}p,li{margin:4mm 0}section{break-after:page}';
  await page.setContent(`<html lang="vi"><style>${style}</style>
    <section><h1>BÁO CÁO<br>Kết quả thu ngân sách tháng 11</h1>
      <h2>1. Kết quả</h2><p>Thu nội địa đạt 98 % dự toán cả năm, tăng 6 % so với cùng kỳ.</p><p>Thu tiền sử dụng đất đạt 104 %.</p>
      <h2>2. Khó khăn</h2><p>Một số xã vùng cao thu chậm do mưa lũ.</p></section>
    <section><h2>3. Nhiệm vụ tháng 12</h2><ol><li>Rà soát các khoản nợ thuế.</li><li>Báo cáo trước ngày 20.</li></ol></section>
    <section><h2>4. Kiến nghị</h2><p>Bổ sung kinh phí khắc phục đường giao thông.</p></section>`);
  const pdf = await page.pdf({ format: 'A4' });
  await page.close();
  return pdf;
}

try {
  const code = (name) => name.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/gi, 'd').replaceAll(' ', '-').toLowerCase();
  for (const [id, title, days] of [[MEETING, 'Giao ban tháng 11', 0], [NEXT, 'Giao ban tháng 12', 28]]) {
    await api('meetings', { method: 'POST', body: JSON.stringify({ id, title, planned: Date.now() + days * 86_400_000 }), headers: { 'content-type': 'application/json' } });
    const rows = COMMUNES.map((name, i) => `${id === MEETING ? `sim-${i + 1}` : code(name)},xã ${name},2,ubnd-tinh,02193 ${800100 + 37 * i},,site`);
    const others = ['ubnd-tinh,UBND tỉnh Hà Giang,1,,,,chair', 'van-phong,Văn phòng UBND tỉnh,1,,,,secretary', 'to-ky-thuat,Tổ kỹ thuật,1,,,,operator'];
    const roster = ['code,name,level,parent,phone,email,role', ...others, ...rows, 'thuong-son,xã Thượng Sơn,2,ubnd-tinh,02193 801200,,site', 'tan-quang,xã Tân Quang,2,ubnd-tinh,02193 801300,,site'];
    await api(`meetings/${id}/roster`, { method: 'PUT', body: `${roster.join('\n')}\n`, headers: { 'content-type': 'text/csv' } });
  }
  await writeFile(join(folder, 'names'), `${COMMUNES.slice(0, 26).map((name) => `xã ${name}`).join('\n')}\n`);
  sites = await startSites(room.server, { meeting: MEETING, count: 26, seconds: 900, options: ['--names', join(folder, 'names'), '--answers', '--plain', '--join-rate', '20'] });

  const chair = await browse(41, 'ubnd-tinh', 'chair');
  await enter(chair);
  const { page } = chair;
  const site = await browse(42, 'thuong-son', 'site');
  await site.page.goto(site.link);
  await site.page.getByTestId('join').waitFor();
  await site.page.waitForFunction((frames) => document.querySelector('[data-testid=self]')?.getVideoPlaybackQuality().totalVideoFrames > frames, SOME_FRAMES, { timeout: 90_000 });
  await site.page.getByTestId('consent').check();
  await shoot(site.page, 'diem-cau-vao');
  await site.page.getByTestId('consent').uncheck();
  await enter(site);
  await until('all are there', async () => (await room.server.metrics()).diemcau_members >= 28, { seconds: 60 });

  const layout = (name) => page.getByTestId('layout').filter({ hasText: name }).click();
  const keep = async (name) => {
    await page.getByTestId('scene-new').click();
    await page.getByTestId('scene-name').fill(name);
    await page.getByTestId('scene-save').click();
    await page.locator(`[data-scene="${name}"]`).waitFor();
  };
  await keep('Toàn thể');
  await layout('1+7');
  await keep('Phát biểu');
  await page.getByTestId('take').click();
  await layout('1+12');
  await page.getByTestId('record').click();
  await site.page.getByTestId('hand').click();
  for (const [code, name] of HANDS) await (await seat(code, name)).ask('hand', { on: true });
  await seat('bao-tinh', 'Báo Hà Giang', 'observer');
  await shoot(page, 'chu-tri-ban');

  await site.page.getByTestId('mic').click(); // so that it is asked to open it
  await page.keyboard.press('Enter');
  await site.page.getByTestId('floor-mic').waitFor({ timeout: 10_000 });
  await site.page.waitForTimeout(3000);
  await shoot(site.page, 'diem-cau-hop');
  await site.page.getByTestId('floor-mic').click();

  const ask = async (question) => {
    await page.getByTestId('vote-question').fill(question);
    await page.getByTestId('vote-quorum').selectOption('0');
    await page.getByTestId('vote-open').click();
    await page.getByTestId('vote-choice').first().click();
    await page.getByTestId('vote-give').click();
    await page.getByTestId('vote-give').waitFor({ state: 'detached' });
  };
  await page.getByTestId('desk-tab-vote').click();
  await ask('Thông qua chương trình phiên họp');
  for (const client of clients.slice(0, HANDS.length)) await client.ask('vote', { vote: 1, choice: 0 });
  await site.page.getByTestId('vote-choice').nth(2).click();
  await site.page.getByTestId('vote-give').click();
  await page.getByTestId('vote-close').click();
  await page.getByTestId('vote-show').click();
  await ask('Thông qua kế hoạch thu ngân sách quý IV');
  for (const client of clients.slice(0, HANDS.length)) await client.ask('vote', { vote: 2, choice: 0 });
  await page.waitForTimeout(2000);
  await shoot(page, 'chu-tri-bieu-quyet');
  await page.getByTestId('vote-close').click();
  await page.getByTestId('vote-show').nth(1).click();

  const clerk = await browse(43, 'van-phong', 'secretary');
  await enter(clerk);
  await clerk.page.getByTestId('desk-tab-roll').click();
  await clerk.page.getByTestId('roll-open').click();
  await clerk.page.getByTestId('calls-start').click();
  await clerk.page.waitForTimeout(9000); // a few have answered
  await shoot(clerk.page, 'thu-ky-diem-danh');
  await clerk.page.getByTestId('calls-stop').click();

  await api(`meetings/${MEETING}/documents?title=${encodeURIComponent('Báo cáo thu ngân sách tháng 11')}`, { method: 'POST', body: await report(chair), headers: { 'content-type': 'application/pdf' } });
  await clerk.page.getByTestId('desk-tab-agenda').click();
  await clerk.page.getByTestId('agenda-edit').click();
  for (const [i, [title, minutes, who]] of [['Khai mạc, điểm danh', 10, 'Chủ trì'], ['Báo cáo thu ngân sách', 20, 'Sở Tài chính'], ['Thảo luận', 40, ''], ['Kết luận', 10, 'Chủ trì']].entries()) {
    if (i > 0 || (await clerk.page.getByTestId('agenda-row').count()) === 0) await clerk.page.getByTestId('agenda-add').click();
    await clerk.page.getByTestId('agenda-title').nth(i).fill(title);
    await clerk.page.getByTestId('agenda-minutes').nth(i).fill(String(minutes));
    await clerk.page.getByTestId('agenda-who').nth(i).fill(who);
  }
  await clerk.page.getByTestId('agenda-save').click();
  for (const at of [0, 1]) {
    await clerk.page.getByTestId('agenda-next').click();
    await clerk.page.locator(`[data-testid=agenda][data-at="${at}"]`).waitFor();
  }
  await clerk.page.getByTestId('document-on').click();
  await clerk.page.waitForFunction(() => document.querySelector('[data-testid=page] img')?.naturalWidth > 0);
  await clerk.page.waitForTimeout(6000); // cameras that the roll call had put to rest
  await shoot(clerk.page, 'thu-ky-chuong-trinh');

  // By one without a camera: a page behind another sends none here.
  await clerk.close();
  const operator = await room.open(0);
  await enter(Object.assign(operator, { link: await room.server.link({ meeting: MEETING, site: 'to-ky-thuat', name: 'Tổ kỹ thuật', role: 'operator' }) }));
  const [wall] = await Promise.all([operator.context.waitForEvent('page'), operator.page.getByTestId('wall-window').click()]);
  await wall.setViewportSize({ width: 1366, height: 768 });
  const menu = async () => {
    await wall.locator('[data-testid=wall-page][data-desk=true]').waitFor();
    await wall.getByTestId('tile').nth(8).click();
    await wall.getByTestId('site-menu').waitFor();
    await wall.waitForTimeout(5000);
  };
  await menu();
  await shoot(wall, 'ky-thuat-toan-canh', async () => {
    await operator.page.getByTestId('language').click();
    await wall.reload();
    await menu();
  });

  await operator.page.goto(`${room.server.url}/quan-tri.html#${admin}`);
  await operator.page.locator(`[data-meeting=${NEXT}] [data-testid=meeting-open]`).click();
  const down = () => operator.page.getByTestId('change-title').evaluate((field) => scrollTo(0, field.getBoundingClientRect().bottom + scrollY));
  await operator.page.getByTestId('roster-row').first().waitFor();
  await down();
  await shoot(operator.page, 'ky-thuat-quan-tri', async () => {
    await operator.page.getByTestId('language').click();
    await down();
  });
} finally {
  for (const { socket } of clients) socket.terminate();
  for (const browser of browsers) await browser.close().catch(() => {});
  await sites?.stop();
  await room.end();
  await rm(folder, { recursive: true, force: true });
}
process.exit(0);
