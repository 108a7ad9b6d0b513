/* Signatures and sizes: PDF (ISO 32000-1 7.5.2), PNG (RFC 2083 3.1, 4.1.1), JPEG (ITU-T T.81 B.2). */
#include "mcu/papers/kind.h"

#include <string.h>

static const char *const words[MCU_PAPER_N_KINDS] = {"", "pdf", "png", "jpeg"};

static guint
u16(const guint8 *p)
{
  return (guint)p[0] << 8 | p[1];
}

static gboolean
is_size(guint64 width, guint64 height)
{
  return width > 0 && height > 0 && width <= MCU_PAPER_SIDE_MAX && height <= MCU_PAPER_SIDE_MAX &&
         width * height <= MCU_PAPER_PIXELS_MAX;
}

static gboolean
is_png(const guint8 *data, gsize size)
{
  static const guint8 head[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R'};
  if (size < sizeof head + 8 || memcmp(data, head, sizeof head) != 0)
    return FALSE;
  guint64 width = (guint64)u16(data + 16) << 16 | u16(data + 18),
          height = (guint64)u16(data + 20) << 16 | u16(data + 22);
  return is_size(width, height);
}

/* To the frame header, which says the size. */
static gboolean
is_jpeg(const guint8 *data, gsize size)
{
  if (size < 4 || data[0] != 0xff || data[1] != 0xd8)
    return FALSE;
  for (gsize at = 2; at + 9 <= size && data[at] == 0xff;) {
    guint8 marker = data[at + 1];
    gboolean frame = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    if (frame)
      return is_size(u16(data + at + 7), u16(data + at + 5));
    if (marker == 0xff) {
      at++; /* fill */
      continue;
    }
    if (marker < 0xc0 || marker == 0xd9 || marker == 0xda || u16(data + at + 2) < 2)
      return FALSE;
    at += 2 + u16(data + at + 2);
  }
  return FALSE;
}

McuPaperKind
mcu_paper_kind(const guint8 *data, gsize size)
{
  /* At the very beginning: what hides something else before it is no document of ours. */
  if (size >= 8 && memcmp(data, "%PDF-", 5) == 0)
    return MCU_PAPER_PDF;
  if (is_png(data, size))
    return MCU_PAPER_PNG;
  return is_jpeg(data, size) ? MCU_PAPER_JPEG : MCU_PAPER_NONE;
}

const char *
mcu_paper_kind_word(McuPaperKind kind)
{
  g_assert((guint)kind < MCU_PAPER_N_KINDS);
  return words[kind];
}

gboolean
mcu_paper_kind_parse(const char *word, McuPaperKind *out_kind)
{
  for (guint i = 1; word != NULL && i < MCU_PAPER_N_KINDS; i++) {
    if (strcmp(words[i], word) == 0) {
      *out_kind = (McuPaperKind)i;
      return TRUE;
    }
  }
  return FALSE;
}
