/* A member's leg: offers and answers, trickle, ICE restart, and what was agreed brought to leg and
 * mix. Part of McuMember, all on main. */
#include <string.h>

#include "mcu/bridge/member-priv.h"
#include "mcu/transport/cert.h"
#include "mcu/util/error.h"

/* A quarter of a second of sound twice over; half a second of the largest picture we ask for. */
#define AUDIO_SLOTS 64
#define VIDEO_SLOTS 512

static const McuCodec preferred_codecs[] = {MCU_CODEC_H264, MCU_CODEC_VP8, MCU_CODEC_NONE};

static const McuMediaEngineOps *
engine_of(const McuMember *member)
{
  return mcu_meeting_bridge(member->meeting)->config.engine;
}

/* --- the leg ------------------------------------------------------------------------------ */

static void
drop_rings(McuMember *member)
{
  g_clear_pointer(&member->audio_ring, mcu_ring_unref);
  g_clear_pointer(&member->video_ring, mcu_ring_unref);
  g_clear_pointer(&member->content_ring, mcu_ring_unref);
  member->video_ring_codec = member->content_ring_codec = MCU_CODEC_NONE;
}

void
mcu_member_drop_leg(McuMember *member)
{
  /* The leg first: its thread reads the rendition and feeds the rings. */
  g_clear_pointer(&member->leg, mcu_leg_free);
  mcu_member_release_video(member);
  drop_rings(member);
  member->leg_failed = FALSE;
  member->connected_us = 0;
  member->line = (McuLine){0};
}

static McuLeg *
make_leg(McuMember *member, GError **error)
{
  static const McuLegEvents events = {.state_changed = mcu_member_on_leg_state};
  const McuBridge *bridge = mcu_meeting_bridge(member->meeting);
  g_autofree char *name = g_strdup_printf("%s/%s", mcu_meeting_id(member->meeting), member->site);
  const McuLegConfig config = {
      .name = name,
      .lite = !bridge->config.full_ice,
      .addresses = (const char *const *)bridge->media_addresses,
      .port_min = bridge->config.port_min,
      .port_max = bridge->config.port_max,
      .cert = bridge->config.cert,
  };
  return mcu_leg_new(bridge->config.net, &config, &events, member, error);
}

/* --- what was agreed ---------------------------------------------------------------------- */

static void
make_picture_ring(McuRing **ring, McuCodec *ring_codec, McuCodec codec)
{
  if (codec != *ring_codec)
    g_clear_pointer(ring, mcu_ring_unref);
  if (codec != MCU_CODEC_NONE && *ring == NULL)
    *ring = mcu_ring_new(VIDEO_SLOTS);
  *ring_codec = codec;
}

/* A ring has one producer and one codec: a new leg or another codec gets a new one. For what is presented only who
 * presents has one: two hundred would fill the memory for nothing. */
static void
make_rings(McuMember *member)
{
  const McuSdpAgreed *agreed = &member->agreed;
  if (!agreed->audio_recv)
    g_clear_pointer(&member->audio_ring, mcu_ring_unref);
  else if (member->audio_ring == NULL)
    member->audio_ring = mcu_ring_new(AUDIO_SLOTS);

  make_picture_ring(&member->video_ring, &member->video_ring_codec,
                    agreed->video_recv ? agreed->video.codec : MCU_CODEC_NONE);
  make_picture_ring(&member->content_ring, &member->content_ring_codec,
                    mcu_meeting_content_seat(member->meeting, member->site) != NULL ? agreed->content.codec
                                                                                    : MCU_CODEC_NONE);
}

/* Asked of who sends although none is wanted of it: the least that browsers can be brought to. */
#define UNWANTED_KBPS 50

static guint
rate_for(const McuMember *member)
{
  McuPicture picture;
  if (!member->agreed.video.remb || !mcu_member_wanted(member, &picture))
    return 0;
  return picture.kbps > 0 ? picture.kbps : UNWANTED_KBPS;
}

static void
set_leg_media(McuMember *member)
{
  const McuBridge *bridge = mcu_meeting_bridge(member->meeting);
  member->remb_kbps = rate_for(member);
  const McuSdpAgreed *agreed = &member->agreed;
  const McuSdpCodec *audio = &agreed->audio;
  const McuSdpCodec *video = &agreed->video;
  const McuSdpCodec *content = &agreed->content;
  McuLegMedia media = {
      .audio = {.codec = audio->codec,
                .pt = audio->pt,
                .send_ssrc = member->audio_ssrc,
                .ext_audio_level = agreed->audio_level_ext,
                .nack = audio->nack,
                .ring = member->audio_ring},
      .video = {.codec = video->codec,
                .pt = video->pt,
                .send_ssrc = member->video_ssrc,
                .ext_playout_delay = agreed->playout_delay_ext,
                .nack = video->nack,
                .pli = video->pli,
                .fir = video->fir,
                .remb = video->remb,
                .ring = member->video_ring,
                .remb_kbps = member->remb_kbps},
      .content =
          {.codec = content->codec,
           .pt = content->pt,
           .nack = content->nack,
           .pli = content->pli,
           .fir = content->fir,
           .remb = content->remb,
           .ring = member->content_ring,
           /* Also while nothing is presented: what the peer takes its line for grows slowly, and only up to here. */
           .remb_kbps = bridge->config.content_kbps},
      .content_source = {.ssrc = agreed->content_source.ssrc, .ext_mid = agreed->content_source.ext_id},
      .cname = bridge->cname,
  };
  g_strlcpy(media.content_source.mid, agreed->content_source.mid, sizeof media.content_source.mid);
  mcu_leg_set_media(member->leg, &media);
}

static void
send_audio(McuMember *member)
{
  const McuMediaEngineOps *engine = engine_of(member);
  McuMixSeat *seat = mcu_meeting_mix_seat(member->meeting, member->site);
  if (member->agreed.audio_send)
    mcu_leg_send_audio(member->leg, engine->mix_audio(mcu_meeting_mix(member->meeting)),
                       seat != NULL ? engine->seat_audio(seat) : NULL);
  else
    mcu_leg_send_audio(member->leg, NULL, NULL);
}

void
mcu_member_apply_rate(McuMember *member)
{
  if (member->leg != NULL && !member->leg_failed && rate_for(member) != member->remb_kbps)
    set_leg_media(member);
}

static void
feed_content(McuMember *member)
{
  McuMixSeat *seat = mcu_meeting_content_seat(member->meeting, member->site);
  if (seat != NULL)
    engine_of(member)->seat_set_input(seat, NULL, member->content_ring, member->content_ring_codec);
}

void
mcu_member_follow_content(McuMember *member)
{
  if (member->leg == NULL || member->leg_failed)
    return; /* the next offer does */
  make_rings(member);
  set_leg_media(member);
  feed_content(member);
}

static gboolean
apply_media(McuMember *member, GError **error)
{
  make_rings(member);
  set_leg_media(member);
  McuMixSeat *seat = mcu_meeting_mix_seat(member->meeting, member->site);
  if (seat != NULL)
    engine_of(member)->seat_set_input(seat, member->audio_ring, member->video_ring, member->video_ring_codec);
  feed_content(member);
  send_audio(member);
  return mcu_member_send_video(member, error);
}

/* --- offer and answer --------------------------------------------------------------------- */

static McuSdp *
make_answer(McuMember *member, McuLeg *leg, const McuSdp *offer, McuSdpAgreed *out_agreed, GError **error)
{
  const McuBridge *bridge = mcu_meeting_bridge(member->meeting);
  const McuSdpPolicy policy = {
      .ufrag = mcu_leg_ufrag(leg),
      .pwd = mcu_leg_pwd(leg),
      .candidates = mcu_leg_candidates(leg),
      .fingerprint = mcu_cert_fingerprint(bridge->config.cert),
      .lite = !bridge->config.full_ice,
      .cname = bridge->cname,
      .receive = mcu_role_has_voice(member->role),
      .send = TRUE,
      .audio_ssrc = member->audio_ssrc,
      .video_ssrc = member->video_ssrc,
      .video_kbps = bridge->config.site_kbps,
      .content_kbps = bridge->config.content_kbps,
      .video_codecs = preferred_codecs,
  };
  McuSdp *answer = mcu_sdp_answer(offer, &policy, out_agreed, error);
  if (answer == NULL)
    return NULL;
  answer->session_id = member->session_id;
  answer->session_version = ++member->session_version; /* RFC 3264 8: one more at each change */
  return answer;
}

static gboolean
same_credentials(const McuMember *member, const McuSdp *offer)
{
  return strcmp(member->remote_ufrag, offer->ufrag) == 0 && strcmp(member->remote_pwd, offer->pwd) == 0;
}

static void
remember(McuMember *member, const McuSdp *offer)
{
  g_strlcpy(member->remote_ufrag, offer->ufrag, sizeof member->remote_ufrag);
  g_strlcpy(member->remote_pwd, offer->pwd, sizeof member->remote_pwd);
  memcpy(member->remote_fingerprint, offer->fingerprint, sizeof member->remote_fingerprint);
  g_strlcpy(member->mid, offer->n_media > 0 ? offer->media[0].mid : "", sizeof member->mid);
  member->n_candidates = 0;
}

/* One that is of no use to us is no reason to refuse the rest. */
static void
add_candidates(McuMember *member, const McuSdp *sdp)
{
  for (guint i = 0; i < sdp->candidates->len && member->n_candidates < MCU_CANDIDATES_MAX; i++) {
    g_autoptr(GError) error = NULL;
    member->n_candidates++;
    if (!mcu_leg_add_candidate(member->leg, g_ptr_array_index(sdp->candidates, i), &error))
      g_debug("%s/%s: %s", mcu_meeting_id(member->meeting), member->site, error->message);
  }
}

static void
new_identity(McuMember *member)
{
  member->session_id = ((guint64)g_random_int() << 31) | g_random_int(); /* RFC 8829 5.2.1: below 2^63 */
  member->session_version = 0;
  member->audio_ssrc = g_random_int_range(1, G_MAXINT32);
  member->video_ssrc = member->audio_ssrc ^ 0x40000000; /* another one, and not 0 */
  member->video_ssrc = member->video_ssrc != 0 ? member->video_ssrc : 1;
}

/* The first offer, or one with another DTLS identity: a leg of its own. The old one goes on until
 * the new one is sure. */
static McuSdp *
answer_with_new_leg(McuMember *member, const McuSdp *offer, GError **error)
{
  McuLeg *leg = make_leg(member, error);
  if (leg == NULL)
    return NULL;
  const McuMember before = *member;
  new_identity(member);

  McuSdpAgreed agreed = {0};
  g_autoptr(McuSdp) answer = make_answer(member, leg, offer, &agreed, error);
  McuDtlsRole role = answer != NULL && answer->setup == MCU_SETUP_ACTIVE ? MCU_DTLS_CLIENT : MCU_DTLS_SERVER;
  if (answer == NULL || !mcu_member_plan(member, &agreed, error) ||
      !mcu_leg_start(leg, offer->ufrag, offer->pwd, offer->fingerprint, role, error)) {
    mcu_leg_free(leg);
    mcu_budget_hold(&mcu_meeting_bridge(member->meeting)->budget, &member->planned_kbps, before.planned_kbps);
    member->session_id = before.session_id;
    member->session_version = before.session_version;
    member->audio_ssrc = before.audio_ssrc;
    member->video_ssrc = before.video_ssrc;
    return NULL;
  }
  mcu_member_drop_leg(member);
  member->leg = leg;
  member->agreed = agreed;
  remember(member, offer);
  add_candidates(member, offer);
  return g_steal_pointer(&answer);
}

/* Changed directions or codecs on the same leg, with an ICE restart (RFC 8839 4.4.1.1.1) if the
 * credentials are new. */
static McuSdp *
answer_on_leg(McuMember *member, const McuSdp *offer, GError **error)
{
  McuSdpAgreed agreed = {0};
  g_autoptr(McuSdp) answer = make_answer(member, member->leg, offer, &agreed, error);
  if (answer == NULL || !mcu_member_plan(member, &agreed, error))
    return NULL;
  if (!same_credentials(member, offer)) {
    if (!mcu_leg_restart_ice(member->leg, offer->ufrag, offer->pwd, error))
      return NULL;
    g_clear_pointer(&answer, mcu_sdp_free); /* it has our old credentials */
    answer = make_answer(member, member->leg, offer, &agreed, error);
    if (answer == NULL)
      return NULL;
    remember(member, offer);
  }
  member->agreed = agreed;
  add_candidates(member, offer);
  return g_steal_pointer(&answer);
}

char *
mcu_member_offer(McuMember *member, const char *sdp, gsize size, GError **error)
{
  g_autoptr(McuSdp) offer = mcu_sdp_parse(sdp, size, error);
  if (offer == NULL)
    return NULL;
  gboolean keep = member->leg != NULL && !member->leg_failed &&
                  memcmp(member->remote_fingerprint, offer->fingerprint, sizeof member->remote_fingerprint) == 0;
  member->negotiating = TRUE;
  g_autoptr(McuSdp) answer = keep ? answer_on_leg(member, offer, error) : answer_with_new_leg(member, offer, error);
  gboolean ok = answer != NULL && apply_media(member, error);
  member->negotiating = FALSE;
  return ok ? mcu_sdp_write(answer) : NULL;
}

/* --- trickle ------------------------------------------------------------------------------ */

static gboolean
need_leg(const McuMember *member, GError **error)
{
  if (member->leg != NULL && !member->leg_failed)
    return TRUE;
  g_set_error_literal(error, MCU_ERROR, MCU_ERROR_NOT_FOUND, "there is no connection to add to: send an offer first");
  return FALSE;
}

gboolean
mcu_member_add_candidate(McuMember *member, const char *candidate, GError **error)
{
  if (!need_leg(member, error))
    return FALSE;
  if (*candidate == '\0')
    return TRUE; /* end of candidates: nothing waits for it */
  if (member->n_candidates >= MCU_CANDIDATES_MAX) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_TOO_LARGE, "more than %d candidates", MCU_CANDIDATES_MAX);
    return FALSE;
  }
  member->n_candidates++;
  return mcu_leg_add_candidate(member->leg, candidate, error);
}

static char *
our_fragment(const McuMember *member)
{
  g_autoptr(McuSdp) ours = mcu_sdp_new();
  g_strlcpy(ours->ufrag, mcu_leg_ufrag(member->leg), sizeof ours->ufrag);
  g_strlcpy(ours->pwd, mcu_leg_pwd(member->leg), sizeof ours->pwd);
  const char *const *candidates = mcu_leg_candidates(member->leg);
  for (guint i = 0; candidates[i] != NULL; i++)
    g_ptr_array_add(ours->candidates, g_strdup(candidates[i]));
  ours->end_of_candidates = TRUE;
  ours->n_media = 1;
  ours->media[0].kind = member->agreed.audio.codec != MCU_CODEC_NONE ? MCU_MEDIA_AUDIO : MCU_MEDIA_VIDEO;
  ours->media[0].known_kind = TRUE;
  g_strlcpy(ours->media[0].type, ours->media[0].kind == MCU_MEDIA_AUDIO ? "audio" : "video",
            sizeof ours->media[0].type);
  g_strlcpy(ours->media[0].protocol, "UDP/TLS/RTP/SAVPF", sizeof ours->media[0].protocol);
  g_strlcpy(ours->media[0].mid, member->mid, sizeof ours->media[0].mid);
  return mcu_sdp_write_fragment(ours);
}

char *
mcu_member_restart_ice(McuMember *member, const char *fragment, gsize size, GError **error)
{
  if (!need_leg(member, error))
    return NULL;
  g_autoptr(McuSdp) theirs = mcu_sdp_parse_fragment(fragment, size, error);
  if (theirs == NULL)
    return NULL;
  if (!same_credentials(member, theirs)) {
    if (!mcu_leg_restart_ice(member->leg, theirs->ufrag, theirs->pwd, error))
      return NULL;
    g_strlcpy(member->remote_ufrag, theirs->ufrag, sizeof member->remote_ufrag);
    g_strlcpy(member->remote_pwd, theirs->pwd, sizeof member->remote_pwd);
    member->n_candidates = 0;
  }
  add_candidates(member, theirs);
  return our_fragment(member);
}
