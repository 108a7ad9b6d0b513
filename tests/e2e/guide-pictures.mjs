// Takes the pictures of the guides (web/public/huong-dan/*.jpg) from the real bridge, with simulated sites and real
// pages. By hand, after the pages have changed:  node tests/e2e/guide-pictures.mjs
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBrowser } from './lib/browser.mjs';
import { startMeeting } from './lib/meeting.mjs';
import { run } from './lib/process.mjs';
import { request, root, sitesProgram } from './lib/server.mjs';
import { fakeDevices, startSites } from './lib/sites.mjs';
import { until } from './lib/wait.mjs';

const OUT = join(root, 'web', 'public', 'huong-dan');
const MEETING = 'giao-ban';
const COMMUNES = ('Đồng Văn,Lũng Cú,Mèo Vạc,Yên Minh,Quản Bạ,Hoàng Su Phì,Xín Mần,Bắc Mê,Vị Xuyên,Bắc Quang,Quang Bình,Phố Bảng,Sà Phìn,Lũng Phìn,' +
  'Sủng Máng,Sơn Vĩ,Khâu Vai,Niêm Sơn,Tát Ngà,Thắng Mố,Bạch Đích,Du Già,Đường Thượng,Mậu Duệ,Lùng Tám,Cán Tỷ,Nghĩa Thuận,Tùng Vài').split(',');
const NAMES = { 'ubnd-tinh': 'UBND tỉnh Hà Giang', 'van-phong': 'Văn phòng UBND tỉnh', 'thuong-son': 'xã Thượng Sơn' };

const room = await startMeeting({ sites: 0, options: ['--agency', 'ỦY BAN NHÂN DÂN TỈNH HÀ GIANG'] });
const folder = await mkdtemp(join(tmpdir(), 'diemcau-guides-'));
const browsers = [];
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

async function shoot(page, name) {
  await page.mouse.move(5, 400);
  await page.waitForTimeout(1500); // pictures settle, notices pass
  await page.screenshot({ path: join(OUT, `${name}.jpg`), type: 'jpeg', quality: 72 });
  console.log(name);
}

async function enter(browser) {
  await browser.page.goto(browser.link);
  await browser.page.getByTestId('join').click({ timeout: 20_000 });
  await browser.page.locator('[data-testid=meeting][data-phase=in]').waitFor({ timeout: 30_000 });
}

const PDF = (pages) => {
  const bodies = pages.map((lines) => `BT /F1 22 Tf 60 760 Td 30 TL ${lines.map((line) => `(${line}) Tj T*`).join(' ')} ET`);
  const objects = ['<</Type/Catalog/Pages 2 0 R>>', `<</Type/Pages/Count ${pages.length}/Kids[${pages.map((_, i) => `${4 + 2 * i} 0 R`).join(' ')}]>>`, '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>'];
  bodies.forEach((body, i) => objects.push(`<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents ${5 + 2 * i} 0 R/Resources<</Font<</F1 3 0 R>>>>>>`, `<</Length ${body.length}>>stream\n${body}\nendstream`));
  let text = '%PDF-1.4\n';
  const at = objects.map((object, i) => {
    const start = text.length;
    text += `${i + 1} 0 obj${object}endobj\n`;
    return start;
  });
  const xref = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${at.map((one) => `${String(one).padStart(10, '0')} 00000 n \n`).join('')}trailer<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${xref}\n%%EOF`;
  return text;
};

try {
  await api('meetings', { method: 'POST', body: JSON.stringify({ id: MEETING, title: 'Giao ban tháng 11', planned: Date.now() }), headers: { 'content-type': 'application/json' } });
  const rows = COMMUNES.map((name, i) => `sim-${i + 1},xã ${name},2,ubnd-tinh,02193 ${String(800100 + 37 * i)},,site`);
  const roster = ['code,name,level,parent,phone,email,role', 'ubnd-tinh,UBND tỉnh Hà Giang,1,,,,chair', 'van-phong,Văn phòng UBND tỉnh,1,,,,secretary', 'to-ky-thuat,Tổ kỹ thuật,1,,,,operator', ...rows, 'thuong-son,xã Thượng Sơn,2,ubnd-tinh,,,site', 'tan-quang,xã Tân Quang,2,ubnd-tinh,,,site'];
  await api(`meetings/${MEETING}/roster`, { method: 'PUT', body: `${roster.join('\n')}\n`, headers: { 'content-type': 'text/csv' } });
  await writeFile(join(folder, 'names'), `${COMMUNES.slice(0, 26).map((name) => `xã ${name}`).join('\n')}\n`);
  sites = await startSites(room.server, { meeting: MEETING, count: 26, seconds: 900, options: ['--names', join(folder, 'names'), '--answers', '--plain', '--join-rate', '20'] });

  const chair = await browse(41, 'ubnd-tinh', 'chair');
  await enter(chair);
  const { page } = chair;
  const site = await browse(42, 'thuong-son', 'site');
  await site.page.goto(site.link);
  await site.page.getByTestId('join').waitFor();
  await shoot(site.page, 'diem-cau-vao');
  await enter(site);
  await until('all are there', async () => (await room.server.metrics()).diemcau_members >= 28, { seconds: 60 });

  await page.getByTestId('record').click();
  await site.page.getByTestId('hand').click();
  await shoot(page, 'chu-tri-ban');
  await page.keyboard.press('Enter');
  await site.page.getByTestId('own-floor').waitFor({ timeout: 10_000 });
  await shoot(site.page, 'diem-cau-hop');

  await page.getByTestId('desk-tab-vote').click();
  await page.getByTestId('vote-question').fill('Thông qua kế hoạch thu ngân sách quý IV');
  await page.getByTestId('vote-open').click();
  await page.getByTestId('vote-running').waitFor();
  await shoot(page, 'chu-tri-bieu-quyet');
  await page.getByTestId('vote-close').click();

  const clerk = await browse(43, 'van-phong', 'secretary');
  await enter(clerk);
  await clerk.page.getByTestId('desk-tab-roll').click();
  await clerk.page.getByTestId('roll-open').click();
  await clerk.page.getByTestId('calls-start').click();
  await clerk.page.waitForTimeout(9000); // a few have answered
  await shoot(clerk.page, 'thu-ky-diem-danh');
  await clerk.page.getByTestId('calls-stop').click();

  const document = PDF([['Bao cao thu ngan sach thang 11', '', '1. Ket qua thang 11', '2. Nhiem vu thang 12', '3. Kien nghi'], ['1. Ket qua thang 11', '', 'Thu noi dia: 98 % du toan', 'Thu tien su dung dat: 104 %']]);
  await api(`meetings/${MEETING}/documents?title=${encodeURIComponent('Báo cáo thu ngân sách tháng 11')}`, { method: 'POST', body: document, headers: { 'content-type': 'application/pdf' } });
  await clerk.page.getByTestId('desk-tab-agenda').click();
  await clerk.page.getByTestId('agenda-edit').click();
  for (const [i, [title, minutes, who]] of [['Khai mạc, điểm danh', 10, 'Chủ trì'], ['Báo cáo thu ngân sách', 20, 'Sở Tài chính'], ['Thảo luận', 40, ''], ['Kết luận', 10, 'Chủ trì']].entries()) {
    if (i > 0 || (await clerk.page.getByTestId('agenda-row').count()) === 0) await clerk.page.getByTestId('agenda-add').click();
    await clerk.page.getByTestId('agenda-title').nth(i).fill(title);
    await clerk.page.getByTestId('agenda-minutes').nth(i).fill(String(minutes));
    await clerk.page.getByTestId('agenda-who').nth(i).fill(who);
  }
  await clerk.page.getByTestId('agenda-save').click();
  await clerk.page.getByTestId('agenda-next').click();
  await clerk.page.getByTestId('agenda-next').click();
  await clerk.page.getByTestId('document-on').click();
  await clerk.page.waitForFunction(() => document.querySelector('[data-testid=page] img')?.naturalWidth > 0);
  await shoot(clerk.page, 'thu-ky-chuong-trinh');

  await page.getByTestId('desk-tab-preview').click();
  await page.locator('body').press('w');
  await page.waitForTimeout(3000);
  await shoot(page, 'ky-thuat-toan-canh');

  const operator = await room.open(0);
  await operator.page.goto(`${room.server.url}/quan-tri.html#${admin}`);
  await operator.page.getByTestId('meeting-open').click();
  await shoot(operator.page, 'ky-thuat-quan-tri');
} finally {
  for (const browser of browsers) await browser.close().catch(() => {});
  await sites?.stop();
  await room.end();
  await rm(folder, { recursive: true, force: true });
}
process.exit(0);
