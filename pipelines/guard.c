/* Sits on the pad before a decoder (decode.c). VP8: RFC 6386 section 9.1. H.264: the size in the SPS
 * before cropping, because that is what a decoder allocates. */
#include "pipelines/guard.h"

/* The parsers library asks for this word of consent; what is used here exists since 1.0. */
#define GST_USE_UNSTABLE_API
#include <gst/codecparsers/gsth264parser.h>

struct PlGuard {
  McuCodec codec;
  GstH264NalParser *parser;

  gboolean blocked;
  guint width, height; /* 0: no picture yet */
  guint changes_left;
  gint64 refilled_us;
};

typedef enum { NO_SIZE, HAS_SIZE, BAD } SizeResult;

PlGuard *
pl_guard_new(McuCodec codec)
{
  PlGuard *guard = g_new0(PlGuard, 1);
  guard->codec = codec;
  if (codec == MCU_CODEC_H264)
    guard->parser = gst_h264_nal_parser_new();
  guard->changes_left = PL_GUARD_CHANGES;
  return guard;
}

void
pl_guard_free(PlGuard *guard)
{
  if (guard == NULL)
    return;
  g_clear_pointer(&guard->parser, gst_h264_nal_parser_free);
  g_free(guard);
}

static SizeResult
vp8_size(const guint8 *data, gsize size, guint *out_width, guint *out_height)
{
  if (size < 3)
    return BAD;
  if (data[0] & 1)
    return NO_SIZE; /* not a key frame */
  if (size < 10 || data[3] != 0x9d || data[4] != 0x01 || data[5] != 0x2a)
    return BAD;
  *out_width = (data[6] | (guint)data[7] << 8) & 0x3fff;
  *out_height = (data[8] | (guint)data[9] << 8) & 0x3fff;
  return HAS_SIZE;
}

/* The largest of the sequence parameter sets in the access unit. */
static SizeResult
h264_size(PlGuard *guard, const guint8 *data, gsize size, guint *out_width, guint *out_height)
{
  SizeResult result = NO_SIZE;
  guint offset = 0;
  GstH264NalUnit nal;

  *out_width = *out_height = 0;
  while (offset < size) {
    GstH264ParserResult parsed = gst_h264_parser_identify_nalu(guard->parser, data, offset, size, &nal);
    if (parsed != GST_H264_PARSER_OK && parsed != GST_H264_PARSER_NO_NAL_END)
      break;
    if (nal.type == GST_H264_NAL_SPS) {
      GstH264SPS sps = {0};
      if (gst_h264_parse_sps(&nal, &sps) != GST_H264_PARSER_OK)
        return BAD;
      *out_width = MAX(*out_width, (guint)sps.width);
      *out_height = MAX(*out_height, (guint)sps.height);
      gst_h264_sps_clear(&sps);
      result = HAS_SIZE;
    }
    offset = nal.offset + nal.size;
    if (parsed == GST_H264_PARSER_NO_NAL_END)
      break;
  }
  return result;
}

static PlGuardResult
check_size(PlGuard *guard, guint width, guint height, gint64 now_us)
{
  if (width == 0 || height == 0 || width > PL_GUARD_MAX_WIDTH || height > PL_GUARD_MAX_HEIGHT)
    return PL_GUARD_TOO_LARGE;
  if (width == guard->width && height == guard->height)
    return PL_GUARD_PASS;

  gint64 seconds = (now_us - guard->refilled_us) / G_USEC_PER_SEC;
  if (seconds > 0) {
    guard->changes_left = (guint)MIN(guard->changes_left + seconds, PL_GUARD_CHANGES);
    guard->refilled_us = now_us;
  }
  if (guard->changes_left == 0)
    return PL_GUARD_TOO_OFTEN;
  guard->changes_left--;
  guard->width = width;
  guard->height = height;
  return PL_GUARD_PASS;
}

PlGuardResult
pl_guard_check(PlGuard *guard, const guint8 *data, gsize size, gint64 now_us)
{
  guint width = 0, height = 0;
  SizeResult found = guard->codec == MCU_CODEC_H264 ? h264_size(guard, data, size, &width, &height)
                                                    : vp8_size(data, size, &width, &height);
  if (found == NO_SIZE)
    return guard->blocked ? PL_GUARD_DROP : PL_GUARD_PASS;

  PlGuardResult result = found == BAD ? PL_GUARD_MALFORMED : check_size(guard, width, height, now_us);
  guard->blocked = result != PL_GUARD_PASS;
  return result;
}
