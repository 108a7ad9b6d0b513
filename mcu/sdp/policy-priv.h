/* What answer.c and offer.c have in common: our side of a description, from the policy. */
#pragma once

#include "mcu/sdp/sdp.h"

/* Our transport's part. MCU_ERROR_TOO_LARGE with more than MCU_CANDIDATES_MAX candidates. */
gboolean sdp_apply_policy(McuSdp *sdp, const McuSdpPolicy *policy, GError **error);
/* The stream's identity in a section that we send in. */
void sdp_set_source(McuSdpMedia *media, const McuSdpPolicy *policy);
/* RFC 6184 8.2.2, table 5: streams that a decoder of constrained baseline plays, in mode 1. */
gboolean sdp_is_usable_codec(const McuSdpCodec *codec);
