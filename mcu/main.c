/* The program: subcommands, signals and the main loop, and the one place that knows both the meeting
 * side (mcu/) and the media side (pipelines/). */
#include <glib-unix.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "mcu/demo.h"
#include "mcu/log-command.h"
#include "mcu/minutes-command.h"
#include "mcu/server.h"
#include "mcu/token-command.h"
#include "mcu/util/log.h"
#include "mcu/util/loop.h"
#include "pipelines/engine.h"

static const char usage[] = "usage: diemcau COMMAND [OPTION...]\n"
                            "\n"
                            "Diemcau is a video-conference bridge: many sites, one picture, one sound.\n"
                            "\n"
                            "  serve      run the bridge\n"
                            "  token      print a link that lets somebody into a meeting\n"
                            "  log        print what was kept of meetings, and check that nobody changed it\n"
                            "  minutes    write the minutes of a meeting\n"
                            "\n"
                            "  diemcau COMMAND --help   options of a command\n"
                            "  diemcau --version        version\n";

static gboolean
on_stop(gpointer user_data)
{
  g_message("stopping; once more to stop at once");
  /* The rest is done after the loop, so only the kernel can hear the second signal. */
  signal(SIGINT, SIG_DFL);
  signal(SIGTERM, SIG_DFL);
  g_main_loop_quit(user_data);
  return G_SOURCE_CONTINUE;
}

static int
serve(const McuConfig *config)
{
  g_autoptr(GError) error = NULL;
  mcu_log_init(config->verbose);
  signal(SIGPIPE, SIG_IGN);
  umask(0077); /* keys, database and recordings are for the owner alone */

  McuServer *server = mcu_server_new(config, pl_media_engine(), &error);
  McuDemo *demo = NULL;
  if (server != NULL && config->demo > 0)
    demo = mcu_demo_new(server, (guint)config->demo, &error);
  if (error != NULL) {
    fprintf(stderr, "diemcau: %s\n", error->message);
  } else {
    printf("Diemcau: %s\n", mcu_server_url(server));
    fflush(stdout);
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    guint on_int = g_unix_signal_add(SIGINT, on_stop, loop);
    guint on_term = g_unix_signal_add(SIGTERM, on_stop, loop);
    g_main_loop_run(loop);
    g_source_remove(on_int);
    g_source_remove(on_term);
  }
  mcu_demo_free(demo);
  mcu_server_free(server);
  if (error == NULL)
    g_message("stopped");
  return error != NULL ? 1 : 0;
}

static int
serve_command(char **argv)
{
  for (guint i = 1; argv[i] != NULL; i++)
    if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
      g_autofree char *help = mcu_config_help();
      fputs(help, stdout);
      return 0;
    }
  g_autoptr(McuConfig) config = mcu_config_new();
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) rest = g_strdupv(argv);
  if (mcu_config_parse(config, &rest, &error))
    return serve(config);
  gboolean wrong_use = error->domain == G_OPTION_ERROR;
  fprintf(stderr, "diemcau serve: %s%s\n", error->message, wrong_use ? "; see diemcau serve --help" : "");
  return wrong_use ? 2 : 1;
}

int
main(int argc, char **argv)
{
  /* Names on the command line are UTF-8, also where no locale is set (a bare Debian, systemd). */
  setlocale(LC_CTYPE, "C.UTF-8");
  mcu_loop_adopt_main();
  const char *command = argc > 1 ? argv[1] : "";
  if (strcmp(command, "serve") == 0)
    return serve_command(argv + 1);
  if (strcmp(command, "token") == 0)
    return mcu_token_command(argv + 1);
  if (strcmp(command, "log") == 0)
    return mcu_log_command(argv + 1);
  if (strcmp(command, "minutes") == 0)
    return mcu_minutes_command(argv + 1);
  if (strcmp(command, "--version") == 0) {
    printf("diemcau %s\n", MCU_VERSION);
    return 0;
  }
  if (strcmp(command, "--help") == 0 || strcmp(command, "-h") == 0 || strcmp(command, "help") == 0) {
    fputs(usage, stdout);
    return 0;
  }
  if (argc > 1)
    fprintf(stderr, "diemcau: unknown command \"%s\"\n", command);
  fputs(usage, stderr);
  return 2;
}
