/* The life of a party: party_join() makes its talk; the talk brings descriptions; they make the leg; the
 * leg connects, and sound or picture flows. From anywhere to failed, with the reason kept. */
#include "party.h"

#include <string.h>

#include "mcu/sdp/sdp.h"
#include "mcu/transport/cert.h"

#define AUDIO_RING_SLOTS 64
#define VIDEO_RING_SLOTS 256
#define NO_RING_SLOTS 2
#define CONNECT_TIMEOUT_US (30 * G_USEC_PER_SEC)
#define ADDRESS "127.0.0.1"

struct Party {
  const PartyRun *run;
  TalkKind kind;
  guint index, number;
  char *name;
  gboolean is_ear;

  Talk *talk;
  McuLeg *leg;
  McuSdp *offer; /* ours; NULL where the bridge offers */
  SimSource *source;
  SimInbox *inbox;
  SimProbe *probe;
  gboolean connected;
  char *failure;
  TallyCount last_count; /* when it left */
};

static const McuCodec h264[] = {MCU_CODEC_H264, MCU_CODEC_NONE}, no_picture[] = {MCU_CODEC_NONE};

static void
fail(Party *party, const char *reason)
{
  if (party->failure != NULL)
    return;
  party->failure = g_strdup(reason);
  g_printerr("%s: %s\n", party->name, reason);
}

static void
start_sending(Party *party)
{
  if (party->source == NULL)
    return;
  if (party->kind == TALK_PICTURE_OUT)
    mcu_leg_send_video(party->leg, sim_source_video(party->source));
  else
    mcu_leg_send_audio(party->leg, sim_source_audio(party->source), NULL);
}

static void
on_leg_state(G_GNUC_UNUSED McuLeg *leg, McuLegState state, const GError *error, gpointer user_data)
{
  Party *party = user_data;
  if (state == MCU_LEG_FAILED) {
    fail(party, error != NULL ? error->message : "media failed");
  } else if (state == MCU_LEG_CONNECTED && !party->connected) {
    party->connected = TRUE;
    start_sending(party);
    if (party->kind == TALK_SOUND)
      sim_world_set_active(party->run->world, party->index, g_get_monotonic_time());
  }
}

static gboolean
make_leg(Party *party, gboolean offering, GError **error)
{
  static const McuLegEvents events = {.state_changed = on_leg_state};
  const char *addresses[] = {ADDRESS, NULL};
  McuLegConfig config = {
      .name = party->name,
      .controlling = offering,
      .addresses = addresses,
      .cert = party->run->cert,
      .connect_timeout_us = CONNECT_TIMEOUT_US,
  };
  party->leg = mcu_leg_new(party->run->net, &config, &events, party, error);
  return party->leg != NULL;
}

static void
fill_policy(const Party *party, McuSdpPolicy *policy)
{
  *policy = (McuSdpPolicy){
      .ufrag = mcu_leg_ufrag(party->leg),
      .pwd = mcu_leg_pwd(party->leg),
      .candidates = mcu_leg_candidates(party->leg),
      .fingerprint = mcu_cert_fingerprint(party->run->cert),
      .cname = party->name,
      .receive = party->kind != TALK_PICTURE_OUT,
      .send = party->kind != TALK_PICTURE_IN,
      .audio_ssrc = 1000 + party->number * 2,
      .video_ssrc = 1001 + party->number * 2,
      .video_codecs = party->kind == TALK_SOUND ? no_picture : h264,
  };
}

static void
on_ready(gpointer user_data)
{
  Party *party = user_data;
  static const McuDirection directions[] = {
      [TALK_SOUND] = MCU_DIR_SENDRECV, [TALK_PICTURE_OUT] = MCU_DIR_SEND, [TALK_PICTURE_IN] = MCU_DIR_RECV};
  g_autoptr(GError) error = NULL;
  if (!make_leg(party, TRUE, &error)) {
    fail(party, error->message);
    return;
  }
  McuSdpPolicy policy;
  fill_policy(party, &policy);
  party->offer = mcu_sdp_offer(&policy, directions[party->kind], &error);
  if (party->offer == NULL) {
    fail(party, error->message);
    return;
  }
  if (party->kind != TALK_SOUND) { /* the picture alone */
    party->offer->media[0] = party->offer->media[1];
    party->offer->n_media = 1;
  }
  g_autofree char *sdp = mcu_sdp_write(party->offer);
  talk_describe(party->talk, sdp);
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

static gboolean
set_up_media(Party *party, const McuSdpAgreed *agreed, GError **error)
{
  const PartyRun *run = party->run;
  if (party->is_ear &&
      (party->probe = sim_probe_new(run->world, party->index, MCU_VIEW_PROGRAMME, MCU_CODEC_H264, error)) == NULL)
    return FALSE;
  g_autoptr(McuRing) audio = mcu_ring_new(party->kind == TALK_SOUND ? AUDIO_RING_SLOTS : NO_RING_SLOTS);
  g_autoptr(McuRing) video = mcu_ring_new(party->kind == TALK_PICTURE_IN ? VIDEO_RING_SLOTS : NO_RING_SLOTS);
  party->inbox = sim_receiver_add(run->receiver, audio, video, MCU_CODEC_H264, party->probe);
  McuLegMedia media = {
      .audio = track_of(&agreed->audio, 1000 + party->number * 2, audio),
      .video = track_of(&agreed->video, 1001 + party->number * 2, video),
      .cname = party->name,
  };
  media.audio.ext_audio_level = agreed->audio_level_ext;
  mcu_leg_set_media(party->leg, &media);
  if (party->kind != TALK_PICTURE_IN) {
    SimContent *content = run->contents->pdata[party->index];
    gboolean shows = party->kind == TALK_PICTURE_OUT;
    party->source = sim_player_add(run->player, party->index, party->number, shows ? MCU_CODEC_H264 : MCU_CODEC_NONE,
                                   content->sound, sim_world_sent(run->world, party->index));
    const SimFilm film = {.clip = run->picture, .fps = MCU_VIDEO_FPS};
    if (shows)
      sim_source_show(run->player, party->source, &film);
  }
  return TRUE;
}

/* `remote`: theirs. `ours` tells the DTLS role (RFC 8842 5): passive waits for the hello. */
static gboolean
start_leg(Party *party, const McuSdp *remote, McuSetup ours, GError **error)
{
  McuDtlsRole role = ours == MCU_SETUP_PASSIVE ? MCU_DTLS_SERVER : MCU_DTLS_CLIENT;
  if (!mcu_leg_start(party->leg, remote->ufrag, remote->pwd, remote->fingerprint, role, error))
    return FALSE;
  for (guint i = 0; i < remote->candidates->len; i++)
    if (!mcu_leg_add_candidate(party->leg, remote->candidates->pdata[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
take_answer(Party *party, const McuSdp *answer, GError **error)
{
  McuSdpAgreed agreed;
  return mcu_sdp_agree(party->offer, answer, &agreed, error) && set_up_media(party, &agreed, error) &&
         start_leg(party, answer, answer->setup == MCU_SETUP_ACTIVE ? MCU_SETUP_PASSIVE : MCU_SETUP_ACTIVE, error);
}

static gboolean
take_offer(Party *party, const McuSdp *offer, GError **error)
{
  McuSdpAgreed agreed;
  McuSdpPolicy policy;
  if (!make_leg(party, FALSE, error))
    return FALSE;
  fill_policy(party, &policy);
  g_autoptr(McuSdp) answer = mcu_sdp_answer(offer, &policy, &agreed, error);
  if (answer == NULL || !set_up_media(party, &agreed, error) || !start_leg(party, offer, answer->setup, error))
    return FALSE;
  g_autofree char *sdp = mcu_sdp_write(answer);
  talk_describe(party->talk, sdp);
  return TRUE;
}

static void
on_described(const char *sdp, gpointer user_data)
{
  Party *party = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(McuSdp) remote = mcu_sdp_parse(sdp, strlen(sdp), &error);
  gboolean good =
      remote != NULL && (party->offer != NULL ? take_answer(party, remote, &error) : take_offer(party, remote, &error));
  if (!good)
    fail(party, error->message);
}

static void
on_failed(const char *reason, gpointer user_data)
{
  fail(user_data, reason);
}

Party *
party_new(const PartyRun *run, TalkKind kind, guint index, gboolean ear)
{
  static const char *const words[] = {"site", "publisher", "viewer"};
  Party *party = g_new0(Party, 1);
  party->run = run;
  party->kind = kind;
  party->index = index;
  party->number = 1 + index + (kind == TALK_PICTURE_IN); /* the publisher is the first */
  party->name = g_strdup_printf("%s-%u", words[kind], party->number);
  party->is_ear = ear;
  return party;
}

void
party_join(Party *party)
{
  static const TalkEvents events = {.ready = on_ready, .described = on_described, .failed = on_failed};
  const PartyRun *run = party->run;
  if (run->janus != NULL)
    party->talk = talk_new_janus(run->janus, party->kind, party->number, &events, party);
  else
    party->talk = talk_new_diemcau(run->ws, run->key, run->meeting, party->kind, party->number, &events, party);
}

void
party_leave(Party *party)
{
  party_count(party, &party->last_count);
  if (party->kind == TALK_SOUND)
    sim_world_set_active(party->run->world, party->index, 0);
  sim_receiver_remove(party->run->receiver, party->inbox);
  party->inbox = NULL;
  talk_free(party->talk);
  party->talk = NULL;
  mcu_leg_free(party->leg);
  party->leg = NULL;
  sim_player_remove(party->run->player, party->source);
  party->source = NULL;
}

void
party_free(Party *party)
{
  if (party == NULL)
    return;
  party_leave(party);
  sim_probe_free(party->probe);
  mcu_sdp_free(party->offer);
  g_free(party->failure);
  g_free(party->name);
  g_free(party);
}

gboolean
party_connected(const Party *party)
{
  return party->connected;
}

const char *
party_failure(const Party *party)
{
  return party->failure;
}

void
party_count(Party *party, TallyCount *out_count)
{
  McuLegStats leg;
  SimInboxStats inbox;
  *out_count = party->last_count;
  if (party->inbox == NULL)
    return;
  mcu_leg_get_stats(party->leg, &leg);
  sim_inbox_get_stats(party->run->receiver, party->inbox, &inbox);
  *out_count = (TallyCount){
      .packets = leg.rx_audio_packets + leg.rx_video_packets,
      .bytes = leg.rx_bytes,
      .frames = inbox.frames,
      .video_gaps = inbox.video_gaps,
      .sound_lost = inbox.sound_lost,
  };
}

void
party_sent(Party *party, guint64 *out_packets, guint64 *out_again)
{
  McuLegStats leg = {0};
  if (party->leg != NULL)
    mcu_leg_get_stats(party->leg, &leg);
  *out_packets = leg.tx_packets;
  *out_again = leg.retransmitted;
}

void
party_report(Party *party, guint *expected, guint *heard)
{
  if (party->probe == NULL)
    return;
  SimReport *report = sim_report_new();
  SimProbeReport *probe = sim_report_add_probe(report, MCU_VIEW_PROGRAMME, party->number);
  sim_probe_report(party->probe, probe);
  for (guint i = 0; i < probe->seen->len; i++) {
    const SimSeenSite *seen = &g_array_index(probe->seen, SimSeenSite, i);
    *expected += seen->tone_expected;
    *heard += seen->tone_expected && seen->tone_found;
  }
  sim_report_free(report);
}
