/* The machine's own addresses, for the candidates and the certificate. */
#pragma once

#include <glib.h>

/* [any] Addresses of interfaces that are up, IPv4 first, without link-local ones; loopback only when
 * `loopback` or when there is no other. At most `max`. Caller frees with g_strfreev. */
char **mcu_addresses_of_machine(gboolean loopback, guint max);
