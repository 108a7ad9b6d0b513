/* The lite agent: who may be answered, what selects a pair, and what a restart changes. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "mcu/transport/ice-lite.h"
#include "stun-client.h"

static const char *const loopback[] = {"127.0.0.1", NULL};

typedef struct {
  McuPort *port;
  McuIceLite *lite;
} Fixture;

static void
set_up(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr(GError) error = NULL;
  f->port = mcu_port_new(loopback, 0, 0, &error);
  g_assert_no_error(error);
  f->lite = mcu_ice_lite_new(f->port);
}

static void
tear_down(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  mcu_ice_lite_free(f->lite);
  mcu_port_free(f->port);
}

static struct sockaddr_storage
address_of(guint16 port)
{
  struct sockaddr_storage storage = {0};
  struct sockaddr_in *v4 = (void *)&storage;
  *v4 = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  return storage;
}

/* The class of the answer: 1 success, 2 error, 0 none. */
static guint
check(Fixture *f, const StunClientRequest *what, guint16 port, gboolean *out_checked)
{
  guint8 data[256], answer[MCU_STUN_ANSWER_MAX];
  McuStunRequest request;
  struct sockaddr_storage from = address_of(port);
  gsize size = stun_client_request(data, what);
  g_assert_true(mcu_stun_read_request(data, size, &request));
  gsize got = mcu_ice_lite_check(f->lite, data, &request, 7, &from, sizeof(struct sockaddr_in), answer, out_checked);
  if (got == 0)
    return 0;
  g_assert_cmpuint((gsize)(answer[2] << 8 | answer[3]) + 20, ==, got);
  return answer[1] == 0x01 ? 1 : 2;
}

static char *
username(Fixture *f)
{
  return g_strdup_printf("%s:peer", mcu_ice_lite_ufrag(f->lite));
}

static void
test_selects(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *name = username(f);
  McuUdpBatch *batch = mcu_udp_batch_new();
  gboolean checked;
  g_assert_cmpint(mcu_ice_lite_state(f->lite), ==, MCU_ICE_CHECKING);
  g_assert_false(mcu_ice_lite_queue(f->lite, batch, 10));

  StunClientRequest request = {.username = name, .pwd = mcu_ice_lite_pwd(f->lite)};
  g_assert_cmpuint(check(f, &request, 4000, &checked), ==, 1);
  g_assert_true(checked);
  g_assert_cmpint(mcu_ice_lite_state(f->lite), ==, MCU_ICE_CHECKING); /* not selected by it */
  request.use_candidate = TRUE;
  g_assert_cmpuint(check(f, &request, 4001, &checked), ==, 1);
  g_assert_cmpint(mcu_ice_lite_state(f->lite), ==, MCU_ICE_READY);
  g_assert_true(mcu_ice_lite_queue(f->lite, batch, 10));
  mcu_udp_batch_free(batch);
}

static void
test_refuses(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *name = username(f);
  gboolean checked;
  StunClientRequest wrong[] = {
      {.username = name, .pwd = "not the password at all"},
      {.username = "somebodyelse:peer", .pwd = mcu_ice_lite_pwd(f->lite)},
      {.username = mcu_ice_lite_ufrag(f->lite), .pwd = mcu_ice_lite_pwd(f->lite)}, /* without the peer's half */
      {.username = mcu_ice_lite_id(f->lite), .pwd = mcu_ice_lite_pwd(f->lite)},
  };
  for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
    wrong[i].use_candidate = TRUE;
    g_assert_cmpuint(check(f, &wrong[i], 4000, &checked), ==, 0);
    g_assert_false(checked);
  }
  StunClientRequest role = {.username = name, .pwd = mcu_ice_lite_pwd(f->lite), .controlled = TRUE};
  g_assert_cmpuint(check(f, &role, 4000, &checked), ==, 2);
  g_assert_false(checked);
  g_assert_cmpint(mcu_ice_lite_state(f->lite), ==, MCU_ICE_CHECKING);
}

static void
test_restart(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *old_name = username(f), *old_pwd = g_strdup(mcu_ice_lite_pwd(f->lite));
  StunClientRequest old = {.username = old_name, .pwd = old_pwd};
  gboolean checked;
  mcu_ice_lite_restart(f->lite);
  g_autofree char *new_name = username(f);
  g_assert_cmpstr(new_name, !=, old_name);
  g_assert_cmpstr(mcu_ice_lite_pwd(f->lite), !=, old_pwd);
  g_assert_true(g_str_has_prefix(new_name, mcu_ice_lite_id(f->lite)));

  g_assert_cmpuint(check(f, &old, 4000, &checked), ==, 1); /* the answer may still be on its way */
  StunClientRequest mixed = {.username = new_name, .pwd = old_pwd};
  g_assert_cmpuint(check(f, &mixed, 4000, &checked), ==, 0);
  StunClientRequest fresh = {.username = new_name, .pwd = mcu_ice_lite_pwd(f->lite), .use_candidate = TRUE};
  g_assert_cmpuint(check(f, &fresh, 4000, &checked), ==, 1);
  g_assert_cmpuint(check(f, &old, 4000, &checked), ==, 0);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add("/ice-lite/selects", Fixture, NULL, set_up, test_selects, tear_down);
  g_test_add("/ice-lite/refuses", Fixture, NULL, set_up, test_refuses, tear_down);
  g_test_add("/ice-lite/restart", Fixture, NULL, set_up, test_restart, tear_down);
  return g_test_run();
}
