/* STUN against the sample of RFC 5769, and against itself. */
#include <string.h>

#include "stun.h"

/* RFC 5769 2.2: response with a mapped IPv4 address; the password is that of 2.1. */
static const char password[] = "VOkJxbRl1RmTxUk/WvJxBt";
static const guint8 id[SIM_STUN_ID_BYTES] = {0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae};
static const guint8 response[] = {0x01, 0x01, 0x00, 0x3c, 0x21, 0x12, 0xa4, 0x42, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34,
                                  0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae, 0x80, 0x22, 0x00, 0x0b, 0x74, 0x65, 0x73, 0x74,
                                  0x20, 0x76, 0x65, 0x63, 0x74, 0x6f, 0x72, 0x20, 0x00, 0x20, 0x00, 0x08, 0x00, 0x01,
                                  0xa1, 0x47, 0xe1, 0x12, 0xa6, 0x43, 0x00, 0x08, 0x00, 0x14, 0x2b, 0x91, 0xf5, 0x99,
                                  0xfd, 0x9e, 0x90, 0xc3, 0x8c, 0x74, 0x89, 0xf9, 0x2a, 0xf9, 0xba, 0x53, 0xf0, 0x6b,
                                  0xe7, 0xd7, 0x80, 0x28, 0x00, 0x04, 0xc0, 0x7d, 0x4c, 0x96};

static void
test_answer(void)
{
  g_assert_true(sim_stun_is_answer(response, sizeof response, id, password));
  g_assert_false(sim_stun_is_answer(response, sizeof response, id, "another"));
  for (gsize cut = 0; cut < sizeof response; cut++) {
    g_autofree guint8 *copy = g_memdup2(response, MAX(cut, 1));
    g_assert_false(sim_stun_is_answer(copy, cut, id, password));
  }
  /* What is authenticated ends before the fingerprint. */
  for (gsize i = 0; i < sizeof response - 8; i++) {
    guint8 damaged[sizeof response];
    memcpy(damaged, response, sizeof response);
    damaged[i] ^= 1;
    g_assert_false(sim_stun_is_answer(damaged, sizeof damaged, id, password));
  }
}

static void
test_request(void)
{
  guint8 request[SIM_STUN_REQUEST_MAX];
  gsize size = sim_stun_request(request, id, "evtj:h6vY", password, 0x932ff9b151263b36);
  g_assert_cmpuint(size, ==, 20 + 4 + 12 + 8 + 12 + 4 + 24 + 8);
  g_assert_cmpuint((guint)request[2] << 8 | request[3], ==, size - 20);
  g_assert_cmpmem(request + 8, SIM_STUN_ID_BYTES, id, SIM_STUN_ID_BYTES);
  g_assert_false(sim_stun_is_answer(request, size, id, password)); /* a request is no answer */
  g_assert_true(sim_stun_request_id(request, size, password) == request + 8);
  g_assert_null(sim_stun_request_id(request, size, "another"));
}

/* The address is that of the RFC's sample: 192.0.2.1, port 32853. */
static void
test_own_answer(void)
{
  guint8 answer[SIM_STUN_REQUEST_MAX];
  gsize size = sim_stun_answer(answer, id, 0xc0000201, 32853, password);
  g_assert_true(sim_stun_is_answer(answer, size, id, password));
  g_assert_null(sim_stun_request_id(answer, size, password));
  g_assert_cmpmem(answer + 20, 12, response + 36, 12);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sites/stun/answer", test_answer);
  g_test_add_func("/sites/stun/request", test_request);
  g_test_add_func("/sites/stun/own-answer", test_own_answer);
  return g_test_run();
}
