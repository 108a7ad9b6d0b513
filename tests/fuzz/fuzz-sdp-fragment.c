/* Fuzz target: a trickle fragment of a client. */
#include <string.h>

#include "fuzz.h"
#include "mcu/sdp/sdp.h"
#include "mcu/util/error.h"

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(McuSdp) sdp = mcu_sdp_parse_fragment((const char *)data, size, &error);

  g_assert((sdp == NULL) == (error != NULL) && (error == NULL || error->domain == MCU_ERROR));
  if (sdp == NULL)
    return 0;
  g_autofree char *text = mcu_sdp_write_fragment(sdp);
  g_autoptr(McuSdp) again = mcu_sdp_parse_fragment(text, strlen(text), &error);
  g_assert(again != NULL && again->candidates->len == sdp->candidates->len);
  g_assert(strcmp(again->ufrag, sdp->ufrag) == 0 && strcmp(again->pwd, sdp->pwd) == 0);
  return 0;
}
