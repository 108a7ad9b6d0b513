/* The queue between the threads: order, wake-ups, limits, and two threads at once. */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "mcu/signaling/exchange.h"

static void
on_wake(gpointer user_data)
{
  atomic_fetch_add((atomic_uint *)user_data, 1);
}

static void
test_order_and_wake(void)
{
  atomic_uint wakes = 0;
  McuMailbox *box = mcu_mailbox_new(on_wake, &wakes);
  g_assert_null(mcu_mailbox_take(box));
  for (guint round = 0; round < 2; round++) {
    for (guint64 i = 0; i < 10; i++)
      mcu_mailbox_post(box, mcu_web_message_new(MCU_WEB_OPENED, i));
    g_assert_cmpuint(atomic_load(&wakes), ==, round + 1); /* once while there is something */
    for (guint64 i = 0; i < 10; i++) {
      g_autoptr(McuWebMessage) message = mcu_mailbox_take(box);
      g_assert_cmpuint(message->connection, ==, i);
    }
    g_assert_null(mcu_mailbox_take(box));
  }
  mcu_mailbox_post(box, mcu_web_message_new(MCU_WEB_STOP, 0));
  mcu_mailbox_free(box); /* with the one that is in it */
}

#define MESSAGES 20000

static gpointer
post_many(gpointer data)
{
  for (guint64 i = 0; i < MESSAGES; i++) {
    McuWebMessage *message = mcu_web_message_new(MCU_WEB_TEXT, i);
    message->text = g_strdup("text");
    message->size = 4;
    mcu_mailbox_post(data, message);
  }
  return NULL;
}

static void
test_two_threads(void)
{
  atomic_uint wakes = 0;
  McuMailbox *box = mcu_mailbox_new(on_wake, &wakes);
  GThread *thread = g_thread_new("poster", post_many, box);
  for (guint64 expected = 0; expected < MESSAGES;) {
    g_autoptr(McuWebMessage) message = mcu_mailbox_take(box);
    if (message == NULL) {
      g_thread_yield();
      continue;
    }
    g_assert_cmpuint(message->connection, ==, expected);
    g_assert_cmpstr(message->text, ==, "text");
    expected++;
  }
  g_thread_join(thread);
  g_assert_cmpuint(atomic_load(&wakes), >, 0);
  mcu_mailbox_free(box);
}

/* Counts what is in flight, and gives it back. */
static void
test_flow(void)
{
  McuWebFlow *flow = mcu_web_flow_new();
  for (guint round = 0; round < 3; round++) {
    GPtrArray *messages = g_ptr_array_new_with_free_func((GDestroyNotify)mcu_web_message_free);
    guint fitting = 0;
    for (guint i = 0; i < 300; i++) {
      McuWebMessage *message = mcu_web_message_new(MCU_WEB_TEXT, 1);
      message->flow = mcu_web_flow_ref(flow);
      message->size = 10;
      fitting += mcu_web_flow_add(flow, message->size);
      g_ptr_array_add(messages, message);
    }
    g_assert_cmpuint(fitting, ==, 256);
    g_ptr_array_unref(messages);
  }
  g_assert_true(mcu_web_flow_add(flow, 1024 * 1024));
  g_assert_false(mcu_web_flow_add(flow, 1));
  mcu_web_flow_unref(flow);
}

static void
test_response(void)
{
  g_autoptr(McuHttpResponse) response = mcu_http_response_new(200);
  mcu_http_response_header(response, "A", "b");
  mcu_http_response_header(response, "C", "d");
  mcu_http_response_body(response, "text/plain", g_strdup("first"));
  mcu_http_response_body(response, "text/plain", g_strdup("second"));
  g_assert_cmpstr(response->headers->str, ==, "A: b\r\nC: d\r\n");
  g_assert_cmpuint(g_bytes_get_size(response->body), ==, 6);
}

static void
test_header_injection(void)
{
  if (g_test_subprocess()) {
    McuHttpResponse *response = mcu_http_response_new(200);
    mcu_http_response_header(response, "A", "b\r\nSet-Cookie: x");
    return;
  }
  g_test_trap_subprocess(NULL, 0, 0);
  g_test_trap_assert_failed();
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/exchange/order-and-wake", test_order_and_wake);
  g_test_add_func("/exchange/two-threads", test_two_threads);
  g_test_add_func("/exchange/flow", test_flow);
  g_test_add_func("/exchange/response", test_response);
  g_test_add_func("/exchange/header-injection", test_header_injection);
  return g_test_run();
}
