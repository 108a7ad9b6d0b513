/* getifaddrs() sorted and filtered. No state. */
#include "mcu/addresses.h"

#include <arpa/inet.h>
#include <gio/gio.h>
#include <ifaddrs.h>
#include <net/if.h>

static GInetAddress *
address_of(const struct ifaddrs *entry)
{
  if (entry->ifa_addr == NULL || !(entry->ifa_flags & IFF_UP))
    return NULL;
  if (entry->ifa_addr->sa_family == AF_INET) {
    const struct sockaddr_in *in = (const struct sockaddr_in *)entry->ifa_addr;
    return g_inet_address_new_from_bytes((const guint8 *)&in->sin_addr, G_SOCKET_FAMILY_IPV4);
  }
  if (entry->ifa_addr->sa_family == AF_INET6) {
    const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)entry->ifa_addr;
    return g_inet_address_new_from_bytes((const guint8 *)&in6->sin6_addr, G_SOCKET_FAMILY_IPV6);
  }
  return NULL;
}

static void
collect(GPtrArray *found, const struct ifaddrs *all, GSocketFamily family, gboolean loopback, guint max)
{
  for (const struct ifaddrs *entry = all; entry != NULL && found->len < max; entry = entry->ifa_next) {
    g_autoptr(GInetAddress) address = address_of(entry);
    if (address == NULL || g_inet_address_get_family(address) != family || g_inet_address_get_is_link_local(address) ||
        g_inet_address_get_is_loopback(address) != loopback)
      continue;
    g_autofree char *text = g_inet_address_to_string(address);
    if (!g_ptr_array_find_with_equal_func(found, text, g_str_equal, NULL))
      g_ptr_array_add(found, g_steal_pointer(&text));
  }
}

char **
mcu_addresses_of_machine(gboolean loopback, guint max)
{
  GPtrArray *found = g_ptr_array_new();
  struct ifaddrs *all = NULL;
  if (getifaddrs(&all) == 0) {
    collect(found, all, G_SOCKET_FAMILY_IPV4, FALSE, max);
    collect(found, all, G_SOCKET_FAMILY_IPV6, FALSE, max);
    if (loopback || found->len == 0) {
      collect(found, all, G_SOCKET_FAMILY_IPV4, TRUE, max);
      collect(found, all, G_SOCKET_FAMILY_IPV6, TRUE, max);
    }
    freeifaddrs(all);
  }
  g_ptr_array_add(found, NULL);
  return (char **)g_ptr_array_free(found, FALSE);
}
