/* Packets written as hexadecimal digits in test tables, put into blocks of exactly their size, so that
 * the address sanitizer sees one byte too far. */
#pragma once

#include <glib.h>
#include <string.h>

typedef struct {
  guint8 *data;
  gsize size;
} Hex;

/* Spaces are for the reader. "x*n" is not known: long packets are built by code. */
static inline Hex
hex_new(const char *digits)
{
  Hex hex = {0};
  gsize n = 0;

  for (const char *p = digits; *p != '\0'; p++)
    n += g_ascii_isxdigit(*p) ? 1 : 0;
  g_assert(n % 2 == 0);
  hex.size = n / 2;
  hex.data = g_malloc0(MAX(hex.size, 1));
  n = 0;
  for (const char *p = digits; *p != '\0'; p++)
    if (g_ascii_isxdigit(*p)) {
      guint value = (guint)g_ascii_xdigit_value(*p);
      hex.data[n / 2] |= (guint8)(n % 2 == 0 ? value << 4 : value);
      n++;
    }
  return hex;
}

static inline void
hex_clear(Hex *hex)
{
  g_free(hex->data);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Hex, hex_clear)

static inline void
hex_assert_equal(const guint8 *data, gsize size, const char *digits)
{
  g_auto(Hex) expected = hex_new(digits);

  g_assert_cmpmem(data, size, expected.data, expected.size);
}
