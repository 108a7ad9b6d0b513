/* Which of the two kinds of agent a leg has. */
#include "mcu/transport/ice.h"

#include "mcu/transport/ice-full.h"
#include "mcu/transport/ice-lite.h"
#include "mcu/transport/net-thread.h"

struct McuIce {
  McuIceFull *full; /* one of the two is NULL */
  McuIceLite *lite;
};

McuIce *
mcu_ice_new(const McuLegConfig *config, McuNetThread *thread, GError **error)
{
  McuIceFull *full = NULL;
  McuIceLite *lite = NULL;
  if (config->lite && config->addresses != NULL) {
    McuPort *port = mcu_net_thread_port(thread, config, error);
    lite = port != NULL ? mcu_ice_lite_new(port) : NULL;
  } else {
    full = mcu_ice_full_new(config, mcu_net_thread_context(thread), error);
  }
  if (full == NULL && lite == NULL)
    return NULL;
  McuIce *ice = g_new(McuIce, 1);
  *ice = (McuIce){.full = full, .lite = lite};
  return ice;
}

void
mcu_ice_open(McuIce *ice, McuLeg *leg)
{
  if (ice->lite != NULL)
    mcu_port_add(mcu_ice_lite_port(ice->lite), ice->lite, leg);
}

void
mcu_ice_close(McuIce *ice, void (*done)(gpointer), gpointer user_data)
{
  McuIceFull *full = ice->full;
  McuIceLite *lite = ice->lite;
  g_free(ice);
  if (full != NULL) {
    mcu_ice_full_close(full, done, user_data);
    return;
  }
  mcu_port_remove(mcu_ice_lite_port(lite), lite);
  mcu_ice_lite_free(lite);
  done(user_data);
}

const char *
mcu_ice_ufrag(const McuIce *ice)
{
  return ice->lite != NULL ? mcu_ice_lite_ufrag(ice->lite) : mcu_ice_full_ufrag(ice->full);
}

const char *
mcu_ice_pwd(const McuIce *ice)
{
  return ice->lite != NULL ? mcu_ice_lite_pwd(ice->lite) : mcu_ice_full_pwd(ice->full);
}

const char *const *
mcu_ice_candidates(const McuIce *ice)
{
  return ice->lite != NULL ? mcu_ice_lite_candidates(ice->lite) : mcu_ice_full_candidates(ice->full);
}

/* A lite agent sends no checks, so it needs neither credentials nor candidates of its peer (RFC 8445 6.1.1). */
gboolean
mcu_ice_set_remote(McuIce *ice, const char *ufrag, const char *pwd, GError **error)
{
  return ice->lite != NULL || mcu_ice_full_set_remote(ice->full, ufrag, pwd, error);
}

gboolean
mcu_ice_add_candidate(McuIce *ice, const char *candidate, GError **error)
{
  return ice->lite != NULL || mcu_ice_full_add_candidate(ice->full, candidate, error);
}

gboolean
mcu_ice_restart(McuIce *ice, const char *ufrag, const char *pwd, GError **error)
{
  if (ice->full != NULL)
    return mcu_ice_full_restart(ice->full, ufrag, pwd, error);
  mcu_ice_lite_restart(ice->lite);
  return TRUE;
}

guint
mcu_ice_sockets(const McuIce *ice, int *out_fds)
{
  return ice->full != NULL ? mcu_ice_full_sockets(ice->full, out_fds) : 0;
}

guint
mcu_ice_receive(McuIce *ice, McuIceDatagram *datagrams, guint n, guint64 *drops)
{
  return ice->full != NULL ? mcu_ice_full_receive(ice->full, datagrams, n, drops) : 0;
}

gboolean
mcu_ice_queue(McuIce *ice, McuUdpBatch *batch, const guint8 *datagram G_GNUC_UNUSED, gsize size)
{
  return ice->lite != NULL ? mcu_ice_lite_queue(ice->lite, batch, size) : mcu_ice_full_queue(ice->full, batch, size);
}

void
mcu_ice_prefetch(const McuIce *ice)
{
  if (ice->lite != NULL)
    mcu_ice_lite_prefetch(ice->lite);
}

McuIceState
mcu_ice_state(const McuIce *ice)
{
  return ice->lite != NULL ? mcu_ice_lite_state(ice->lite) : mcu_ice_full_state(ice->full);
}
