#include "mcu/rtp/nack.h"

#define MS 1000

static McuNack nack;
static guint16 seqs[MCU_NACK_WINDOW];

static void
start(guint64 seq)
{
  mcu_nack_init(&nack);
  g_assert_true(mcu_nack_packet(&nack, seq, 0));
}

static void
test_nothing(void)
{
  start(65536);
  for (guint64 seq = 65537; seq < 65536 + 5000; seq++)
    g_assert_true(mcu_nack_packet(&nack, seq, 0));
  g_assert_cmpuint(mcu_nack_collect(&nack, 1000 * MS, 0, seqs, MCU_NACK_WINDOW), ==, 0);
  g_assert_cmpint(mcu_nack_deadline(&nack, 0), ==, -1);
  g_assert_cmpuint(nack.given_up, ==, 0);
}

static void
test_reordered_is_not_asked(void)
{
  start(65536);
  mcu_nack_packet(&nack, 65538, 0);
  g_assert_cmpint(mcu_nack_deadline(&nack, 0), ==, 10 * MS);
  g_assert_cmpuint(mcu_nack_collect(&nack, 9 * MS, 0, seqs, 10), ==, 0);
  mcu_nack_packet(&nack, 65537, 9 * MS);
  g_assert_cmpuint(mcu_nack_collect(&nack, 50 * MS, 0, seqs, 10), ==, 0);
  g_assert_cmpuint(nack.recovered, ==, 0);
  g_assert_cmpint(mcu_nack_deadline(&nack, 0), ==, -1);
}

/* Asked at 10 ms, then every round trip, ten times, then given up. */
static void
test_pace(void)
{
  static const struct {
    gint64 rtt_us, repeat_us;
  } rtts[] = {{0, 20 * MS}, {5 * MS, 20 * MS}, {40 * MS, 40 * MS}};

  for (guint i = 0; i < G_N_ELEMENTS(rtts); i++) {
    guint asked = 0;
    gint64 last = 0;
    start(65536);
    mcu_nack_packet(&nack, 65538, 0);
    for (gint64 now = 0; now <= 600 * MS; now += MS)
      if (mcu_nack_collect(&nack, now, rtts[i].rtt_us, seqs, 10) > 0) {
        g_assert_cmpuint(seqs[0], ==, 1);
        g_assert_cmpint(now - last, ==, asked == 0 ? 10 * MS : rtts[i].repeat_us);
        last = now;
        asked++;
        if (asked < MCU_NACK_TRIES_MAX)
          g_assert_cmpint(mcu_nack_deadline(&nack, rtts[i].rtt_us), ==, now + rtts[i].repeat_us);
      }
    g_assert_cmpuint(asked, ==, 10);
    g_assert_cmpuint(nack.given_up, ==, 1);
    g_assert_cmpuint(nack.n_missing, ==, 0);
  }
}

static void
test_age(void)
{
  guint asked = 0;

  start(65536);
  mcu_nack_packet(&nack, 65538, 0);
  for (gint64 now = 0; now <= 1000 * MS; now += MS)
    asked += mcu_nack_collect(&nack, now, 200 * MS, seqs, 10);
  g_assert_cmpuint(asked, ==, 3); /* at 10, 210 and 410 ms */
  g_assert_cmpuint(nack.given_up, ==, 1);
}

static void
test_limit(void)
{
  start(65536);
  mcu_nack_packet(&nack, 65536 + 101, 0);
  g_assert_cmpuint(mcu_nack_collect(&nack, 10 * MS, 0, seqs, 30), ==, 30);
  g_assert_cmpuint(seqs[0], ==, 1);
  g_assert_cmpuint(seqs[29], ==, 30);
  g_assert_cmpuint(mcu_nack_collect(&nack, 10 * MS, 0, seqs, 200), ==, 70);
  g_assert_cmpuint(seqs[0], ==, 31);
  g_assert_cmpuint(seqs[69], ==, 100);
  mcu_nack_packet(&nack, 65536 + 50, 11 * MS);
  g_assert_cmpuint(nack.recovered, ==, 1);
  g_assert_cmpuint(mcu_nack_collect(&nack, 30 * MS, 0, seqs, 200), ==, 99);
}

static void
test_window(void)
{
  start(65536);
  g_assert_true(mcu_nack_packet(&nack, 65536 + MCU_NACK_WINDOW, 0));
  g_assert_cmpuint(nack.n_missing, ==, MCU_NACK_WINDOW - 1);
  /* Each further packet pushes one out. */
  g_assert_true(mcu_nack_packet(&nack, 65536 + MCU_NACK_WINDOW + 1, 0));
  g_assert_cmpuint(nack.given_up, ==, 1);
  /* One that fell out comes late. */
  g_assert_true(mcu_nack_packet(&nack, 65537, 0));
  g_assert_cmpuint(nack.n_missing, ==, MCU_NACK_WINDOW - 2);
  g_assert_cmpuint(nack.recovered, ==, 0);
}

static void
test_jump(void)
{
  start(65536);
  mcu_nack_packet(&nack, 65538, 0);
  g_assert_false(mcu_nack_packet(&nack, 65538 + MCU_NACK_WINDOW + 1, 0));
  g_assert_cmpuint(nack.n_missing, ==, 0);
  g_assert_cmpuint(nack.given_up, ==, 1 + MCU_NACK_WINDOW);
  g_assert_cmpuint(mcu_nack_collect(&nack, 100 * MS, 0, seqs, 10), ==, 0);
  g_assert_true(mcu_nack_packet(&nack, 65538 + MCU_NACK_WINDOW + 3, 100 * MS));
  g_assert_cmpuint(mcu_nack_collect(&nack, 110 * MS, 0, seqs, 10), ==, 1);
}

/* Against a plain model: asked for is exactly what did not come, in order. */
static void
test_model(void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed(4);
  g_autoptr(GHashTable) missing = g_hash_table_new(NULL, NULL);
  guint64 next = 65536 + 65000;
  gint64 now = 0;

  start(next++);
  for (guint round = 0; round < 20000; round++) {
    now += MS;
    if (g_rand_int_range(rand, 0, 10) == 0)
      g_hash_table_add(missing, GSIZE_TO_POINTER(next));
    else
      g_assert_true(mcu_nack_packet(&nack, next, now));
    next++;
    guint n = mcu_nack_collect(&nack, now, 30 * MS, seqs, MCU_NACK_WINDOW);
    guint64 previous = 0;
    for (guint i = 0; i < n; i++) {
      guint64 seq = next - 1 - (guint16)((guint16)(next - 1) - seqs[i]);
      g_assert_true(g_hash_table_contains(missing, GSIZE_TO_POINTER(seq)));
      g_assert_cmpuint(seq, >, previous);
      previous = seq;
      if (g_rand_int_range(rand, 0, 10) > 2) {
        mcu_nack_packet(&nack, seq, now);
        g_hash_table_remove(missing, GSIZE_TO_POINTER(seq));
      }
    }
  }
  g_assert_cmpuint(nack.recovered, >, 1900);
  g_assert_cmpuint(nack.given_up, ==, 0);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/rtp/nack/nothing", test_nothing);
  g_test_add_func("/rtp/nack/reordered-is-not-asked", test_reordered_is_not_asked);
  g_test_add_func("/rtp/nack/pace", test_pace);
  g_test_add_func("/rtp/nack/age", test_age);
  g_test_add_func("/rtp/nack/limit", test_limit);
  g_test_add_func("/rtp/nack/window", test_window);
  g_test_add_func("/rtp/nack/jump", test_jump);
  g_test_add_func("/rtp/nack/model", test_model);
  return g_test_run();
}
