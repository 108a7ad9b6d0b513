/* Fuzz target: texts of people, as names and titles go into the room and as minutes show them. What comes out may be
 * shown anywhere, is within its limit, and stays as it is when it comes again. */
#include <string.h>

#include "fuzz.h"
#include "mcu/minutes/clean.h"
#include "mcu/room/legal.h"

static void
check_shown(const char *text, guint max_chars)
{
  g_assert(g_utf8_validate(text, -1, NULL) && g_utf8_strlen(text, -1) <= (glong)max_chars);
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char(p);
    g_assert(!g_unichar_iscntrl(c) && c != 0x2028 && c != 0x2029 && c != 0x061c && c != 0x200e && c != 0x200f);
    g_assert(!(c >= 0x202a && c <= 0x202e) && !(c >= 0x2066 && c <= 0x2069));
  }
  g_assert(*text == '\0' || (*text != ' ' && text[strlen(text) - 1] != ' '));
}

static void
check_name(const char *text, guint max_chars)
{
  g_autofree char *name = mcu_make_clean_name(text, max_chars);
  if (name == NULL) {
    g_assert(!g_utf8_validate(text, -1, NULL) || g_utf8_strlen(text, -1) > (glong)max_chars);
    return;
  }
  g_autofree char *again = mcu_make_clean_name(name, max_chars);
  check_shown(name, max_chars);
  g_assert_cmpstr(again, ==, name);
  g_assert(*name == '\0' || mcu_is_legal_name(name, max_chars));
}

static void
check_minutes(const char *text, guint max_chars)
{
  g_autofree char *clean = mcu_minutes_clean(text, max_chars);
  g_autofree char *again = mcu_minutes_clean(clean, max_chars);
  check_shown(clean, max_chars);
  g_assert_cmpstr(again, ==, clean);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
  static const guint limits[] = {1, 8, 64, 200, 500};
  g_autofree char *text = g_strndup((const char *)data, size);
  for (guint i = 0; i < G_N_ELEMENTS(limits); i++) {
    check_name(text, limits[i]);
    check_minutes(text, limits[i]);
  }
  return 0;
}
