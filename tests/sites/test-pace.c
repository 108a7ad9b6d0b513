/* Pacing, loops and turns in virtual time; ages of what was sent. */
#include "pace.h"
#include "sent.h"

static void
test_pace(void)
{
  static const struct {
    gint64 now;
    guint due;
    guint64 skipped;
  } steps[] = {
      {999, 0, 0},  {1000, 1, 0}, {1000, 0, 0}, {1019, 0, 0},    {1020, 1, 0},    {1065, 2, 0},    {1079, 0, 0},
      {1080, 1, 0}, {1199, 5, 0}, {1200, 1, 0}, {11200, 5, 495}, {11219, 0, 495}, {11220, 1, 495},
  };
  SimPace pace;
  sim_pace_init(&pace, 1000, 20);
  for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
    g_assert_cmpuint(sim_pace_due(&pace, steps[i].now), ==, steps[i].due);
    g_assert_cmpuint(pace.skipped, ==, steps[i].skipped);
  }
}

static void
test_loop(void)
{
  guint8 is_key[100] = {0};
  is_key[0] = is_key[25] = is_key[50] = is_key[75] = 1;
  SimLoop loop = {.n_frames = 100};
  for (guint i = 0; i < 250; i++)
    g_assert_cmpuint(sim_loop_step(&loop), ==, i % 100);

  /* next is 50: a key frame already. */
  sim_loop_jump(&loop, is_key);
  g_assert_cmpuint(sim_loop_step(&loop), ==, 50);
  sim_loop_jump(&loop, is_key);
  g_assert_cmpuint(sim_loop_step(&loop), ==, 75);
  sim_loop_jump(&loop, is_key);
  g_assert_cmpuint(sim_loop_step(&loop), ==, 0);

  /* No key frame at all: stays. */
  guint8 none[100] = {0};
  sim_loop_jump(&loop, none);
  g_assert_cmpuint(sim_loop_step(&loop), ==, 1);
}

static void
test_turns(void)
{
  for (guint n = 1; n <= 20; n++) {
    for (guint k = 0; k <= n; k++) {
      guint turns_of[20] = {0};
      for (guint64 turn = 0; turn < n; turn++) {
        guint talking = 0;
        for (guint i = 0; i < n; i++) {
          gboolean talks = sim_talks(i, n, k, turn + G_GUINT64_CONSTANT(1) * n * 1000000007);
          g_assert_cmpint(talks, ==, sim_talks(i, n, k, turn));
          talking += talks;
          turns_of[i] += talks;
        }
        g_assert_cmpuint(talking, ==, k == 0 ? n : k);
      }
      for (guint i = 0; i < n; i++)
        g_assert_cmpuint(turns_of[i], ==, k == 0 ? n : k);
    }
  }
}

static void
test_phases(void)
{
  guint audio[4] = {0}, video[8] = {0};
  for (guint i = 0; i < 64; i++) {
    gint64 a = sim_phase_us(i, 20000), v = sim_phase_us(i, 40000);
    g_assert_true(a >= 0 && a < 20000 && a % SIM_SLOT_US == 0);
    g_assert_true(v >= 0 && v < 40000 && v % SIM_SLOT_US == 0);
    audio[a / SIM_SLOT_US]++;
    video[v / SIM_SLOT_US]++;
  }
  for (guint i = 0; i < 4; i++)
    g_assert_cmpuint(audio[i], ==, 16);
  for (guint i = 0; i < 8; i++)
    g_assert_cmpuint(video[i], ==, 8);
}

static void
test_sent(void)
{
  SimSent *sent = sim_sent_new(100);
  gint64 age;
  g_assert_false(sim_sent_frame_age(sent, 5, 1000, &age));
  g_assert_false(sim_sent_frame_age(sent, 100, 1000, &age));
  sim_sent_frame(sent, 5, 1000000);
  sim_sent_frame(sent, 65535, 1000000); /* of somebody else's mark: ignored */
  g_assert_true(sim_sent_frame_age(sent, 5, 1080000, &age));
  g_assert_cmpint(age, ==, 80000);
  g_assert_false(sim_sent_frame_age(sent, 5, 999999, &age));

  g_assert_false(sim_sent_onset_age(sent, 2000000, &age));
  for (gint64 i = 1; i <= 20; i++)
    sim_sent_onset(sent, i * G_USEC_PER_SEC);
  g_assert_true(sim_sent_onset_age(sent, 18 * G_USEC_PER_SEC + 70000, &age));
  g_assert_cmpint(age, ==, 70000);
  g_assert_true(sim_sent_onset_age(sent, 20 * G_USEC_PER_SEC + 900000, &age));
  g_assert_cmpint(age, ==, 900000);
  g_assert_false(sim_sent_onset_age(sent, 22 * G_USEC_PER_SEC, &age));

  g_assert_false(sim_sent_talked(sent, 10, 20));
  sim_sent_talking(sent, TRUE, 100);
  g_assert_false(sim_sent_talked(sent, 99, 200));
  g_assert_true(sim_sent_talked(sent, 100, 200));
  sim_sent_talking(sent, FALSE, 300);
  g_assert_true(sim_sent_talked(sent, 100, 300));
  g_assert_false(sim_sent_talked(sent, 200, 301));
  sim_sent_talking(sent, TRUE, 400);
  g_assert_false(sim_sent_talked(sent, 200, 500));
  g_assert_true(sim_sent_talked(sent, 400, 500));
  sim_sent_free(sent);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sites/pace/due", test_pace);
  g_test_add_func("/sites/pace/loop", test_loop);
  g_test_add_func("/sites/pace/turns", test_turns);
  g_test_add_func("/sites/pace/phases", test_phases);
  g_test_add_func("/sites/pace/sent", test_sent);
  return g_test_run();
}
