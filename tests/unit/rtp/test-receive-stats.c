#include "mcu/rtp/receive-stats.h"

static guint64
packet(McuReceiveStats *stats, guint16 seq)
{
  guint64 extended = 0;

  g_assert_cmpint(mcu_receive_stats_packet(stats, seq, 0, 0, &extended), ==, MCU_DROP_NONE);
  g_assert_cmpuint((guint16)extended, ==, seq);
  return extended;
}

static McuRtcpReport
report(McuReceiveStats *stats)
{
  McuRtcpReport block;

  g_assert_true(mcu_receive_stats_report(stats, 0, &block));
  return block;
}

static void
test_empty(void)
{
  McuReceiveStats stats;
  McuRtcpReport block;

  mcu_receive_stats_init(&stats, 7, 90000);
  g_assert_false(mcu_receive_stats_report(&stats, 0, &block));
  g_assert_cmpuint(mcu_receive_stats_lost(&stats), ==, 0);
  g_assert_cmpuint(mcu_receive_stats_jitter_us(&stats), ==, 0);
}

/* RFC 3550 A.3 over a wrap: one of four is lost in each interval. */
static void
test_loss(void)
{
  McuReceiveStats stats;
  guint16 seq = 65500;
  guint arrived = 0;

  mcu_receive_stats_init(&stats, 7, 90000);
  for (guint interval = 1; interval <= 5; interval++) {
    for (guint i = 0; i < 40; i++, seq++)
      if (i % 4 != 1) {
        packet(&stats, seq);
        arrived++;
      }
    McuRtcpReport block = report(&stats);
    g_assert_cmpuint(block.ssrc, ==, 7);
    g_assert_cmpuint(block.fraction_lost, ==, 64);
    g_assert_cmpint(block.lost, ==, (gint)(interval * 10));
    g_assert_cmpuint(block.highest_seq, ==, 65500 + interval * 40 - 1);
  }
  g_assert_cmpuint(mcu_receive_stats_lost(&stats), ==, 50);
  g_assert_cmpuint(arrived, ==, 150);
  /* An interval without packets loses nothing. */
  g_assert_cmpuint(report(&stats).fraction_lost, ==, 0);
}

static void
test_duplicates(void)
{
  McuReceiveStats stats;

  mcu_receive_stats_init(&stats, 7, 90000);
  for (guint16 seq = 10; seq < 20; seq++) {
    packet(&stats, seq);
    packet(&stats, seq);
  }
  McuRtcpReport block = report(&stats);
  g_assert_cmpint(block.lost, ==, -10); /* A.3: may be negative */
  g_assert_cmpuint(block.fraction_lost, ==, 0);
  g_assert_cmpuint(mcu_receive_stats_lost(&stats), ==, 0);
}

static void
test_reordered_start(void)
{
  McuReceiveStats stats;
  guint64 second;

  mcu_receive_stats_init(&stats, 7, 90000);
  second = packet(&stats, 2);
  g_assert_cmpuint(packet(&stats, 1), ==, second - 1);
  g_assert_cmpuint(packet(&stats, 0), ==, second - 2);
  g_assert_cmpuint(packet(&stats, 65535), ==, second - 3);
  g_assert_cmpint(report(&stats).lost, ==, 0);
}

/* A.1: one stray packet changes nothing, two in a row are a restart. */
static void
test_restart(void)
{
  static const guint16 jumps[] = {20000, 50000, 5000, 60000};

  for (guint i = 0; i < G_N_ELEMENTS(jumps); i++) {
    McuReceiveStats stats;
    guint64 extended, last = 0;
    mcu_receive_stats_init(&stats, 7, 90000);
    for (guint16 seq = 0; seq < 100; seq++)
      last = packet(&stats, seq);
    g_assert_cmpint(mcu_receive_stats_packet(&stats, jumps[i], 0, 0, &extended), ==, MCU_DROP_LATE);
    g_assert_cmpuint(packet(&stats, 100), ==, last + 1);
    g_assert_cmpint(mcu_receive_stats_packet(&stats, jumps[i], 0, 0, &extended), ==, MCU_DROP_LATE);
    g_assert_cmpuint(packet(&stats, (guint16)(jumps[i] + 1)), >, last + 1024);
    g_assert_cmpuint(mcu_receive_stats_lost(&stats), ==, 0);
    McuRtcpReport block = report(&stats);
    g_assert_cmpuint(block.highest_seq & 0xffff, ==, jumps[i] + 1u);
    g_assert_cmpuint(block.fraction_lost, ==, 0);
  }
}

/* Loss of an earlier run is not forgotten. */
static void
test_restart_after_loss(void)
{
  McuReceiveStats stats;
  guint64 extended;

  mcu_receive_stats_init(&stats, 7, 90000);
  packet(&stats, 0);
  packet(&stats, 10);
  mcu_receive_stats_packet(&stats, 30000, 0, 0, &extended);
  packet(&stats, 30001);
  g_assert_cmpuint(mcu_receive_stats_lost(&stats), ==, 9);
  packet(&stats, 30003);
  g_assert_cmpuint(mcu_receive_stats_lost(&stats), ==, 10);
  g_assert_cmpint(report(&stats).lost, ==, 10);
}

/* A.8: a steady stream has none; one that alternates by 10 ms tends to it. */
static void
test_jitter(void)
{
  McuReceiveStats stats;
  guint64 extended;

  mcu_receive_stats_init(&stats, 7, 48000);
  for (guint i = 0; i < 500; i++)
    mcu_receive_stats_packet(&stats, (guint16)i, i * 960, (gint64)i * 20000 + 123456, &extended);
  g_assert_cmpuint(report(&stats).jitter, ==, 0);

  for (guint i = 500; i < 1500; i++)
    mcu_receive_stats_packet(&stats, (guint16)i, i * 960, (gint64)i * 20000 + 123456 + (i % 2) * 10000, &extended);
  g_assert_cmpuint(report(&stats).jitter, >=, 470);
  g_assert_cmpuint(report(&stats).jitter, <=, 481);
  g_assert_cmpuint(mcu_receive_stats_jitter_us(&stats), >=, 9700);

  /* Neither a retransmission nor a new start of the clock counts. */
  guint before = report(&stats).jitter;
  mcu_receive_stats_packet(&stats, 1400, 1400 * 960, G_GINT64_CONSTANT(40000000), &extended);
  mcu_receive_stats_packet(&stats, 1500, 0x7fffffff, G_GINT64_CONSTANT(30123456), &extended);
  g_assert_cmpuint(report(&stats).jitter, ==, before);
}

static void
test_sender_report(void)
{
  McuReceiveStats stats;
  McuRtcpReport block;

  mcu_receive_stats_init(&stats, 7, 48000);
  packet(&stats, 1);
  block = report(&stats);
  g_assert_cmpuint(block.lsr, ==, 0);
  g_assert_cmpuint(block.dlsr, ==, 0);
  mcu_receive_stats_sender_report(&stats, &(McuRtcpSenderInfo){.ntp = G_GUINT64_CONSTANT(0x1111222233334444)}, 1000000);
  g_assert_true(mcu_receive_stats_report(&stats, 2500000, &block));
  g_assert_cmpuint(block.lsr, ==, 0x22223333);
  g_assert_cmpuint(block.dlsr, ==, 0x18000);
}

/* Whatever comes, what is said stays within what was sent. */
static void
test_any(void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed(3);
  McuReceiveStats stats;

  mcu_receive_stats_init(&stats, 7, 90000);
  for (guint i = 0; i < 200000; i++) {
    guint64 extended = 0;
    gint64 now = g_rand_int_range(rand, 0, G_MAXINT32);
    if (mcu_receive_stats_packet(&stats, (guint16)g_rand_int(rand), g_rand_int(rand), now, &extended) == MCU_DROP_NONE)
      g_assert_cmpuint(extended, <=, stats.unwrap.highest);
    McuRtcpReport block;
    if (mcu_receive_stats_report(&stats, now, &block)) {
      g_assert_cmpint(block.lost, >=, -0x800000);
      g_assert_cmpint(block.lost, <=, 0x7fffff);
    }
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/rtp/receive-stats/empty", test_empty);
  g_test_add_func("/rtp/receive-stats/loss", test_loss);
  g_test_add_func("/rtp/receive-stats/duplicates", test_duplicates);
  g_test_add_func("/rtp/receive-stats/reordered-start", test_reordered_start);
  g_test_add_func("/rtp/receive-stats/restart", test_restart);
  g_test_add_func("/rtp/receive-stats/restart-after-loss", test_restart_after_loss);
  g_test_add_func("/rtp/receive-stats/jitter", test_jitter);
  g_test_add_func("/rtp/receive-stats/sender-report", test_sender_report);
  g_test_add_func("/rtp/receive-stats/any", test_any);
  return g_test_run();
}
