/* The canvas in virtual time, without any element: layouts, what lies over what, and what is drawn over the copy. */
#include "pipelines/canvas.h"

#include <string.h>

#include "media.h"
#include "pipelines/label.h"

#define WIDTH 1280
#define HEIGHT 720
#define TICK_US 40000
#define ALL MCU_PANE_UNITS
#define HALF (MCU_PANE_UNITS / 2)
#define THIRD (MCU_PANE_UNITS / 3)
#define QUARTER (MCU_PANE_UNITS / 4)
#define GROUND 24
#define FRAME 180
#define N_FACES 6

typedef struct {
  PlCanvas *canvas;
  PlFace *faces[N_FACES];
  PlHeardAt *heard[N_FACES];
  guint8 *bytes;
  PlPlanes out;
  gint64 now_us;
} Fixture;

static void
set_up(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  f->canvas = pl_canvas_new(MCU_VIEW_PROGRAMME, WIDTH, HEIGHT);
  f->bytes = pl_planes_new(WIDTH, HEIGHT, &f->out);
  f->now_us = 5 * G_USEC_PER_SEC;
  for (guint i = 0; i < N_FACES; i++) {
    f->faces[i] = pl_face_new("");
    f->heard[i] = pl_heard_at_new();
    pl_face_follow_sound(f->faces[i], f->heard[i]);
  }
}

static void
tear_down(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  pl_canvas_unref(f->canvas);
  for (guint i = 0; i < N_FACES; i++) {
    pl_face_unref(f->faces[i]);
    pl_heard_at_unref(f->heard[i]);
  }
  g_free(f->bytes);
}

static void
tick(Fixture *f)
{
  f->now_us += TICK_US;
  memset(f->bytes, 0, WIDTH * HEIGHT); /* nothing is left from the tick before */
  g_assert_true(pl_canvas_compose(f->canvas, f->now_us, WIDTH, HEIGHT, &f->out));
}

static void
put(Fixture *f, guint face, guint8 y)
{
  pl_slot_put(pl_face_slot(f->faces[face]), media_frame(640, 360, y, 128, 128, f->now_us));
}

/* Pictures of 60, 80, 100 ... */
static void
put_all(Fixture *f)
{
  for (guint i = 0; i < N_FACES; i++)
    put(f, i, (guint8)(60 + 20 * i));
}

static guint
luma(const Fixture *f, guint x, guint y)
{
  return f->bytes[(gsize)y * WIDTH + x];
}

static GBytes *
part_of(const Fixture *f, const PlRect *part)
{
  GByteArray *bytes = g_byte_array_new();
  for (guint y = part->y; y < part->y + part->height; y++)
    g_byte_array_append(bytes, f->bytes + (gsize)y * WIDTH + part->x, part->width);
  return g_byte_array_free_to_bytes(bytes);
}

static void
assert_filled(const Fixture *f, const PlRect *part, guint y)
{
  for (guint row = part->y; row < part->y + part->height; row++)
    for (guint x = part->x; x < part->x + part->width; x++)
      g_assert_cmpuint(luma(f, x, row), ==, y);
}

static McuPane
pane(guint x, guint y, guint width, guint height)
{
  return (McuPane){.place = {(guint16)x, (guint16)y, (guint16)width, (guint16)height}};
}

static PlRect
cell_of(const Fixture *f, const McuViewLook *look, guint index)
{
  PlRect cell;
  pl_canvas_place(f->canvas, look, index, &cell);
  return cell;
}

static const PlRect whole = {0, 0, WIDTH, HEIGHT};

/* From a grid to one large and five small ones and back: each picture is at its new place with the next tick, though
 * nobody has sent anything, and no pixel is black. */
static void
test_layout_change(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  const McuPane panes[N_FACES] = {pane(0, 0, 2 * THIRD, 2 * THIRD),     pane(2 * THIRD, 0, THIRD, THIRD),
                                  pane(2 * THIRD, THIRD, THIRD, THIRD), pane(0, 2 * THIRD, THIRD, THIRD),
                                  pane(THIRD, 2 * THIRD, THIRD, THIRD), pane(2 * THIRD, 2 * THIRD, THIRD, THIRD)};
  for (guint turn = 0; turn < 6; turn++) {
    const McuViewLook look = {.panes = panes, .n_panes = N_FACES, .equal = turn % 2 == 0};
    pl_canvas_show(f->canvas, &look, f->faces);
    if (turn == 0)
      put_all(f);
    tick(f);
    g_assert_cmpuint(pl_canvas_pictures(f->canvas), ==, N_FACES);
    for (guint i = 0; i < N_FACES; i++) {
      const PlRect cell = cell_of(f, &look, i);
      assert_filled(f, &cell, 60 + 20 * i);
    }
  }
}

/* A slide that nobody turns sends nothing, and stays; a camera that sends nothing has failed. */
static void
test_still_slide(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  McuPane panes[2] = {pane(0, 0, HALF, HALF), pane(HALF, 0, HALF, HALF)};
  panes[0].whole = TRUE;
  const McuViewLook look = {.panes = panes, .n_panes = 2, .no_labels = TRUE};
  pl_canvas_show(f->canvas, &look, f->faces);
  put(f, 0, 60);
  put(f, 1, 80);
  tick(f);
  const PlRect slide = cell_of(f, &look, 0), camera = cell_of(f, &look, 1);
  assert_filled(f, &slide, 60);
  assert_filled(f, &camera, 80);
  f->now_us += 60 * G_USEC_PER_SEC;
  tick(f);
  assert_filled(f, &slide, 60);
  g_assert_cmpuint(luma(f, camera.x + 8, camera.y + 8), !=, 80);
}

/* An empty pane of a grid is a cell like any other, and is empty. */
static void
test_empty_panes(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  const McuPane panes[4] = {{0}};
  PlFace *faces[4] = {f->faces[0], NULL, NULL, f->faces[1]};
  const McuViewLook look = {.panes = panes, .n_panes = 4, .equal = TRUE};
  put_all(f);
  pl_canvas_show(f->canvas, &look, faces);
  tick(f);
  const guint expected[4] = {60, GROUND, GROUND, 80};
  for (guint i = 0; i < 4; i++) {
    const PlRect cell = cell_of(f, &look, i);
    g_assert_cmpuint(cell.width, ==, WIDTH / 2);
    assert_filled(f, &cell, expected[i]);
  }
  faces[0] = NULL; /* who leaves leaves no picture behind */
  pl_canvas_show(f->canvas, &look, faces);
  tick(f);
  const PlRect cell = cell_of(f, &look, 0);
  assert_filled(f, &cell, GROUND);
}

/* Three panes, each over the one before. */
static void
test_order_of_panes(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  const McuPane panes[3] = {pane(0, 0, ALL, ALL), pane(QUARTER, QUARTER, HALF, HALF), pane(HALF, HALF, HALF, HALF)};
  const McuViewLook look = {.panes = panes, .n_panes = 3};
  pl_canvas_show(f->canvas, &look, f->faces);
  put_all(f);
  for (guint turn = 0; turn < 4; turn++) {
    tick(f);
    const PlRect top = cell_of(f, &look, 2);
    assert_filled(f, &top, 100);
    g_assert_cmpuint(luma(f, WIDTH / 2 - 1, HEIGHT / 2 - 1), ==, turn > 1 ? 81 : 80);
    g_assert_cmpuint(luma(f, 0, 0), ==, turn > 0 ? 61 : 60);
    if (turn < 2)
      put(f, turn, turn == 0 ? 61 : 81);
  }
  PlFace *turned[3] = {f->faces[2], f->faces[1], f->faces[0]};
  pl_canvas_show(f->canvas, &look, turned);
  tick(f);
  const PlRect top = cell_of(f, &look, 2);
  assert_filled(f, &top, 61);
}

/* A tile is drawn again when it has a new picture or lies over one that has, and not otherwise. It shows when it is
 * drawn: by then other pixels are in the memory of its last picture. */
static void
test_drawn_when_changed(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  const McuPane panes[3] = {pane(0, 0, HALF, ALL), pane(HALF, 0, HALF, ALL), pane(0, 0, QUARTER, QUARTER)};
  const McuViewLook look = {.panes = panes, .n_panes = 3};
  pl_canvas_show(f->canvas, &look, f->faces);
  guint8 *pixels[3];
  for (guint i = 0; i < 3; i++) {
    GstMapInfo map;
    PlFrame *frame = media_frame(640, 360, 100, 128, 128, f->now_us);
    g_assert_true(gst_buffer_map(frame->buffer, &map, GST_MAP_READ));
    pixels[i] = map.data;
    gst_buffer_unmap(frame->buffer, &map);
    pl_slot_put(pl_face_slot(f->faces[i]), frame);
  }
  tick(f);
  for (guint i = 0; i < 3; i++)
    memset(pixels[i], 200, 640 * 360);
  put(f, 0, 50);
  tick(f);
  g_assert_cmpuint(luma(f, 10, HEIGHT - 10), ==, 50);         /* the new picture */
  g_assert_cmpuint(luma(f, 10, 10), ==, 200);                 /* lies over it */
  g_assert_cmpuint(luma(f, WIDTH - 10, HEIGHT / 2), ==, 100); /* stands beside it */
  tick(f);
  g_assert_cmpuint(luma(f, WIDTH - 10, HEIGHT / 2), ==, 100);
}

static void
check_whole(Fixture *f, guint width, guint height, const PlRect *picture)
{
  pl_slot_put(pl_face_slot(f->faces[0]), media_frame(width, height, 150, 128, 128, f->now_us));
  tick(f);
  for (guint y = 0; y < HEIGHT; y++)
    for (guint x = 0; x < WIDTH; x++) {
      gboolean inside =
          x >= picture->x && x < picture->x + picture->width && y >= picture->y && y < picture->y + picture->height;
      g_assert_cmpuint(luma(f, x, y), ==, inside ? 150 : GROUND);
    }
}

/* Each picture whole, in the middle, with bars of the ground, the bars of the one before painted over. */
static void
test_letterbox(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  const McuPane panes[1] = {pane(0, 0, ALL, ALL)};
  pl_canvas_show(f->canvas, &(McuViewLook){.panes = panes, .n_panes = 1, .letterbox = TRUE}, f->faces);
  check_whole(f, 640, 480, &(PlRect){160, 0, 960, 720});
  check_whole(f, 640, 360, &whole);
  check_whole(f, 640, 320, &(PlRect){0, 40, 1280, 640});
  check_whole(f, 360, 640, &(PlRect){438, 0, 404, 720});
  check_whole(f, 1920, 2, &(PlRect){0, 358, 1280, 2});
  pl_canvas_show(f->canvas, &(McuViewLook){.panes = panes, .n_panes = 1}, f->faces);
  tick(f);
  assert_filled(f, &whole, 150); /* cropped again, of the same picture */
}

static void
test_labels_off(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  const McuPane panes[1] = {pane(0, 0, ALL, ALL)};
  McuViewLook look = {.panes = panes, .n_panes = 1, .no_labels = TRUE};
  pl_face_set_name(f->faces[0], "Xã Đồng Văn");
  pl_canvas_show(f->canvas, &look, f->faces);
  put(f, 0, 150);
  tick(f);
  assert_filled(f, &whole, 150);
  look.no_labels = FALSE;
  pl_canvas_show(f->canvas, &look, f->faces);
  tick(f);
  g_assert_cmpuint(luma(f, 1, HEIGHT - 2), <, 100);
  look.no_labels = TRUE;
  pl_canvas_show(f->canvas, &look, f->faces);
  tick(f);
  assert_filled(f, &whole, 150);
}

/* Nobody has seen a picture of it, its camera is on or off: who is lost is shown as lost. */
static void
test_lost_without_picture(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  const McuPane panes[1] = {pane(0, 0, ALL, ALL)};
  pl_face_set_name(f->faces[0], "Xã Lũng Cú");
  pl_canvas_show(f->canvas, &(McuViewLook){.panes = panes, .n_panes = 1}, f->faces);
  tick(f);
  g_autoptr(GBytes) card = part_of(f, &whole);
  pl_face_set_lost(f->faces[0], TRUE);
  tick(f);
  g_autoptr(GBytes) lost = part_of(f, &whole);
  g_assert_false(g_bytes_equal(card, lost));
  pl_face_set_camera(f->faces[0], FALSE);
  tick(f);
  g_autoptr(GBytes) off = part_of(f, &whole);
  g_assert_true(g_bytes_equal(off, lost));
}

/* --- over the copy ------------------------------------------------------------------------------ */

static void
test_frame(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  const McuPane panes[2] = {pane(0, 0, HALF, ALL), pane(HALF, 0, HALF, ALL)};
  McuViewLook look = {.panes = panes, .n_panes = 2, .mark_speaker = TRUE};
  const PlRect right = {WIDTH / 2, 0, WIDTH / 2, HEIGHT};
  pl_canvas_show(f->canvas, &look, f->faces);
  put_all(f);
  tick(f);
  g_assert_cmpuint(luma(f, 0, 0), ==, 60);
  pl_heard_at_set(f->heard[0], f->now_us);
  gint64 heard_us = f->now_us;
  while (f->now_us - heard_us < 2 * PL_HEARD_FRESH_US) {
    tick(f);
    guint expected = f->now_us - heard_us < PL_HEARD_FRESH_US ? FRAME : 60;
    g_assert_cmpuint(luma(f, 0, 0), ==, expected);
    g_assert_cmpuint(luma(f, WIDTH / 2 - 1, HEIGHT / 2), ==, expected);
    g_assert_cmpuint(luma(f, WIDTH / 4, HEIGHT - 1), ==, expected);
    g_assert_cmpuint(luma(f, WIDTH / 4, HEIGHT / 2), ==, 60);
    assert_filled(f, &right, 80);
  }
  look.mark_speaker = FALSE;
  pl_canvas_show(f->canvas, &look, f->faces);
  pl_heard_at_set(f->heard[0], f->now_us);
  tick(f);
  g_assert_cmpuint(luma(f, 0, 0), ==, 60);
}

/* The frame leaves the name alone: what stands there is the same with and without it. */
static void
test_frame_and_label(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  const McuPane panes[2] = {pane(0, 0, HALF, ALL), pane(HALF, 0, HALF, ALL)};
  const McuViewLook look = {.panes = panes, .n_panes = 2, .mark_speaker = TRUE};
  guint height = pl_label_height(HEIGHT);
  const PlRect name = {0, HEIGHT - height, 2 * height, height};
  pl_face_set_name(f->faces[0], "Xã Lũng Cú - Đồng Văn");
  pl_canvas_show(f->canvas, &look, f->faces);
  put_all(f);
  tick(f);
  g_autoptr(GBytes) silent = part_of(f, &name);
  pl_heard_at_set(f->heard[0], f->now_us);
  tick(f);
  g_autoptr(GBytes) speaks = part_of(f, &name);
  g_assert_true(g_bytes_equal(silent, speaks));
  g_assert_cmpuint(luma(f, 0, HEIGHT - height - 1), ==, FRAME); /* above it */
  g_assert_cmpuint(luma(f, WIDTH / 2 - 1, HEIGHT - 1), ==, FRAME);
}

/* The frame of a pane goes under those that lie over it; theirs are drawn too. */
static void
test_frame_under(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  const McuPane panes[2] = {pane(0, 0, ALL, ALL), pane(3 * QUARTER, 3 * QUARTER, QUARTER, QUARTER)};
  const McuViewLook look = {.panes = panes, .n_panes = 2, .mark_speaker = TRUE};
  const PlRect small = cell_of(f, &look, 1);
  pl_canvas_show(f->canvas, &look, f->faces);
  put_all(f);
  tick(f);
  pl_heard_at_set(f->heard[0], f->now_us);
  tick(f);
  g_assert_cmpuint(luma(f, 0, HEIGHT - 1), ==, FRAME);
  g_assert_cmpuint(luma(f, WIDTH - 1, 0), ==, FRAME);
  assert_filled(f, &small, 80);
  pl_heard_at_set(f->heard[1], f->now_us);
  tick(f);
  g_assert_cmpuint(luma(f, small.x, small.y), ==, FRAME);
  g_assert_cmpuint(luma(f, small.x + small.width / 2, small.y + small.height / 2), ==, 80);
}

/* The upper right corner of the first of two panes. */
static const PlRect clock_part = {WIDTH / 2 - 200, 0, 200, 44};

static void
show_clock(Fixture *f, gint64 clock_us, gint64 limit_us)
{
  McuPane panes[2] = {pane(0, 0, HALF, ALL), pane(HALF, 0, HALF, ALL)};
  panes[0].clock_us = clock_us;
  panes[0].limit_us = limit_us;
  pl_canvas_show(f->canvas, &(McuViewLook){.panes = panes, .n_panes = 2}, f->faces);
}

static void
test_clock(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  gint64 start_us = f->now_us + 3 * TICK_US; /* it begins soon */
  show_clock(f, start_us, 0);
  g_autoptr(GBytes) last = NULL;
  gint64 last_s = -1;
  guint changes = 0;
  for (guint i = 0; i < 90; i++) {
    put(f, 0, 150); /* moving pictures below do not matter */
    put(f, 1, 80);
    tick(f);
    gint64 seconds = MAX(f->now_us - start_us, 0) / G_USEC_PER_SEC;
    GBytes *now = part_of(f, &clock_part);
    if (last != NULL)
      g_assert_cmpint(g_bytes_equal(last, now), ==, seconds == last_s);
    changes += seconds != last_s;
    last_s = seconds;
    g_clear_pointer(&last, g_bytes_unref);
    last = now;
    g_assert_cmpuint(luma(f, WIDTH / 2 - 1, 1), <, 100); /* the dark plate, in this pane's corner */
    g_assert_cmpuint(luma(f, WIDTH / 2, 1), ==, 80);
    g_assert_cmpuint(luma(f, 1, 1), ==, 150);
  }
  g_assert_cmpuint(changes, ==, 4);
  show_clock(f, 0, 0);
  tick(f);
  assert_filled(f, &clock_part, 150);
}

static guint
clock_width(const Fixture *f)
{
  guint width = 0;
  while (width < 400 && luma(f, WIDTH / 2 - 1 - width, 1) != 150)
    width++;
  return width;
}

/* Amber from the limit on, with a sign as well, also where the limit is hours away. */
static void
test_clock_warns(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  static const gint64 limits_s[] = {1, 180, 2 * 3600, 24 * 3600};
  for (guint i = 0; i < G_N_ELEMENTS(limits_s); i++) {
    put(f, 0, 150);
    tick(f);
    gint64 limit_us = limits_s[i] * G_USEC_PER_SEC;
    show_clock(f, f->now_us + 2 * TICK_US - limit_us, limit_us); /* passed with the tick after the next */
    tick(f);
    guint dark = clock_width(f);
    g_assert_cmpuint(luma(f, WIDTH / 2 - 2, 1), <, 80);
    tick(f);
    g_assert_cmpuint(luma(f, WIDTH / 2 - 2, 1), >, 160);
    g_assert_cmpuint(clock_width(f), >, dark + 4); /* the sign needs room */
  }
}

/* In another size the clock is there at once, and of that size. */
static void
test_clock_resized(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  PlPlanes small;
  g_autofree guint8 *bytes = pl_planes_new(640, 360, &small);
  show_clock(f, f->now_us, 0);
  put(f, 0, 150);
  tick(f);
  guint large = clock_width(f);
  pl_canvas_resize(f->canvas, 640, 360);
  g_assert_true(pl_canvas_compose(f->canvas, f->now_us, 640, 360, &small));
  g_assert_cmpuint(bytes[640 + 318], <, 100);
  g_assert_cmpuint(bytes[pl_label_height(360) * 640 + 318], ==, 150); /* below it */
  g_assert_cmpuint(bytes[640 + 319 - large], ==, 150);                /* beside it */
}

/* A pane without room for a clock has none. */
static void
test_clock_in_tiny_pane(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  McuPane panes[2] = {pane(0, 0, ALL / 132, ALL / 72), pane(HALF, 0, HALF, ALL)};
  panes[0].clock_us = f->now_us;
  pl_canvas_show(f->canvas, &(McuViewLook){.panes = panes, .n_panes = 2}, f->faces);
  put_all(f);
  for (guint i = 0; i < 30; i++)
    tick(f);
  const PlRect left = {20, 0, WIDTH / 2 - 20, HEIGHT};
  assert_filled(f, &left, GROUND);
}

static void
check_banner(Fixture *f, const char *text, gboolean shown)
{
  const McuPane panes[1] = {pane(0, 0, ALL, ALL)};
  const guint height = (HEIGHT / 14) & ~1u;
  const PlRect above = {0, 0, WIDTH, HEIGHT - height};
  McuViewLook look = {.panes = panes, .n_panes = 1, .banner = text};
  pl_canvas_show(f->canvas, &look, f->faces);
  put(f, 0, 150);
  for (guint i = 0; i < 2; i++) {
    tick(f);
    assert_filled(f, &above, 150);
    g_assert_cmpint(luma(f, 0, HEIGHT - height) != 150, ==, shown);
    g_assert_cmpint(luma(f, WIDTH - 1, HEIGHT - 1) != 150, ==, shown);
  }
  look.banner = NULL;
  pl_canvas_show(f->canvas, &look, f->faces);
  tick(f);
  assert_filled(f, &whole, 150); /* gone, without a new picture */
}

static void
test_banner(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *long_text = g_strnfill(10 * 1024, 'W');
  g_autoptr(GString) marks = g_string_new("x");
  for (guint i = 0; i < 5 * 1024; i++)
    g_string_append(marks, "\xcc\x81");
  check_banner(f, "Nghỉ giải lao đến 10 giờ 15", TRUE);
  check_banner(f, long_text, TRUE);
  check_banner(f, marks->str, TRUE);
  check_banner(f, "<span size='1000000'>x</span> &#x202e; %s%n", TRUE);
  check_banner(f, "a\xe2\x80\xae\nb\xff\xfe", TRUE);
  check_banner(f, "\xe2\x80\xae\xe2\x81\xa6 \n\t\x01", FALSE); /* nothing is left of it */
  check_banner(f, "", FALSE);
}

/* --- pictures let go ----------------------------------------------------------------------------- */

static void
on_frame_freed(gpointer data, GstMiniObject *gone G_GNUC_UNUSED)
{
  *(gboolean *)data = TRUE;
}

static void
test_forget_pictures(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  const McuPane panes[1] = {pane(0, 0, ALL, ALL)};
  gboolean freed = FALSE;
  pl_canvas_show(f->canvas, &(McuViewLook){.panes = panes, .n_panes = 1}, f->faces);
  pl_slot_set_views(pl_face_slot(f->faces[0]), 1u << MCU_VIEW_PROGRAMME);
  PlFrame *frame = media_frame(640, 360, 150, 128, 128, f->now_us);
  gst_mini_object_weak_ref(GST_MINI_OBJECT_CAST(frame->buffer), on_frame_freed, &freed);
  pl_slot_put(pl_face_slot(f->faces[0]), frame);
  tick(f);
  g_assert_cmpuint(pl_canvas_pictures(f->canvas), ==, 1);
  g_assert_false(freed);
  pl_canvas_forget_pictures(f->canvas);
  g_assert_true(freed);
  g_assert_cmpuint(pl_canvas_pictures(f->canvas), ==, 0);
  tick(f);
  g_assert_cmpuint(luma(f, 0, 0), !=, 150); /* the card */
  put(f, 0, 90);
  tick(f);
  g_assert_cmpuint(luma(f, 0, 0), ==, 90);
}

int
main(int argc, char **argv)
{
  gst_init(&argc, &argv);
  g_test_init(&argc, &argv, NULL);
  const struct {
    const char *path;
    void (*test)(Fixture *, gconstpointer);
  } tests[] = {
      {"/canvas/layout-change", test_layout_change},
      {"/canvas/still-slide", test_still_slide},
      {"/canvas/empty-panes", test_empty_panes},
      {"/canvas/order-of-panes", test_order_of_panes},
      {"/canvas/drawn-when-changed", test_drawn_when_changed},
      {"/canvas/letterbox", test_letterbox},
      {"/canvas/labels-off", test_labels_off},
      {"/canvas/lost-without-picture", test_lost_without_picture},
      {"/canvas/frame", test_frame},
      {"/canvas/frame-and-label", test_frame_and_label},
      {"/canvas/frame-under", test_frame_under},
      {"/canvas/clock", test_clock},
      {"/canvas/clock-warns", test_clock_warns},
      {"/canvas/clock-resized", test_clock_resized},
      {"/canvas/clock-in-tiny-pane", test_clock_in_tiny_pane},
      {"/canvas/banner", test_banner},
      {"/canvas/forget-pictures", test_forget_pictures},
  };
  for (guint i = 0; i < G_N_ELEMENTS(tests); i++)
    g_test_add(tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run();
}
