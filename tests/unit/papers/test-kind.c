/* By content: names and types that somebody sent are not asked. */
#include "mcu/papers/kind.h"

#include <string.h>

static McuPaperKind
kind(const char *bytes, gsize size)
{
  return mcu_paper_kind((const guint8 *)bytes, size);
}

#define KIND(literal) kind(literal, sizeof literal - 1)
#define PNG(width, height) "\x89PNG\r\n\x1a\n\0\0\0\rIHDR" width height "\x08\x02\0\0\0"
#define JPEG(height, width) "\xff\xd8\xff\xe0\0\x04xx\xff\xc0\0\x11\x08" height width "\x03xxxxxxxxx"

static void
test_kinds(void)
{
  g_assert_cmpint(KIND("%PDF-1.7\n..."), ==, MCU_PAPER_PDF);
  g_assert_cmpint(KIND(PNG("\0\0\x07\x80", "\0\0\x04\x38")), ==, MCU_PAPER_PNG);
  g_assert_cmpint(KIND(JPEG("\x04\x38", "\x07\x80")), ==, MCU_PAPER_JPEG);
}

static void
test_others(void)
{
  g_assert_cmpint(KIND(""), ==, MCU_PAPER_NONE);
  g_assert_cmpint(KIND("%PDF"), ==, MCU_PAPER_NONE);
  g_assert_cmpint(KIND("<script>alert(1)</script>%PDF-1.7"), ==, MCU_PAPER_NONE);
  g_assert_cmpint(KIND("#!/bin/sh\n%PDF-1.7"), ==, MCU_PAPER_NONE);
  g_assert_cmpint(KIND("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), ==, MCU_PAPER_NONE);
  g_assert_cmpint(KIND("GIF89a"), ==, MCU_PAPER_NONE);
  g_assert_cmpint(KIND("PK\x03\x04"), ==, MCU_PAPER_NONE);
  g_assert_cmpint(KIND("\xff\xd8\xff"), ==, MCU_PAPER_NONE);
  g_assert_cmpint(KIND("\xff\xd8\xff\xe0\0\0xx\xff\xc0\0\x11\x08\x01\x01\x01\x01"), ==, MCU_PAPER_NONE); /* no end */
}

/* A small file that becomes a huge picture. */
static void
test_bombs(void)
{
  g_assert_cmpint(KIND(PNG("\0\1\0\0", "\0\1\0\0")), ==, MCU_PAPER_NONE);
  g_assert_cmpint(KIND(PNG("\0\0\x27\x10", "\0\0\x27\x10")), ==, MCU_PAPER_NONE); /* 10,000 x 10,000 */
  g_assert_cmpint(KIND(PNG("\0\0\0\0", "\0\0\x04\x38")), ==, MCU_PAPER_NONE);
  g_assert_cmpint(KIND(JPEG("\xff\xff", "\xff\xff")), ==, MCU_PAPER_NONE);
}

/* Whatever comes, it is looked at within its size. */
static void
test_random(void)
{
  GRand *rand = g_rand_new_with_seed(20261125);
  for (guint i = 0; i < 20000; i++) {
    gsize size = (gsize)g_rand_int_range(rand, 0, 64);
    guint8 *data = g_malloc(size + 1);
    for (gsize k = 0; k < size; k++)
      data[k] = g_rand_boolean(rand) ? 0xff : (guint8)g_rand_int_range(rand, 0, 256);
    if (size > 2)
      data[1] = 0xd8;
    mcu_paper_kind(data, size);
    g_free(data);
  }
  g_rand_free(rand);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/papers/kind/kinds", test_kinds);
  g_test_add_func("/papers/kind/others", test_others);
  g_test_add_func("/papers/kind/bombs", test_bombs);
  g_test_add_func("/papers/kind/random", test_random);
  return g_test_run();
}
