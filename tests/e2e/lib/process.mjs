// Child processes that never outlive the test, with the end of their output at hand.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { until } from './wait.mjs';

const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a program. `ended` resolves with its exit code; `output()` is all it wrote. */
export function start(file, args, options = {}) {
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const chunks = [];
  running.add(child);
  child.stdout.on('data', (data) => chunks.push(data));
  child.stderr.on('data', (data) => chunks.push(data));
  const output = () => Buffer.concat(chunks).toString();
  const ended = once(child, 'close').then(([code, signal]) => {
    running.delete(child);
    return code ?? signal;
  });
  ended.catch(() => {});
  child.on('error', (error) => chunks.push(Buffer.from(`${file}: ${error.message}\n`)));
  return {
    child,
    output,
    ended,
    kill: (signal) => child.kill(signal),
    /** Asks it to end and waits; one that does not go within `seconds` fails the test. */
    async stop(signal = 'SIGTERM', seconds = 10) {
      if (!running.has(child)) return ended;
      child.kill(signal);
      const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
      const code = await ended;
      clearTimeout(timer);
      if (code === 'SIGKILL' && signal !== 'SIGKILL') throw new Error(`${file} did not end on ${signal}:\n${output().slice(-2000)}`);
      return code;
    },
    said: (pattern, seconds) => until(`${file} says ${pattern}`, () => output().match(pattern), { seconds }),
  };
}

/** Runs a program to its end; its output, or an error with the output's end. */
export async function run(file, args, { codes = [0], ...options } = {}) {
  const program = start(file, args, options);
  const code = await program.ended;
  if (!codes.includes(code)) throw new Error(`${file} ${args.join(' ')} ended with ${code}:\n${program.output().slice(-2000)}`);
  return program.output();
}
