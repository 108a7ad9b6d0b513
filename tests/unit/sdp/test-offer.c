#include "fixture.h"

/* Both sides as in a meeting: written, read, answered, written, read, agreed. */
static McuSdpAgreed
negotiate(const McuSdpPolicy *client, McuDirection direction, const McuSdpPolicy *bridge, McuSdpAgreed *out_bridge)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(McuSdp) offer = mcu_sdp_offer(client, direction, &error);
  McuSdpAgreed agreed;

  g_assert_no_error(error);
  g_autofree char *offer_text = mcu_sdp_write(offer);
  g_autoptr(McuSdp) offer_read = parse_ok(offer_text);
  g_autoptr(McuSdp) answer = mcu_sdp_answer(offer_read, bridge, out_bridge, &error);
  g_assert_no_error(error);
  g_autofree char *answer_text = mcu_sdp_write(answer);
  g_autoptr(McuSdp) answer_read = parse_ok(answer_text);
  g_assert_true(mcu_sdp_agree(offer, answer_read, &agreed, &error));
  g_assert_no_error(error);
  g_assert_true(answer_read->ice_lite);
  g_assert_cmpuint(answer_read->candidates->len, ==, 2);
  return agreed;
}

static void
test_agree(void)
{
  static const struct {
    McuDirection direction;
    const McuCodec *client, *bridge;
    McuCodec video;
  } cases[] = {
      {MCU_DIR_SENDRECV, both_codecs, both_codecs, MCU_CODEC_H264},
      {MCU_DIR_SENDRECV, vp8_only, both_codecs, MCU_CODEC_VP8},
      {MCU_DIR_SENDRECV, both_codecs, vp8_only, MCU_CODEC_VP8},
      {MCU_DIR_SENDRECV, h264_only, vp8_only, MCU_CODEC_NONE},
      {MCU_DIR_SEND, both_codecs, both_codecs, MCU_CODEC_H264},
      {MCU_DIR_RECV, both_codecs, both_codecs, MCU_CODEC_H264},
      {MCU_DIR_SENDRECV, NULL, both_codecs, MCU_CODEC_NONE},
  };

  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    McuSdpPolicy client = some_policy(), bridge = some_policy();
    McuSdpAgreed theirs;
    client.video_codecs = cases[i].client;
    client.lite = FALSE;
    bridge.video_codecs = cases[i].bridge;
    McuSdpAgreed ours = negotiate(&client, cases[i].direction, &bridge, &theirs);
    g_assert_cmpint(ours.audio.codec, ==, MCU_CODEC_OPUS);
    g_assert_cmpint(ours.video.codec, ==, cases[i].video);
    g_assert_cmpint(ours.audio_send, ==, (cases[i].direction & MCU_DIR_SEND) != 0);
    g_assert_cmpint(ours.audio_recv, ==, (cases[i].direction & MCU_DIR_RECV) != 0);
    /* What one sends the other receives, in the same form. */
    g_assert_true(ours.audio_send == theirs.audio_recv && ours.audio_recv == theirs.audio_send);
    g_assert_true(ours.video_send == theirs.video_recv && ours.video_recv == theirs.video_send);
    g_assert_cmpuint(ours.audio.pt, ==, theirs.audio.pt);
    g_assert_cmpuint(ours.video.pt, ==, theirs.video.pt);
    g_assert_cmpint(ours.video.nack, ==, theirs.video.nack);
    g_assert_cmpuint(ours.audio_level_ext, ==, theirs.audio_level_ext);
    g_assert_cmpuint(ours.audio_level_ext, ==, 1);
    g_assert_cmpuint(ours.playout_delay_ext, ==, cases[i].video == MCU_CODEC_NONE ? 0 : 2);
    g_assert_cmpuint(theirs.playout_delay_ext, ==, ours.playout_delay_ext);
  }
}

static void
test_bad_answers(void)
{
  static const struct {
    const char *name, *text;
  } cases[] = {
      {"one line less", HEAD TRANSPORT AUDIO "a=setup:passive\r\n"},
      {"lines in another order", HEAD BUNDLE TRANSPORT VIDEO AUDIO "a=setup:passive\r\n"},
      {"no role chosen", HEAD BUNDLE TRANSPORT AUDIO VIDEO},
      {"codec never offered", HEAD BUNDLE TRANSPORT "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\na=rtcp-mux\r\n"
                                                    "a=setup:passive\r\n" VIDEO},
      {"other payload type",
       HEAD BUNDLE TRANSPORT "m=audio 9 UDP/TLS/RTP/SAVPF 112\r\na=mid:0\r\na=rtcp-mux\r\na=rtpmap:112 opus/48000/2\r\n"
                             "a=setup:passive\r\n" VIDEO},
  };
  McuSdpPolicy policy = some_policy();
  g_autoptr(McuSdp) offer = mcu_sdp_offer(&policy, MCU_DIR_SENDRECV, NULL);

  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    McuSdpAgreed agreed;
    g_autoptr(GError) error = NULL;
    g_test_message("%s", cases[i].name);
    g_autoptr(McuSdp) answer = parse_ok(cases[i].text);
    g_assert_false(mcu_sdp_agree(offer, answer, &agreed, &error));
    g_assert_error(error, MCU_ERROR, MCU_ERROR_BAD_SDP);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sdp/offer/agree", test_agree);
  g_test_add_func("/sdp/offer/bad-answers", test_bad_answers);
  return g_test_run();
}
