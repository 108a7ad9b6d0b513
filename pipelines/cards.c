/* Drawn once per name and size, on main. The two cards differ by background, by sign and by words,
 * never by colour alone. */
#include "pipelines/cards.h"

#include "mcu/types.h"
#include "pipelines/label.h"

#define LOST_TEXT "Mất kết nối"

typedef struct {
  cairo_t *cr;
  double width, height;
} Card;

/* Draws `text` centred at `y` (its middle); `size` in pixels. */
static void
draw_text(const Card *card, const char *text, gboolean bold, double size, double y)
{
  double pad = card->width * 0.06;
  g_autoptr(PangoLayout) layout = pl_label_layout(card->cr, text, bold, size, card->width - 2 * pad);
  pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
  int height;
  pango_layout_get_pixel_size(layout, NULL, &height);
  cairo_move_to(card->cr, pad, y - height / 2.0);
  pango_cairo_show_layout(card->cr, layout);
}

static void
set_colour(const Card *card, guint rgb)
{
  cairo_set_source_rgb(card->cr, (rgb >> 16 & 0xff) / 255.0, (rgb >> 8 & 0xff) / 255.0, (rgb & 0xff) / 255.0);
}

/* First letters of the first and the last word: "Đồng Văn" -> "ĐV". */
static char *
initials(const char *text)
{
  const char *last = g_utf8_strrchr(text, -1, ' ');
  GString *out = g_string_new(NULL);
  if (*text != '\0')
    g_string_append_unichar(out, g_unichar_toupper(g_utf8_get_char(text)));
  if (last != NULL && last[1] != '\0')
    g_string_append_unichar(out, g_unichar_toupper(g_utf8_get_char(last + 1)));
  return g_string_free(out, FALSE);
}

static void
draw_name_card(const Card *card, const char *text)
{
  double size = MIN(card->width, card->height);
  set_colour(card, 0x22303c);
  cairo_paint(card->cr);

  set_colour(card, 0x3f6f94);
  cairo_arc(card->cr, card->width / 2, card->height * 0.38, size * 0.2, 0, 2 * G_PI);
  cairo_fill(card->cr);
  set_colour(card, 0xffffff);
  g_autofree char *letters = initials(text);
  draw_text(card, letters, TRUE, size * 0.16, card->height * 0.38);
  draw_text(card, text, FALSE, MAX(size * 0.12, 8), card->height * 0.76);
}

static void
draw_warning_sign(const Card *card, double size, double y)
{
  double x = card->width / 2;
  set_colour(card, 0xffb300);
  cairo_set_line_join(card->cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_width(card->cr, size * 0.12);
  cairo_move_to(card->cr, x, y - size * 0.45);
  cairo_line_to(card->cr, x + size * 0.5, y + size * 0.42);
  cairo_line_to(card->cr, x - size * 0.5, y + size * 0.42);
  cairo_close_path(card->cr);
  cairo_fill_preserve(card->cr);
  cairo_stroke(card->cr);
  set_colour(card, 0x2b2927);
  cairo_rectangle(card->cr, x - size * 0.05, y - size * 0.2, size * 0.1, size * 0.36);
  cairo_rectangle(card->cr, x - size * 0.05, y + size * 0.24, size * 0.1, size * 0.11);
  cairo_fill(card->cr);
}

static void
draw_lost_card(const Card *card, const char *text)
{
  double size = MIN(card->width, card->height);
  set_colour(card, 0x55514d);
  cairo_paint(card->cr);
  draw_warning_sign(card, size * 0.28, card->height * 0.25);
  set_colour(card, 0xd0ccc8);
  draw_text(card, text, FALSE, MAX(size * 0.12, 8), card->height * 0.56);
  set_colour(card, 0xffcf5c);
  draw_text(card, LOST_TEXT, TRUE, MAX(size * 0.11, 8), card->height * 0.79);
}

PlTexture *
pl_card_new(const char *name, guint width, guint height, gboolean lost)
{
  g_autofree char *text = pl_label_clean(name, MCU_NAME_MAX_CHARS);
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, (int)width, (int)height);
  Card card = {.cr = cairo_create(surface), .width = width, .height = height};
  if (lost)
    draw_lost_card(&card, text);
  else
    draw_name_card(&card, text);
  cairo_destroy(card.cr);

  PlTexture *texture = pl_texture_new(surface, TRUE);
  cairo_surface_destroy(surface);
  return texture;
}
