/* One process has one main thread, so this is the one file of util with state of the process. */
#include "mcu/util/loop.h"

#include <stdatomic.h>

static _Atomic(GThread *) main_thread;

typedef struct {
  void (*func)(gpointer data);
  gpointer data;
} Call;

void
mcu_loop_adopt_main(void)
{
  atomic_store(&main_thread, g_thread_self());
}

gboolean
mcu_loop_is_main(void)
{
  GThread *thread = atomic_load_explicit(&main_thread, memory_order_relaxed);
  return thread == NULL || thread == g_thread_self();
}

static gboolean
do_call(gpointer user_data)
{
  Call *call = user_data;
  call->func(call->data);
  return G_SOURCE_REMOVE;
}

void
mcu_loop_invoke_main(void (*func)(gpointer data), gpointer data)
{
  Call *call = g_new(Call, 1);
  *call = (Call){.func = func, .data = data};
  /* Not g_main_context_invoke(): that runs at once when called on main, out of order. */
  g_idle_add_full(G_PRIORITY_DEFAULT, do_call, call, g_free);
}
