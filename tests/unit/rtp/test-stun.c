/* STUN against the messages of RFC 5769, and against everything that is not quite one. */
#include <string.h>

#include "mcu/rtp/stun.h"

/* RFC 5769 2.1: sample request. */
static const guint8 request[] =
    "\x00\x01\x00\x58\x21\x12\xa4\x42\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae"
    "\x80\x22\x00\x10STUN test client"
    "\x00\x24\x00\x04\x6e\x00\x01\xff"
    "\x80\x29\x00\x08\x93\x2f\xf9\xb1\x51\x26\x3b\x36"
    "\x00\x06\x00\x09\x65\x76\x74\x6a\x3a\x68\x36\x76\x59\x20\x20\x20"
    "\x00\x08\x00\x14\x9a\xea\xa7\x0c\xbf\xd8\xcb\x56\x78\x1e\xf2\xb5\xb2\xd3\xf2\x49\xc1\xb5\x71\xa2"
    "\x80\x28\x00\x04\xe5\x7a\x3b\xcf";
static const gsize request_size = sizeof request - 1;
static const char pwd[] = "VOkJxbRl1RmTxUk/WvJxBt";

static void
test_request(void)
{
  McuStunRequest read;
  g_assert_true(mcu_stun_read_request(request, request_size, &read));
  g_assert_cmpmem(read.transaction, 12, "\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae", 12);
  g_assert_cmpmem(read.username, read.username_size, "evtj:h6vY", 9);
  g_assert_false(read.use_candidate);
  g_assert_true(read.controlled);
  g_assert_true(mcu_stun_is_authentic(request, &read, pwd));
  g_assert_false(mcu_stun_is_authentic(request, &read, "VOkJxbRl1RmTxUk/WvJxBs"));
  g_assert_false(mcu_stun_is_authentic(request, &read, ""));
}

/* Any bit changed is noticed: by the fingerprint, the form or the integrity. */
static void
test_changed(void)
{
  for (gsize bit = 0; bit < request_size * 8; bit++) {
    if (bit / 8 == request_size - 8 || bit / 8 == request_size - 7)
      continue; /* the type of the fingerprint: then it is none */
    guint8 copy[sizeof request];
    McuStunRequest read;
    memcpy(copy, request, sizeof request);
    copy[bit / 8] ^= (guint8)(1 << bit % 8);
    /* A length may swallow integrity and fingerprint: then nothing says who sent it. */
    g_assert_false(mcu_stun_read_request(copy, request_size, &read) && mcu_stun_is_authentic(copy, &read, pwd));
  }
  for (gsize size = 0; size < request_size; size++) {
    g_autofree guint8 *copy = g_memdup2(request, size + 1); /* so that reading over the end is seen */
    McuStunRequest read;
    g_assert_false(mcu_stun_read_request(copy, size, &read));
  }
}

/* Without a fingerprint only the integrity can tell. */
static void
test_without_fingerprint(void)
{
  guint8 copy[sizeof request];
  McuStunRequest read;
  gsize size = request_size - 8;
  memcpy(copy, request, sizeof request);
  copy[3] = (guint8)(size - MCU_STUN_HEADER);
  g_assert_true(mcu_stun_read_request(copy, size, &read));
  g_assert_true(mcu_stun_is_authentic(copy, &read, pwd)); /* its length field is not what was hashed */
  for (gsize i = 8; i < size - 24; i++) {
    copy[i] ^= 1;
    if (mcu_stun_read_request(copy, size, &read))
      g_assert_false(mcu_stun_is_authentic(copy, &read, pwd));
    copy[i] ^= 1;
  }
  copy[1] = 0x11; /* an indication */
  g_assert_false(mcu_stun_read_request(copy, size, &read));
}

/* What stands behind the integrity is nobody's. */
static void
test_behind_integrity(void)
{
  guint8 copy[sizeof request + 4];
  McuStunRequest read;
  gsize size = request_size - 8;
  memcpy(copy, request, size);
  memcpy(copy + size, "\x00\x25\x00\x00", 4); /* USE-CANDIDATE */
  copy[3] = (guint8)(size + 4 - MCU_STUN_HEADER);
  g_assert_true(mcu_stun_read_request(copy, size + 4, &read));
  g_assert_false(read.use_candidate);
  g_assert_true(mcu_stun_is_authentic(copy, &read, pwd));
}

static void
test_random(void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed(3);
  for (guint round = 0; round < 200000; round++) {
    guint8 data[120];
    gsize size = MCU_STUN_HEADER + 4 * (gsize)g_rand_int_range(rand, 0, 25);
    for (gsize i = 0; i < size; i++)
      data[i] = (guint8)(round % 2 ? g_rand_int(rand) : (guint32)g_rand_int_range(rand, 0, 40));
    memcpy(data, request, 8);
    data[2] = 0;
    data[3] = (guint8)(size - MCU_STUN_HEADER);
    g_autofree guint8 *exact = g_memdup2(data, size);
    McuStunRequest read;
    if (!mcu_stun_read_request(exact, size, &read))
      continue;
    g_assert_true(read.username == NULL || (const guint8 *)read.username + read.username_size <= exact + size);
    mcu_stun_is_authentic(exact, &read, pwd);
  }
}

/* RFC 5769 2.2: the same mapped address, transaction and password; its SOFTWARE attribute is not ours. */
static void
test_success_v4(void)
{
  static const guint8 xored[] = "\x00\x20\x00\x08\x00\x01\xa1\x47\xe1\x12\xa6\x43";
  const McuStunAddress mapped = {.family = 4, .address = {192, 0, 2, 1}, .port = {32853 >> 8, 32853 & 0xff}};
  guint8 out[MCU_STUN_ANSWER_MAX];
  gsize size = mcu_stun_write_success(out, request + 8, &mapped, pwd);
  g_assert_cmpuint(size, <=, MCU_STUN_ANSWER_MAX);
  g_assert_cmpmem(out, 2, "\x01\x01", 2);
  g_assert_cmpuint((gsize)(out[2] << 8 | out[3]) + MCU_STUN_HEADER, ==, size);
  g_assert_cmpmem(out + 4, 16, request + 4, 16);
  g_assert_cmpmem(out + 20, 12, xored, 12);
}

/* RFC 5769 2.3. */
static void
test_success_v6(void)
{
  static const guint8 address[16] = {0x20, 0x01, 0x0d, 0xb8, 0x12, 0x34, 0x56, 0x78,
                                     0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77};
  static const guint8 xored[] = "\x00\x20\x00\x14\x00\x02\xa1\x47\x01\x13\xa9\xfa\xa5\xd3\xf1\x79\xbc\x25\xf4\xb5\xbe"
                                "\xd2\xb9\xd9";
  McuStunAddress mapped = {.family = 6, .port = {32853 >> 8, 32853 & 0xff}};
  guint8 out[MCU_STUN_ANSWER_MAX];
  memcpy(mapped.address, address, 16);
  gsize size = mcu_stun_write_success(out, request + 8, &mapped, pwd);
  g_assert_cmpuint(size, ==, 20 + 24 + 24 + 8);
  g_assert_cmpmem(out + 20, 24, xored, 24);
}

static void
test_role_conflict(void)
{
  guint8 out[MCU_STUN_ANSWER_MAX];
  gsize size = mcu_stun_write_role_conflict(out, request + 8, pwd);
  g_assert_cmpuint(size, ==, 20 + 24 + 24 + 8);
  g_assert_cmpmem(out, 2, "\x01\x11", 2);
  g_assert_cmpmem(out + 20, 8, "\x00\x09\x00\x11\x00\x00\x04\x57", 8);
  g_assert_cmpmem(out + 28, 13, "Role Conflict", 13);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/stun/request", test_request);
  g_test_add_func("/stun/changed", test_changed);
  g_test_add_func("/stun/without-fingerprint", test_without_fingerprint);
  g_test_add_func("/stun/behind-integrity", test_behind_integrity);
  g_test_add_func("/stun/random", test_random);
  g_test_add_func("/stun/success-v4", test_success_v4);
  g_test_add_func("/stun/success-v6", test_success_v6);
  g_test_add_func("/stun/role-conflict", test_role_conflict);
  return g_test_run();
}
