// Debian's simple-whip-client, unchanged, on loopback. Two things of Debian 12 stand in its way, and one
// small library answers for both:
// - it is linked with libsoup 2, while libnice brings libsoup 3 along through its UPnP library, and
//   libsoup refuses to share a process: it ends before it starts. UPnP is stood in for.
// - libnice leaves loopback out where there is another interface. Here lo is the only one.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run, start } from './process.mjs';

const STAND_IN = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <glib-object.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <string.h>
static void nothing(GObject *object) { (void)object; }
GType gupnp_simple_igd_thread_get_type(void)
{
  static GType type;
  if (type == 0) {
    type = g_type_register_static_simple(G_TYPE_OBJECT, "NoUpnp", sizeof(GObjectClass), NULL, sizeof(GObject), NULL, 0);
    g_signal_new("mapped-external-port", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    g_signal_new("error-mapping-port", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  }
  return type;
}
GType gupnp_simple_igd_get_type(void) { return gupnp_simple_igd_thread_get_type(); }
gpointer gupnp_simple_igd_thread_new(void) { return g_object_new(gupnp_simple_igd_thread_get_type(), NULL); }
void gupnp_simple_igd_add_port(GObject *igd) { nothing(igd); }
void gupnp_simple_igd_remove_port_local(GObject *igd) { nothing(igd); }
int getifaddrs(struct ifaddrs **list)
{
  int (*next)(struct ifaddrs **) = (int (*)(struct ifaddrs **))dlsym(RTLD_NEXT, "getifaddrs");
  int result = next(list);
  for (struct ifaddrs *i = result == 0 ? *list : NULL; i != NULL; i = i->ifa_next)
    i->ifa_flags &= ~(unsigned)(strcmp(i->ifa_name, "lo") == 0 ? IFF_LOOPBACK : IFF_UP | IFF_RUNNING);
  return result;
}
`;

/** `audio` and `video`: GStreamer pipelines that end in RTP. `folder`: for what is built on the way. */
export async function startWhipClient(folder, { url, token, audio, video }) {
  const source = join(folder, 'stand-in.c');
  const library = join(folder, 'libgupnp-igd-1.0.so.4');
  await writeFile(source, STAND_IN);
  const flags = (await run('pkg-config', ['--cflags', '--libs', 'gobject-2.0'])).trim().split(/\s+/);
  await run('cc', ['-shared', '-fPIC', '-o', library, source, ...flags]);
  const env = { ...process.env, LD_LIBRARY_PATH: folder, LD_PRELOAD: library };
  return start('whip-client', ['-u', url, '-t', token, '-A', audio, '-V', video], { env });
}
