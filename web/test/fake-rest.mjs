// The REST API of the fake bridge, as the contract has it: meetings, rosters, links, layouts. In memory.

import { readdirSync, readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';

const LAYOUTS = new URL('../../mcu/room/layouts/', import.meta.url);
const ID = /^[A-Za-z0-9._-]{1,64}$/;
const ROLES = ['chair', 'secretary', 'operator', 'site', 'observer'];

function readLayout(text) {
  const values = Object.fromEntries([...text.matchAll(/^([a-z0-9[\]]+)=(.*)$/gm)].map(([, key, value]) => [key, value]));
  const [columns, rows] = values.grid.split('x').map(Number);
  const panes = [];
  for (let n = 1; values[`pane${n}`]; n++) {
    const [, x, y, w, h, show] = /^(\d+),(\d+) (\d+)x(\d+) ?(.*)$/.exec(values[`pane${n}`]);
    panes.push({ x: x / columns, y: y / rows, w: w / columns, h: h / rows, show: show || 'auto' });
  }
  return { name: values.name, title: values.title, titleVi: values['title[vi]'], speaker: 'speaker' in values, panes };
}

export function loadLayouts() {
  const files = readdirSync(LAYOUTS).filter((name) => name.endsWith('.layout'));
  const auto = { name: 'auto', title: 'All, equal', titleVi: 'Tự động, ô bằng nhau', speaker: false, panes: [] };
  return [auto, ...files.sort().map((name) => readLayout(readFileSync(new URL(name, LAYOUTS), 'utf8')))];
}

/** Fields of RFC 4180; enough for what people's spreadsheets write. */
export function parseCsv(text) {
  const clean = text.replace(/^\ufeff/, '');
  const cut = /^[^\r\n]*/.exec(clean)[0].includes(';') ? ';' : ',';
  const rows = [];
  let field = '';
  let row = [];
  let quoted = false;
  for (let at = 0; at < clean.length; at++) {
    const c = clean[at];
    if (quoted) {
      if (c === '"' && clean[at + 1] === '"') field += clean[++at];
      else if (c === '"') quoted = false;
      else field += c;
    } else if (c === '"') quoted = true;
    else if (c === cut || c === '\n') {
      row.push(field.replace(/\r$/, ''));
      field = '';
      if (c === '\n') rows.push(row.splice(0));
    } else field += c;
  }
  if (field || row.length > 0) rows.push([...row, field.replace(/\r$/, '')]);
  return rows;
}

function readRoster(text) {
  const [header = [], ...rows] = parseCsv(text);
  const errors = [];
  const missing = ['code', 'name', 'level', 'parent', 'phone', 'email'].filter((name) => !header.includes(name));
  if (missing.length > 0) return { errors: [{ line: 1, message: `no column ${missing[0]}`, messageVi: `thiếu cột ${missing[0]}` }] };
  const sites = [];
  const codes = new Set();
  rows.forEach((row, index) => {
    const line = index + 2;
    const get = (name) => (row[header.indexOf(name)] ?? '').trim();
    const bad = (message, messageVi) => errors.push({ line, message, messageVi });
    if (row.length === 1 && row[0] === '') return;
    if (!ID.test(get('code'))) return bad(`code "${get('code')}" has other characters than A-Z a-z 0-9 . _ -`, `mã «${get('code')}» chỉ được có A-Z a-z 0-9 . _ -`);
    if (codes.has(get('code'))) return bad(`code ${get('code')} is there twice`, `mã ${get('code')} bị trùng`);
    if (get('name') === '' || [...get('name')].length > 64) return bad('a name has 1 to 64 characters', 'tên phải có 1 đến 64 ký tự');
    if (!/^\d{1,2}$/.test(get('level'))) return bad(`level "${get('level')}" is no small number`, `cấp «${get('level')}» không phải là số`);
    if (get('role') && !ROLES.includes(get('role'))) return bad(`no role ${get('role')}`, `không có vai trò ${get('role')}`);
    codes.add(get('code'));
    return sites.push({ site: get('code'), name: get('name').normalize('NFC'), level: Number(get('level')), parent: get('parent'), phone: get('phone'), email: get('email'), role: get('role') || 'site' });
  });
  return errors.length > 0 ? { errors } : { sites };
}

/** A sheet of A4, standing, with as many dark lines as its number. */
function drawPage(number) {
  const [width, height] = [420, 594];
  const rows = Buffer.alloc(height * (width + 1), 0xf4);
  for (let y = 0; y < height; y++) {
    rows[y * (width + 1)] = 0; // no filter
    const line = Math.floor((y - 40) / 36);
    if (line >= 0 && line < number && (y - 40) % 36 < 14) rows.fill(0x30, y * (width + 1) + 40, y * (width + 1) + width - 40);
  }
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const size = Buffer.alloc(4);
    size.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([size, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 0, 0, 0, 0], 8); // grey, 8 bits
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

function crc32(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return (sum ^ 0xffffffff) >>> 0;
}

export class FakeRest {
  layouts = loadLayouts();
  /** id → { id, title, planned, roster } */
  meetings = new Map();
  /** What is answered instead, if anything: a status. */
  fails = 0;

  /** `bridge` has `origin`, `present(id)`, `end(id)`, `linkOf(claims)` and `claimsOf(token)`. */
  constructor(bridge) {
    this.bridge = bridge;
  }

  add(id, title, roster = [], planned = 0) {
    this.meetings.set(id, { id, title, planned, roster });
  }

  async serve(request, response, path) {
    const answer = (status, body) => {
      response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
      response.end(body === undefined ? '' : JSON.stringify(body));
    };
    const error = (status, code) => answer(status, { code, message: code });
    if (this.fails) return error(this.fails, 'internal');
    const parts = path.split('/').slice(2); // behind /api/
    if (parts[0] === 'layouts') return answer(200, { layouts: this.layouts });
    const [, token] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '') ?? [];
    if (!token) return error(401, 'token-invalid');
    const claims = this.bridge.claimsOf(token);
    if (path === '/api/me/meetings') {
      const mine = [...this.meetings.values()].filter(({ roster }) => roster.some(({ site }) => site === claims.site));
      const role = ({ roster }) => roster.find(({ site }) => site === claims.site).role;
      return answer(200, mine.map((one) => ({ id: one.id, title: one.title, planned: one.planned, running: this.bridge.present(one.id) > 0, role: role(one) })));
    }
    const [, id, what] = parts;
    const admin = claims.role === 'admin';
    const invited = claims.meeting === undefined && this.meetings.get(id)?.roster.find(({ site }) => site === claims.site);
    const desk = ['chair', 'secretary', 'operator'].includes(invited ? invited.role : claims.meeting === id && claims.role);
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const seat = claims.meeting === id || claims.meeting === undefined;
    if (parts[0] === 'meetings' && seat && !admin && what === 'documents') return this.documents(request, response, { answer, error }, parts.slice(3), desk, bytes);
    if (parts[0] === 'meetings' && desk && /^minutes\.(json|csv|pdf)$/.test(what)) {
      response.writeHead(200, { 'content-type': 'application/octet-stream' });
      return response.end(`minutes of ${id} as ${what}`);
    }
    const reads = request.method === 'GET' && ['roster', 'links'].includes(what);
    if (parts[0] !== 'meetings' || (!admin && !(desk && reads))) return error(403, 'forbidden');
    const body = bytes.toString();
    if (!id) return this.all(request, answer, error, body);
    const meeting = this.meetings.get(id);
    if (!meeting) return error(404, 'not-found');
    return this.one(request, answer, error, meeting, what, body);
  }

  /** Behind documents/: nothing, or DOC/pages/N. */
  documents(request, response, { answer, error }, [id, pages, page], desk, bytes) {
    const { work } = this.bridge.room;
    if (request.method === 'POST' && id === undefined) {
      if (!desk) return error(403, 'forbidden');
      const kind = { 'application/pdf': 'pdf', 'image/png': 'png', 'image/jpeg': 'jpeg' }[request.headers['content-type']];
      if (!kind) return error(415, 'bad-message');
      if (bytes.length > 20 * 1024 * 1024) return error(413, 'too-large');
      if (work.documents.length >= 50) return error(409, 'full');
      const text = bytes.toString('latin1');
      const begins = { pdf: '%PDF', png: '\x89PNG', jpeg: '\xff\xd8' }[kind];
      if (!text.startsWith(begins)) return error(422, 'bad-message');
      const title = new URL(request.url, 'http://x').searchParams.get('title') || 'Tài liệu';
      const made = { id: `d-${(this.made = (this.made ?? 0) + 1)}`, title, kind, bytes: bytes.length, pages: kind === 'pdf' ? (text.match(/\/Type\s*\/Page\b/g) ?? [0]).length : 1 };
      work.documents.push(made);
      return answer(201, made);
    }
    const found = work.documents.find((document) => document.id === id);
    if (request.method !== 'GET' || pages !== 'pages' || !found || !(Number(page) >= 1 && Number(page) <= found.pages)) return error(404, 'not-found');
    this.pagesAsked = [...(this.pagesAsked ?? []), `${id}/${page}`];
    response.writeHead(200, { 'content-type': 'image/png' });
    return response.end(drawPage(Number(page)));
  }

  info({ id, title, planned, roster }) {
    return { id, title, planned, invited: roster.length, present: this.bridge.present(id) };
  }

  make(answer, error, body, from) {
    const { title, id = `hop-${this.meetings.size + 1}`, planned = 0 } = JSON.parse(body);
    if (typeof title !== 'string' || title.trim() === '' || !ID.test(id)) return error(400, 'bad-message');
    if (this.meetings.has(id)) return error(409, 'conflict');
    this.add(id, title, from ? [...from.roster] : [], planned);
    return answer(201, this.info(this.meetings.get(id)));
  }

  all(request, answer, error, body) {
    if (request.method === 'POST') return this.make(answer, error, body);
    return answer(200, { meetings: [...this.meetings.values()].map((meeting) => this.info(meeting)) });
  }

  one(request, answer, error, meeting, what, body) {
    const asked = `${request.method} ${what ?? ''}`.trim();
    switch (asked) {
      case 'GET':
        return answer(200, this.info(meeting));
      case 'PATCH': {
        const { title, planned } = JSON.parse(body);
        Object.assign(meeting, title === undefined ? {} : { title }, planned === undefined ? {} : { planned });
        return answer(200, this.info(meeting));
      }
      case 'POST copy':
        return this.make(answer, error, body, meeting);
      case 'POST end':
        this.bridge.end(meeting.id);
        this.meetings.delete(meeting.id);
        return answer(204);
      case 'GET roster':
        return answer(200, { sites: meeting.roster });
      case 'PUT roster': {
        const read = readRoster(body);
        if (read.errors) return answer(422, { errors: read.errors });
        meeting.roster = read.sites;
        return answer(200, { sites: read.sites.length });
      }
      case 'GET links':
        return answer(200, {
          links: meeting.roster.map(({ site, name, level, parent, role }) => ({ site, name, level, parent, role, url: this.bridge.linkOf({ site, name }) })),
        });
      default:
        return error(405, 'bad-message');
    }
  }
}
