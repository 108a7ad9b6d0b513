/* Figures as text. A table of plain values, then what has labels. */
#include "mcu/signaling/metrics.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mcu/util/drop.h"

#ifndef MCU_VERSION
#define MCU_VERSION "unknown"
#endif

/* --- the process --- */

static guint
count_fds(void)
{
  g_autoptr(GDir) dir = g_dir_open("/proc/self/fd", 0, NULL);
  guint n = 0;
  while (dir != NULL && g_dir_read_name(dir) != NULL)
    n++;
  return n > 0 ? n - 1 : 0; /* without the one that reads the folder */
}

static gint64
boot_time_s(void)
{
  g_autofree char *text = NULL;
  if (!g_file_get_contents("/proc/stat", &text, NULL, NULL))
    return 0;
  const char *line = strstr(text, "\nbtime ");
  return line != NULL ? g_ascii_strtoll(line + 7, NULL, 10) : 0;
}

gboolean
mcu_process_stats(McuProcessStats *out_stats)
{
  memset(out_stats, 0, sizeof *out_stats);
  g_autofree char *text = NULL;
  if (!g_file_get_contents("/proc/self/stat", &text, NULL, NULL))
    return FALSE;
  /* proc(5): the second field is the name in brackets, which may hold anything. */
  const char *rest = strrchr(text, ')');
  guint64 user = 0, system = 0, virtual = 0, started = 0;
  long threads = 0, pages = 0;
  if (rest == NULL || sscanf(rest + 1,
                             " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT
                             " %*d %*d %*d %*d %ld %*d %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %ld",
                             &user, &system, &threads, &started, &virtual, &pages) != 6)
    return FALSE;
  double hz = (double)sysconf(_SC_CLK_TCK);
  out_stats->cpu_s = (double)(user + system) / hz;
  out_stats->resident_bytes = (guint64)pages * (guint64)sysconf(_SC_PAGESIZE);
  out_stats->virtual_bytes = virtual;
  out_stats->threads = (guint)threads;
  out_stats->open_fds = count_fds();
  out_stats->start_s = boot_time_s() + (gint64)((double)started / hz);
  return TRUE;
}

/* --- the text --- */

/* Prometheus wants a point whatever the locale. */
static void
add_value(GString *out, const char *name, const char *labels, double value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd(number, sizeof number, "%.17g", value);
  g_string_append_printf(out, "%s%s %s\n", name, labels, number);
}

static void
add_head(GString *out, const char *name, const char *type, const char *help)
{
  g_string_append_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void
add_drops(GString *out, const McuNetStats *net)
{
  add_head(out, "diemcau_packets_dropped_total", "counter", "Packets not used, by reason.");
  for (guint drop = MCU_DROP_NONE + 1; drop < MCU_N_DROPS; drop++) {
    g_autofree char *labels = g_strdup_printf("{reason=\"%s\"}", mcu_drop_word((McuDrop)drop));
    add_value(out, "diemcau_packets_dropped_total", labels, (double)net->drops[drop]);
  }
}

char *
mcu_metrics_text(const McuBridgeStats *bridge, const McuWebStats *web, const McuProcessStats *process, double uptime_s)
{
  const McuMixStats *mix = &bridge->mix;
  const McuNetStats *net = &bridge->net;
  const struct {
    const char *name, *type, *help;
    double value;
  } table[] = {
      {"process_cpu_seconds_total", "counter", "User and system CPU time.", process->cpu_s},
      {"process_resident_memory_bytes", "gauge", "Memory in use.", (double)process->resident_bytes},
      {"process_virtual_memory_bytes", "gauge", "Address space in use.", (double)process->virtual_bytes},
      {"process_threads", "gauge", "Threads.", process->threads},
      {"process_open_fds", "gauge", "Open file descriptors.", process->open_fds},
      {"process_start_time_seconds", "gauge", "Start, Unix time.", (double)process->start_s},
      {"diemcau_uptime_seconds", "gauge", "Since the web server started.", uptime_s},
      {"diemcau_meetings", "gauge", "Meetings open.", bridge->meetings},
      {"diemcau_members", "gauge", "Signed-in connections.", bridge->members},
      {"diemcau_joins_waiting", "gauge", "Joins whose turn has not come.", bridge->waiting},
      {"diemcau_planned_kbps", "gauge", "Bitrate planned for all members.", (double)bridge->planned_kbps},
      {"diemcau_seats", "gauge", "Sites with a seat.", bridge->seats},
      {"diemcau_recordings", "gauge", "Recordings running.", bridge->recordings},
      {"diemcau_legs", "gauge", "Media connections.", net->legs},
      {"diemcau_net_threads", "gauge", "Network threads.", net->threads},
      {"diemcau_packets_received_total", "counter", "Packets of media connections.", (double)net->rx_packets},
      {"diemcau_packets_sent_total", "counter", "Packets of media connections.", (double)net->tx_packets},
      {"diemcau_bytes_received_total", "counter", "Bytes of media connections.", (double)net->rx_bytes},
      {"diemcau_bytes_sent_total", "counter", "Bytes of media connections.", (double)net->tx_bytes},
      {"diemcau_send_calls_total", "counter", "System calls for sending.", (double)net->send_calls},
      {"diemcau_mix_seats", "gauge", "Seats in the mixes.", mix->seats},
      {"diemcau_pictures_decoded", "gauge", "Seats whose picture is decoded.", mix->pictures},
      {"diemcau_sites_heard", "gauge", "Seats whose sound is decoded.", mix->heard},
      {"diemcau_renditions", "gauge", "Picture encoders running.", mix->renditions},
      {"diemcau_frames_composed_total", "counter", "Pictures composed.", (double)mix->frames_composed},
      {"diemcau_ticks_late_total", "counter", "Mixer ticks over a period late.", (double)mix->ticks_late},
      {"diemcau_decode_errors_total", "counter", "Frames that could not be decoded.", (double)mix->decode_errors},
      {"diemcau_websockets", "gauge", "Signaling connections open.", web->websockets},
      {"diemcau_http_requests_total", "counter", "Requests answered by main.", (double)web->http_requests},
      {"diemcau_messages_received_total", "counter", "Signaling messages in.", (double)web->messages_received},
      {"diemcau_messages_sent_total", "counter", "Signaling messages out.", (double)web->messages_sent},
  };
  GString *out = g_string_sized_new(8192);
  add_head(out, "diemcau_build_info", "gauge", "Always 1; the version is the label.");
  add_value(out, "diemcau_build_info", "{version=\"" MCU_VERSION "\"}", 1);
  for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
    add_head(out, table[i].name, table[i].type, table[i].help);
    add_value(out, table[i].name, "", table[i].value);
  }
  add_drops(out, net);
  return g_string_free(out, FALSE);
}
