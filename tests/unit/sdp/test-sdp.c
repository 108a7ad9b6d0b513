#include "fixture.h"

static void
test_memory(void)
{
  McuSdp *sdp = mcu_sdp_new();

  g_assert_cmpuint(sdp->n_media, ==, 0);
  g_assert_cmpuint(sdp->candidates->len, ==, 0);
  g_ptr_array_add(sdp->candidates, g_strdup("candidate:1"));
  mcu_sdp_free(sdp);
  mcu_sdp_free(NULL);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sdp/sdp/memory", test_memory);
  return g_test_run();
}
