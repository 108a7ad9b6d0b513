// A finished recording: what ffprobe says of it, its pictures and its sound.
import { spawnSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

function tool(name, args) {
  const result = spawnSync(name, args, { maxBuffer: 256 << 20 });
  if (result.error) throw result.error;
  if (result.status !== 0) throw new Error(`${name} ${args.join(' ')}: ${result.stderr.toString().slice(-1000)}`);
  return result.stdout;
}

/** The files in the data folder's recordings, oldest first. */
export async function recordings(server, meeting) {
  const folder = join(server.data, 'recordings', meeting);
  return (await readdir(folder)).filter((name) => name.endsWith('.mp4')).sort().map((name) => join(folder, name));
}

export function probe(file) {
  const { format, streams } = JSON.parse(tool('ffprobe', ['-v', 'error', '-of', 'json', '-show_format', '-show_streams', file]));
  return { seconds: Number(format.duration), video: streams.find((s) => s.codec_type === 'video'), audio: streams.find((s) => s.codec_type === 'audio') };
}

/** The picture `at` seconds after the start. */
export function frameAt(file, at, { width, height }) {
  const luma = tool('ffmpeg', ['-v', 'error', '-i', file, '-ss', String(at), '-frames:v', '1', '-pix_fmt', 'gray', '-f', 'rawvideo', '-']);
  if (luma.length !== width * height) throw new Error(`no picture at ${at} s`);
  return { width, height, luma: new Uint8Array(luma) };
}

/** `seconds` of sound from `at`, mono, 48 kHz. */
export function soundAt(file, at, seconds) {
  const bytes = tool('ffmpeg', ['-v', 'error', '-i', file, '-ss', String(at), '-t', String(seconds), '-map', '0:a', '-ac', '1', '-ar', '48000', '-f', 'f32le', '-']);
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
}
