/* The Prometheus text: every figure once, with its type, whatever the locale. */
#include <locale.h>
#include <string.h>

#include "mcu/signaling/metrics.h"
#include "mcu/util/drop.h"

static char *
some_text(void)
{
  McuBridgeStats bridge = {.meetings = 2, .members = 209, .waiting = 7, .planned_kbps = 354000};
  McuWebStats web = {.websockets = 3};
  McuProcessStats process = {.cpu_s = 1.5, .resident_bytes = G_GUINT64_CONSTANT(5000000000)};
  bridge.net.rx_packets = G_GUINT64_CONSTANT(123456789012);
  bridge.net.drops[MCU_DROP_REPLAY] = 4;
  bridge.mix.renditions = 1;
  return mcu_metrics_text(&bridge, &web, &process, 0.25);
}

static gboolean
has_line(char **lines, const char *line)
{
  return g_strv_contains((const char *const *)lines, line);
}

static void
test_values(void)
{
  g_autofree char *text = some_text();
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  g_assert_true(has_line(lines, "diemcau_meetings 2"));
  g_assert_true(has_line(lines, "diemcau_members 209"));
  g_assert_true(has_line(lines, "diemcau_joins_waiting 7"));
  g_assert_true(has_line(lines, "diemcau_planned_kbps 354000"));
  g_assert_true(has_line(lines, "diemcau_renditions 1"));
  g_assert_true(has_line(lines, "diemcau_websockets 3"));
  g_assert_true(has_line(lines, "process_cpu_seconds_total 1.5"));
  g_assert_true(has_line(lines, "process_resident_memory_bytes 5000000000"));
  g_assert_true(has_line(lines, "diemcau_packets_received_total 123456789012"));
  g_assert_true(has_line(lines, "diemcau_packets_dropped_total{reason=\"replay\"} 4"));
  g_assert_true(has_line(lines, "diemcau_packets_dropped_total{reason=\"rtp-malformed\"} 0"));
  g_assert_true(has_line(lines, "diemcau_uptime_seconds 0.25"));
  g_assert_nonnull(strstr(text, "diemcau_build_info{version=\""));
}

/* Each name has one HELP and one TYPE before its values; counters end in _total. */
static void
test_form(void)
{
  g_autofree char *text = some_text();
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  g_autoptr(GHashTable) types = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; lines[i] != NULL && lines[i][0] != '\0'; i++) {
    g_auto(GStrv) words = g_strsplit(lines[i], " ", 4);
    if (strcmp(words[0], "#") == 0) {
      if (strcmp(words[1], "TYPE") == 0)
        g_assert_true(g_hash_table_insert(types, g_strdup(words[2]), g_strdup(words[3])));
      continue;
    }
    words[0][strcspn(words[0], "{")] = '\0';
    const char *type = g_hash_table_lookup(types, words[0]);
    g_assert_nonnull(type);
    g_assert_true(g_str_has_suffix(words[0], "_total") == (strcmp(type, "counter") == 0));
    char *end;
    g_ascii_strtod(words[1], &end);
    g_assert_cmpstr(end, ==, "");
  }
  g_assert_cmpuint(g_hash_table_size(types), >=, 25);
}

static void
test_process(void)
{
  McuProcessStats stats;
  g_assert_true(mcu_process_stats(&stats));
  g_assert_cmpuint(stats.threads, >=, 1);
  g_assert_cmpuint(stats.open_fds, >=, 3);
  g_assert_cmpuint(stats.resident_bytes, >, 100000);
  g_assert_cmpuint(stats.virtual_bytes, >=, stats.resident_bytes);
  g_assert_true(stats.cpu_s >= 0);
  gint64 now_s = g_get_real_time() / G_USEC_PER_SEC;
  g_assert_cmpint(stats.start_s, >, now_s - 3600);
  g_assert_cmpint(stats.start_s, <=, now_s + 60);
}

int
main(int argc, char **argv)
{
  setlocale(LC_ALL, "");
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/metrics/values", test_values);
  g_test_add_func("/metrics/form", test_form);
  g_test_add_func("/metrics/process", test_process);
  return g_test_run();
}
