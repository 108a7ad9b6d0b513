// The minutes of a real meeting, whose people have names that mean harm: the document shows them as text, and every
// figure is what the log says.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { connect } from './lib/client.mjs';
import { foldMinutes } from './lib/fold.mjs';
import { run } from './lib/process.mjs';
import { request, startServer } from './lib/server.mjs';
import { until } from './lib/wait.mjs';

const MEETING = 'giao-ban';
const FORMULA = '=HYPERLINK("http://x.example","bấm")';
const LONG = 'Đường'.repeat(12);
/** On the list; as they are to be read. */
const LISTED = { tinh: 'UBND tỉnh', 'xa-1': '<script>alert(1)</script>', 'xa-2': FORMULA, 'xa-3': '<b>đậm</b> &amp; <span size="99999">to</span>', 'xa-4': LONG, 'xa-5': 'Xã vắng' };
/** Of guests: as their links say, and as they are to be read. */
const GUESTS = { bidi: ['Xã \u202egnoV\u202c \u2066ngang\u2069\u200f', 'Xã gnoV ngang'], controls: ['Xã\u0007\u001b[31m Đỏ\u2028', 'Xã[31m Đỏ'], plus: ['+1-1@x', '+1-1@x'] };
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

let server, admin, chair, minutes;
const clients = {};
const pause = (time) => new Promise((done) => setTimeout(done, time));
const api = async (path, how = {}) => {
  const answer = await request(`${server.url}/api/${path}`, { ...how, headers: { authorization: `Bearer ${admin}`, ...(how.body ? { 'content-length': Buffer.byteLength(how.body) } : {}), ...how.headers } });
  assert.ok(answer.status < 300, `${path}: ${answer.status} ${answer.text.slice(0, 300)}`);
  return answer;
};

async function sit(site, claims, members = {}) {
  const client = await connect(server);
  const token = await server.forge({ site, ...claims });
  client.joining = client.ask('join', { token, mic: false, camera: false, ...members });
  client.must = async (type, given) => assert.equal((await client.ask(type, given)).type, 'ok', type);
  clients[site] = client;
  return client;
}

const sitListed = async (site) => {
  const client = await sit(site, {}, { meeting: MEETING });
  assert.equal((await client.joining).type, 'joined');
  return client;
};

async function admitGuest(site) {
  const client = await sit(site, { meeting: MEETING, role: 'site', name: GUESTS[site][0] });
  assert.equal((await client.joining).type, 'waiting');
  await chair.must('admit', { site, on: true });
  await until(`${site} is in`, () => client.messages.some(({ type }) => type === 'joined'));
}

const pdf = '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n';

/** Something of all that minutes tell. */
async function hold() {
  await chair.must('agenda', { items: [{ title: `Báo cáo ${FORMULA}`, minutes: 10, who: '<i>Ủy ban</i>' }, { title: 'Thảo luận', minutes: 0, who: '' }] });
  await chair.must('agenda-at', { item: 0 });
  await chair.must('roll-open');
  await chair.must('roll-mark', { site: 'xa-5', status: 'excused', reason: `Bận <b>họp</b> ${FORMULA}` });
  await chair.must('floor', { site: 'xa-1', on: true, seconds: 60 });
  await pause(400);
  await chair.must('floor', { site: 'xa-2', on: true });
  await pause(300);
  await chair.must('floor', { site: 'xa-2', on: false });
  await chair.must('floor', { site: 'xa-1', on: true });
  clients['xa-3'].socket.terminate(); // lost, and back
  await until('it is lost', () => chair.messages.some(({ type, sites }) => type === 'sites' && sites.some(({ id, lost }) => id === 'xa-3' && lost)), { seconds: 20 });
  await pause(200);
  await sitListed('xa-3');
  await clients['xa-4'].must('leave');
  await chair.must('roll-close');
  await chair.must('agenda-at', { item: 1 });
  await chair.must('agenda', { items: [{ title: 'Thảo luận', minutes: 5, who: '' }, { title: 'Kết luận', minutes: 5, who: 'Chủ trì' }] });
  await chair.must('agenda-at', { item: 0 });
  await pause(100);
  await sitListed('xa-4');
  await vote(1, false, ['tinh', 'xa-1', 'xa-2', 'xa-3', 'xa-4'], [0, 1, 1]);
  await vote(2, true, ['tinh', 'xa-1', 'xa-2', 'xa-3'], [2, 0, 2, 1]);
  await vote(3, false, ['xa-1', 'xa-2', 'xa-3', 'xa-4'], [0]);
  await clients['xa-1'].must('chat', { to: 'all', text: '=1+1 <script>alert(2)</script>' });
  await clients['xa-2'].must('chat', { to: 'desk', text: 'chỉ cho bàn' });
  await chair.must('announce', { text: '@SUM(A1) giải lao', to: ['xa-1', 'xa-2'] });
  const made = await api(`meetings/${MEETING}/documents?title=${encodeURIComponent(`<u>Tờ trình</u> ${FORMULA}`)}`, { method: 'POST', body: pdf, headers: { 'content-type': 'application/pdf' } });
  const { id } = JSON.parse(made.text);
  await chair.must('document-show', { document: id, page: 1 });
  await chair.must('document-remove', { document: id });
  await chair.must('roll-open');
  await pause(2500); // measured
  await chair.must('agenda-at', { item: 1 });
}

async function vote(number, secret, voters, choices) {
  await chair.must('vote-open', { question: `Thông qua ${FORMULA}?`, choices: ['Đồng ý', '<b>Không</b>', 'Ý kiến khác'], voters, secret, quorum: 50, seconds: 0 });
  for (const [i, choice] of choices.entries()) await clients[voters[i]].must('vote', { vote: number, choice });
  if (number !== 3) await chair.must('vote-close');
}

before(async () => {
  server = await startServer({ options: ['--lost-grace', '60'] });
  admin = await server.forge({ role: 'admin' });
  await api('meetings', { method: 'POST', body: JSON.stringify({ id: MEETING, title: `Giao ban ${FORMULA}`, planned: 1795000000000 }), headers: { 'content-type': 'application/json' } });
  const cell = (text) => `"${text.replaceAll('"', '""')}"`;
  const list = Object.entries(LISTED).map(([site, name]) => `${site},${cell(name)},${site === 'tinh' ? 'chair' : 'site'}\n`);
  await api(`meetings/${MEETING}/roster`, { method: 'PUT', body: `code,name,role\n${list.join('')}`, headers: { 'content-type': 'text/csv' } });
  chair = await sitListed('tinh');
  for (const site of ['xa-1', 'xa-2', 'xa-3', 'xa-4']) await sitListed(site);
  for (const site of Object.keys(GUESTS)) await admitGuest(site);
  await hold();
  minutes = JSON.parse((await api(`meetings/${MEETING}/minutes.json`)).text);
});
after(async () => {
  for (const { socket } of Object.values(clients)) socket.terminate();
  await server?.stop();
});

/** The rows of the log itself, past all that reads it in the bridge. */
async function readLog() {
  const script = 'import json,sqlite3,sys\nd=sqlite3.connect(sys.argv[1])\nprint(json.dumps([dict(json.loads(p),seq=s,time_us=t,type=w) for s,t,w,p in d.execute("select seq,time_us,type,payload from event where meeting=? order by seq",(sys.argv[2],))]))';
  return JSON.parse(await run('python3', ['-c', script, join(server.data, 'diemcau.db'), minutes.meeting.uuid]));
}

/** Of `told` only the members that `own` has too. */
function alike(told, own) {
  if (Array.isArray(own)) return told.map((one, i) => (i < own.length ? alike(one, own[i]) : one));
  if (own === null || typeof own !== 'object') return told;
  return Object.fromEntries(Object.keys(own).map((key) => [key, alike(told[key], own[key])]));
}

test('every figure is what the log says', async () => {
  const rows = (await readLog()).slice(0, minutes.proof.events);
  const { events, ...own } = foldMinutes(rows);
  assert.equal(minutes.proof.events, events);
  assert.deepEqual([minutes.proof.missing, minutes.proof.checked, minutes.proof.whole], [0, true, true]);
  const bySite = (list) => list.toSorted((a, b) => (a.site < b.site ? -1 : 1));
  minutes.attendance = bySite(minutes.attendance);
  own.attendance = bySite(own.attendance);
  for (const part of Object.keys(own)) assert.deepEqual(alike(minutes[part], own[part]), own[part], part);
  // And there was something to count.
  const of = (site) => own.attendance.find((one) => one.site === site);
  assert.deepEqual([of('xa-3').interruptions, of('xa-4').interruptions, of('xa-5').present, of('bidi').guest], [1, 1, false, true]);
  assert.deepEqual(own.floor.map(({ site, turns }) => [site, turns]), [['xa-1', 2], ['xa-2', 1]]);
  assert.ok(own.floor[0].totalMs >= 700 && own.floor[1].totalMs >= 300, JSON.stringify(own.floor));
  assert.deepEqual(own.votes.map(({ counts, voted, quorate, closed }) => [counts, voted, quorate, closed !== null]), [[[1, 2, 0], 3, true, true], [[1, 1, 2], 4, true, true], [[1, 0, 0], 1, false, false]]);
  assert.ok(own.rolls.length === 2 && own.rolls[1].marks.length >= 8 && own.rolls[1].closed === null);
  assert.deepEqual(own.agenda.map(({ title, dropped }) => [title, dropped]), [['Thảo luận', false], ['Kết luận', false], [`Báo cáo ${FORMULA}`, true]]);
});

const dense = (text) => text.replace(/\s+/g, '');

test('PDF: names are text, whatever they are', async () => {
  const { bytes } = await api(`meetings/${MEETING}/minutes.pdf`);
  const file = join(server.data, 'minutes.pdf');
  await writeFile(file, bytes);
  await run('pdftotext', ['-enc', 'UTF-8', file, `${file}.txt`]);
  const text = await readFile(`${file}.txt`, 'utf8');
  // Lines break where a column ends, so blanks do not count.
  const named = [...Object.values(LISTED), ...Object.values(GUESTS).map(([, read]) => read)];
  for (const name of [...named, '<i>Ủy ban</i>', `Bận <b>họp</b> ${FORMULA}`, '<b>Không</b>', `<u>Tờ trình</u> ${FORMULA}`, `Giao ban ${FORMULA}`]) {
    assert.ok(dense(text).includes(dense(name)), `${name} is not in\n${text}`);
  }
  assert.doesNotMatch(text.replace(/[\n\f]/g, ' '), HIDDEN);
  assert.doesNotMatch(text, /chỉ cho bàn/);
  assert.doesNotMatch(bytes.toString('latin1'), /\/(JavaScript|Launch|OpenAction|EmbeddedFile|URI)\b/);
  const pages = Number(/^Pages: +(\d+)$/m.exec(await run('pdfinfo', [file]))[1]);
  assert.ok(pages >= 1 && pages <= 4, `${pages} pages`);
  // Markup that is obeyed would be larger or bolder than all that is ours.
  const fonts = await run('pdftotext', ['-bbox', file, '-']);
  const tall = [...fonts.matchAll(/yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)"/g)].map(([, top, bottom]) => bottom - top);
  assert.ok(tall.length > 100 && Math.max(...tall) < 40, `a word ${Math.max(...tall)} points high`);
});

test('CSV: no cell is a formula', async () => {
  const { text } = await api(`meetings/${MEETING}/minutes.csv`);
  const cells = [...text.replace(/^\ufeff/, '').matchAll(/(?:^|,|\r\n)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);
  assert.ok(cells.length > 100);
  for (const cell of cells) {
    assert.doesNotMatch(cell, /^\s*[=+\-@\t\r＝＋－＠]/);
    assert.doesNotMatch(cell, HIDDEN);
  }
  for (const cell of [`'${FORMULA}`, "'+1-1@x", "'@SUM(A1) giải lao", LISTED['xa-1'], LISTED['xa-3'], LONG, 'Xã gnoV ngang', 'Xã[31m Đỏ']) assert.ok(cells.includes(cell), cell);
});
