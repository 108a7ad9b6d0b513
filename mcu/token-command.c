/* One link by the key of a data folder, whether the server runs or not. Runs once, on main. */
#include "mcu/token-command.h"

#include <stdio.h>
#include <string.h>

#include "mcu/links.h"
#include "mcu/server.h"
#include "mcu/subcommand.h"
#include "mcu/util/error.h"

#define HOURS_MAX (24 * 366)

typedef struct {
  char *data, *url, *meeting, *site, *title, *name, *role;
  int hours;
} Options;

static void
options_clear(Options *options)
{
  char *const texts[] = {options->data,  options->url,  options->meeting, options->site,
                         options->title, options->name, options->role};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(texts[i]);
}

static char *
to_nfc(const char *text)
{
  char *nfc = text != NULL ? g_utf8_normalize(text, -1, G_NORMALIZE_NFC) : NULL;
  return nfc != NULL || text == NULL ? nfc : g_strdup(text); /* not UTF-8: refused when the link is checked */
}

static char *
make_link(const Options *options, gboolean admin, McuRole role, GError **error)
{
  g_autofree char *key_path = mcu_server_make_token_key_path(options->data != NULL ? options->data : "data");
  g_autoptr(McuTokenKey) key = mcu_token_key_load(key_path, FALSE, error);
  if (key == NULL) {
    g_prefix_error(error, "the key of the server is not there; start it once, or name its folder by --data: ");
    return NULL;
  }
  g_autofree char *url = options->url != NULL ? g_strdup(options->url) : mcu_server_make_url(TRUE, "0.0.0.0", 8443);
  while (g_str_has_suffix(url, "/"))
    url[strlen(url) - 1] = '\0';
  g_autofree char *title = to_nfc(options->title);
  g_autofree char *name = to_nfc(options->name);
  const McuLink link = {
      .url = url,
      .admin = admin,
      .meeting = options->meeting,
      .title = title,
      .site = options->site,
      .name = name,
      .role = role,
      .hours = (guint)options->hours,
  };
  return mcu_link_make(key, &link, error);
}

static int
run(const Options *options)
{
  McuRole role = MCU_ROLE_SITE;
  gboolean admin = options->role != NULL && strcmp(options->role, "admin") == 0;
  if (!admin && options->site == NULL) {
    fprintf(stderr, "diemcau token: --site is needed, and --meeting for a link to one meeting; see diemcau token "
                    "--help\n");
    return 2;
  }
  if (admin && (options->site != NULL || options->meeting != NULL)) {
    fprintf(stderr, "diemcau token: an admin has no --site and no --meeting\n");
    return 2;
  }
  if (!admin && options->meeting == NULL && options->role != NULL) {
    fprintf(stderr, "diemcau token: without --meeting the role is what the meeting's list says; leave out --role\n");
    return 2;
  }
  if (!admin && options->role != NULL && !mcu_room_role_parse(options->role, &role)) {
    fprintf(stderr, "diemcau token: --role is chair, secretary, operator, site, observer or admin, not \"%s\"\n",
            options->role);
    return 2;
  }
  if (options->hours < 1 || options->hours > HOURS_MAX) {
    fprintf(stderr, "diemcau token: --hours is a number from 1 to %d\n", HOURS_MAX);
    return 2;
  }
  g_autoptr(GError) error = NULL;
  g_autofree char *link = make_link(options, admin, role, &error);
  if (link == NULL) {
    fprintf(stderr, "diemcau token: %s\n", error->message);
    return 1;
  }
  printf("%s\n", link);
  return 0;
}

int
mcu_token_command(char **argv)
{
  Options options = {.hours = 24};
  const GOptionEntry entries[] = {
      {"data", 0, 0, G_OPTION_ARG_FILENAME, &options.data, "Data folder of the server (./data)", "DIR"},
      {"meeting", 0, 0, G_OPTION_ARG_STRING, &options.meeting,
       "Id of the meeting; without it the link opens each meeting on whose list the site is", "ID"},
      {"title", 0, 0, G_OPTION_ARG_STRING, &options.title, "Name of the meeting", "TEXT"},
      {"site", 0, 0, G_OPTION_ARG_STRING, &options.site, "Id of the site: one seat each", "ID"},
      {"name", 0, 0, G_OPTION_ARG_STRING, &options.name, "Name of the site, shown in the picture", "TEXT"},
      {"role", 0, 0, G_OPTION_ARG_STRING, &options.role, "What it may do (site)",
       "chair|secretary|operator|site|observer|admin"},
      {"hours", 0, 0, G_OPTION_ARG_INT, &options.hours, "How long the link opens (24)", "N"},
      {"url", 0, 0, G_OPTION_ARG_STRING, &options.url, "Address of the server (https, this machine, port 8443)", "URL"},
      G_OPTION_ENTRY_NULL,
  };
  const McuSubcommand command = {
      .name = "token",
      .what = "- print a link that lets somebody into a meeting",
      .summary = "Who has the link may join; keep it like a key.",
      .entries = entries,
  };
  int code;
  if (mcu_subcommand_parse(&command, argv, &code))
    code = run(&options);
  options_clear(&options);
  return code;
}
