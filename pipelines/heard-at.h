/* PlHeardAt: when a site was heard last. The sound's tick writes it, main and the threads that compose read it:
 * neither waits for the other, and a frame round who speaks is there with the next picture. Reference counted,
 * because voice, seat and tile end at different times. All [any]. */
#pragma once

#include <glib.h>

typedef struct PlHeardAt PlHeardAt;

PlHeardAt *pl_heard_at_new(void);
PlHeardAt *pl_heard_at_ref(PlHeardAt *at);
void pl_heard_at_unref(PlHeardAt *at);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlHeardAt, pl_heard_at_unref)

/* Monotonic us; 0: never. */
void pl_heard_at_set(PlHeardAt *at, gint64 heard_us);
gint64 pl_heard_at_get(PlHeardAt *at);
