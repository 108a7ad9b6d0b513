// Reading what is written in a picture, with Debian's tesseract and its Vietnamese data.
import { spawnSync } from 'node:child_process';
import { crop, pgm } from './picture.mjs';

function enlarge({ width, height, luma }, times) {
  const out = new Uint8Array(width * height * times * times);
  for (let y = 0; y < height * times; y++) {
    for (let x = 0; x < width * times; x++) out[y * width * times + x] = luma[Math.floor(y / times) * width + Math.floor(x / times)];
  }
  return { width: width * times, height: height * times, luma: out };
}

/** `layout`: tesseract's page segmentation mode; 7 is one line, 11 words anywhere. The reader wants
 * letters about 30 pixels high. */
function read(picture, layout, times) {
  const args = ['stdin', 'stdout', '-l', 'vie', '--psm', String(layout)];
  const result = spawnSync('tesseract', args, { input: pgm(enlarge(picture, times)), env: { ...process.env, OMP_THREAD_LIMIT: '1' } });
  if (result.error) throw result.error;
  return result.stdout.toString().replace(/\s+/g, ' ').trim().normalize('NFC');
}

/** What stands on the card in a tile. */
export const readCard = (picture, cell) => read(crop(picture, cell), 11, 1);

/** The label of a tile: the strip at its bottom, as high as pipelines/label.h says. */
export function readLabel(picture, cell) {
  const height = Math.min(44, Math.max(12, Math.floor(cell.height / 10)));
  return read(crop(picture, { ...cell, y: cell.y + cell.height - height, height }), 7, 2);
}
