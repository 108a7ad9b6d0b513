/* Drawing by plain loops: a second of 640x360 costs a few milliseconds, and it is done once. */
#include "paint.h"

#include <math.h>
#include <string.h>

#include "mark.h"

gsize
sim_picture_size(guint width, guint height)
{
  return (gsize)width * height * 3 / 2;
}

void
sim_picture_init(SimPicture *picture, guint width, guint height, guint8 *data)
{
  *picture = (SimPicture){.width = width, .height = height, .y = data};
  picture->u = data + (gsize)width * height;
  picture->v = picture->u + (gsize)width * height / 4;
}

static void
fill_plane(guint8 *plane, guint stride, guint x, guint y, guint width, guint height, guint8 value)
{
  for (guint row = 0; row < height; row++)
    memset(plane + (gsize)(y + row) * stride + x, value, width);
}

static void
fill_rect(SimPicture *picture, guint x, guint y, guint width, guint height, guint8 luma, guint8 u, guint8 v)
{
  if (x >= picture->width || y >= picture->height)
    return;
  width = MIN(width, picture->width - x);
  height = MIN(height, picture->height - y);
  fill_plane(picture->y, picture->width, x, y, width, height, luma);
  fill_plane(picture->u, picture->width / 2, x / 2, y / 2, (width + x % 2) / 2, (height + y % 2) / 2, u);
  fill_plane(picture->v, picture->width / 2, x / 2, y / 2, (width + x % 2) / 2, (height + y % 2) / 2, v);
}

static void
paint_disc(SimPicture *picture, double cx, double cy, double radius, guint8 luma)
{
  for (int y = (int)(cy - radius); y <= (int)(cy + radius); y++) {
    if (y < 0 || y >= (int)picture->height)
      continue;
    double half = sqrt(MAX(radius * radius - (y - cy) * (y - cy), 0));
    int x0 = MAX((int)(cx - half), 0), x1 = MIN((int)(cx + half), (int)picture->width - 1);
    if (x1 > x0)
      memset(picture->y + (gsize)y * picture->width + x0, luma, (gsize)(x1 - x0));
  }
}

void
sim_paint_scene(SimPicture *picture, guint site, guint frame, guint n_frames)
{
  double turn = 2 * G_PI * frame / n_frames;
  double hue = 2 * G_PI * (site * 0.381966 - floor(site * 0.381966)); /* golden angle: neighbours differ */
  memset(picture->u, (int)(128 + 36 * cos(hue)), (gsize)picture->width * picture->height / 4);
  memset(picture->v, (int)(128 + 36 * sin(hue)), (gsize)picture->width * picture->height / 4);

  /* A soft slope of light that sways. */
  double sway = 24 * sin(turn);
  for (guint x = 0; x < picture->width; x++)
    picture->y[x] = (guint8)(80 + sway + 60.0 * x / picture->width);
  for (guint y = 1; y < picture->height; y++) {
    guint8 *row = picture->y + (gsize)y * picture->width;
    memcpy(row, picture->y, picture->width);
  }

  /* Head and shoulders of somebody who moves. */
  double w = picture->width, h = picture->height;
  double cx = w * (0.36 + 0.05 * sin(2 * turn)), cy = h * (0.64 + 0.02 * cos(5 * turn));
  paint_disc(picture, cx, cy + h * 0.42, h * 0.30, 60);
  paint_disc(picture, cx, cy, h * 0.14, 190);
  paint_disc(picture, cx, cy + h * 0.06, h * (0.02 + 0.015 * sin(9 * turn)), 70);
}

/* Seven segments: top, top left, top right, middle, bottom left, bottom right, bottom. */
static void
paint_digit(SimPicture *picture, guint digit, guint x, guint y, guint width, guint height)
{
  static const guint8 segments[10] = {0x77, 0x24, 0x5d, 0x6d, 0x2e, 0x6b, 0x7b, 0x25, 0x7f, 0x6f};
  guint t = MAX(width / 5, 2), half = height / 2;
  const guint rects[7][4] = {
      {x, y, width, t},
      {x, y, t, half},
      {x + width - t, y, t, half},
      {x, y + half - t / 2, width, t},
      {x, y + half, t, height - half},
      {x + width - t, y + half, t, height - half},
      {x, y + height - t, width, t},
  };
  for (guint i = 0; i < 7; i++)
    if (segments[digit] >> i & 1)
      fill_rect(picture, rects[i][0], rects[i][1], rects[i][2], rects[i][3], 225, 128, 128);
}

void
sim_paint_mark(SimPicture *picture, guint site, guint frame)
{
  guint x, y, width, height;
  sim_mark_area(picture->width, picture->height, &x, &y, &width, &height);
  fill_rect(picture, x, y, width, height, 24, 128, 128);
  SimLuma luma = {picture->y, picture->width, picture->width, picture->height};
  sim_mark_draw(&luma, &(SimMark){.site = (guint16)site, .frame = (guint16)frame});

  guint digit_width = picture->width / 14, digit_height = picture->height * 5 / 18;
  guint at = picture->width * 11 / 16;
  for (guint unit = site >= 1000 ? 1000 : site >= 100 ? 100 : 10; unit > 0; unit /= 10) {
    paint_digit(picture, site / unit % 10, at, picture->height * 13 / 24, digit_width, digit_height);
    at += digit_width * 4 / 3;
  }
}

/* Each pixel is the mean of those that it covers. */
static void
shrink_plane(const guint8 *from, guint from_width, guint from_height, guint8 *to, guint width, guint height)
{
  for (guint y = 0; y < height; y++) {
    guint y0 = y * from_height / height, y1 = (y + 1) * from_height / height;
    for (guint x = 0; x < width; x++) {
      guint x0 = x * from_width / width, x1 = (x + 1) * from_width / width, sum = 0;
      for (guint row = y0; row < y1; row++)
        for (guint column = x0; column < x1; column++)
          sum += from[(gsize)row * from_width + column];
      to[(gsize)y * width + x] = (guint8)(sum / ((x1 - x0) * (y1 - y0)));
    }
  }
}

void
sim_paint_shrink(const SimPicture *from, SimPicture *to)
{
  guint width = from->width, height = from->height;
  shrink_plane(from->y, width, height, to->y, to->width, to->height);
  shrink_plane(from->u, width / 2, height / 2, to->u, to->width / 2, to->height / 2);
  shrink_plane(from->v, width / 2, height / 2, to->v, to->width / 2, to->height / 2);
}
