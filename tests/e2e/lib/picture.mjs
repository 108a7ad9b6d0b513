// What is seen: the frame now shown by <video data-testid="programme">, its tiles and their marks.
import { readMark } from '../mark.mjs';

/** The newest frame as luma (BT.601 from the canvas' RGB). */
export async function grab(page, selector = '[data-testid=programme]') {
  const { width, height, luma } = await page.evaluate((wanted) => {
    const video = document.querySelector(wanted);
    if (!video?.videoWidth) return { width: 0, height: 0, luma: '' };
    const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context.drawImage(video, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const out = new Uint8Array(canvas.width * canvas.height);
    for (let i = 0, o = 0; o < out.length; i += 4, o++) out[o] = (data[i] * 77 + data[i + 1] * 150 + data[i + 2] * 29) >> 8;
    let text = '';
    for (let at = 0; at < out.length; at += 0x8000) text += String.fromCharCode(...out.subarray(at, at + 0x8000));
    return { width: canvas.width, height: canvas.height, luma: btoa(text) };
  }, selector);
  return { width, height, luma: new Uint8Array(Buffer.from(luma, 'base64')) };
}

/** The cells of the equal grid, the same rule as pipelines/grid.c. */
export function gridCells(width, height, tiles) {
  const columns = Math.ceil(Math.sqrt(tiles));
  const rows = Math.ceil(tiles / columns);
  const even = (value) => value - (value % 2);
  const edge = (length, index) => even(Math.floor((length * index) / columns));
  const top = even((height - edge(height, rows)) / 2);
  return Array.from({ length: tiles }, (_, index) => {
    const row = Math.floor(index / columns);
    const column = index % columns;
    const inRow = row === rows - 1 ? tiles - row * columns : columns;
    const left = even(Math.floor((width - edge(width, inRow)) / 2));
    const x = edge(width, column);
    const y = edge(height, row);
    return { x: left + x, y: top + y, width: edge(width, column + 1) - x, height: edge(height, row + 1) - y };
  });
}

/** A rectangle of the picture. */
export function crop(picture, cell) {
  const luma = new Uint8Array(cell.width * cell.height);
  for (let y = 0; y < cell.height; y++) {
    const from = (cell.y + y) * picture.width + cell.x;
    luma.set(picture.luma.subarray(from, from + cell.width), y * cell.width);
  }
  return { width: cell.width, height: cell.height, luma };
}

/** Marks by tile: [{site, frame} | null …]. */
export function marks(picture, tiles) {
  return gridCells(picture.width, picture.height, tiles).map((cell) => readMark(picture, cell));
}

/** How different two crops of the same size are: mean of the absolute differences. */
export function difference(a, b) {
  let sum = 0;
  for (let i = 0; i < a.luma.length; i++) sum += Math.abs(a.luma[i] - b.luma[i]);
  return sum / a.luma.length;
}

/** Binary PGM, for programs that read pictures. */
export function pgm(picture) {
  return Buffer.concat([Buffer.from(`P5\n${picture.width} ${picture.height}\n255\n`), Buffer.from(picture.luma)]);
}
