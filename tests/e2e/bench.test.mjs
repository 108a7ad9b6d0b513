// ./bench in short: whether everybody is served, not how fast. Figures are for a quiet machine and a person.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from './lib/process.mjs';
import { root } from './lib/server.mjs';

async function bench(scenario) {
  const options = ['--sites', '20', '--seconds', '8', '--check', '--no-build', '--no-floor'];
  const output = await run('./bench', [scenario, ...options], { cwd: root, codes: [0, 1] });
  const result = JSON.parse(output.trim().split('\n').at(-1));
  assert.deepEqual(result.errors, [], output.slice(-3000));
  assert.equal(result.ok, true);
  return result;
}

test('a plenary: all join, get pictures, see whom the bridge asked, and hear who talks', async () => {
  const result = await bench('plenary');
  assert.equal(result.joined, 20);
  assert.ok(result.server_cores > 0 && result.threads > 0 && result.rss_mb > 0);
  assert.ok(Object.values(result.threads_cores).reduce((a, b) => a + b, 0) <= result.server_cores * 1.1 + 0.01);
});

test('the wall has a tile of every site', async () => {
  const result = await bench('wall');
  assert.equal(result.wall_tiles, 20);
  assert.equal(result.wall_tiles_seen, 20);
});
