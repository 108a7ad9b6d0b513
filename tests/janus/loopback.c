/* Preloaded into Janus alone: it never uses an interface that calls itself loopback for media, whatever
 * its configuration says, and in a comparison nothing shall be reached from outside. So its list of
 * interfaces does not say it. */
#include <dlfcn.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stddef.h>

int
getifaddrs(struct ifaddrs **out_list)
{
  int (*next)(struct ifaddrs **) = NULL;
  *(void **)&next = dlsym(RTLD_NEXT, "getifaddrs"); /* the cast that POSIX recommends */
  int status = next(out_list);
  for (struct ifaddrs *item = status == 0 ? *out_list : NULL; item != NULL; item = item->ifa_next)
    item->ifa_flags &= ~(unsigned)IFF_LOOPBACK;
  return status;
}
