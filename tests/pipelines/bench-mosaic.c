/* What a tick of the mosaic costs when every site has sent a new picture: CPU time of the thread, per tick and in
 * percent of a core at 25 ticks a second; and what drawing the cards of one new grid costs. Run by `meson test
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

static void
measure(guint n_tiles, guint width, guint height)
{
  g_autofree PlFace **faces = g_new(PlFace *, n_tiles);
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
  static const McuPane panes[PL_GRID_MAX_TILES];
  pl_canvas_show(canvas, &(McuViewLook){.panes = panes, .n_panes = n_tiles, .equal = TRUE}, faces);
  gint64 text = cpu_us();
  for (guint i = 0; i * PL_CANVAS_TEXTS_PER_TICK < n_tiles; i++)
    pl_canvas_compose(canvas, 0, WIDTH, HEIGHT, &planes);
  text = cpu_us() - text;

  gint64 spent = 0;
  for (guint t = 0; t < TICKS; t++) {
    for (guint i = 0; i < n_tiles; i++)
      pl_slot_put(pl_face_slot(faces[i]), media_frame(width, height, (guint8)t, 100, 150, t * 40000));
    gint64 start = cpu_us();
    pl_canvas_compose(canvas, t * 40000, WIDTH, HEIGHT, &planes);
    spent += cpu_us() - start;
  }
  gint64 still = cpu_us();
  for (guint t = 0; t < TICKS; t++)
    pl_canvas_compose(canvas, TICKS * 40000, WIDTH, HEIGHT, &planes);
  still = cpu_us() - still;

  g_print("%3u tiles of %ux%u: tick %.2f ms = %.1f %% of a core; nothing new %.2f ms; all cards %.0f ms\n", n_tiles,
          width, height, (double)spent / TICKS / 1000, (double)spent / TICKS / 400, (double)still / TICKS / 1000,
          (double)text / 1000);
  for (guint i = 0; i < n_tiles; i++)
    pl_face_unref(faces[i]);
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
    measure(cases[i][0], cases[i][1], cases[i][2]);
  return 0;
}
