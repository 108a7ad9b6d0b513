/* One atomic number; nothing else is published by it, so its order does not matter. */
#include "pipelines/heard-at.h"

#include <stdatomic.h>

struct PlHeardAt {
  _Atomic gint64 heard_us;
};

PlHeardAt *
pl_heard_at_new(void)
{
  return g_atomic_rc_box_new0(PlHeardAt);
}

PlHeardAt *
pl_heard_at_ref(PlHeardAt *at)
{
  return g_atomic_rc_box_acquire(at);
}

void
pl_heard_at_unref(PlHeardAt *at)
{
  if (at != NULL)
    g_atomic_rc_box_release(at);
}

void
pl_heard_at_set(PlHeardAt *at, gint64 heard_us)
{
  atomic_store_explicit(&at->heard_us, heard_us, memory_order_relaxed);
}

gint64
pl_heard_at_get(PlHeardAt *at)
{
  return atomic_load_explicit(&at->heard_us, memory_order_relaxed);
}
