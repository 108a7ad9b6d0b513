#include <string.h>

#include "mcu/bridge/bridge-priv.h"
#include "mcu/bridge/meeting.h"
#include "mcu/util/error.h"
#include "tests/unit/bridge/fixture.h"

#define SECOND ((gint64)G_USEC_PER_SEC)

static void
test_offer(Fixture *f, gconstpointer data)
{
  (void)data;
  Client a;
  client_join(&a, f, "a", MCU_ROLE_SITE);
  g_autofree char *answer = client_offer(&a, &(OfferOptions){.fingerprint_byte = 0xab});
  McuLeg *leg = fake_leg_newest();
  McuMix *mix = fake_engine_newest();
  McuMixSeat *seat = fake_engine_seat(mix, "Xã a");

  g_assert_true(leg->lite);
  g_assert_cmpstr(leg->name, ==, "m/a");
  g_assert_cmpint(leg->role, ==, MCU_DTLS_SERVER);
  g_assert_cmpstr(leg->remote_ufrag, ==, "ufra");
  g_assert_cmpuint(leg->remote_fingerprint[0], ==, 0xab);
  g_assert_cmpuint(leg->remote_fingerprint[31], ==, 0xab);
  g_assert_cmpuint(leg->candidates->len, ==, 2);
  g_assert_nonnull(strstr(answer, leg->ufrag));
  g_assert_nonnull(strstr(answer, leg->pwd));
  g_assert_nonnull(strstr(answer, "a=setup:passive"));
  g_assert_nonnull(strstr(answer, "a=ice-lite"));
  g_assert_nonnull(strstr(answer, "127.0.0.1 40000 typ host"));

  const McuLegTrack *audio = &leg->media.audio, *video = &leg->media.video;
  g_assert_cmpint(audio->codec, ==, MCU_CODEC_OPUS);
  g_assert_cmpuint(audio->pt, ==, 111);
  g_assert_cmpuint(audio->ext_audio_level, ==, 1);
  g_assert_cmpint(video->codec, ==, MCU_CODEC_H264); /* preferred, though offered second */
  g_assert_cmpuint(video->pt, ==, 102);
  g_assert_true(video->nack && video->pli && video->fir && video->remb);
  g_assert_cmpuint(audio->send_ssrc, !=, 0);
  g_assert_cmpuint(video->send_ssrc, !=, 0);
  g_assert_cmpuint(audio->send_ssrc, !=, video->send_ssrc);
  g_assert_true(audio->ring != NULL && audio->ring == seat->audio);
  g_assert_true(video->ring != NULL && video->ring == seat->video);
  g_assert_cmpint(seat->video_codec, ==, MCU_CODEC_H264);
  g_assert_true(leg->audio_shared == mix->audio && leg->audio_own == seat->own);
  g_assert_true(leg->video == fake_engine_video(mix, MCU_VIEW_PROGRAMME, MCU_RUNG_720, MCU_CODEC_H264));
  g_assert_cmpuint(fake_engine_acquired(mix, MCU_VIEW_PROGRAMME, MCU_RUNG_720, MCU_CODEC_H264), ==, 1);

  mcu_member_leave(a.member);
  g_assert_cmpuint(fake_engine_acquired(mix, MCU_VIEW_PROGRAMME, MCU_RUNG_720, MCU_CODEC_H264), ==, 0);
  client_clear(&a);
}

/* Who has one codec gets that one; each rendition runs for those who need it. */
static void
test_codecs(Fixture *f, gconstpointer data)
{
  (void)data;
  Client a, b, c;
  client_join(&a, f, "a", MCU_ROLE_SITE);
  client_join(&b, f, "b", MCU_ROLE_SITE);
  client_join(&c, f, "c", MCU_ROLE_SITE);
  McuMix *mix = fake_engine_newest();
  g_free(client_offer(&a, &(OfferOptions){.no_h264 = TRUE, .fingerprint_byte = 1}));
  g_assert_true(fake_leg_newest()->video == fake_engine_video(mix, MCU_VIEW_PROGRAMME, MCU_RUNG_720, MCU_CODEC_VP8));
  g_assert_cmpint(fake_engine_seat(mix, "Xã a")->video_codec, ==, MCU_CODEC_VP8);
  g_free(client_offer(&b, &(OfferOptions){.no_vp8 = TRUE, .fingerprint_byte = 2}));
  g_assert_true(fake_leg_newest()->video == fake_engine_video(mix, MCU_VIEW_PROGRAMME, MCU_RUNG_720, MCU_CODEC_H264));
  g_free(client_offer(&c, &(OfferOptions){.no_video = TRUE, .fingerprint_byte = 3}));
  g_assert_null(fake_leg_newest()->video);
  g_assert_null(fake_leg_newest()->media.video.ring);
  g_assert_cmpuint(fake_engine_acquired(mix, MCU_VIEW_PROGRAMME, MCU_RUNG_720, MCU_CODEC_VP8), ==, 1);
  g_assert_cmpuint(fake_engine_acquired(mix, MCU_VIEW_PROGRAMME, MCU_RUNG_720, MCU_CODEC_H264), ==, 1);
  mcu_member_leave(a.member);
  g_assert_cmpuint(fake_engine_acquired(mix, MCU_VIEW_PROGRAMME, MCU_RUNG_720, MCU_CODEC_VP8), ==, 0);
  client_clear(&a);
  client_clear(&b);
  client_clear(&c);
}

static void
test_directions(Fixture *f, gconstpointer data)
{
  (void)data;
  static const struct {
    McuRole role;
    const char *direction; /* of the client */
    gboolean takes, gives; /* of the bridge */
  } cases[] = {
      {MCU_ROLE_SITE, "sendrecv", TRUE, TRUE},      {MCU_ROLE_SITE, "sendonly", TRUE, FALSE},
      {MCU_ROLE_SITE, "recvonly", FALSE, TRUE},     {MCU_ROLE_OBSERVER, "sendrecv", FALSE, TRUE},
      {MCU_ROLE_OBSERVER, "recvonly", FALSE, TRUE}, {MCU_ROLE_OBSERVER, "sendonly", FALSE, FALSE},
      {MCU_ROLE_CHAIR, "inactive", FALSE, FALSE},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    Client a;
    client_join(&a, f, "a", cases[i].role);
    g_free(client_offer(&a, &(OfferOptions){.direction = cases[i].direction, .fingerprint_byte = 1}));
    McuLeg *leg = fake_leg_newest();
    g_assert_true((leg->media.audio.ring != NULL) == cases[i].takes);
    g_assert_true((leg->media.video.ring != NULL) == cases[i].takes);
    g_assert_true((leg->media.video.remb_kbps > 0) == cases[i].takes);
    g_assert_true((leg->audio_shared != NULL) == cases[i].gives);
    g_assert_true((leg->video != NULL) == cases[i].gives);
    g_assert_true((leg->audio_own != NULL) == (cases[i].gives && cases[i].role != MCU_ROLE_OBSERVER));
    mcu_member_leave(a.member);
    client_clear(&a);
  }
}

/* The same session again, changed: same leg, same sources, new directions. */
static void
test_renegotiation(Fixture *f, gconstpointer data)
{
  (void)data;
  Client a;
  client_join(&a, f, "a", MCU_ROLE_SITE);
  McuLeg *leg = client_connect(&a, f);
  McuMix *mix = fake_engine_newest();
  guint32 ssrc = leg->media.video.send_ssrc;
  McuRing *audio_ring = leg->media.audio.ring;

  g_free(client_offer(&a, &(OfferOptions){.fingerprint_byte = 1, .no_h264 = TRUE}));
  g_assert_true(fake_leg_newest() == leg);
  g_assert_cmpuint(leg->restarts, ==, 0);
  g_assert_cmpuint(leg->media.video.send_ssrc, ==, ssrc);
  g_assert_true(leg->media.audio.ring == audio_ring);
  g_assert_true(leg->video == fake_engine_video(mix, MCU_VIEW_PROGRAMME, MCU_RUNG_720, MCU_CODEC_VP8));
  g_assert_cmpint(fake_engine_seat(mix, "Xã a")->video_codec, ==, MCU_CODEC_VP8);
  g_assert_cmpuint(fake_engine_acquired(mix, MCU_VIEW_PROGRAMME, MCU_RUNG_720, MCU_CODEC_H264), ==, 0);
  g_assert_cmpuint(fake_engine_acquired(mix, MCU_VIEW_PROGRAMME, MCU_RUNG_720, MCU_CODEC_VP8), ==, 1);

  g_free(client_offer(&a, &(OfferOptions){.fingerprint_byte = 1, .direction = "sendonly"}));
  g_assert_null(leg->video);
  g_assert_null(leg->audio_shared);
  g_assert_cmpuint(fake_engine_acquired(mix, MCU_VIEW_PROGRAMME, MCU_RUNG_720, MCU_CODEC_VP8), ==, 0);

  /* New ICE credentials: a restart; the answer carries the new ones of ours. */
  g_autofree char *before = g_strdup(leg->ufrag);
  g_autofree char *fourth = client_offer(&a, &(OfferOptions){.fingerprint_byte = 1, .ufrag = "newu"});
  g_assert_true(fake_leg_newest() == leg);
  g_assert_cmpuint(leg->restarts, ==, 1);
  g_assert_cmpstr(leg->remote_ufrag, ==, "newu");
  g_assert_nonnull(strstr(fourth, leg->ufrag));
  g_assert_null(strstr(fourth, before));
  g_assert_cmpuint(leg->media.video.send_ssrc, ==, ssrc);

  /* Another DTLS identity: another leg, the old one gone. */
  g_free(client_offer(&a, &(OfferOptions){.fingerprint_byte = 2}));
  g_assert_cmpuint(fake_leg_alive(), ==, 1);
  g_assert_true(fake_leg_newest()->remote_fingerprint[0] == 2);
  g_assert_true(fake_leg_newest()->media.audio.ring != NULL);
  g_assert_cmpuint(fake_engine_acquired(mix, MCU_VIEW_PROGRAMME, MCU_RUNG_720, MCU_CODEC_H264), ==, 1);
  client_clear(&a);
}

static void
assert_offer_fails(Client *client, const char *sdp, McuError code)
{
  g_autoptr(GError) error = NULL;
  g_assert_null(mcu_member_offer(client->member, sdp, strlen(sdp), &error));
  g_assert_error(error, MCU_ERROR, (int)code);
}

/* What is wrong is refused, and what ran before goes on. */
static void
test_refused(Fixture *f, gconstpointer data)
{
  (void)data;
  Client a;
  client_join(&a, f, "a", MCU_ROLE_SITE);
  assert_offer_fails(&a, "", MCU_ERROR_BAD_SDP);
  assert_offer_fails(&a, "v=0\r\n", MCU_ERROR_BAD_SDP);
  McuLeg *leg = client_connect(&a, f);
  guint sets = leg->media_sets;
  guint32 ssrc = leg->media.audio.send_ssrc;

  g_autofree char *good = make_offer(&(OfferOptions){.fingerprint_byte = 2});
  g_auto(GStrv) parts = g_strsplit(good, "a=fingerprint", -1);
  g_autofree char *no_fingerprint = g_strjoinv("a=nothing", parts);
  assert_offer_fails(&a, no_fingerprint, MCU_ERROR_BAD_SDP);
  g_autofree char *huge = g_strnfill(MCU_SDP_MAX_BYTES + 1, 'a');
  assert_offer_fails(&a, huge, MCU_ERROR_TOO_LARGE);
  g_auto(GStrv) codecs = g_strsplit(good, "opus/48000/2", -1);
  g_autofree char *no_opus = g_strjoinv("speex/8000", codecs);
  g_auto(GStrv) videos = g_strsplit(no_opus, "/90000", -1);
  g_autofree char *no_codec = g_strjoinv("X/90000", videos);
  assert_offer_fails(&a, no_codec, MCU_ERROR_NO_COMMON_CODEC);
  fake_leg_fail_next();
  assert_offer_fails(&a, good, MCU_ERROR_TRANSPORT);

  g_assert_cmpuint(fake_leg_alive(), ==, 1);
  g_assert_true(fake_leg_newest() == leg);
  g_assert_cmpuint(leg->media_sets, ==, sets);
  g_assert_nonnull(leg->video);
  g_free(client_offer(&a, &(OfferOptions){.fingerprint_byte = 1}));
  g_assert_cmpuint(leg->media.audio.send_ssrc, ==, ssrc); /* failed attempts left no trace */
  client_clear(&a);
}

static void
test_trickle(Fixture *f, gconstpointer data)
{
  (void)data;
  static const char good[] = "candidate:9 1 udp 2113937151 192.0.2.9 50009 typ host";
  Client a;
  g_autoptr(GError) error = NULL;
  client_join(&a, f, "a", MCU_ROLE_SITE);
  g_assert_false(mcu_member_add_candidate(a.member, good, &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_NOT_FOUND);
  g_clear_error(&error);

  McuLeg *leg = client_connect(&a, f);
  guint n = leg->candidates->len;
  g_assert_true(mcu_member_add_candidate(a.member, good, NULL));
  g_assert_cmpstr(g_ptr_array_index(leg->candidates, n), ==, good);
  g_assert_true(mcu_member_add_candidate(a.member, "", NULL)); /* no more */
  g_assert_false(mcu_member_add_candidate(a.member, "nonsense", &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_BAD_CANDIDATE);
  g_clear_error(&error);
  while (mcu_member_add_candidate(a.member, good, &error))
    g_assert_cmpuint(leg->candidates->len, <=, MCU_CANDIDATES_MAX);
  g_assert_error(error, MCU_ERROR, MCU_ERROR_TOO_LARGE);
  client_clear(&a);
}

static void
test_fragment(Fixture *f, gconstpointer data)
{
  (void)data;
  static const char restart[] = "a=ice-ufrag:wxyz\r\na=ice-pwd:passwordpasswordpassword\r\n"
                                "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n"
                                "a=candidate:7 1 udp 2113937151 192.0.2.7 50007 typ host\r\n";
  Client a;
  g_autoptr(GError) error = NULL;
  client_join(&a, f, "a", MCU_ROLE_SITE);
  g_assert_null(mcu_member_restart_ice(a.member, restart, strlen(restart), &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_NOT_FOUND);
  g_clear_error(&error);

  McuLeg *leg = client_connect(&a, f);
  guint n = leg->candidates->len;
  g_autofree char *ours = mcu_member_restart_ice(a.member, restart, strlen(restart), &error);
  g_assert_no_error(error);
  g_assert_cmpuint(leg->restarts, ==, 1);
  g_assert_cmpstr(leg->remote_ufrag, ==, "wxyz");
  g_assert_cmpuint(leg->candidates->len, ==, n + 1);
  g_assert_nonnull(strstr(ours, leg->ufrag));
  g_assert_nonnull(strstr(ours, leg->pwd));
  g_assert_nonnull(strstr(ours, "candidate:1 1 UDP"));
  g_assert_nonnull(strstr(ours, "a=mid:0"));

  /* The same credentials once more are candidates, not a restart. */
  g_autofree char *again = mcu_member_restart_ice(a.member, restart, strlen(restart), &error);
  g_assert_nonnull(again);
  g_assert_no_error(error);
  g_assert_cmpuint(leg->restarts, ==, 1);
  g_assert_null(mcu_member_restart_ice(a.member, "a=ice-ufrag:x\r\n", 15, &error));
  g_assert_nonnull(error);
  client_clear(&a);
}

/* The tile of what `site` presents. */
static McuMixSeat *
content_seat(Fixture *f, const char *site)
{
  return mcu_meeting_content_seat(g_hash_table_lookup(f->bridge->meetings, "m"), site);
}

/* The ring that feeds it; NULL: there is no such tile, or nothing feeds it. */
static McuRing *
content_ring(Fixture *f, const char *site)
{
  McuMixSeat *seat = content_seat(f, site);
  return seat != NULL ? seat->video : NULL;
}

/* What is presented is a second picture of the same leg: a ring comes and goes, and nothing of the rest. */
static void
test_content(Fixture *f, gconstpointer data)
{
  (void)data;
  Client chair, a;
  client_join(&chair, f, "c", MCU_ROLE_CHAIR);
  client_join(&a, f, "a", MCU_ROLE_SITE);
  g_free(client_offer(&chair, &(OfferOptions){.fingerprint_byte = 1, .content = TRUE}));
  McuLeg *leg_c = fake_leg_newest();
  g_autofree char *answer = client_offer(&a, &(OfferOptions){.fingerprint_byte = 2, .content = TRUE});
  McuLeg *leg = fake_leg_newest();
  const McuLegTrack *content = &leg->media.content;
  g_assert_nonnull(strstr(answer, "b=AS:1500"));
  g_assert_cmpint(content->codec, ==, MCU_CODEC_VP8);
  g_assert_null(content->ring);
  g_assert_cmpuint(content->remb_kbps, ==, 1500); /* its line may be taken for that before */
  g_assert_cmpuint(leg->media.content_source.ssrc, ==, 77);
  g_assert_cmpuint(leg->media.content_source.ext_mid, ==, 4);
  g_assert_cmpstr(leg->media.content_source.mid, ==, "2");
  McuRing *camera = leg->media.video.ring;

  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_LET_PRESENT, .site = "a", .on = TRUE});
  client_do(&a, (McuRoomCommand){.type = MCU_ROOM_PRESENT, .on = TRUE});
  g_assert_true(content->ring != NULL && content->ring == content_ring(f, "a"));
  g_assert_true(leg->media.video.ring == camera);

  /* A new connection of the site finds its place. */
  g_free(client_offer(&a, &(OfferOptions){.fingerprint_byte = 3, .content = TRUE}));
  leg = fake_leg_newest();
  g_assert_true(leg->media.content.ring != NULL && leg->media.content.ring == content_ring(f, "a"));

  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_PRESENT, .on = TRUE}); /* takes the place */
  g_assert_null(leg->media.content.ring);
  g_assert_null(content_ring(f, "a"));
  g_assert_true(leg_c->media.content.ring != NULL && leg_c->media.content.ring == content_ring(f, "c"));
  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_PRESENT, .on = FALSE});
  g_assert_null(leg_c->media.content.ring);
  g_assert_null(content_seat(f, "c"));

  /* Gone while it presents. */
  client_do(&a, (McuRoomCommand){.type = MCU_ROOM_PRESENT, .on = TRUE});
  g_assert_nonnull(content_ring(f, "a"));
  mcu_member_leave(a.member);
  g_assert_null(content_seat(f, "a"));
  client_clear(&chair);
  client_clear(&a);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(name, func) g_test_add("/bridge/negotiate/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  ADD("offer", test_offer);
  ADD("codecs", test_codecs);
  ADD("directions", test_directions);
  ADD("renegotiation", test_renegotiation);
  ADD("refused", test_refused);
  ADD("trickle", test_trickle);
  ADD("fragment", test_fragment);
  ADD("content", test_content);
  return g_test_run();
}
