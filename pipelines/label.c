/* Names are text from outside: drawn with pango_layout_set_text(), after everything that could
 * change direction, line or meaning of the text around them has been taken out. */
#include "pipelines/label.h"

#include <string.h>

#include "mcu/types.h"

static gboolean
drawable(gunichar c)
{
  switch (g_unichar_type(c)) {
  case G_UNICODE_CONTROL:
  case G_UNICODE_FORMAT: /* bidi marks, overrides and isolates, zero-width joiners, soft hyphen */
  case G_UNICODE_LINE_SEPARATOR:
  case G_UNICODE_PARAGRAPH_SEPARATOR:
  case G_UNICODE_SURROGATE:
  case G_UNICODE_PRIVATE_USE:
  case G_UNICODE_UNASSIGNED:
    return FALSE;
  default:
    return TRUE;
  }
}

char *
pl_label_clean(const char *name, guint max_chars)
{
  /* Four bytes a character, and some for what is taken out: no work for a text of megabytes. */
  g_autofree char *valid = g_utf8_make_valid(name, (gssize)MIN(strlen(name), 16 * (gsize)max_chars));
  g_autofree char *nfc = g_utf8_normalize(valid, -1, G_NORMALIZE_NFC);
  g_autoptr(GString) text = g_string_new(NULL);
  guint n_chars = 0;

  for (const char *p = nfc; *p != '\0' && n_chars < max_chars; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char(p);
    if (c == '\n' || c == '\r' || c == '\t')
      c = ' ';
    if (!drawable(c))
      continue;
    g_string_append_unichar(text, c);
    n_chars++;
  }
  return g_strstrip(g_string_free(g_steal_pointer(&text), FALSE));
}

PangoLayout *
pl_label_layout(cairo_t *cr, const char *text, gboolean bold, double pixels, double width)
{
  PangoLayout *layout = pango_cairo_create_layout(cr);
  PangoFontDescription *font = pango_font_description_new();
  pango_font_description_set_family_static(font, PL_FONT);
  pango_font_description_set_weight(font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_font_description_set_absolute_size(font, pixels * PANGO_SCALE);
  pango_layout_set_font_description(layout, font);
  pango_font_description_free(font);

  pango_layout_set_auto_dir(layout, FALSE);
  pango_layout_set_single_paragraph_mode(layout, TRUE);
  pango_layout_set_width(layout, (int)(MAX(width, 1) * PANGO_SCALE));
  pango_layout_set_height(layout, -1); /* one line */
  pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_text(layout, text, -1);
  return layout;
}

guint
pl_label_height(guint tile_height)
{
  return CLAMP(tile_height / 10, 12, 44) & ~1u;
}

/* One line of `text` on a plate; `full`: as wide as may be, with the text in the middle. */
static PlTexture *
draw_plate(const char *text, guint height, guint max_width, gboolean full, PlPlateKind kind)
{
  double pad = height * 0.3;
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, (int)max_width, (int)height);
  cairo_t *cr = cairo_create(surface);
  g_autoptr(PangoLayout) layout = pl_label_layout(cr, text, full, height * 0.68, max_width - 2 * pad);
  int text_width, text_height;
  pango_layout_get_pixel_size(layout, &text_width, &text_height);
  cairo_destroy(cr);
  cairo_surface_destroy(surface);

  guint width = full ? max_width : MIN((guint)(text_width + 2 * pad + 1.5) & ~1u, max_width);
  surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, (int)width, (int)height);
  cr = cairo_create(surface);
  if (kind == PL_PLATE_WARNS)
    cairo_set_source_rgba(cr, 0.98, 0.75, 0.14, 0.95);
  else
    cairo_set_source_rgba(cr, 0.04, 0.05, 0.06, full ? 0.8 : 0.65);
  cairo_paint(cr);
  double ink = kind == PL_PLATE_WARNS ? 0.05 : 1;
  cairo_set_source_rgb(cr, ink, ink, ink);
  cairo_move_to(cr, full ? (width - text_width) / 2.0 : pad, (height - text_height) / 2.0);
  pango_cairo_show_layout(cr, layout);
  cairo_destroy(cr);

  PlTexture *texture = pl_texture_new(surface, FALSE);
  cairo_surface_destroy(surface);
  return texture;
}

PlTexture *
pl_label_new(const char *name, guint tile_width, guint tile_height)
{
  g_autofree char *text = pl_label_clean(name, MCU_NAME_MAX_CHARS);
  guint height = MIN(pl_label_height(tile_height), tile_height);
  return *text != '\0' ? draw_plate(text, height, tile_width, FALSE, PL_PLATE_DARK) : NULL;
}

PlTexture *
pl_plate_new(const char *text, guint height, guint width, PlPlateKind kind)
{
  return width >= height ? draw_plate(text, height, width, FALSE, kind) : NULL;
}

PlTexture *
pl_banner_new(const char *text, guint width, guint height)
{
  g_autofree char *clean = pl_label_clean(text, MCU_BANNER_MAX_CHARS);
  return *clean != '\0' ? draw_plate(clean, height, width, TRUE, PL_PLATE_DARK) : NULL;
}
