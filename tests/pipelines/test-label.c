/* Names as they are drawn: every Vietnamese letter, and nothing that can do harm. */
#include "pipelines/label.h"

#include <string.h>

#include "mcu/types.h"
#include "pipelines/cards.h"

static void
test_clean(void)
{
  const struct {
    const char *name, *clean;
  } cases[] = {
      {"Xã Đồng Văn", "Xã Đồng Văn"},
      {"Xa\xcc\x83 Lu\xcc\x83ng Cu\xcc\x81", "Xã Lũng Cú"}, /* decomposed */
      {"<b>x</b> & y", "<b>x</b> & y"},                     /* text, never markup */
      {"a\nb\r\nc\td", "a b  c d"},
      {"a\x01\x02\x1b[31mb\x7f", "a[31mb"},
      {"abc\xe2\x80\xae"
       "def",
       "abcdef"},                         /* U+202E right-to-left override */
      {"\xe2\x81\xa6x\xe2\x81\xa9", "x"}, /* U+2066, U+2069 isolates */
      {"a\xe2\x80\x8b\xe2\x80\x8d"
       "b",
       "ab"}, /* zero width */
      {"a\xe2\x80\xa8"
       "b",
       "ab"},               /* U+2028 line separator */
      {"\xee\x80\x80", ""}, /* private use */
      {"a\xff\xfe"
       "b",
       "a\xef\xbf\xbd\xef\xbf\xbd"
       "b"},
      {"   ", ""},
      {"", ""},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *clean = pl_label_clean(cases[i].name, MCU_NAME_MAX_CHARS);
    g_assert_cmpstr(clean, ==, cases[i].clean);
  }
}

static void
test_length(void)
{
  g_autofree char *name = g_strnfill(10 * 1024, 'x');
  g_autofree char *clean = pl_label_clean(name, MCU_NAME_MAX_CHARS);
  g_assert_cmpuint(strlen(clean), ==, MCU_NAME_MAX_CHARS);
}

/* All letters of the alphabet with all their marks are in the font. */
static void
test_vietnamese_glyphs(void)
{
  const char *letters = "aăâeêioôơuưydđAĂÂEÊIOÔƠUƯYDĐ"
                        "áắấéếíóốớúứýàằầèềìòồờùừỳảẳẩẻểỉỏổởủửỷãẵẫẽễĩõỗỡũữỹạặậẹệịọộợụựỵ"
                        "ÁẮẤÉẾÍÓỐỚÚỨÝÀẰẦÈỀÌÒỒỜÙỪỲẢẲẨẺỂỈỎỔỞỦỬỶÃẴẪẼỄĨÕỖỠŨỮỸẠẶẬẸỆỊỌỘỢỤỰỴ";
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, 16, 16);
  cairo_t *cr = cairo_create(surface);
  g_autoptr(PangoLayout) layout = pl_label_layout(cr, letters, FALSE, 20, 10000);
  g_assert_cmpint(pango_layout_get_unknown_glyphs_count(layout), ==, 0);

  PangoFontMap *map = pango_cairo_font_map_get_default();
  PangoContext *context = pango_font_map_create_context(map);
  PangoFont *font = pango_font_map_load_font(map, context, pango_layout_get_font_description(layout));
  PangoFontDescription *found = pango_font_describe(font);
  g_assert_cmpstr(pango_font_description_get_family(found), ==, PL_FONT);
  pango_font_description_free(found);
  g_object_unref(font);
  g_object_unref(context);
  cairo_destroy(cr);
  cairo_surface_destroy(surface);
}

static void
test_sizes(void)
{
  const guint tiles[][2] = {{1280, 720}, {640, 360}, {320, 180}, {128, 72}, {84, 48}, {80, 44}, {2, 2}};
  for (guint i = 0; i < G_N_ELEMENTS(tiles); i++) {
    g_autofree char *name = g_strnfill(200, 'W');
    g_autoptr(PlTexture) label = pl_label_new(name, tiles[i][0], tiles[i][1]);
    g_assert_cmpuint(pl_texture_width(label), ==, tiles[i][0]); /* as wide as the tile: cut short */
    g_assert_cmpuint(pl_texture_height(label), <=, tiles[i][1]);
    if (tiles[i][1] >= 72)
      g_assert_cmpuint(pl_texture_height(label), <=, tiles[i][1] / 6);
    g_autoptr(PlTexture) small = pl_label_new("i", tiles[i][0], tiles[i][1]);
    g_assert_cmpuint(pl_texture_width(small), <=, tiles[i][0]);
    for (guint lost = 0; lost < 2; lost++) {
      g_autoptr(PlTexture) card = pl_card_new(name, tiles[i][0], tiles[i][1], lost);
      g_assert_cmpuint(pl_texture_width(card), ==, tiles[i][0]);
      g_assert_cmpuint(pl_texture_height(card), ==, tiles[i][1]);
    }
  }
  g_assert_null(pl_label_new(" \x01 ", 320, 180));
}

/* Names that have broken text drawing elsewhere: no crash, a texture of the right size. */
static void
test_hostile(void)
{
  g_autoptr(GString) marks = g_string_new("x");
  for (guint i = 0; i < 3000; i++)
    g_string_append(marks, "\xcc\x81");
  const char *names[] = {"<span size='1000000'>",
                         "&#x202e;",
                         "%s%n%p",
                         "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9",
                         "\xd8\xa7\xd9\x84\xd8\xb9",
                         "\xef\xb7\xba\xef\xb7\xba",
                         "\xed\xa0\x80",
                         "\xf4\x90\x80\x80",
                         marks->str};
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autoptr(PlTexture) label = pl_label_new(names[i], 320, 180);
    g_autoptr(PlTexture) card = pl_card_new(names[i], 320, 180, i % 2);
    g_assert_nonnull(card);
    if (label != NULL)
      g_assert_cmpuint(pl_texture_width(label), <=, 320);
  }
}

static GBytes *
banner_of(const char *text)
{
  PlPlanes planes;
  guint8 *bytes = pl_planes_new(1280, 50, &planes);
  g_autoptr(PlTexture) banner = pl_banner_new(text, 1280, 50);
  g_assert_cmpuint(pl_texture_width(banner), ==, 1280);
  g_assert_cmpuint(pl_texture_height(banner), ==, 50);
  pl_texture_draw(banner, &planes, 0, 0);
  return g_bytes_new_take(bytes, 1280 * 50 * 3 / 2);
}

/* The same to the pixel as what is left after cleaning; markup is text. */
static void
test_banner(void)
{
  g_autofree char *long_text = g_strnfill(10 * 1024, 'W'), *cut = g_strnfill(MCU_BANNER_MAX_CHARS, 'W');
  const struct {
    const char *text, *same;
  } cases[] = {{"ab\xe2\x80\xae"
                "cd",
                "abcd"},
               {"a\nb", "a b"},
               {"\x1b[1mx", "[1mx"},
               {long_text, cut}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GBytes) hostile = banner_of(cases[i].text);
    g_autoptr(GBytes) same = banner_of(cases[i].same);
    g_assert_true(g_bytes_equal(hostile, same));
  }
  g_autoptr(GBytes) markup = banner_of("<b>ab</b>");
  g_autoptr(GBytes) inner = banner_of("ab");
  g_assert_false(g_bytes_equal(markup, inner));
  g_assert_null(pl_banner_new(" \xe2\x80\xae ", 1280, 50));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/label/clean", test_clean);
  g_test_add_func("/label/length", test_length);
  g_test_add_func("/label/vietnamese-glyphs", test_vietnamese_glyphs);
  g_test_add_func("/label/sizes", test_sizes);
  g_test_add_func("/label/hostile", test_hostile);
  g_test_add_func("/label/banner", test_banner);
  return g_test_run();
}
