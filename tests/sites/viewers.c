/* The life of one of them: WebSocket, join, offer, answer, tap. As with a site, who is lost stays lost. */
#include "viewers.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "mcu/sdp/sdp.h"
#include "mcu/transport/cert.h"
#include "mcu/util/error.h"
#include "tap.h"

#define WATCHED_EVERY 16
#define FRAME_US (G_USEC_PER_SEC / MCU_VIDEO_FPS)

typedef struct {
  SimViewers *viewers;
  guint number;
  SimWsConn *conn;
  SimTap *tap;
  McuSdp *offer;
  gint64 join_us, connected_us;
  char *failure;
} Viewer;

struct SimViewers {
  const SimRun *run;
  SimTaps *taps;
  guint n, begun, joined, settled;
  Viewer *all;
};

static void fail(Viewer *viewer, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
fail(Viewer *viewer, const char *format, ...)
{
  if (viewer->failure != NULL)
    return;
  va_list args;
  va_start(args, format);
  viewer->failure = g_strdup_vprintf(format, args);
  va_end(args);
  viewer->viewers->settled += viewer->connected_us == 0;
}

static void
send_request(Viewer *viewer, guint id, json_t *message)
{
  json_object_set_new(message, "v", json_integer(1));
  json_object_set_new(message, "id", json_integer(id));
  char *text = json_dumps(message, JSON_COMPACT);
  sim_ws_send(viewer->conn, text);
  free(text);
  json_decref(message);
}

static void
on_opened(G_GNUC_UNUSED SimWsConn *conn, gpointer user_data)
{
  Viewer *viewer = user_data;
  const SimRun *run = viewer->viewers->run;
  McuGrant grant = {
      .meeting_title = (char *)run->title,
      .role = MCU_ROLE_OBSERVER,
      .expires_s = g_get_real_time() / G_USEC_PER_SEC + run->token_seconds,
  };
  g_strlcpy(grant.meeting, run->meeting, sizeof grant.meeting);
  g_snprintf(grant.site, sizeof grant.site, "sim-observer-%u", viewer->number);
  g_autoptr(GError) error = NULL;
  g_autofree char *token = mcu_token_sign(run->key, &grant, &error);
  if (token == NULL)
    fail(viewer, "token: %s", error->message);
  else
    send_request(viewer, 1, json_pack("{s:s, s:s}", "type", "join", "token", token));
}

static void
on_tap(G_GNUC_UNUSED SimTap *tap, const char *failure, gpointer user_data)
{
  Viewer *viewer = user_data;
  if (failure != NULL) {
    fail(viewer, "%s", failure);
  } else if (viewer->failure == NULL) {
    viewer->connected_us = g_get_monotonic_time();
    viewer->viewers->joined++;
    viewer->viewers->settled++;
  }
}

static void
make_offer(Viewer *viewer)
{
  const SimRun *run = viewer->viewers->run;
  static const char *const no_candidates[] = {NULL}; /* the bridge learns ours from the check */
  g_autoptr(GError) error = NULL;
  gboolean watched = viewer->number % WATCHED_EVERY == 1;
  viewer->tap = sim_tap_new(viewer->viewers->taps, run->local_address, watched, on_tap, viewer, &error);
  if (viewer->tap == NULL) {
    fail(viewer, "%s", error->message);
    return;
  }
  McuSdpPolicy policy = {
      .ufrag = sim_tap_ufrag(viewer->tap),
      .pwd = sim_tap_pwd(viewer->tap),
      .candidates = no_candidates,
      .fingerprint = mcu_cert_fingerprint(run->cert),
      .cname = "viewer",
      .receive = TRUE,
      .video_codecs = run->video_codecs,
  };
  viewer->offer = mcu_sdp_offer(&policy, MCU_DIR_RECV, &error);
  if (viewer->offer == NULL) {
    fail(viewer, "%s", error->message);
    return;
  }
  g_autofree char *sdp = mcu_sdp_write(viewer->offer);
  send_request(viewer, 2, json_pack("{s:s, s:s}", "type", "offer", "sdp", sdp));
}

/* The first candidate of IPv4 and UDP: "candidate:F 1 UDP PRIORITY ADDRESS PORT typ host ...". */
static char *
find_candidate(const McuSdp *answer, guint16 *out_port)
{
  for (guint i = 0; answer->candidates != NULL && i < answer->candidates->len; i++) {
    g_auto(GStrv) fields = g_strsplit(answer->candidates->pdata[i], " ", 8);
    if (g_strv_length(fields) < 8 || g_ascii_strcasecmp(fields[2], "udp") != 0 || strchr(fields[4], ':') != NULL)
      continue;
    *out_port = (guint16)g_ascii_strtoull(fields[5], NULL, 10);
    return g_strdup(fields[4]);
  }
  return NULL;
}

static void
take_answer(Viewer *viewer, const char *text)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(McuSdp) answer = mcu_sdp_parse(text, strlen(text), &error);
  McuSdpAgreed agreed;
  if (answer == NULL || !mcu_sdp_agree(viewer->offer, answer, &agreed, &error)) {
    fail(viewer, "answer: %s", error->message);
    return;
  }
  guint16 port = 0;
  g_autofree char *address = find_candidate(answer, &port);
  SimTapRemote remote = {
      .ufrag = answer->ufrag,
      .pwd = answer->pwd,
      .address = address,
      .port = port,
      .fingerprint = answer->fingerprint,
      .audio_pt = agreed.audio.pt,
      .video_pt = agreed.video.pt,
  };
  if (address == NULL || answer->setup == MCU_SETUP_ACTIVE)
    fail(viewer, "answer: no candidate for us, or the bridge would begin");
  else if (!sim_tap_start(viewer->tap, &remote, &error))
    fail(viewer, "%s", error->message);
}

/* Lists of seats are long, many, and nothing to a viewer: not worth a tree each. */
static gboolean
is_list(const char *text, gsize size)
{
  static const char mark[] = "\"type\":\"sites\"";
  return memmem(text, size, mark, sizeof mark - 1) != NULL;
}

static void
on_message(G_GNUC_UNUSED SimWsConn *conn, const char *text, gsize size, gpointer user_data)
{
  Viewer *viewer = user_data;
  if (is_list(text, size))
    return;
  json_t *message = json_loadb(text, size, 0, NULL);
  const char *type = json_string_value(json_object_get(message, "type"));
  if (g_strcmp0(type, "joined") == 0 && viewer->tap == NULL) {
    make_offer(viewer);
  } else if (g_strcmp0(type, "answer") == 0 && viewer->tap != NULL) {
    const char *sdp = json_string_value(json_object_get(message, "sdp"));
    take_answer(viewer, sdp ? sdp : "");
  } else if (g_strcmp0(type, "error") == 0 || g_strcmp0(type, "closed") == 0) {
    const char *code = json_string_value(json_object_get(message, "code"));
    fail(viewer, "%s %s", type, code ? code : "?");
  } else if (g_strcmp0(type, "connection") == 0 &&
             g_strcmp0(json_string_value(json_object_get(message, "state")), "failed") == 0) {
    fail(viewer, "bridge lost our media");
  }
  json_decref(message);
}

static void
on_closed(G_GNUC_UNUSED SimWsConn *conn, const char *reason, gpointer user_data)
{
  fail(user_data, "signaling: %s", reason);
}

SimViewers *
sim_viewers_new(const SimRun *run, guint n, GError **error)
{
  SimTaps *taps = sim_taps_new(run->cert, error);
  if (taps == NULL)
    return NULL;
  SimViewers *viewers = g_new0(SimViewers, 1);
  viewers->run = run;
  viewers->taps = taps;
  viewers->n = n;
  viewers->all = g_new0(Viewer, n);
  for (guint i = 0; i < n; i++)
    viewers->all[i] = (Viewer){.viewers = viewers, .number = i + 1};
  return viewers;
}

gboolean
sim_viewers_join_next(SimViewers *viewers)
{
  static const SimWsEvents events = {.opened = on_opened, .message = on_message, .closed = on_closed};
  if (viewers->begun == viewers->n)
    return FALSE;
  Viewer *viewer = &viewers->all[viewers->begun++];
  viewer->join_us = g_get_monotonic_time();
  viewer->conn = sim_ws_connect(viewers->run->ws, &events, viewer);
  return TRUE;
}

guint
sim_viewers_joined(const SimViewers *viewers)
{
  return viewers->joined;
}

gboolean
sim_viewers_settled(const SimViewers *viewers)
{
  return viewers->settled == viewers->n;
}

void
sim_viewers_restart(SimViewers *viewers)
{
  sim_taps_restart(viewers->taps);
}

/* One that has joined: its figures among those of all. */
static void
add_figures(const Viewer *viewer, gint64 now_us, SimViewersReport *report)
{
  SimTapStats stats;
  sim_tap_get_stats(viewer->tap, &stats);
  double fps = stats.from_us != 0 ? (double)stats.frames * G_USEC_PER_SEC / (double)MAX(now_us - stats.from_us, 1) : 0;
  gint64 sound_us = stats.last_sound_us != 0 ? stats.last_sound_us : viewer->connected_us;
  gint64 gap_us = MAX(stats.sound_gap_max_us, now_us - sound_us) - MCU_AUDIO_FRAME_US;
  report->rx_fps_min = report->rx_fps_min < 0 ? fps : MIN(report->rx_fps_min, fps);
  report->rx_fps_mean += fps;
  report->audio_gap_ms_max = MAX(report->audio_gap_ms_max, (double)gap_us / 1000);
  report->lost += stats.lost;
  report->forged += stats.forged;
  report->watched += viewer->number % WATCHED_EVERY == 1;
  if (stats.first_frame_us != 0)
    report->first_frame_ms_max =
        MAX(report->first_frame_ms_max, (double)(stats.first_frame_us - viewer->join_us) / 1000);
}

void
sim_viewers_report(SimViewers *viewers, SimReport *report)
{
  SimViewersReport *of_all = &report->viewers;
  *of_all = (SimViewersReport){.members = viewers->n, .rx_fps_min = -1, .first_frame_ms_max = -1};
  g_autofree double *join_ms = g_new0(double, viewers->n + 1);
  /* What arrives is looked at a few times a second: before the last look nothing is missing. */
  gint64 now_us = g_get_monotonic_time() - FRAME_US;
  for (guint i = 0; i < viewers->n; i++) {
    const Viewer *viewer = &viewers->all[i];
    of_all->failed += viewer->failure != NULL;
    if (viewer->failure != NULL && of_all->failure == NULL)
      of_all->failure = g_strdup(viewer->failure);
    if (viewer->connected_us == 0)
      continue;
    join_ms[of_all->joined++] = (double)(viewer->connected_us - viewer->join_us) / 1000;
    add_figures(viewer, now_us, of_all);
  }
  of_all->join_ms_p95 = sim_percentile(join_ms, of_all->joined, 0.95);
  if (of_all->joined > 0)
    of_all->rx_fps_mean /= of_all->joined;
}

void
sim_viewers_leave(SimViewers *viewers)
{
  for (guint i = 0; i < viewers->n; i++) {
    Viewer *viewer = &viewers->all[i];
    if (viewer->conn != NULL && viewer->failure == NULL)
      send_request(viewer, 3, json_pack("{s:s}", "type", "leave"));
    sim_ws_conn_free(g_steal_pointer(&viewer->conn));
    sim_tap_free(g_steal_pointer(&viewer->tap));
  }
}

void
sim_viewers_free(SimViewers *viewers)
{
  if (viewers == NULL)
    return;
  sim_viewers_leave(viewers);
  for (guint i = 0; i < viewers->n; i++) {
    mcu_sdp_free(viewers->all[i].offer);
    g_free(viewers->all[i].failure);
  }
  sim_taps_free(viewers->taps);
  g_free(viewers->all);
  g_free(viewers);
}
