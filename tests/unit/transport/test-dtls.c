/* Two associations joined by queues: no socket, no time but OpenSSL's own retransmission timer, which no
 * test here needs. */
#include <string.h>

#include "mcu/transport/cert.h"
#include "mcu/transport/dtls.h"
#include "mcu/util/error.h"

typedef struct {
  McuCert *cert;
  McuDtls *dtls;
  GQueue *out; /* of GBytes */
  McuDtlsResult result;
  GError *error;
} End;

static void
on_send(const guint8 *datagram, gsize size, gpointer user_data)
{
  End *end = user_data;
  g_assert_cmpuint(size, <=, 1200);
  g_queue_push_tail(end->out, g_bytes_new(datagram, size));
}

static void
end_init(End *end, McuCert *cert)
{
  *end = (End){.cert = cert, .out = g_queue_new()};
}

static void
end_open(End *end, McuDtlsRole role, const guint8 *peer_fingerprint)
{
  g_autoptr(GError) error = NULL;
  gpointer context = mcu_dtls_context(end->cert, &error);
  g_assert_no_error(error);
  end->dtls = mcu_dtls_new(context, role, peer_fingerprint, on_send, end);
  end->result = mcu_dtls_start(end->dtls, &end->error);
}

static void
end_clear(End *end)
{
  mcu_dtls_free(end->dtls);
  g_queue_free_full(end->out, (GDestroyNotify)g_bytes_unref);
  g_clear_error(&end->error);
}

static gboolean
carry(End *from, End *to)
{
  g_autoptr(GBytes) datagram = g_queue_pop_head(from->out);
  if (datagram == NULL)
    return FALSE;
  gsize size;
  const guint8 *data = g_bytes_get_data(datagram, &size);
  McuDtlsResult result = mcu_dtls_receive(to->dtls, data, size, to->error == NULL ? &to->error : NULL);
  /* The rest of a flight, or one repeated on a slow machine, comes after the end and changes nothing. */
  if (result != MCU_DTLS_GOING_ON && to->result != MCU_DTLS_FAILED)
    to->result = result;
  return TRUE;
}

static void
handshake(End *a, End *b)
{
  while (carry(a, b) || carry(b, a)) {
  }
}

static void
test_keys_agree(void)
{
  g_autoptr(McuCert) one = mcu_cert_new(NULL);
  g_autoptr(McuCert) other = mcu_cert_new(NULL);
  End client, server;
  end_init(&client, one);
  end_init(&server, other);
  end_open(&server, MCU_DTLS_SERVER, mcu_cert_fingerprint(one));
  end_open(&client, MCU_DTLS_CLIENT, mcu_cert_fingerprint(other));
  handshake(&client, &server);
  g_assert_cmpint(client.result, ==, MCU_DTLS_ESTABLISHED);
  g_assert_cmpint(server.result, ==, MCU_DTLS_ESTABLISHED);

  McuSrtpProfile client_profile, server_profile;
  McuSrtpKey client_send, client_receive, server_send, server_receive;
  mcu_dtls_get_keys(client.dtls, &client_profile, &client_send, &client_receive);
  mcu_dtls_get_keys(server.dtls, &server_profile, &server_send, &server_receive);
  g_assert_cmpint(client_profile, ==, MCU_SRTP_AEAD_AES_128_GCM);
  g_assert_cmpint(server_profile, ==, MCU_SRTP_AEAD_AES_128_GCM);
  g_assert_cmpmem(&client_send, sizeof client_send, &server_receive, sizeof server_receive);
  g_assert_cmpmem(&client_receive, sizeof client_receive, &server_send, sizeof server_send);
  g_assert_cmpint(memcmp(&client_send, &server_send, sizeof client_send), !=, 0);

  mcu_dtls_close(client.dtls);
  carry(&client, &server);
  g_assert_cmpint(server.result, ==, MCU_DTLS_CLOSED);
  end_clear(&client);
  end_clear(&server);
}

static void
test_wrong_fingerprint(void)
{
  g_autoptr(McuCert) one = mcu_cert_new(NULL);
  g_autoptr(McuCert) other = mcu_cert_new(NULL);
  g_autoptr(McuCert) third = mcu_cert_new(NULL);
  End client, server;
  end_init(&client, one);
  end_init(&server, other);
  end_open(&server, MCU_DTLS_SERVER, mcu_cert_fingerprint(third));
  end_open(&client, MCU_DTLS_CLIENT, mcu_cert_fingerprint(other));
  handshake(&client, &server);
  g_assert_cmpint(server.result, ==, MCU_DTLS_FAILED);
  g_assert_error(server.error, MCU_ERROR, MCU_ERROR_TRANSPORT);
  end_clear(&client);
  end_clear(&server);
}

/* Junk before, during and after the handshake neither ends nor delays it. */
static void
test_junk(void)
{
  g_autoptr(McuCert) one = mcu_cert_new(NULL);
  g_autoptr(McuCert) other = mcu_cert_new(NULL);
  g_autoptr(GRand) rand = g_rand_new_with_seed(7);
  End client, server;
  end_init(&client, one);
  end_init(&server, other);
  end_open(&server, MCU_DTLS_SERVER, mcu_cert_fingerprint(one));
  end_open(&client, MCU_DTLS_CLIENT, mcu_cert_fingerprint(other));

  guint8 junk[256];
  gboolean going = TRUE;
  for (guint round = 0; going; round++) {
    for (guint i = 0; i < 5; i++) {
      gsize size = (gsize)g_rand_int_range(rand, 1, sizeof junk);
      for (gsize j = 0; j < size; j++)
        junk[j] = (guint8)g_rand_int(rand);
      junk[0] = (guint8)g_rand_int_range(rand, 20, 64);
      mcu_dtls_receive(server.dtls, junk, size, NULL);
    }
    going = carry(&client, &server) | carry(&server, &client);
  }
  g_assert_cmpint(client.result, ==, MCU_DTLS_ESTABLISHED);
  g_assert_cmpint(server.result, ==, MCU_DTLS_ESTABLISHED);

  /* Short application data records with the right epoch (CVE-2026-75806) and forged alerts. */
  for (guint type = 20; type < 24; type++) {
    for (guint size = 0; size < 64; size++) {
      guint8 record[13 + 64] = {(guint8)type, 0xfe, 0xfd, 0, 1, 0, 0, 0, 0, 9, (guint8)size, 0, (guint8)size};
      McuDtlsResult result = mcu_dtls_receive(server.dtls, record, 13 + size, NULL);
      g_assert_cmpint(result, !=, MCU_DTLS_CLOSED);
      g_assert_cmpint(result, !=, MCU_DTLS_FAILED);
    }
  }
  end_clear(&client);
  end_clear(&server);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/dtls/keys-agree", test_keys_agree);
  g_test_add_func("/dtls/wrong-fingerprint", test_wrong_fingerprint);
  g_test_add_func("/dtls/junk", test_junk);
  return g_test_run();
}
