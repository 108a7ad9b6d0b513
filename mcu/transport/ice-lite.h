/* McuIceLite: one ICE-lite agent (RFC 8445 2.5) on a shared port: its credentials, the checks it answers, and
 * the pair that its peer has selected. It never checks itself. */
#pragma once

#include "mcu/rtp/stun.h"
#include "mcu/transport/ice.h"
#include "mcu/transport/port.h"

/* The part of a username fragment by which a request finds its agent; it outlives restarts. */
#define MCU_ICE_LITE_ID_CHARS 8

/* [main] `port` is borrowed, of the network thread. */
McuIceLite *mcu_ice_lite_new(McuPort *port);
/* [any] Not in its port (any more). */
void mcu_ice_lite_free(McuIceLite *lite);

/* [main] */
const char *mcu_ice_lite_ufrag(const McuIceLite *lite);
const char *mcu_ice_lite_pwd(const McuIceLite *lite);
const char *const *mcu_ice_lite_candidates(const McuIceLite *lite);
/* Credentials of a new round; those before are good until the peer has used the new ones. */
void mcu_ice_lite_restart(McuIceLite *lite);

McuIceState mcu_ice_lite_state(const McuIceLite *lite); /* [any] */
const char *mcu_ice_lite_id(const McuIceLite *lite);    /* [any] constant */
McuPort *mcu_ice_lite_port(const McuIceLite *lite);     /* [any] constant */

/* [net] A request that has come to socket `fd` from `from`. Writes the answer, at most MCU_STUN_ANSWER_MAX bytes, and
 * returns its size; 0: the request is not authentic. *out_checked: the address counts from now on. */
gsize mcu_ice_lite_check(McuIceLite *lite, const guint8 *data, const McuStunRequest *request, int fd,
                         const struct sockaddr_storage *from, socklen_t from_size, guint8 *out_answer,
                         gboolean *out_checked);
/* [net] FALSE: no pair is selected. */
void mcu_ice_lite_prefetch(const McuIceLite *lite); /* [net] */
gboolean mcu_ice_lite_queue(const McuIceLite *lite, McuUdpBatch *batch, gsize size);
