/* McuIce: one ICE agent (RFC 8445, RFC 8838) with one stream of one component: a lite one on the shared port of
 * its network thread (ice-lite.h), or a full one by libnice with sockets of its own (ice-full.h). Made and
 * described on main; sockets, timers and datagrams on the network thread.
 *
 * What comes out is data from addresses that have passed a check with MESSAGE-INTEGRITY.
 * tests/fakes/fake-ice.c replaces this file by a seeded link without sockets. */
#pragma once

#include <glib.h>

#include "mcu/transport/leg.h"
#include "mcu/transport/udp.h"
#include "mcu/util/drop.h"

typedef struct McuIce McuIce;
typedef struct McuNetThread McuNetThread;

#define MCU_ICE_SOCKETS_MAX 16
#define MCU_DATAGRAM_MAX 2048

typedef struct {
  guint8 *data; /* the caller's buffer of MCU_DATAGRAM_MAX bytes */
  gsize size;   /* 0: was larger than the buffer, cut off */
} McuIceDatagram;

typedef enum {
  MCU_ICE_CHECKING,
  MCU_ICE_READY, /* a pair is selected: data can be sent */
  MCU_ICE_FAILED,
} McuIceState;

/* [main] Has its host candidates when it returns. `thread` is where its packets will live. */
McuIce *mcu_ice_new(const McuLegConfig *config, McuNetThread *thread, GError **error);
/* [net] From now on datagrams may come; those of a shared port are `leg`'s. */
void mcu_ice_open(McuIce *ice, McuLeg *leg);
/* [net] Releases the sockets; `done` is called on the network thread when the agent is let go of, perhaps at once,
 * after which the McuIce is gone. */
void mcu_ice_close(McuIce *ice, void (*done)(gpointer), gpointer user_data);

/* [main] As in leg.h. */
const char *mcu_ice_ufrag(const McuIce *ice);
const char *mcu_ice_pwd(const McuIce *ice);
const char *const *mcu_ice_candidates(const McuIce *ice);
gboolean mcu_ice_set_remote(McuIce *ice, const char *ufrag, const char *pwd, GError **error);
gboolean mcu_ice_add_candidate(McuIce *ice, const char *candidate, GError **error);
gboolean mcu_ice_restart(McuIce *ice, const char *ufrag, const char *pwd, GError **error);

/* [net] Descriptors of its own to poll for reading; returns how many. Constant after mcu_ice_new(). */
guint mcu_ice_sockets(const McuIce *ice, int *out_fds);
/* [net] Fills up to `n` datagrams; returns how many. Counts what was thrown away (strangers' datagrams,
 * broken STUN) in `drops`, of MCU_N_DROPS. */
guint mcu_ice_receive(McuIce *ice, McuIceDatagram *datagrams, guint n, guint64 *drops);
/* [net] The `size` bytes at `datagram`, which stand where mcu_udp_batch_room() said, are for the selected pair.
 * FALSE: there is none. */
gboolean mcu_ice_queue(McuIce *ice, McuUdpBatch *batch, const guint8 *datagram, gsize size);
void mcu_ice_prefetch(const McuIce *ice);     /* [net] what mcu_ice_queue() will touch, into the caches */
McuIceState mcu_ice_state(const McuIce *ice); /* [any] */
