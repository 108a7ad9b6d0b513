/* Steps of size, and bits per pixel: small pictures need more, and so do rare ones, whose frames have less
 * in common. */
#include "pipelines/wish.h"

#define NEARLY 0.9 /* a cell a tenth larger than a step is filled by it well enough */
#define LEAST_KBPS 40
/* A face of two hundred lines among fifteen others moves well enough at this rate, and a line of 1 Mbit/s, the site's
 * old PC and the bridge's decoder all have a third less to do. */
#define SMALL_LINES 240
#define SMALL_FPS 15

static const guint steps[] = {72, 90, 144, 180, 240, 270, 360, 540, 720, 1080};

static double
bits_per_pixel(guint height)
{
  return height <= 180 ? 0.17 : height <= 360 ? 0.12 : 0.08;
}

void
pl_wish_for_cell(guint width, guint height, guint fps, guint max_kbps, McuPicture *out_wish)
{
  double needed = MAX(height, width * 9.0 / 16.0) * NEARLY;
  guint i = 0;
  while (i < G_N_ELEMENTS(steps) - 1 && steps[i] < needed)
    i++;
  guint lines = steps[i], columns = lines * 16 / 9;
  fps = lines <= SMALL_LINES ? MIN(fps, SMALL_FPS) : fps;
  double kbps = columns * lines * (double)fps * bits_per_pixel(lines) / 1000;
  *out_wish = (McuPicture){
      .width = columns & ~1u, .height = lines, .fps = fps, .kbps = MIN((guint)MAX(kbps, LEAST_KBPS), max_kbps)};
}

void
pl_wish_merge(McuPicture *wish, const McuPicture *other)
{
  wish->width = MAX(wish->width, other->width);
  wish->height = MAX(wish->height, other->height);
  wish->fps = MAX(wish->fps, other->fps);
  wish->kbps = MAX(wish->kbps, other->kbps);
}

gboolean
pl_wish_equal(const McuPicture *a, const McuPicture *b)
{
  return a->width == b->width && a->height == b->height && a->fps == b->fps && a->kbps == b->kbps;
}
