// Reading what is written in a picture, with Debian's tesseract and its Vietnamese data.
import { spawnSync } from 'node:child_process';
import { crop, pgm } from './picture.mjs';

/** Three times as large, as the reader wants letters about 30 pixels high. */
function enlarge({ width, height, luma }, times = 3) {
  const out = new Uint8Array(width * height * times * times);
  for (let y = 0; y < height * times; y++) {
    for (let x = 0; x < width * times; x++) out[y * width * times + x] = luma[Math.floor(y / times) * width + Math.floor(x / times)];
  }
  return { width: width * times, height: height * times, luma: out };
}

/** `layout`: tesseract's page segmentation mode; 7 is one line, 11 words anywhere. */
export function readText(picture, layout = 7) {
  const result = spawnSync('tesseract', ['stdin', 'stdout', '-l', 'vie', '--psm', String(layout)], { input: pgm(enlarge(picture)) });
  if (result.error) throw result.error;
  return result.stdout.toString().replace(/\s+/g, ' ').trim().normalize('NFC');
}

/** The label of a tile: the strip at its bottom, as high as pipelines/label.h says. */
export function readLabel(picture, cell) {
  const height = Math.min(44, Math.max(12, Math.floor(cell.height / 10)));
  return readText(crop(picture, { ...cell, y: cell.y + cell.height - height, height }));
}
