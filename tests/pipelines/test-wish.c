/* What is asked of a camera by the size of its cell. */
#include "pipelines/wish.h"

static void
test_steps(void)
{
  const struct {
    guint width, height, lines;
  } cases[] = {{1280, 720, 720}, {640, 360, 360},    {426, 240, 240}, {320, 180, 180},
               {256, 144, 144},  {1920, 1080, 1080}, {128, 76, 72},   {128, 78, 72},
               {2, 2, 72},       {4000, 3000, 1080}, {640, 180, 360}, {330, 184, 180}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    McuPicture wish;
    pl_wish_for_cell(cases[i].width, cases[i].height, 25, 5000, &wish);
    g_assert_cmpuint(wish.height, ==, cases[i].lines);
    g_assert_cmpuint(wish.width, ==, (cases[i].lines * 16 / 9) & ~1u);
    g_assert_cmpuint(wish.fps, ==, wish.height <= 240 ? 15 : 25);
  }
}

static void
test_rates(void)
{
  McuPicture large, small, rare, limited;
  pl_wish_for_cell(640, 360, 25, 5000, &large);
  pl_wish_for_cell(320, 180, 25, 5000, &small);
  pl_wish_for_cell(128, 76, 5, 5000, &rare);
  pl_wish_for_cell(1280, 720, 25, 700, &limited);
  g_assert_cmpuint(large.kbps, >, small.kbps);
  g_assert_cmpuint(small.kbps, >, rare.kbps);
  g_assert_cmpuint(rare.kbps, >=, 30); /* below, key frames alone are more */
  g_assert_cmpuint(limited.kbps, ==, 700);
}

static void
test_merge(void)
{
  McuPicture wish = {320, 180, 25, 250};
  pl_wish_merge(&wish, &(McuPicture){128, 72, 5, 40});
  g_assert_true(pl_wish_equal(&wish, &(McuPicture){320, 180, 25, 250}));
  pl_wish_merge(&wish, &(McuPicture){640, 360, 10, 600});
  g_assert_true(pl_wish_equal(&wish, &(McuPicture){640, 360, 25, 600}));
  g_assert_false(pl_wish_equal(&wish, &(McuPicture){640, 360, 25, 601}));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/wish/steps", test_steps);
  g_test_add_func("/wish/rates", test_rates);
  g_test_add_func("/wish/merge", test_merge);
  return g_test_run();
}
