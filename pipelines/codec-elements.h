/* Codec to GStreamer elements, with the settings that live mixing needs: the only file that names
 * codec elements. [main] */
#pragma once

#include <gst/gst.h>

#include "mcu/types.h"

/* Checks everything the pipelines use; MCU_ERROR_CONFIG names the element and its Debian package. */
gboolean pl_codec_check_elements(GError **error);

/* A video codec's elements; floating references. NULL with MCU_ERROR_NO_COMMON_CODEC (no such video
 * codec) or MCU_ERROR_CONFIG (not installed). */
GstElement *pl_codec_make_depayloader(McuCodec codec, GError **error);
GstElement *pl_codec_make_decoder(McuCodec codec, GError **error);
GstElement *pl_codec_make_encoder(McuCodec codec, guint kbps, guint fps, GError **error);
/* RTP payloads of at most MCU_RTP_PAYLOAD_MAX bytes. */
GstElement *pl_codec_make_payloader(McuCodec codec, GError **error);

/* Of the RTP packets that enter a decoder; of what stands between depayloader and decoder; of what an
 * encoder must give. Caller unrefs. */
GstCaps *pl_codec_rtp_caps(McuCodec codec);
GstCaps *pl_codec_stream_caps(McuCodec codec);
GstCaps *pl_codec_encoded_caps(McuCodec codec);

/* Any element, with our error when it is not installed. */
GstElement *pl_codec_make(const char *factory, GError **error);
