// The real bridge on a free port of loopback, with a data folder of its own.
import { createHmac } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, start } from './process.mjs';
import { until } from './wait.mjs';

export const root = fileURLToPath(new URL('../../../', import.meta.url));
export const build = process.env.DIEMCAU_BUILD ?? join(root, 'build');
export const program = join(build, 'mcu', 'diemcau');
export const sitesProgram = join(build, 'tests', 'sites', 'diemcau-sites');

async function freePort() {
  const server = net.createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** One HTTP request; the bridge's certificate is its own, so nobody else vouches for it. */
export function request(url, { method = 'GET', headers = {}, body } = {}) {
  const { request: send } = url.startsWith('https:') ? https : http;
  return new Promise((resolve, reject) => {
    const sent = send(url, { method, headers, rejectUnauthorized: false, agent: false }, (response) => {
      const chunks = [];
      response.on('data', (data) => chunks.push(data));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, bytes: Buffer.concat(chunks), text: Buffer.concat(chunks).toString() }),
      );
    });
    sent.setTimeout(10_000, () => sent.destroy(new Error(`no answer from ${url}`)));
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Prometheus text -> { 'name{labels}': number }. */
export function parseMetrics(text) {
  const lines = text.split('\n').filter((line) => line && !line.startsWith('#'));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]));
}

// Every simulated site talks all the time, which nobody does in a real meeting: let all be heard.
const ALL_HEARD = ['--max-heard', '20'];

export async function startServer({ tls = true, options = [] } = {}) {
  const data = await mkdtemp(join(tmpdir(), 'diemcau-e2e-'));
  const port = await freePort();
  const url = `${tls ? 'https' : 'http'}://127.0.0.1:${port}`;
  const args = ['serve', '--data', data, '--listen', `127.0.0.1:${port}`, '--media-address', '127.0.0.1', '--web', join(root, 'web', 'dist'), ...(tls ? [] : ['--http']), ...ALL_HEARD, ...options];
  let bridge;

  const server = {
    url,
    port,
    data,
    key: join(data, 'token.key'),
    get pid() {
      return bridge.child.pid;
    },
    output: () => bridge.output(),
    async begin() {
      bridge = start(program, args, { cwd: root });
      const up = until('the bridge answers /healthz', async () => (await request(`${url}/healthz`)).status === 200, { seconds: 20 });
      const died = bridge.ended.then((code) => {
        throw new Error(`the bridge ended with ${code}:\n${bridge.output().slice(-3000)}`);
      });
      await Promise.race([up, died]);
      died.catch(() => {});
    },
    /** Ends as an operator would; a bridge that does not end cleanly fails the test. */
    async end(signal = 'SIGTERM') {
      const code = await bridge.stop(signal);
      if (signal !== 'SIGKILL' && code !== 0) throw new Error(`the bridge ended with ${code}:\n${bridge.output().slice(-3000)}`);
    },
    async stop() {
      await server.end();
      await rm(data, { recursive: true, force: true });
    },
    metrics: async () => parseMetrics((await request(`${url}/metrics`)).text),
    /** What `diemcau token` prints: a link with a signed token. */
    async link({ meeting, site, name, role = 'site' }) {
      const given = ['token', '--data', data, '--url', url, '--meeting', meeting, '--title', 'Giao ban tháng 11', '--site', site, '--role', role];
      return (await run(program, [...given, ...(name ? ['--name', name] : [])])).trim();
    },
    token: async (who) => (await server.link(who)).split('#')[1],
    /** A token made by hand with the bridge's key: for claims that `diemcau token` would not sign. */
    async forge(claims, { header = { alg: 'HS256', typ: 'JWT' }, key } = {}) {
      const secret = key ?? Buffer.from((await readFile(server.key, 'utf8')).trim(), 'hex');
      const text = [header, { iss: 'diemcau', exp: Math.floor(Date.now() / 1000) + 600, ...claims }]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .join('.');
      return `${text}.${header.alg === 'none' ? '' : createHmac('sha256', secret).update(text).digest('base64url')}`;
    },
  };
  await server.begin();
  return server;
}
