// The reader of the simulated sites' mark for pixels in JavaScript: the same geometry and the same
// rules as tests/sites/mark.{h,c}, which see.

const TILE = { width: 128, height: 72 };
const COLUMNS = 12;
const ROWS = 3;
const BITS = COLUMNS * ROWS;
const CELL = 8;
const LEFT = 16;
const TOP = 8;
const MIN_CONTRAST = 40;
const MIN_CLEARANCE = 0.15;

/** CRC-8, polynomial 0x07, start 0xff. */
function crc8(bytes) {
  let crc = 0xff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80 ? ((crc << 1) ^ 0x07) & 0xff : (crc << 1) & 0xff;
  }
  return crc;
}

/** Luma of a pixel: of a picture {luma} as it is, of an ImageData {data} from its RGBA. */
function lumaOf(picture) {
  if (picture.luma) return (at) => picture.luma[at];
  const { data } = picture;
  return (at) => (data[4 * at] * 77 + data[4 * at + 1] * 150 + data[4 * at + 2] * 29) >> 8;
}

/** Mean of the centre half of a cell. */
function cellMean(luma, stride, tile, cell) {
  const column = LEFT + (cell % COLUMNS) * CELL;
  const row = TOP + Math.floor(cell / COLUMNS) * CELL;
  const x = (units) => Math.round(tile.x + (units * tile.width) / TILE.width);
  const y = (units) => Math.round(tile.y + (units * tile.height) / TILE.height);
  let sum = 0;
  let n = 0;
  for (let py = y(row + CELL / 4); py < y(row + (3 * CELL) / 4); py++) {
    for (let px = x(column + CELL / 4); px < x(column + (3 * CELL) / 4); px++, n++) sum += luma(py * stride + px);
  }
  return sum / n;
}

const number = (bits) => bits.reduce((value, bit) => value * 2 + bit, 0);

/** The mark in `tile` ({x, y, width, height}, by default all) of `picture` ({width, height} and either
 * `luma`, a byte a pixel, or the `data` of an ImageData): {site, frame}, or null. */
export function readMark(picture, tile = { x: 0, y: 0, width: picture.width, height: picture.height }) {
  if (tile.width < TILE.width / 2 || tile.height < TILE.height / 2) return null;
  const luma = lumaOf(picture);
  const means = Array.from({ length: BITS }, (_, cell) => cellMean(luma, picture.width, tile, cell));
  const contrast = means[0] - means[BITS - 1];
  const threshold = (means[0] + means[BITS - 1]) / 2;
  if (!(contrast >= MIN_CONTRAST)) return null;
  if (means.some((mean) => Math.abs(mean - threshold) < contrast * MIN_CLEARANCE)) return null;

  const bits = means.map((mean) => (mean > threshold ? 1 : 0));
  const site = number(bits.slice(1, 11));
  const frame = number(bits.slice(11, 27));
  const crc = number(bits.slice(27, 35));
  if (crc !== crc8([site >> 8, site & 0xff, frame >> 8, frame & 0xff])) return null;
  return { site, frame };
}
