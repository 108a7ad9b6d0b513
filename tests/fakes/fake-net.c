/* See fake-net.h. */
#include "tests/fakes/fake-net.h"

#include "tests/fakes/fake-leg.h"

struct McuNet {
  guint threads;
};

struct McuCert {
  guint8 fingerprint[MCU_FINGERPRINT_BYTES];
};

McuNet *
mcu_net_new(guint n_threads, GError **error)
{
  (void)error;
  McuNet *net = g_new0(McuNet, 1);
  net->threads = MAX(n_threads, 1);
  return net;
}

void
mcu_net_free(McuNet *net)
{
  g_assert(fake_leg_alive() == 0); /* the contract: all legs freed before */
  g_free(net);
}

void
mcu_net_get_stats(McuNet *net, McuNetStats *out_stats)
{
  *out_stats = (McuNetStats){.threads = net->threads, .legs = fake_leg_alive()};
}

McuCert *
mcu_cert_new(GError **error)
{
  (void)error;
  McuCert *cert = g_new0(McuCert, 1);
  for (guint i = 0; i < MCU_FINGERPRINT_BYTES; i++)
    cert->fingerprint[i] = (guint8)(0xa0 + i);
  return cert;
}

void
mcu_cert_free(McuCert *cert)
{
  g_free(cert);
}

const guint8 *
mcu_cert_fingerprint(const McuCert *cert)
{
  return cert->fingerprint;
}
