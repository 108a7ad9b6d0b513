/* McuIceFull: an ICE agent by libnice, with sockets of its own: for the offering side, and for bridges behind
 * something that a lite agent does not get through. As ice.h says for each function. */
#pragma once

#include "mcu/transport/ice.h"

typedef struct McuIceFull McuIceFull;

McuIceFull *mcu_ice_full_new(const McuLegConfig *config, GMainContext *context, GError **error);
void mcu_ice_full_close(McuIceFull *ice, void (*done)(gpointer), gpointer user_data);

const char *mcu_ice_full_ufrag(const McuIceFull *ice);
const char *mcu_ice_full_pwd(const McuIceFull *ice);
const char *const *mcu_ice_full_candidates(const McuIceFull *ice);
gboolean mcu_ice_full_set_remote(McuIceFull *ice, const char *ufrag, const char *pwd, GError **error);
gboolean mcu_ice_full_add_candidate(McuIceFull *ice, const char *candidate, GError **error);
gboolean mcu_ice_full_restart(McuIceFull *ice, const char *ufrag, const char *pwd, GError **error);

guint mcu_ice_full_sockets(const McuIceFull *ice, int *out_fds);
guint mcu_ice_full_receive(McuIceFull *ice, McuIceDatagram *datagrams, guint n, guint64 *drops);
gboolean mcu_ice_full_queue(McuIceFull *ice, McuUdpBatch *batch, gsize size);
McuIceState mcu_ice_full_state(const McuIceFull *ice);
