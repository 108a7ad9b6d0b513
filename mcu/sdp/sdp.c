/* McuSdp's memory; see sdp.h. Pure. */
#include "mcu/sdp/sdp.h"

McuSdp *
mcu_sdp_new(void)
{
  McuSdp *sdp = g_new0(McuSdp, 1);

  sdp->candidates = g_ptr_array_new_with_free_func(g_free);
  return sdp;
}

void
mcu_sdp_free(McuSdp *sdp)
{
  if (sdp == NULL)
    return;
  g_ptr_array_unref(sdp->candidates);
  g_free(sdp);
}
