/* The demo: links for people, diemcau-sites for the rest. Owned by main.c, on main. */
#include "mcu/demo.h"

#include <gio/gio.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>

#include "mcu/links.h"
#include "mcu/util/error.h"

#define MEETING "demo"
#define TITLE "Giao ban thử nghiệm"
#define HOURS 24
#define PATIENCE_US (2 * G_USEC_PER_SEC)

struct McuDemo {
  GSubprocess *sites;
  GCancellable *watch;
  gboolean ended;
};

static gboolean
print_link(McuServer *server, const char *label, const char *site, const char *name, McuRole role, GError **error)
{
  const McuLink link = {
      .url = mcu_server_url(server),
      .meeting = MEETING,
      .title = TITLE,
      .site = site,
      .name = name,
      .role = role,
      .hours = HOURS,
  };
  g_autofree char *text = mcu_link_make(mcu_server_token_key(server), &link, error);
  if (text == NULL)
    return FALSE;
  printf("  %s\n    %s\n", label, text);
  return TRUE;
}

static gboolean
print_links(McuServer *server, GError **error)
{
  printf("\n%s – phiên họp thử / demo meeting (%d h)\n", TITLE, HOURS);
  gboolean ok = print_link(server, "Chủ trì / Chair", "chu-tri", "Chủ trì", MCU_ROLE_CHAIR, error) &&
                print_link(server, "Điểm cầu / Site", "diem-cau", "Điểm cầu thử", MCU_ROLE_SITE, error) &&
                print_link(server, "Dự thính / Observer", "du-thinh", "Dự thính", MCU_ROLE_OBSERVER, error);
  printf("\n");
  fflush(stdout);
  return ok;
}

/* Beside the executable when installed, in the neighbouring folder in the build tree. */
static char *
find_sites(GError **error)
{
  static const char *const places[] = {"diemcau-sites", "../tests/sites/diemcau-sites"};
  g_autofree char *executable = g_file_read_link("/proc/self/exe", NULL);
  g_autofree char *beside = g_path_get_dirname(executable != NULL ? executable : ".");
  for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
    g_autofree char *path = g_canonicalize_filename(places[i], beside);
    if (g_file_test(path, G_FILE_TEST_IS_EXECUTABLE))
      return g_steal_pointer(&path);
  }
  g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "the simulated sites are not there: no diemcau-sites beside %s",
              executable != NULL ? executable : "the executable");
  return NULL;
}

/* Between fork and exec: whatever ends us ends them too. */
static void
die_with_parent(gpointer user_data)
{
  (void)user_data;
  prctl(PR_SET_PDEATHSIG, SIGTERM);
}

static void
on_sites_ended(GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;
  if (!g_subprocess_wait_finish(G_SUBPROCESS(source), result, &error) &&
      g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* the demo is gone */
  McuDemo *demo = user_data;
  demo->ended = TRUE;
  if (g_subprocess_get_if_exited(demo->sites))
    g_message("the simulated sites ended (exit status %d)", g_subprocess_get_exit_status(demo->sites));
  else
    g_message("the simulated sites ended (signal %d)", g_subprocess_get_term_sig(demo->sites));
}

static gboolean
start_sites(McuDemo *demo, McuServer *server, guint n_sites, GError **error)
{
  g_autofree char *program = find_sites(error);
  if (program == NULL)
    return FALSE;
  g_autofree char *count = g_strdup_printf("%u", n_sites);
  const char *const argv[] = {program,
                              "--server",
                              mcu_server_url(server),
                              "--key",
                              mcu_server_token_key_path(server),
                              "--meeting",
                              MEETING,
                              "--title",
                              TITLE,
                              "--insecure", /* the certificate is most likely our own */
                              "--sites",
                              count,
                              "--seconds",
                              "0",
                              NULL};
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_NONE);
  g_subprocess_launcher_set_child_setup(launcher, die_with_parent, NULL, NULL);
  demo->sites = g_subprocess_launcher_spawnv(launcher, argv, error);
  if (demo->sites == NULL)
    return FALSE;
  demo->watch = g_cancellable_new();
  g_subprocess_wait_async(demo->sites, demo->watch, on_sites_ended, demo);
  g_message("started %u simulated sites", n_sites);
  return TRUE;
}

McuDemo *
mcu_demo_new(McuServer *server, guint n_sites, GError **error)
{
  McuDemo *demo = g_new0(McuDemo, 1);
  if (!print_links(server, error) || !start_sites(demo, server, n_sites, error)) {
    mcu_demo_free(demo);
    return NULL;
  }
  return demo;
}

static gboolean
on_tick(gpointer user_data)
{
  (void)user_data;
  return G_SOURCE_CONTINUE; /* only turns the loop */
}

void
mcu_demo_free(McuDemo *demo)
{
  if (demo == NULL)
    return;
  if (demo->sites != NULL && !demo->ended) {
    g_subprocess_send_signal(demo->sites, SIGTERM);
    guint tick = g_timeout_add(100, on_tick, NULL);
    gint64 until = g_get_monotonic_time() + PATIENCE_US;
    while (!demo->ended && g_get_monotonic_time() < until)
      g_main_context_iteration(NULL, TRUE);
    g_source_remove(tick);
    if (!demo->ended) {
      g_warning("the simulated sites do not end: killed");
      g_subprocess_force_exit(demo->sites);
    }
  }
  if (demo->watch != NULL)
    g_cancellable_cancel(demo->watch);
  g_clear_object(&demo->watch);
  g_clear_object(&demo->sites);
  g_free(demo);
}
