// A QR code as the path of a drawing: each row's dark runs as rectangles.

import qrcode from 'qrcode-generator';

export interface QrDrawing {
  /** Modules on a side, without the quiet zone of four around it that the drawing needs. */
  size: number;
  path: string;
}

/** `text` in UTF-8, with the usual safety against dirt (level M); null: longer than any code holds. */
export function drawQr(text: string): QrDrawing | null {
  const code = qrcode(0, 'M');
  try {
    // The package writes one byte for each character that is given.
    code.addData(String.fromCharCode(...new TextEncoder().encode(text)), 'Byte');
    code.make();
  } catch {
    return null;
  }
  const size = code.getModuleCount();
  let path = '';
  for (let row = 0; row < size; row++) {
    for (let from = 0; from < size; from++) {
      let to = from;
      while (to < size && code.isDark(row, to)) to++;
      if (to > from) path += `M${from} ${row}h${to - from}v1h${from - to}z`;
      from = to;
    }
  }
  return { size, path };
}
