#include "mcu/bridge/line.h"

/* A line of `loss` per mille and `rtt` for n samples; returns the qualities as digits. */
static void
feed(McuLine *line, guint64 *packets, guint loss_permille, guint rtt_ms, guint n, GString *out)
{
  for (guint i = 0; i < n; i++) {
    McuLineInfo info;
    McuLineSample sample = {
        .connected = TRUE,
        .rx_packets = packets[0] += 1000 - loss_permille,
        .rx_lost = packets[1] += loss_permille,
        .rtt_ms = rtt_ms,
    };
    mcu_line_update(line, &sample, &info);
    g_assert_cmpuint(info.loss_permille, ==, loss_permille);
    g_assert_cmpuint(info.rtt_ms, ==, rtt_ms);
    g_string_append_printf(out, "%u", info.quality);
  }
}

static void
assert_taken(GString *out, const char *expected)
{
  g_assert_cmpstr(out->str, ==, expected);
  g_string_truncate(out, 0);
}

static void
test_hysteresis(void)
{
  McuLine line = {0};
  guint64 packets[2] = {0};
  GString *out = g_string_new(NULL);
  feed(&line, packets, 0, 50, 2, out);
  assert_taken(out, "33"); /* from nothing at once */
  feed(&line, packets, 50, 50, 1, out);
  feed(&line, packets, 0, 50, 2, out);
  assert_taken(out, "333"); /* one bad sample is no reason */
  feed(&line, packets, 50, 50, 3, out);
  assert_taken(out, "322");
  feed(&line, packets, 0, 50, 2, out);
  feed(&line, packets, 50, 50, 1, out);
  feed(&line, packets, 0, 50, 3, out);
  assert_taken(out, "222223"); /* three good ones in a row */
  feed(&line, packets, 300, 50, 1, out);
  feed(&line, packets, 50, 50, 1, out);
  assert_taken(out, "32"); /* poor, then fair: both want it lower, the nearer is granted */
  feed(&line, packets, 0, 700, 2, out);
  assert_taken(out, "21");

  McuLineInfo info;
  mcu_line_update(&line, &(McuLineSample){.connected = FALSE, .rtt_ms = 9}, &info);
  g_assert_cmpuint(info.quality, ==, 0);
  g_assert_cmpuint(info.rtt_ms, ==, 0);
  g_string_free(out, TRUE);
}

static void
test_judgement(void)
{
  static const struct {
    McuLineSample sample;
    guint quality, loss;
  } cases[] = {
      {{.connected = TRUE}, 3, 0}, /* nothing received yet: nothing lost */
      {{.connected = TRUE, .rx_packets = 981, .rx_lost = 19}, 3, 19},
      {{.connected = TRUE, .rx_packets = 980, .rx_lost = 20}, 2, 20},
      {{.connected = TRUE, .rx_packets = 920, .rx_lost = 80}, 1, 80},
      {{.connected = TRUE, .rx_lost = 5}, 1, 1000},
      {{.connected = TRUE, .remote_loss_permille = 20}, 2, 20}, /* the worse direction counts */
      {{.connected = TRUE, .remote_loss_permille = 5000}, 1, 1000},
      {{.connected = TRUE, .rtt_ms = 250}, 2, 0},
      {{.connected = TRUE, .rtt_ms = 600}, 1, 0},
      {{.connected = TRUE, .jitter_us = 30000}, 2, 0},
      {{.connected = TRUE, .jitter_us = 80000}, 1, 0},
      {{.connected = FALSE}, 0, 0},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    McuLine line = {0};
    McuLineInfo info;
    mcu_line_update(&line, &cases[i].sample, &info);
    g_assert_cmpuint(info.quality, ==, cases[i].quality);
    g_assert_cmpuint(info.loss_permille, ==, cases[i].loss);
  }
}

/* Counters that shrink (late packets fill gaps) are no loss and no wonder. */
static void
test_backwards(void)
{
  McuLine line = {0};
  McuLineInfo info;
  mcu_line_update(&line, &(McuLineSample){.connected = TRUE, .rx_packets = 900, .rx_lost = 100}, &info);
  mcu_line_update(&line, &(McuLineSample){.connected = TRUE, .rx_packets = 990, .rx_lost = 10}, &info);
  g_assert_cmpuint(info.loss_permille, ==, 0);
  mcu_line_update(&line, &(McuLineSample){.connected = TRUE, .rx_packets = 10, .rx_lost = 0}, &info);
  g_assert_cmpuint(info.loss_permille, ==, 0);
}

static void
test_lost(void)
{
  static const struct {
    McuLineSigns signs;
    gboolean lost;
  } cases[] = {
      {{.signaling = TRUE}, FALSE},              /* signed in, no offer yet */
      {{.signaling = TRUE, .lost = TRUE}, TRUE}, /* a new leg is on its way */
      {{.signaling = FALSE}, TRUE},
      {{.signaling = TRUE, .failed = TRUE}, TRUE},
      {{.signaling = TRUE, .connected = TRUE, .sends = TRUE, .silent_us = 1500000}, FALSE},
      {{.signaling = TRUE, .connected = TRUE, .sends = TRUE, .silent_us = 1500001}, TRUE},
      {{.signaling = FALSE, .connected = TRUE, .sends = TRUE, .silent_us = 1000000}, FALSE},
      {{.signaling = FALSE, .connected = TRUE, .sends = TRUE, .silent_us = 1000001}, TRUE},
      /* Signaling gone and packets flow: it goes on. */
      {{.signaling = FALSE, .connected = TRUE, .sends = TRUE, .silent_us = 20000}, FALSE},
      /* Back only when packets really flow again. */
      {{.signaling = TRUE, .connected = TRUE, .sends = TRUE, .silent_us = 1000000, .lost = TRUE}, TRUE},
      {{.signaling = TRUE, .connected = TRUE, .sends = TRUE, .silent_us = 700000, .lost = TRUE}, FALSE},
      /* An observer, or microphone and camera off: silence is no sign while signaling lives. */
      {{.signaling = TRUE, .connected = TRUE, .silent_us = 9000000}, FALSE},
      {{.signaling = FALSE, .connected = TRUE, .silent_us = 3000000}, FALSE},
      {{.signaling = FALSE, .connected = TRUE, .silent_us = 3000001}, TRUE},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    if (mcu_line_is_lost(&cases[i].signs) != cases[i].lost)
      g_error("case %u", i);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/bridge/line/hysteresis", test_hysteresis);
  g_test_add_func("/bridge/line/judgement", test_judgement);
  g_test_add_func("/bridge/line/backwards", test_backwards);
  g_test_add_func("/bridge/line/lost", test_lost);
  return g_test_run();
}
