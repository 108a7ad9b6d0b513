/* Fuzz target: files that somebody sends as documents. What is taken for one begins as such, its picture has a size
 * that may be drawn, and what stands behind it changes nothing. */
#include <string.h>

#include "fuzz.h"
#include "mcu/papers/kind.h"

static guint64
u32(const guint8 *p)
{
  return (guint64)p[0] << 24 | (guint64)p[1] << 16 | (guint64)p[2] << 8 | p[3];
}

static void
check_png(const guint8 *data, gsize size)
{
  g_assert(size >= 24 && memcmp(data, "\x89PNG\r\n\x1a\n", 8) == 0 && memcmp(data + 12, "IHDR", 4) == 0);
  guint64 width = u32(data + 16), height = u32(data + 20);
  g_assert(width > 0 && width <= MCU_PAPER_SIDE_MAX && height > 0 && height <= MCU_PAPER_SIDE_MAX);
  g_assert(width * height <= MCU_PAPER_PIXELS_MAX);
}

/* Somewhere is a frame header with a size that may be drawn; which one counts is said by the code under test. */
static void
check_jpeg(const guint8 *data, gsize size)
{
  gboolean found = FALSE;
  g_assert(size >= 11 && data[0] == 0xff && data[1] == 0xd8 && data[2] == 0xff);
  for (gsize at = 2; at + 9 <= size && !found; at++) {
    guint64 height = u32(data + at + 5) >> 16, width = u32(data + at + 5) & 0xffff;
    found = data[at] == 0xff && data[at + 1] >= 0xc0 && data[at + 1] <= 0xcf && width > 0 && height > 0 &&
            width <= MCU_PAPER_SIDE_MAX && height <= MCU_PAPER_SIDE_MAX && width * height <= MCU_PAPER_PIXELS_MAX;
  }
  g_assert(found);
}

/* The file goes on, with what looks like the beginnings of others. */
static void
check_longer(const guint8 *data, gsize size, McuPaperKind kind)
{
  static const char more[] = "\xff\xd8\xff\xc0\0\x11\x08\xff\xff\xff\xff%PDF-\x89PNG";
  g_autofree guint8 *longer = g_malloc(size + sizeof more);
  memcpy(longer, data, size);
  memcpy(longer + size, more, sizeof more);
  g_assert(mcu_paper_kind(longer, size + sizeof more) == kind);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
  McuPaperKind again, kind = mcu_paper_kind(data, size);
  g_assert(kind < MCU_PAPER_N_KINDS);
  if (kind == MCU_PAPER_NONE)
    return 0;
  if (kind == MCU_PAPER_PDF)
    g_assert(size >= 8 && memcmp(data, "%PDF-", 5) == 0);
  else if (kind == MCU_PAPER_PNG)
    check_png(data, size);
  else
    check_jpeg(data, size);
  g_assert(mcu_paper_kind_parse(mcu_paper_kind_word(kind), &again) && again == kind);
  check_longer(data, size, kind);
  return 0;
}
