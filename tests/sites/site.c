/* The life of a site:
 *
 *   OPENING --WebSocket--> JOINING --joined--> OFFERING --answer--> CONNECTING --leg--> CONNECTED
 *
 * and from anywhere to FAILED, with the reason kept. A site joins again only where the run says so: what
 * the bridge lost is to be seen in the report. */
#include "site.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "mcu/sdp/sdp.h"
#include "mcu/transport/cert.h"
#include "mcu/util/error.h"
#include "roster.h"

#define AUDIO_RING_SLOTS 64
#define VIDEO_RING_SLOTS 256
#define PROBE_RING_SLOTS 1024
#define WALL_LINES 1080
#define NO_INDEX G_MAXUINT
#define RETURN_MS 500
#define CONNECT_TIMEOUT_US (20 * G_USEC_PER_SEC)

typedef enum { IDLE, OPENING, JOINING, OFFERING, CONNECTING, CONNECTED, FAILED, ENDED } State;

struct SimSite {
  const SimRun *run;
  guint index; /* in the world; NO_INDEX: not of it */
  guint number;
  char *id, *name;
  McuRole role;
  McuView view;
  gboolean is_probe;
  gboolean called; /* up, in a roll call */

  State state;
  char *failure;
  gint64 join_us, connected_us;
  guint next_id;

  SimWsConn *conn;
  McuLeg *leg;
  McuSdp *offer;
  McuCodec video_codec; /* that we send; NONE: never any */
  McuPicture asked;
  SimSource *source;
  SimInbox *inbox;
  SimProbe *probe;
  SimRoster *roster; /* of a probe */
  McuRing *audio_ring, *video_ring;
  guint return_source;
  SimInboxStats last_stats; /* of the inbox, as they were at until_us */
  gint64 until_us;
};

static gboolean
has_camera(const SimSite *site)
{
  return site->index != NO_INDEX;
}

static void
set_active(SimSite *site, gint64 since_us)
{
  if (site->index != NO_INDEX)
    sim_world_set_active(site->run->world, site->index, since_us);
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
  set_active(site, 0);
  g_printerr("%s: %s\n", site->id, site->failure);
}

static void
enter(SimSite *site, State state)
{
  static const char *const words[] = {"idle",       "opening",   "joining", "offering",
                                      "connecting", "connected", "failed",  "ended"};
  site->state = state;
  g_debug("%s: %s, %" G_GINT64_FORMAT " ms", site->id, words[state], (g_get_monotonic_time() - site->join_us) / 1000);
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
      .role = site->role,
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
  gboolean sends = has_camera(site);
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

static gboolean come_again(gpointer user_data);

static void
on_leg_state(G_GNUC_UNUSED McuLeg *leg, McuLegState state, const GError *error, gpointer user_data)
{
  SimSite *site = user_data;
  if (state == MCU_LEG_FAILED && site->run->returns) {
    if (site->return_source == 0 && site->state != ENDED)
      site->return_source = g_timeout_add(RETURN_MS, come_again, site);
  } else if (state == MCU_LEG_FAILED) {
    fail(site, "%s: %s", site->connected_us ? "lost" : "media", error ? error->message : "failed");
  } else if (state == MCU_LEG_CONNECTED && site->state == CONNECTING) {
    enter(site, CONNECTED);
    site->connected_us = g_get_monotonic_time();
    start_sending(site);
    set_active(site, site->connected_us);
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
      .send = TRUE,
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
  site->offer = mcu_sdp_offer(&policy, MCU_DIR_SENDRECV, &error);
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

/* Sends what is asked for, if it can be sent yet. */
static void
show_picture(SimSite *site)
{
  if (!has_camera(site))
    return;
  sim_world_set_asked(site->run->world, site->index, &site->asked, g_get_monotonic_time());
  if (site->source == NULL || site->video_codec == MCU_CODEC_NONE)
    return;
  SimFilm film;
  sim_content_choose(site->run->contents->pdata[site->index], site->video_codec, &site->asked, &film);
  sim_source_show(site->run->player, site->source, &film);
}

static guint
take_number(const json_t *message, const char *name)
{
  return (guint)CLAMP(json_integer_value(json_object_get(message, name)), 0, G_MAXINT);
}

static void
take_picture(SimSite *site, const json_t *message)
{
  site->asked = (McuPicture){
      .width = take_number(message, "width"),
      .height = take_number(message, "height"),
      .fps = take_number(message, "fps"),
      .kbps = take_number(message, "kbps"),
  };
  show_picture(site);
}

/* Who is called up thinks for a moment, and speaks. */
#define THINKS_US 300000
#define SPEAKS_US (2 * G_USEC_PER_SEC)

static void
take_work(SimSite *site, const json_t *message)
{
  const char *called = json_string_value(json_object_get(message, "called"));
  gboolean is_called = g_strcmp0(called, site->id) == 0;
  gint64 now = g_get_monotonic_time();
  if (!site->run->answers || site->source == NULL || is_called == site->called)
    return;
  site->called = is_called;
  if (is_called && site->number % 5 != 0)
    sim_source_speak(site->run->player, site->source, now + THINKS_US, now + THINKS_US + SPEAKS_US,
                     site->number % 7 != 0);
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
set_up_media(SimSite *site, const McuSdpAgreed *agreed, GError **error)
{
  const SimRun *run = site->run;
  site->audio_ring = mcu_ring_new(AUDIO_RING_SLOTS);
  site->video_ring = mcu_ring_new(site->is_probe ? PROBE_RING_SLOTS : VIDEO_RING_SLOTS);
  if (site->is_probe) {
    site->probe = sim_probe_new(run->world, site->index, site->view, agreed->video.codec, error);
    if (site->probe == NULL)
      return FALSE;
  }
  site->inbox = sim_receiver_add(run->receiver, site->audio_ring, site->video_ring, agreed->video.codec, site->probe);
  set_media(site, agreed);
  if (!has_camera(site)) {
    site->source = sim_player_add(run->player, 0, 0, MCU_CODEC_NONE, NULL, NULL);
    return TRUE;
  }
  site->video_codec = agreed->video_send ? agreed->video.codec : MCU_CODEC_NONE;
  SimContent *content = run->contents->pdata[site->index];
  site->source = sim_player_add(run->player, site->index, site->number, site->video_codec, content->sound,
                                sim_world_sent(run->world, site->index));
  if (run->answers)
    sim_source_speak(run->player, site->source, 1, 1, TRUE);
  show_picture(site);
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
  if (!set_up_media(site, &agreed, &error) || !start_leg(site, answer, &error))
    fail(site, "%s", error->message);
}

static void
take_joined(SimSite *site, const json_t *message)
{
  if (site->roster != NULL) {
    sim_roster_set(site->roster, json_object_get(message, "sites"));
    sim_world_set_seats(site->run->world, sim_roster_seats(site->roster));
  }
  make_offer(site);
  if (site->view == MCU_VIEW_WALL && site->state == OFFERING)
    send_request(site, json_pack("{s:s, s:s, s:i}", "type", "watch", "view", "wall", "height", WALL_LINES));
}

static void
take_sites(SimSite *site, const json_t *message)
{
  if (site->roster == NULL)
    return;
  sim_roster_change(site->roster, json_object_get(message, "sites"), json_object_get(message, "gone"));
  sim_world_set_seats(site->run->world, sim_roster_seats(site->roster));
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
    take_joined(site, message);
  } else if (g_str_equal(type, "answer") && site->state == OFFERING) {
    const char *sdp = json_string_value(json_object_get(message, "sdp"));
    take_answer(site, sdp ? sdp : "");
  } else if (g_str_equal(type, "sites")) {
    take_sites(site, message);
  } else if (g_str_equal(type, "work")) {
    take_work(site, message);
  } else if (g_str_equal(type, "picture")) {
    take_picture(site, message);
  } else if (g_str_equal(type, "error") || g_str_equal(type, "closed")) {
    const char *code = json_string_value(json_object_get(message, "code"));
    const char *why = json_string_value(json_object_get(message, "message"));
    fail(site, "%s %s: %s", type, code ? code : "?", why ? why : "");
  } else if (g_str_equal(type, "connection")) {
    const char *state = json_string_value(json_object_get(message, "state"));
    if (g_strcmp0(state, "failed") == 0 && !site->run->returns)
      fail(site, "bridge lost our media");
  }
  json_decref(message);
}

/* Everything of the connection goes; the site stays. */
static gboolean
come_again(gpointer user_data)
{
  SimSite *site = user_data;
  site->return_source = 0;
  sim_site_leave(site);
  g_clear_pointer(&site->probe, sim_probe_free);
  g_clear_pointer(&site->audio_ring, mcu_ring_unref);
  g_clear_pointer(&site->video_ring, mcu_ring_unref);
  g_clear_pointer(&site->offer, mcu_sdp_free);
  site->connected_us = 0;
  sim_site_join(site);
  return G_SOURCE_REMOVE;
}

static void
on_closed(G_GNUC_UNUSED SimWsConn *conn, const char *reason, gpointer user_data)
{
  SimSite *site = user_data;
  if (!site->run->returns || site->failure != NULL || site->state == ENDED)
    fail(site, "signaling: %s", reason);
  else if (site->return_source == 0)
    site->return_source = g_timeout_add(RETURN_MS, come_again, site);
}

SimSite *
sim_site_new(const SimRun *run, guint index, const char *name, gboolean probe)
{
  SimSite *site = g_new0(SimSite, 1);
  site->run = run;
  site->index = index;
  site->number = sim_world_number(run->world, index);
  site->id = g_strdup_printf("sim-%u", site->number);
  site->name = g_strdup(name);
  site->role = MCU_ROLE_SITE;
  site->view = MCU_VIEW_PROGRAMME;
  site->is_probe = probe;
  site->roster = probe ? sim_roster_new() : NULL;
  return site;
}

SimSite *
sim_site_new_wall(const SimRun *run, guint index, const char *name)
{
  SimSite *site = g_new0(SimSite, 1);
  site->run = run;
  site->index = NO_INDEX;
  site->number = index + 1;
  site->id = g_strdup_printf("sim-wall-%u", site->number);
  site->name = g_strdup(name);
  site->role = MCU_ROLE_CHAIR;
  site->view = MCU_VIEW_WALL;
  site->is_probe = TRUE;
  site->roster = sim_roster_new();
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

static void
take_stats(SimSite *site)
{
  if (site->inbox == NULL)
    return;
  sim_inbox_get_stats(site->run->receiver, site->inbox, &site->last_stats);
  site->until_us = g_get_monotonic_time();
}

void
sim_site_leave(SimSite *site)
{
  if (site->return_source != 0)
    g_source_remove(site->return_source);
  site->return_source = 0;
  set_active(site, 0);
  take_stats(site);
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
  sim_roster_free(site->roster);
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

/* Until now, not until the last frame: a picture that stands still at the end is one too. */
static double
frames_per_second(const SimSite *site, const SimInboxStats *stats)
{
  if (site->connected_us == 0)
    return -1;
  gint64 span_us = site->until_us - stats->from_us;
  return stats->from_us != 0 && span_us > 0 ? (double)stats->frames * G_USEC_PER_SEC / (double)span_us : 0;
}

/* The longest time without sound, and what is going on at the end may be the longest. */
static double
longest_gap_ms(const SimSite *site, const SimInboxStats *stats)
{
  if (site->connected_us == 0)
    return 0;
  gint64 since_us = stats->last_sound_us != 0 ? stats->last_sound_us : site->connected_us;
  return (double)MAX(stats->sound_gap_max_us, site->until_us - since_us - MCU_AUDIO_FRAME_US) / 1000;
}

static void
report_site(const SimSite *site, SimReport *report)
{
  const SimInboxStats *stats = &site->last_stats;
  SimSiteReport line = {
      .number = site->number,
      .joined = site->connected_us != 0,
      .failure = g_strdup(site->failure),
      .began_us = site->join_us,
      .join_ms = site->connected_us ? (double)(site->connected_us - site->join_us) / 1000 : -1,
      .first_frame_ms = stats->first_frame_us ? (double)(stats->first_frame_us - site->join_us) / 1000 : -1,
      .rx_fps = frames_per_second(site, stats),
      .audio_gap_ms = longest_gap_ms(site, stats),
      .audio_gaps = stats->sound_gaps,
      .audio_lost = stats->sound_lost,
      .video_gaps = stats->video_gaps,
  };
  g_array_append_val(report->site_reports, line);
}

void
sim_site_report(SimSite *site, SimReport *report)
{
  take_stats(site);
  if (has_camera(site))
    report_site(site, report);
  else if (site->connected_us == 0 || site->failure != NULL)
    g_ptr_array_add(report->errors, g_strdup_printf("%s: %s", site->id, site->failure ? site->failure : "not joined"));
  if (site->is_probe) {
    SimProbeReport *probe = sim_report_add_probe(report, site->view, site->number);
    if (site->probe != NULL)
      sim_probe_report(site->probe, probe);
  }
}
