/* The life of a site:
 *
 *   OPENING --WebSocket--> JOINING --joined--> OFFERING --answer--> CONNECTING --leg--> CONNECTED
 *
 * and from anywhere to FAILED, with the reason kept. A site does not join again: what the bridge lost
 * is to be seen in the report. */
#include "site.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "mcu/sdp/sdp.h"
#include "mcu/transport/cert.h"
#include "mcu/util/error.h"

#define AUDIO_RING_SLOTS 64
#define VIDEO_RING_SLOTS 256
#define PROBE_RING_SLOTS 1024
#define CONNECT_TIMEOUT_US (20 * G_USEC_PER_SEC)

typedef enum { IDLE, OPENING, JOINING, OFFERING, CONNECTING, CONNECTED, FAILED, ENDED } State;

struct SimSite {
  const SimRun *run;
  guint index, number;
  char *id, *name;
  gboolean is_probe;

  State state;
  char *failure;
  gint64 join_us, connected_us;
  guint next_id;

  SimWsConn *conn;
  McuLeg *leg;
  McuSdp *offer;
  SimSource *source;
  SimInbox *inbox;
  SimProbe *probe;
  McuRing *audio_ring, *video_ring;
  SimInboxStats last_stats; /* of the inbox when it was removed */
};

static gboolean
receives_only(const SimSite *site)
{
  return site->run->role == MCU_ROLE_OBSERVER;
}

static void fail(SimSite *site, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
fail(SimSite *site, const char *format, ...)
{
  if (site->failure != NULL || site->state == ENDED)
    return;
  va_list args;
  va_start(args, format);
  site->failure = g_strdup_vprintf(format, args);
  va_end(args);
  site->state = FAILED;
  sim_world_set_active(site->run->world, site->index, 0);
  g_printerr("site %u: %s\n", site->number, site->failure);
}

static void
enter(SimSite *site, State state)
{
  static const char *const words[] = {"idle",       "opening",   "joining", "offering",
                                      "connecting", "connected", "failed",  "ended"};
  site->state = state;
  g_debug("site %u: %s, %" G_GINT64_FORMAT " ms", site->number, words[state],
          (g_get_monotonic_time() - site->join_us) / 1000);
}

/* Takes `message`, adds version and id. */
static void
send_request(SimSite *site, json_t *message)
{
  json_object_set_new(message, "v", json_integer(1));
  json_object_set_new(message, "id", json_integer(++site->next_id));
  char *text = json_dumps(message, JSON_COMPACT);
  sim_ws_send(site->conn, text);
  free(text);
  json_decref(message);
}

static void
on_opened(G_GNUC_UNUSED SimWsConn *conn, gpointer user_data)
{
  SimSite *site = user_data;
  McuGrant grant = {
      .meeting_title = (char *)site->run->title,
      .site_name = site->name,
      .role = site->run->role,
      .expires_s = g_get_real_time() / G_USEC_PER_SEC + site->run->token_seconds,
  };
  g_strlcpy(grant.meeting, site->run->meeting, sizeof grant.meeting);
  g_strlcpy(grant.site, site->id, sizeof grant.site);
  g_autoptr(GError) error = NULL;
  g_autofree char *token = mcu_token_sign(site->run->key, &grant, &error);
  if (token == NULL) {
    fail(site, "token: %s", error->message);
    return;
  }
  enter(site, JOINING);
  gboolean sends = !receives_only(site);
  send_request(site, json_pack("{s:s, s:s, s:b, s:b}", "type", "join", "token", token, "mic", sends, "camera", sends));
}

static void
start_sending(SimSite *site)
{
  if (site->source == NULL)
    return;
  mcu_leg_send_audio(site->leg, sim_source_audio(site->source), NULL);
  if (sim_source_video(site->source) != NULL)
    mcu_leg_send_video(site->leg, sim_source_video(site->source));
}

static void
on_leg_state(G_GNUC_UNUSED McuLeg *leg, McuLegState state, const GError *error, gpointer user_data)
{
  SimSite *site = user_data;
  if (state == MCU_LEG_FAILED) {
    fail(site, "%s: %s", site->connected_us ? "lost" : "media", error ? error->message : "failed");
  } else if (state == MCU_LEG_CONNECTED && site->state == CONNECTING) {
    enter(site, CONNECTED);
    site->connected_us = g_get_monotonic_time();
    start_sending(site);
    if (!receives_only(site))
      sim_world_set_active(site->run->world, site->index, site->connected_us);
  }
}

static void
fill_policy(const SimSite *site, McuSdpPolicy *policy)
{
  const SimRun *run = site->run;
  *policy = (McuSdpPolicy){
      .ufrag = mcu_leg_ufrag(site->leg),
      .pwd = mcu_leg_pwd(site->leg),
      .candidates = mcu_leg_candidates(site->leg),
      .fingerprint = mcu_cert_fingerprint(run->cert),
      .cname = site->id,
      .receive = TRUE,
      .send = !receives_only(site),
      .audio_ssrc = 1000 + site->number * 2,
      .video_ssrc = 1001 + site->number * 2,
      .video_codecs = run->video_codecs,
  };
}

static void
make_offer(SimSite *site)
{
  const SimRun *run = site->run;
  const char *addresses[] = {run->local_address, NULL};
  McuLegConfig config = {
      .name = site->id,
      .controlling = TRUE,
      .addresses = run->local_address ? addresses : NULL,
      .cert = run->cert,
      .connect_timeout_us = CONNECT_TIMEOUT_US,
  };
  McuLegEvents events = {.state_changed = on_leg_state};
  g_autoptr(GError) error = NULL;
  site->leg = mcu_leg_new(run->net, &config, &events, site, &error);
  if (site->leg == NULL) {
    fail(site, "%s", error->message);
    return;
  }
  McuSdpPolicy policy;
  fill_policy(site, &policy);
  site->offer = mcu_sdp_offer(&policy, receives_only(site) ? MCU_DIR_RECV : MCU_DIR_SENDRECV, &error);
  if (site->offer == NULL) {
    fail(site, "%s", error->message);
    return;
  }
  g_autofree char *sdp = mcu_sdp_write(site->offer);
  enter(site, OFFERING);
  send_request(site, json_pack("{s:s, s:s}", "type", "offer", "sdp", sdp));
}

static McuLegTrack
track_of(const McuSdpCodec *codec, guint32 ssrc, McuRing *ring)
{
  return (McuLegTrack){
      .codec = codec->codec,
      .pt = codec->pt,
      .send_ssrc = ssrc,
      .nack = codec->nack,
      .pli = codec->pli,
      .fir = codec->fir,
      .remb = codec->remb,
      .ring = ring,
  };
}

/* b=AS of the answer's video line: what the bridge wants the camera to send at most. */
static guint
asked_kbps(const McuSdp *answer)
{
  for (guint i = 0; i < answer->n_media; i++)
    if (answer->media[i].known_kind && answer->media[i].kind == MCU_MEDIA_VIDEO)
      return answer->media[i].bandwidth_kbps;
  return 0;
}

static void
set_media(SimSite *site, const McuSdpAgreed *agreed)
{
  McuLegMedia media = {
      .audio = track_of(&agreed->audio, 1000 + site->number * 2, site->audio_ring),
      .video = track_of(&agreed->video, 1001 + site->number * 2, site->video_ring),
      .cname = site->id,
  };
  media.audio.ext_audio_level = agreed->audio_level_ext;
  mcu_leg_set_media(site->leg, &media);
}

/* Rings, probe, inbox and source: all that hangs on which codecs were agreed. */
static gboolean
set_up_media(SimSite *site, const McuSdpAgreed *agreed, guint kbps, GError **error)
{
  const SimRun *run = site->run;
  site->audio_ring = mcu_ring_new(AUDIO_RING_SLOTS);
  site->video_ring = mcu_ring_new(site->is_probe ? PROBE_RING_SLOTS : VIDEO_RING_SLOTS);
  if (site->is_probe) {
    guint own = receives_only(site) ? G_MAXUINT : site->index;
    site->probe = sim_probe_new(run->world, own, agreed->video.codec, error);
    if (site->probe == NULL)
      return FALSE;
  }
  site->inbox = sim_receiver_add(run->receiver, site->audio_ring, site->video_ring, agreed->video.codec, site->probe);
  set_media(site, agreed);
  if (!receives_only(site)) {
    SimContent *content = run->contents->pdata[site->index];
    SimClip *video = agreed->video_send ? sim_content_video(content, agreed->video.codec, kbps) : NULL;
    site->source = sim_player_add(run->player, site->index, site->number, video, content->sound,
                                  sim_world_sent(run->world, site->index));
  }
  return TRUE;
}

static gboolean
start_leg(SimSite *site, const McuSdp *answer, GError **error)
{
  /* RFC 5763 5: who answers passive waits for our hello. */
  McuDtlsRole role = answer->setup == MCU_SETUP_ACTIVE ? MCU_DTLS_SERVER : MCU_DTLS_CLIENT;
  if (!mcu_leg_start(site->leg, answer->ufrag, answer->pwd, answer->fingerprint, role, error))
    return FALSE;
  for (guint i = 0; answer->candidates != NULL && i < answer->candidates->len; i++)
    if (!mcu_leg_add_candidate(site->leg, answer->candidates->pdata[i], error))
      return FALSE;
  return TRUE;
}

static void
take_answer(SimSite *site, const char *text)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(McuSdp) answer = mcu_sdp_parse(text, strlen(text), &error);
  McuSdpAgreed agreed;
  if (answer == NULL || !mcu_sdp_agree(site->offer, answer, &agreed, &error)) {
    fail(site, "answer: %s", error->message);
    return;
  }
  enter(site, CONNECTING);
  if (!set_up_media(site, &agreed, asked_kbps(answer), &error) || !start_leg(site, answer, &error))
    fail(site, "%s", error->message);
}

/* Seats in the picture: the sites that send, present or lost. */
static void
take_sites(SimSite *site, const json_t *sites)
{
  guint seats = 0;
  size_t i;
  json_t *item;
  json_array_foreach(sites, i, item)
  {
    const char *role = json_string_value(json_object_get(item, "role"));
    seats += role != NULL && !g_str_equal(role, "observer");
  }
  sim_world_set_seats(site->run->world, seats);
}

static void
on_message(G_GNUC_UNUSED SimWsConn *conn, const char *text, gsize size, gpointer user_data)
{
  SimSite *site = user_data;
  json_t *message = json_loadb(text, size, 0, NULL);
  const char *type = json_string_value(json_object_get(message, "type"));
  if (type == NULL) {
    fail(site, "message without type");
  } else if (g_str_equal(type, "joined") && site->state == JOINING) {
    take_sites(site, json_object_get(message, "sites"));
    make_offer(site);
  } else if (g_str_equal(type, "answer") && site->state == OFFERING) {
    const char *sdp = json_string_value(json_object_get(message, "sdp"));
    take_answer(site, sdp ? sdp : "");
  } else if (g_str_equal(type, "sites")) {
    take_sites(site, json_object_get(message, "sites"));
  } else if (g_str_equal(type, "error") || g_str_equal(type, "closed")) {
    const char *code = json_string_value(json_object_get(message, "code"));
    const char *why = json_string_value(json_object_get(message, "message"));
    fail(site, "%s %s: %s", type, code ? code : "?", why ? why : "");
  } else if (g_str_equal(type, "connection")) {
    const char *state = json_string_value(json_object_get(message, "state"));
    if (g_strcmp0(state, "failed") == 0)
      fail(site, "bridge lost our media");
  }
  json_decref(message);
}

static void
on_closed(G_GNUC_UNUSED SimWsConn *conn, const char *reason, gpointer user_data)
{
  fail(user_data, "signaling: %s", reason);
}

SimSite *
sim_site_new(const SimRun *run, guint index, const char *name, gboolean probe)
{
  SimSite *site = g_new0(SimSite, 1);
  site->run = run;
  site->index = index;
  site->number = sim_world_number(run->world, index);
  site->id = g_strdup_printf(run->role == MCU_ROLE_OBSERVER ? "sim-observer-%u" : "sim-%u", site->number);
  site->name = g_strdup(name);
  site->is_probe = probe;
  return site;
}

void
sim_site_join(SimSite *site)
{
  static const SimWsEvents events = {.opened = on_opened, .message = on_message, .closed = on_closed};
  site->state = OPENING;
  site->join_us = g_get_monotonic_time();
  site->conn = sim_ws_connect(site->run->ws, &events, site);
}

void
sim_site_leave(SimSite *site)
{
  sim_world_set_active(site->run->world, site->index, 0);
  if (site->inbox != NULL)
    sim_inbox_get_stats(site->run->receiver, site->inbox, &site->last_stats);
  sim_receiver_remove(site->run->receiver, site->inbox);
  site->inbox = NULL;
  if (site->conn != NULL && site->state > OPENING && site->state < FAILED)
    send_request(site, json_pack("{s:s}", "type", "leave"));
  site->state = ENDED;
  sim_ws_conn_free(site->conn);
  site->conn = NULL;
  mcu_leg_free(site->leg);
  site->leg = NULL;
  sim_player_remove(site->run->player, site->source);
  site->source = NULL;
}

void
sim_site_free(SimSite *site)
{
  if (site == NULL)
    return;
  sim_site_leave(site);
  sim_probe_free(site->probe);
  mcu_ring_unref(site->audio_ring);
  mcu_ring_unref(site->video_ring);
  mcu_sdp_free(site->offer);
  g_free(site->failure);
  g_free(site->id);
  g_free(site->name);
  g_free(site);
}

gboolean
sim_site_joined(const SimSite *site)
{
  return site->connected_us != 0;
}

gboolean
sim_site_settled(const SimSite *site)
{
  return site->connected_us != 0 || site->state >= FAILED;
}

static double
frames_per_second(const SimInboxStats *stats)
{
  gint64 span_us = stats->last_frame_us - stats->first_frame_us;
  if (stats->first_frame_us == 0 || span_us <= 0)
    return -1;
  return (double)stats->frames_since_first * G_USEC_PER_SEC / (double)span_us;
}

void
sim_site_report(SimSite *site, SimReport *report)
{
  if (site->inbox != NULL)
    sim_inbox_get_stats(site->run->receiver, site->inbox, &site->last_stats);
  const SimInboxStats *stats = &site->last_stats;
  SimSiteReport line = {
      .number = site->number,
      .joined = site->connected_us != 0,
      .failure = g_strdup(site->failure),
      .join_ms = site->connected_us ? (double)(site->connected_us - site->join_us) / 1000 : -1,
      .first_frame_ms = stats->first_frame_us ? (double)(stats->first_frame_us - site->join_us) / 1000 : -1,
      .rx_fps = frames_per_second(stats),
      .audio_gap_ms = (double)stats->sound_gap_max_us / 1000,
      .audio_gaps = stats->sound_gaps,
      .audio_lost = stats->sound_lost,
      .video_gaps = stats->video_gaps,
  };
  g_array_append_val(report->site_reports, line);
  if (site->is_probe) {
    SimProbeReport *probe = sim_report_add_probe(report, site->number);
    if (site->probe != NULL)
      sim_probe_report(site->probe, probe);
  }
}
