/* What a tick of the mosaic costs when every site has sent a new picture: CPU time of the thread, per tick and in
 * percent of a core at 25 ticks a second; what drawing the cards of one new grid costs; and what clock, frames, banner
 * and a pane over the others add. Run by `meson test
 * --benchmark`. */
#include <time.h>

#include "media.h"
#include "pipelines/canvas.h"

#define WIDTH 1280
#define HEIGHT 720
#define TICKS 100

static gint64
cpu_us(void)
{
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (gint64)t.tv_sec * G_USEC_PER_SEC + t.tv_nsec / 1000;
}

/* What is drawn over the picture: a banner, a clock in the first pane, frames round the first three. */
#define FRAMES 3

static void
speak(PlHeardAt *const *heard, guint n_tiles, gint64 now_us)
{
  for (guint i = 0; i < MIN(n_tiles, FRAMES); i++)
    pl_heard_at_set(heard[i], now_us);
}

/* The first pane is the whole picture, the others a row of small ones over it. */
static void
place(McuPane *panes, guint n_tiles)
{
  guint part = MCU_PANE_UNITS / MAX(n_tiles, 4);
  panes[0].place.width = panes[0].place.height = MCU_PANE_UNITS;
  for (guint i = 1; i < n_tiles; i++) {
    panes[i].place.x = (guint16)(i * part);
    panes[i].place.y = (guint16)(MCU_PANE_UNITS - part);
    panes[i].place.width = panes[i].place.height = (guint16)part;
  }
}

typedef enum { PLAIN, DRAWN_OVER, OVERLAPPING } Kind;

static void
measure(guint n_tiles, guint width, guint height, Kind kind)
{
  static const char *const words[] = {"", ", drawn over", ", drawn over and overlapping"};
  g_autofree PlFace **faces = g_new(PlFace *, n_tiles);
  PlHeardAt *heard[FRAMES] = {NULL};
  g_autofree guint8 *bytes = g_malloc(WIDTH * HEIGHT * 3 / 2);
  PlPlanes planes = {.y = bytes,
                     .u = bytes + WIDTH * HEIGHT,
                     .v = bytes + WIDTH * HEIGHT * 5 / 4,
                     .stride_y = WIDTH,
                     .stride_u = WIDTH / 2,
                     .stride_v = WIDTH / 2};
  PlCanvas *canvas = pl_canvas_new(MCU_VIEW_PROGRAMME, WIDTH, HEIGHT);
  for (guint i = 0; i < n_tiles; i++)
    faces[i] = pl_face_new("Điểm cầu xã Đồng Văn");
  for (guint i = 0; i < MIN(n_tiles, FRAMES); i++) {
    heard[i] = pl_heard_at_new();
    pl_face_follow_sound(faces[i], heard[i]);
  }
  McuPane panes[PL_GRID_MAX_TILES] = {0};
  McuViewLook look = {.panes = panes, .n_panes = n_tiles, .equal = kind != OVERLAPPING};
  if (kind == OVERLAPPING)
    place(panes, n_tiles);
  if (kind != PLAIN) {
    panes[0].clock_us = 1;
    look.mark_speaker = TRUE;
    look.banner = "Hội nghị giao ban tháng, nghỉ giải lao đến 10 giờ 15";
  }
  pl_canvas_show(canvas, &look, faces);
  gint64 text = cpu_us();
  for (guint i = 0; i * PL_CANVAS_TEXTS_PER_TICK < n_tiles; i++)
    pl_canvas_compose(canvas, 0, WIDTH, HEIGHT, &planes);
  text = cpu_us() - text;

  gint64 spent = 0;
  for (guint t = 0; t < TICKS; t++) {
    for (guint i = 0; i < n_tiles; i++)
      pl_slot_put(pl_face_slot(faces[i]), media_frame(width, height, (guint8)t, 100, 150, t * 40000));
    speak(heard, n_tiles, t * 40000 + 1);
    gint64 start = cpu_us();
    pl_canvas_compose(canvas, t * 40000, WIDTH, HEIGHT, &planes);
    spent += cpu_us() - start;
  }
  speak(heard, n_tiles, TICKS * 40000);
  gint64 still = cpu_us();
  for (guint t = 0; t < TICKS; t++)
    pl_canvas_compose(canvas, TICKS * 40000, WIDTH, HEIGHT, &planes);
  still = cpu_us() - still;

  g_print("%3u tiles of %ux%u%s: tick %.2f ms = %.1f %% of a core; nothing new %.2f ms; all cards %.0f ms\n", n_tiles,
          width, height, words[kind], (double)spent / TICKS / 1000, (double)spent / TICKS / 400,
          (double)still / TICKS / 1000, (double)text / 1000);
  for (guint i = 0; i < n_tiles; i++)
    pl_face_unref(faces[i]);
  for (guint i = 0; i < FRAMES; i++)
    pl_heard_at_unref(heard[i]);
  pl_canvas_unref(canvas);
}

int
main(int argc, char **argv)
{
  gst_init(&argc, &argv);
  /* What sites are asked for, and what they send when they do not listen. */
  const guint cases[][3] = {{1, 1280, 720}, {4, 640, 360},   {16, 320, 180}, {16, 640, 360},
                            {25, 320, 180}, {25, 640, 360},  {100, 160, 90}, {209, 128, 72},
                            {209, 160, 90}, {209, 320, 180}, {209, 640, 360}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    measure(cases[i][0], cases[i][1], cases[i][2], PLAIN);
  const guint over[][3] = {{1, 1280, 720}, {16, 320, 180}, {209, 128, 72}};
  for (guint i = 0; i < G_N_ELEMENTS(over); i++)
    measure(over[i][0], over[i][1], over[i][2], DRAWN_OVER);
  measure(2, 1280, 720, OVERLAPPING);
  measure(8, 640, 360, OVERLAPPING);
  return 0;
}
