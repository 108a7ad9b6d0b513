/* plmosaic under a test clock: a frame at every tick whatever the sources do, and what is in it. */
#include <gst/check/gstharness.h>
#include <string.h>

#include "media.h"
#include "pipelines/mosaic.h"

#define WIDTH 1280
#define HEIGHT 720
#define FPS 25
#define TICK (GST_SECOND / FPS)

typedef struct {
  PlCanvas *canvas;
  GPtrArray *faces; /* shown, owned */
  GstHarness *harness;
  GstVideoInfo info;
} Fixture;

static void
set_up(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  f->canvas = pl_canvas_new(MCU_VIEW_PROGRAMME, WIDTH, HEIGHT);
  f->faces = g_ptr_array_new_with_free_func((GDestroyNotify)pl_face_unref);
  g_autoptr(GstElement) mosaic = gst_object_ref_sink(pl_mosaic_new(f->canvas, FPS)); /* the harness takes its own */
  f->harness = gst_harness_new_with_element(mosaic, NULL, "src");
  gst_harness_use_testclock(f->harness);
  gst_harness_play(f->harness);
  gst_video_info_set_format(&f->info, GST_VIDEO_FORMAT_I420, WIDTH, HEIGHT);
}

static void
tear_down(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  gst_harness_teardown(f->harness);
  g_ptr_array_unref(f->faces);
  pl_canvas_unref(f->canvas);
}

static void
show_equal(PlCanvas *canvas, PlFace *const *faces, guint n)
{
  static const McuPane panes[PL_GRID_MAX_TILES];
  pl_canvas_show(canvas, &(McuViewLook){.panes = panes, .n_panes = MIN(n, PL_GRID_MAX_TILES), .equal = TRUE}, faces);
}

static void
show(Fixture *f)
{
  show_equal(f->canvas, (PlFace *const *)f->faces->pdata, f->faces->len);
}

static PlFace *
add(Fixture *f, const char *name)
{
  PlFace *face = pl_face_new(name);
  g_ptr_array_add(f->faces, face);
  show(f);
  return face;
}

static void
take_away(Fixture *f, PlFace *face)
{
  g_ptr_array_remove(f->faces, face);
  show(f);
}

/* The next tick's frame. */
static GstBuffer *
tick(Fixture *f)
{
  g_assert_true(gst_harness_crank_single_clock_wait(f->harness));
  GstBuffer *buffer = gst_harness_pull(f->harness);
  g_assert_nonnull(buffer);
  return buffer;
}

static gint64
now_us(Fixture *f)
{
  g_autoptr(GstTestClock) clock = gst_harness_get_testclock(f->harness);
  return (gint64)(gst_clock_get_time(GST_CLOCK(clock)) / GST_USECOND);
}

static void
put(Fixture *f, PlFace *tile, guint8 y)
{
  pl_slot_put(pl_face_slot(tile), media_frame(640, 360, y, 100, 150, now_us(f)));
}

static guint8
luma(Fixture *f, GstBuffer *buffer, guint x, guint y)
{
  guint8 value;
  gst_buffer_extract(buffer, GST_VIDEO_INFO_PLANE_OFFSET(&f->info, 0) + (gsize)y * WIDTH + x, &value, 1);
  return value;
}

static GBytes *
region(GstBuffer *buffer, const PlRect *rect)
{
  GByteArray *bytes = g_byte_array_new();
  guint8 row[WIDTH];
  for (guint y = rect->y; y < rect->y + rect->height; y++) {
    gst_buffer_extract(buffer, (gsize)y * WIDTH + rect->x, row, rect->width);
    g_byte_array_append(bytes, row, rect->width);
  }
  return g_byte_array_free_to_bytes(bytes);
}

static const PlRect whole = {0, 0, WIDTH, HEIGHT};

/* Lower left corner, where the label of a single tile stands. */
static const PlRect label_region = {0, HEIGHT - 44, WIDTH, 44};

static void
test_ticks_without_sources(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  add(f, "Xã Đồng Văn");
  GstClockTime last = GST_CLOCK_TIME_NONE;
  for (guint i = 0; i < 50; i++) {
    GstBuffer *buffer = tick(f);
    if (GST_CLOCK_TIME_IS_VALID(last))
      g_assert_cmpuint(GST_BUFFER_PTS(buffer), ==, last + TICK);
    last = GST_BUFFER_PTS(buffer);
    g_assert_cmpuint(gst_buffer_get_size(buffer), ==, GST_VIDEO_INFO_SIZE(&f->info));
    gst_buffer_unref(buffer);
  }
  g_assert_cmpuint(pl_mosaic_frames(f->harness->element), >=, 50);
  g_assert_cmpuint(pl_mosaic_late(f->harness->element), ==, 0);
  g_assert_cmpuint(pl_canvas_pictures(f->canvas), ==, 0);
}

static void
test_newest_and_kept(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  PlFace *tile = add(f, "");
  put(f, tile, 50);
  put(f, tile, 200);
  gint64 put_us = now_us(f);
  GstBuffer *buffer = tick(f);
  g_assert_cmpuint(luma(f, buffer, 640, 360), ==, 200);
  gst_buffer_unref(buffer);

  /* No further frame: the picture stays for 2 s, then the card comes. */
  for (guint i = 0; i < 60; i++) {
    buffer = tick(f);
    gboolean stale = now_us(f) - put_us >= PL_PICTURE_STALE_US;
    g_assert_cmpint(luma(f, buffer, 4, 4) == 200, ==, !stale);
    gst_buffer_unref(buffer);
  }
  g_assert_cmpuint(pl_canvas_pictures(f->canvas), ==, 0);

  put(f, tile, 120);
  buffer = tick(f);
  g_assert_cmpuint(luma(f, buffer, 4, 4), ==, 120);
  gst_buffer_unref(buffer);
}

static void
test_cards(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  PlFace *tile = add(f, "Xã Lũng Cú");
  GstBuffer *buffer = tick(f);
  g_autoptr(GBytes) card = region(buffer, &whole);
  guint8 card_ground = luma(f, buffer, 4, 4);
  gst_buffer_unref(buffer);

  pl_face_set_lost(tile, TRUE);
  buffer = tick(f);
  g_autoptr(GBytes) lost = region(buffer, &whole);
  guint8 lost_ground = luma(f, buffer, 4, 4);
  gst_buffer_unref(buffer);
  /* Told apart at a glance, also in grey and far away. */
  g_assert_cmpint(ABS(card_ground - lost_ground), >, 30);
  g_assert_false(g_bytes_equal(card, lost));

  pl_face_set_name(tile, "Xã Mèo Vạc");
  buffer = tick(f);
  g_autoptr(GBytes) renamed = region(buffer, &whole);
  gst_buffer_unref(buffer);
  g_assert_false(g_bytes_equal(lost, renamed));

  /* Found again: the very card of before. */
  pl_face_set_lost(tile, FALSE);
  pl_face_set_name(tile, "Xã Lũng Cú");
  buffer = tick(f);
  g_autoptr(GBytes) again = region(buffer, &whole);
  gst_buffer_unref(buffer);
  g_assert_true(g_bytes_equal(card, again));
}

/* Lost, but its last picture is not yet old: the picture, then the lost card. */
static void
test_lost_after_picture(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  PlFace *tile = add(f, "x");
  pl_face_set_lost(tile, TRUE);
  GstBuffer *buffer = tick(f);
  guint8 lost_ground = luma(f, buffer, 4, 4);
  gst_buffer_unref(buffer);

  put(f, tile, 220);
  for (guint i = 0; i < 55; i++) {
    buffer = tick(f);
    g_assert_true(luma(f, buffer, 4, 4) == 220 || luma(f, buffer, 4, 4) == lost_ground);
    if (i == 0)
      g_assert_cmpuint(luma(f, buffer, 4, 4), ==, 220);
    if (i == 54)
      g_assert_cmpuint(luma(f, buffer, 4, 4), ==, lost_ground);
    gst_buffer_unref(buffer);
  }
}

static void
test_camera_off(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  PlFace *tile = add(f, "x");
  put(f, tile, 220);
  gst_buffer_unref(tick(f));

  pl_face_set_camera(tile, FALSE);
  put(f, tile, 221); /* what is still on its way is not shown */
  GstBuffer *buffer = tick(f);
  g_assert_cmpuint(luma(f, buffer, 4, 4), <, 100);
  gst_buffer_unref(buffer);

  pl_face_set_camera(tile, TRUE);
  buffer = tick(f);
  g_assert_cmpuint(luma(f, buffer, 4, 4), <, 100); /* nothing from before comes back */
  gst_buffer_unref(buffer);
  put(f, tile, 222);
  buffer = tick(f);
  g_assert_cmpuint(luma(f, buffer, 4, 4), ==, 222);
  gst_buffer_unref(buffer);
}

static GBytes *
label_of(Fixture *f, PlFace *tile, const char *name)
{
  pl_face_set_name(tile, name);
  put(f, tile, 128);
  GstBuffer *buffer = tick(f);
  GBytes *bytes = region(buffer, &label_region);
  gst_buffer_unref(buffer);
  return bytes;
}

static void
test_labels(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  PlFace *tile = add(f, "-");
  g_autoptr(GBytes) empty = label_of(f, tile, "");
  g_autoptr(GBytes) marked = label_of(f, tile, "Xã Đồng Văn");
  g_autoptr(GBytes) plain = label_of(f, tile, "Xa Dong Van");

  gsize size;
  const guint8 *bytes = g_bytes_get_data(empty, &size);
  for (gsize i = 0; i < size; i++)
    g_assert_cmpuint(bytes[i], ==, 128);

  guint white = 0, dark = 0;
  bytes = g_bytes_get_data(marked, &size);
  for (gsize i = 0; i < size; i++) {
    white += bytes[i] > 200;
    dark += bytes[i] < 80;
  }
  g_assert_cmpuint(white, >, 300);
  g_assert_cmpuint(dark, >, 3000);
  g_assert_cmpuint(bytes[size - 1], ==, 128); /* only as wide as the text */
  g_assert_false(g_bytes_equal(marked, plain));
}

static void
test_come_and_go(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  PlFace *first = add(f, "");
  PlFace *others[8] = {NULL};
  GstClockTime last = GST_CLOCK_TIME_NONE;
  put(f, first, 210);

  for (guint i = 0; i < 32; i++) {
    guint k = i % 8;
    if (others[k] == NULL) {
      others[k] = add(f, "Xã");
      put(f, others[k], 60);
    } else {
      take_away(f, others[k]);
      others[k] = NULL;
    }
    GstBuffer *buffer = tick(f);
    if (GST_CLOCK_TIME_IS_VALID(last))
      g_assert_cmpuint(GST_BUFFER_PTS(buffer), ==, last + TICK);
    last = GST_BUFFER_PTS(buffer);

    /* The first site is at its place at once, though it has sent nothing since. */
    guint n = 1;
    for (guint j = 0; j < 8; j++)
      n += others[j] != NULL;
    PlRect cell;
    pl_grid_cell(WIDTH, HEIGHT, n, 0, &cell);
    g_assert_cmpuint(luma(f, buffer, cell.x + cell.width / 2, cell.y + cell.height / 2), ==, 210);
    g_assert_cmpuint(luma(f, buffer, cell.x, cell.y), ==, 210);
    g_assert_cmpuint(luma(f, buffer, cell.x + cell.width - 1, cell.y + cell.height - 1), ==, 210);
    gst_buffer_unref(buffer);
  }
}

/* 4:3 into 16:9: cut above and below, nothing beside, nothing stretched. */
static void
test_crop(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  PlFace *tile = add(f, "");
  PlFrame *frame = media_frame(640, 480, 180, 128, 128, now_us(f));
  /* 60 rows too many on each side; the next one inside is marked. */
  GstMapInfo map;
  g_assert_true(gst_buffer_map(frame->buffer, &map, GST_MAP_WRITE));
  memset(map.data, 20, 60 * 640);
  memset(map.data + 420 * 640, 20, 60 * 640);
  gst_buffer_unmap(frame->buffer, &map);
  pl_slot_put(pl_face_slot(tile), frame);

  GstBuffer *buffer = tick(f);
  for (guint y = 0; y < HEIGHT; y++) {
    /* Scaling mixes neighbouring rows at the very edge. */
    if (y > 2 && y < HEIGHT - 3)
      g_assert_cmpuint(luma(f, buffer, 640, y), ==, 180);
  }
  g_assert_cmpuint(luma(f, buffer, 0, 360), ==, 180);
  g_assert_cmpuint(luma(f, buffer, WIDTH - 1, 360), ==, 180);
  gst_buffer_unref(buffer);
}

static void
test_strange_sizes(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  const guint sizes[][2] = {{2, 2}, {3, 3}, {1920, 2}, {2, 1088}, {17, 1087}, {1919, 15}, {1920, 1088}};
  PlFace *tile = add(f, "x");
  for (guint n = 1; n <= 20; n++) {
    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
      pl_slot_put(pl_face_slot(tile), media_frame(sizes[i][0], sizes[i][1], 99, 128, 128, now_us(f)));
      gst_buffer_unref(tick(f));
    }
    add(f, "y");
  }
}

static void
test_late(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  add(f, "x");
  GstBuffer *buffer = tick(f);
  GstClockTime before = GST_BUFFER_PTS(buffer);
  gst_buffer_unref(buffer);

  /* The machine was busy for half a second: one frame at once, the missed ticks left out. */
  g_autoptr(GstTestClock) clock = gst_harness_get_testclock(f->harness);
  gst_test_clock_wait_for_next_pending_id(clock, NULL);
  gst_test_clock_advance_time(clock, GST_SECOND / 2);
  g_assert_true(gst_test_clock_crank(clock));
  buffer = gst_harness_pull(f->harness);
  g_assert_cmpuint(GST_BUFFER_PTS(buffer), ==, before + TICK);
  gst_buffer_unref(buffer);
  buffer = tick(f);
  g_assert_cmpuint(GST_BUFFER_PTS(buffer), >=, before + GST_SECOND / 2);
  g_assert_cmpuint(GST_BUFFER_PTS(buffer) % TICK, ==, 0);
  gst_buffer_unref(buffer);
  g_assert_cmpuint(pl_mosaic_late(f->harness->element), ==, 1);
}

/* Encoders that give no buffer back: ticks are left out, nothing is allocated, nothing waits. */
static void
test_buffers_kept(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  GPtrArray *kept = g_ptr_array_new_with_free_func((GDestroyNotify)gst_buffer_unref);
  add(f, "x");
  for (guint i = 0; i < 12; i++)
    g_ptr_array_add(kept, tick(f));
  GstClockTime last = GST_BUFFER_PTS((GstBuffer *)g_ptr_array_index(kept, 11));
  for (guint i = 0; i < 5; i++)
    g_assert_true(gst_harness_crank_single_clock_wait(f->harness));
  /* It has come to wait for the tick after these five. */
  g_autoptr(GstTestClock) clock = gst_harness_get_testclock(f->harness);
  gst_test_clock_wait_for_next_pending_id(clock, NULL);
  g_assert_cmpuint(gst_harness_buffers_in_queue(f->harness), ==, 0);
  g_assert_cmpuint(pl_mosaic_late(f->harness->element), ==, 5);
  g_ptr_array_unref(kept);
  GstBuffer *buffer = tick(f);
  g_assert_cmpuint(GST_BUFFER_PTS(buffer), ==, last + 6 * TICK);
  gst_buffer_unref(buffer);
}

static void
test_more_than_fit(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  PlFace *last = NULL;
  for (guint i = 0; i < PL_GRID_MAX_TILES + 2; i++)
    last = add(f, "x");
  put(f, last, 222);
  gst_buffer_unref(tick(f));
  g_assert_cmpuint(pl_canvas_pictures(f->canvas), ==, 0);
  take_away(f, last);
  gst_buffer_unref(tick(f));
}

/* More texts than one tick draws: the pictures are there at once, labels and cards within some ticks. */
static void
test_texts_in_turn(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  guint n = 2 * PL_CANVAS_TEXTS_PER_TICK;
  for (guint i = 0; i < n; i++)
    g_ptr_array_add(f->faces, pl_face_new("Xã Đồng Văn"));
  show(f);
  put(f, g_ptr_array_index(f->faces, n - 1), 200);
  GstBuffer *buffer = tick(f);
  PlRect cell;
  pl_grid_cell(WIDTH, HEIGHT, n, n - 1, &cell);
  g_assert_cmpuint(luma(f, buffer, cell.x + cell.width / 2, cell.y + 2), ==, 200);
  pl_grid_cell(WIDTH, HEIGHT, n, n - 2, &cell);
  g_autoptr(GBytes) first = region(buffer, &cell);
  gst_buffer_unref(buffer);
  gst_buffer_unref(tick(f));
  buffer = tick(f);
  g_autoptr(GBytes) third = region(buffer, &cell);
  g_assert_false(g_bytes_equal(first, third)); /* ground before, the card now */
  gst_buffer_unref(buffer);
}

/* A larger rung is wanted: the next picture has its size, and what was shown is shown. */
static void
test_resized(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  PlFace *face = add(f, "");
  put(f, face, 90);
  gst_buffer_unref(tick(f));
  pl_canvas_resize(f->canvas, 640, 360);
  /* The tick that it was waiting for may still have the old size. */
  gst_buffer_unref(tick(f));
  GstBuffer *buffer = tick(f);
  GstVideoInfo small;
  gst_video_info_set_format(&small, GST_VIDEO_FORMAT_I420, 640, 360);
  g_assert_cmpuint(gst_buffer_get_size(buffer), ==, GST_VIDEO_INFO_SIZE(&small));
  guint8 middle;
  gst_buffer_extract(buffer, 180 * 640 + 320, &middle, 1);
  g_assert_cmpuint(middle, ==, 90);
  gst_buffer_unref(buffer);
  g_autoptr(GstCaps) caps = gst_pad_get_current_caps(f->harness->sinkpad);
  g_assert_true(gst_video_info_from_caps(&small, caps));
  g_assert_cmpint(GST_VIDEO_INFO_WIDTH(&small), ==, 640);
}

/* The other view takes its pictures from the same slot and misses none. */
static void
test_two_views(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  PlFace *face = add(f, "");
  g_autoptr(PlCanvas) wall = pl_canvas_new(MCU_VIEW_WALL, 320, 180);
  PlPlanes planes;
  g_autofree guint8 *bytes = pl_planes_new(320, 180, &planes);
  show_equal(wall, &face, 1);
  for (guint i = 0; i < 3; i++) {
    put(f, face, (guint8)(100 + i));
    GstBuffer *buffer = tick(f);
    g_assert_cmpuint(luma(f, buffer, 640, 360), ==, 100 + i);
    gst_buffer_unref(buffer);
    g_assert_true(pl_canvas_compose(wall, now_us(f), 320, 180, &planes));
    g_assert_cmpuint(bytes[90 * 320 + 160], ==, 100 + i);
  }
  g_assert_false(pl_canvas_compose(wall, now_us(f), 640, 360, &planes)); /* not its size */
}

/* In another order the tiles change places with what they show. */
static void
test_order(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  PlFace *faces[4] = {add(f, ""), add(f, ""), add(f, ""), add(f, "")};
  for (guint i = 0; i < 4; i++)
    put(f, faces[i], (guint8)(60 + 40 * i));
  gst_buffer_unref(tick(f));
  PlFace *turned[4] = {faces[2], faces[3], faces[0], faces[1]};
  show_equal(f->canvas, turned, 4);
  gst_buffer_unref(tick(f));
  GstBuffer *buffer = tick(f);
  for (guint i = 0; i < 4; i++) {
    PlRect cell;
    pl_grid_cell(WIDTH, HEIGHT, 4, i, &cell);
    g_assert_cmpuint(luma(f, buffer, cell.x + 100, cell.y + 100), ==, 60 + 40 * ((i + 2) % 4));
  }
  gst_buffer_unref(buffer);
}

/* --- layouts ------------------------------------------------------------------------------------ */

#define HALF (MCU_PANE_UNITS / 2)
#define QUARTER (MCU_PANE_UNITS / 4)

/* Two halves; the same picture is black-barred in them when it is shown whole, and cropped otherwise. */
static void
test_layout_places(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  PlFace *left = add(f, ""), *right = add(f, "");
  McuPane panes[3] = {{.place = {0, 0, HALF, MCU_PANE_UNITS}},
                      {.place = {HALF, 0, HALF, QUARTER}},
                      {.place = {HALF, HALF, HALF, HALF}}};
  PlFace *faces[3] = {left, NULL, right};
  McuViewLook look = {.panes = panes, .n_panes = 3};
  put(f, left, 100);
  put(f, right, 200);
  pl_canvas_show(f->canvas, &look, faces);
  GstBuffer *buffer = tick(f);
  g_assert_cmpuint(luma(f, buffer, 10, 10), ==, 100);
  g_assert_cmpuint(luma(f, buffer, WIDTH / 2 - 1, HEIGHT - 30), ==, 100);
  g_assert_cmpuint(luma(f, buffer, WIDTH - 10, 10), ==, 24); /* the empty pane, and what no pane covers */
  g_assert_cmpuint(luma(f, buffer, WIDTH / 2, HEIGHT / 2), ==, 200);
  gst_buffer_unref(buffer);

  look.letterbox = TRUE;
  pl_canvas_show(f->canvas, &look, faces); /* the pictures are still there, without new frames */
  buffer = tick(f);
  g_assert_cmpuint(luma(f, buffer, 10, 10), ==, 24);
  g_assert_cmpuint(luma(f, buffer, WIDTH / 4, HEIGHT / 2), ==, 100);
  g_assert_cmpuint(luma(f, buffer, WIDTH * 3 / 4, HEIGHT * 3 / 4), ==, 200);
  gst_buffer_unref(buffer);
}

/* The upper picture stays over the lower one, whichever of them moves. */
static void
test_picture_in_picture(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  PlFace *full = add(f, ""), *small = add(f, "");
  const McuPane panes[2] = {{.place = {0, 0, MCU_PANE_UNITS, MCU_PANE_UNITS}},
                            {.place = {HALF, HALF, QUARTER, QUARTER}}};
  PlFace *faces[2] = {full, small};
  pl_canvas_show(f->canvas, &(McuViewLook){.panes = panes, .n_panes = 2}, faces);
  put(f, full, 60);
  put(f, small, 180);
  for (guint i = 0; i < 4; i++) {
    GstBuffer *buffer = tick(f);
    g_assert_cmpuint(luma(f, buffer, 20, 20), ==, 60 + i);
    g_assert_cmpuint(luma(f, buffer, WIDTH * 5 / 8, HEIGHT * 5 / 8), ==, 180);
    gst_buffer_unref(buffer);
    put(f, full, (guint8)(61 + i));
  }
}

/* Frame, clock and banner lie over what goes out, and go away again without a new picture. */
static void
test_overlays(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  PlFace *one = add(f, ""), *two = add(f, "");
  McuPane panes[2] = {{.place = {0, 0, HALF, MCU_PANE_UNITS}}, {.place = {HALF, 0, HALF, MCU_PANE_UNITS}}};
  PlFace *faces[2] = {one, two};
  g_autofree char *hostile = g_strnfill(10240, 'W');
  McuViewLook look = {.panes = panes, .n_panes = 2, .mark_speaker = TRUE, .banner = hostile};
  g_autoptr(PlHeardAt) heard = pl_heard_at_new();
  pl_face_follow_sound(one, heard);
  gst_buffer_unref(tick(f)); /* time 0 means never */
  put(f, one, 100);
  put(f, two, 100);
  panes[1].clock_us = now_us(f);
  panes[1].limit_us = G_USEC_PER_SEC;
  pl_canvas_show(f->canvas, &look, faces);
  pl_heard_at_set(heard, now_us(f));
  GstBuffer *buffer = tick(f);
  g_assert_cmpuint(luma(f, buffer, 0, HEIGHT / 2), ==, 180);         /* the frame */
  g_assert_cmpuint(luma(f, buffer, WIDTH - 1, HEIGHT / 2), ==, 100); /* nobody speaks there */
  g_assert_cmpuint(luma(f, buffer, WIDTH - 2, 1), <, 100);           /* the clock's plate */
  g_assert_cmpuint(luma(f, buffer, 2, HEIGHT - 2), !=, 100);         /* the banner */
  gst_buffer_unref(buffer);
  for (guint i = 0; i < 2 * FPS; i++) {
    put(f, one, 100);
    put(f, two, 100);
    gst_buffer_unref(tick(f));
  }
  buffer = tick(f);
  g_assert_cmpuint(luma(f, buffer, 0, HEIGHT / 2), ==, 100); /* silent */
  g_assert_cmpuint(luma(f, buffer, WIDTH - 2, 1), >, 130);   /* over its time: amber */
  gst_buffer_unref(buffer);
  panes[1].clock_us = 0;
  look.banner = "\xe2\x80\xae\n<b>"; /* what is left of it is text */
  pl_canvas_show(f->canvas, &look, faces);
  buffer = tick(f);
  g_assert_cmpuint(luma(f, buffer, WIDTH - 2, 1), ==, 100);
  gst_buffer_unref(buffer);
  look.banner = NULL;
  pl_canvas_show(f->canvas, &look, faces);
  buffer = tick(f);
  g_assert_cmpuint(luma(f, buffer, 2, HEIGHT - 2), ==, 100);
  gst_buffer_unref(buffer);
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
      {"/mosaic/ticks-without-sources", test_ticks_without_sources},
      {"/mosaic/newest-and-kept", test_newest_and_kept},
      {"/mosaic/cards", test_cards},
      {"/mosaic/lost-after-picture", test_lost_after_picture},
      {"/mosaic/camera-off", test_camera_off},
      {"/mosaic/labels", test_labels},
      {"/mosaic/layout-places", test_layout_places},
      {"/mosaic/picture-in-picture", test_picture_in_picture},
      {"/mosaic/overlays", test_overlays},
      {"/mosaic/come-and-go", test_come_and_go},
      {"/mosaic/crop", test_crop},
      {"/mosaic/strange-sizes", test_strange_sizes},
      {"/mosaic/late", test_late},
      {"/mosaic/buffers-kept", test_buffers_kept},
      {"/mosaic/more-than-fit", test_more_than_fit},
      {"/mosaic/texts-in-turn", test_texts_in_turn},
      {"/mosaic/resized", test_resized},
      {"/mosaic/two-views", test_two_views},
      {"/mosaic/order", test_order},
  };
  for (guint i = 0; i < G_N_ELEMENTS(tests); i++)
    g_test_add(tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run();
}
