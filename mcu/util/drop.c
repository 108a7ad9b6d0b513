#include "mcu/util/drop.h"

static const char *const words[MCU_N_DROPS] = {
    [MCU_DROP_NONE] = "none",
    [MCU_DROP_EMPTY] = "empty",
    [MCU_DROP_UNKNOWN] = "unknown",
    [MCU_DROP_STUN] = "stun-malformed",
    [MCU_DROP_UNVERIFIED] = "unverified",
    [MCU_DROP_OVERSIZED] = "oversized",
    [MCU_DROP_BEFORE_KEYS] = "before-keys",
    [MCU_DROP_DTLS] = "dtls",
    [MCU_DROP_AUTH] = "auth",
    [MCU_DROP_REPLAY] = "replay",
    [MCU_DROP_RTP_MALFORMED] = "rtp-malformed",
    [MCU_DROP_RTCP_MALFORMED] = "rtcp-malformed",
    [MCU_DROP_PAYLOAD_TYPE] = "payload-type",
    [MCU_DROP_SSRC] = "ssrc",
    [MCU_DROP_NAL_TYPE] = "nal-type",
    [MCU_DROP_PICTURE_SIZE] = "picture-size",
    [MCU_DROP_DUPLICATE] = "duplicate",
    [MCU_DROP_LATE] = "late",
    [MCU_DROP_RING_FULL] = "ring-full",
    [MCU_DROP_RATE] = "rate",
    [MCU_DROP_SEND] = "send",
};

const char *
mcu_drop_word(McuDrop drop)
{
  g_assert(drop >= 0 && drop < MCU_N_DROPS);
  return words[drop];
}
