/* Offers for the tests: those of real clients in offers/, and a small one put together from parts. */
#pragma once

#include <string.h>

#include "mcu/sdp/sdp.h"
#include "mcu/util/error.h"

/* From the build; relative to this folder otherwise. */
#ifndef OFFERS_DIR
#define OFFERS_DIR "offers"
#endif

#define PRINT "91:0B:53:5B:2A:F2:1E:0F:98:77:4D:3C:92:22:CA:B9:9E:37:B9:15:F3:A7:F1:BE:8C:23:00:3C:19:5F:D4:99"
#define HEAD "v=0\r\no=- 42 7 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
#define BUNDLE "a=group:BUNDLE 0 1\r\n"
#define TRANSPORT                                                                                                      \
  "a=ice-ufrag:9EY3\r\na=ice-pwd:yNvGQRkrDS75V2JdBY/ldi4H\r\na=fingerprint:sha-256 " PRINT "\r\na=setup:actpass\r\n"
#define AUDIO "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\n"
#define VIDEO "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\n"

static inline McuSdp *
parse_ok(const char *text)
{
  g_autoptr(GError) error = NULL;
  McuSdp *sdp = mcu_sdp_parse(text, strlen(text), &error);

  g_assert_no_error(error);
  g_assert_nonnull(sdp);
  return sdp;
}

static inline char *
load_offer(const char *name)
{
  g_autofree char *path = g_build_filename(OFFERS_DIR, name, NULL);
  g_autoptr(GError) error = NULL;
  char *text = NULL;

  g_file_get_contents(path, &text, NULL, &error);
  g_assert_no_error(error);
  return text;
}

static inline McuSdp *
parse_offer(const char *name)
{
  g_autofree char *text = load_offer(name);

  return parse_ok(text);
}

static inline void
assert_error(const char *text, gsize size, McuError code)
{
  g_autoptr(GError) error = NULL;
  McuSdp *sdp = mcu_sdp_parse(text, size, &error);

  g_assert_null(sdp);
  g_assert_error(error, MCU_ERROR, (gint)code);
}

static const McuCodec both_codecs[] G_GNUC_UNUSED = {MCU_CODEC_H264, MCU_CODEC_VP8, MCU_CODEC_NONE};
static const McuCodec vp8_only[] G_GNUC_UNUSED = {MCU_CODEC_VP8, MCU_CODEC_NONE};
static const McuCodec h264_only[] G_GNUC_UNUSED = {MCU_CODEC_H264, MCU_CODEC_NONE};
static const char *const some_candidates[] G_GNUC_UNUSED = {"candidate:1 1 UDP 2130706431 192.0.2.1 40000 typ host",
                                                            "candidate:2 1 UDP 2130706430 2001:db8::1 40000 typ host",
                                                            NULL};
static const guint8 some_print[32] G_GNUC_UNUSED = {0xab, 0x01, 0xff};

static inline McuSdpPolicy
some_policy(void)
{
  return (McuSdpPolicy){
      .ufrag = "abcd",
      .pwd = "abcdefghijklmnopqrstuv",
      .candidates = some_candidates,
      .fingerprint = some_print,
      .lite = TRUE,
      .cname = "diemcau",
      .receive = TRUE,
      .send = TRUE,
      .audio_ssrc = 11,
      .video_ssrc = 22,
      .video_kbps = 600,
      .video_codecs = both_codecs,
  };
}
