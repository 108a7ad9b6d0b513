/* A network for simulations in the place of mcu/transport/ice.c: agents find each other by user name, and
 * every datagram goes over a link with loss, delay, disorder and duplicates from a seed, in virtual time. */
#pragma once

#include <glib.h>

typedef struct {
  guint32 seed;
  double loss; /* 0..1, each datagram */
  double duplicate;
  gint64 delay_us;  /* one way */
  gint64 jitter_us; /* added to it, uniform: enough of it makes disorder */
} FakeLink;

/* Applies to datagrams sent from now on; starts the random sequence anew when the seed changes. */
void fake_ice_set_link(const FakeLink *link);
void fake_ice_set_now(gint64 now_us);
/* Puts a datagram into the agent of this user name as if its peer had sent it, at once. */
void fake_ice_inject(const char *ufrag, const guint8 *data, gsize size);
/* The last datagrams sent to that agent: calls `func` for each, oldest first. */
void fake_ice_each_sent(const char *ufrag, void (*func)(const guint8 *data, gsize size, gpointer), gpointer user_data);
