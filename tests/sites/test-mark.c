/* The mark is drawn, mistreated as two encoders and a mosaic would, and read again. */
#include <math.h>
#include <string.h>

#include "mark.h"
#include "paint.h"

static SimLuma
luma_new(guint width, guint height)
{
  return (SimLuma){.data = g_malloc0((gsize)width * height), .stride = width, .width = width, .height = height};
}

static SimLuma
drawn(guint width, guint height, guint site, guint frame)
{
  g_autofree guint8 *data = g_malloc(sim_picture_size(width, height));
  SimPicture picture;
  sim_picture_init(&picture, width, height, data);
  sim_paint_scene(&picture, site, frame, 250);
  sim_paint_mark(&picture, site, frame);
  SimLuma luma = luma_new(width, height);
  memcpy(luma.data, picture.y, (gsize)width * height);
  return luma;
}

/* Bilinear, as a mosaic scales at its cheapest. */
static SimLuma
scaled(const SimLuma *from, guint width, guint height)
{
  SimLuma to = luma_new(width, height);
  for (guint y = 0; y < height; y++) {
    for (guint x = 0; x < width; x++) {
      double fx = CLAMP((x + 0.5) * from->width / width - 0.5, 0, from->width - 1.001);
      double fy = CLAMP((y + 0.5) * from->height / height - 0.5, 0, from->height - 1.001);
      const guint8 *p = from->data + (gsize)fy * from->stride + (guint)fx;
      double ax = fx - floor(fx), ay = fy - floor(fy);
      double top = p[0] * (1 - ax) + p[1] * ax, bottom = p[from->stride] * (1 - ax) + p[from->stride + 1] * ax;
      to.data[(gsize)y * width + x] = (guint8)(top * (1 - ay) + bottom * ay + 0.5);
    }
  }
  return to;
}

static void
blur(SimLuma *luma)
{
  g_autofree guint8 *from = g_memdup2(luma->data, (gsize)luma->width * luma->height);
  for (guint y = 1; y + 1 < luma->height; y++)
    for (guint x = 1; x + 1 < luma->width; x++) {
      guint sum = 0;
      for (guint dy = 0; dy < 3; dy++)
        for (guint dx = 0; dx < 3; dx++)
          sum += from[(y + dy - 1) * luma->width + x + dx - 1];
      luma->data[y * luma->width + x] = (guint8)(sum / 9);
    }
}

static void
add_noise(SimLuma *luma, guint32 seed, int strength)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
  for (gsize i = 0; i < (gsize)luma->width * luma->height; i++)
    luma->data[i] = (guint8)CLAMP(luma->data[i] + g_rand_int_range(rand, -strength, strength + 1), 0, 255);
}

static void
test_survives(void)
{
  static const struct {
    guint width, height; /* as sent */
    guint site, frame;
  } cases[] = {
      {640, 360, 0, 0},  {640, 360, 1023, 65535}, {320, 180, 17, 249},  {160, 90, 208, 124},
      {160, 90, 512, 1}, {1280, 720, 341, 43690}, {128, 72, 682, 4660},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    SimLuma sent = drawn(cases[i].width, cases[i].height, cases[i].site, cases[i].frame);
    SimLuma tile = scaled(&sent, 128, 72);
    blur(&tile);
    add_noise(&tile, 1000 + i, 40);
    SimMark mark;
    g_assert_true(sim_mark_read(&sent, &mark));
    g_assert_cmpuint(mark.site, ==, cases[i].site);
    g_assert_true(sim_mark_read(&tile, &mark));
    g_assert_cmpuint(mark.site, ==, cases[i].site);
    g_assert_cmpuint(mark.frame, ==, cases[i].frame);
    g_free(sent.data);
    g_free(tile.data);
  }
}

/* Any one bit read wrongly is noticed: the CRC covers both numbers and itself. */
static void
test_wrong_bit(void)
{
  for (guint i = 0; i < SIM_MARK_BITS; i++) {
    SimLuma tile = drawn(128, 72, 77, 4321);
    guint x0 = 16 + i % SIM_MARK_COLUMNS * 8, y0 = 8 + i / SIM_MARK_COLUMNS * 8;
    guint8 now = tile.data[(y0 + 4) * 128 + x0 + 4];
    for (guint y = y0; y < y0 + 8; y++)
      memset(tile.data + y * 128 + x0, now > 128 ? 32 : 220, 8);
    SimMark mark;
    g_assert_false(sim_mark_read(&tile, &mark));
    g_free(tile.data);
  }
}

static void
test_not_a_mark(void)
{
  SimLuma tile = luma_new(128, 72);
  SimMark mark;
  static const guint8 flat[] = {0, 16, 128, 255};
  for (guint i = 0; i < G_N_ELEMENTS(flat); i++) {
    memset(tile.data, flat[i], 128 * 72);
    g_assert_false(sim_mark_read(&tile, &mark));
  }
  for (guint32 seed = 0; seed < 2000; seed++) {
    memset(tile.data, 128, 128 * 72);
    add_noise(&tile, seed, 127);
    g_assert_false(sim_mark_read(&tile, &mark));
  }
  /* A half-grey cell belongs to neither side. */
  g_free(tile.data);
  tile = drawn(128, 72, 5, 5);
  for (guint y = 8; y < 16; y++)
    memset(tile.data + y * 128 + 24, 126, 8);
  g_assert_false(sim_mark_read(&tile, &mark));
  g_free(tile.data);
}

static void
test_small_tiles(void)
{
  for (guint width = 0; width <= 128; width += 8) {
    SimLuma sent = drawn(640, 360, 99, 7);
    SimLuma tile = width ? scaled(&sent, width, width * 9 / 16 + (width < 16)) : luma_new(0, 0);
    SimMark mark = {0};
    gboolean found = sim_mark_read(&tile, &mark);
    if (width >= 96)
      g_assert_true(found);
    if (found)
      g_assert_cmpuint(mark.site, ==, 99);
    g_free(sent.data);
    g_free(tile.data);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sites/mark/survives", test_survives);
  g_test_add_func("/sites/mark/wrong-bit", test_wrong_bit);
  g_test_add_func("/sites/mark/not-a-mark", test_not_a_mark);
  g_test_add_func("/sites/mark/small-tiles", test_small_tiles);
  return g_test_run();
}
