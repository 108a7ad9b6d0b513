/* The table of settings, and how they are read and checked. Used once at the start, by main. */
#include "mcu/util/config.h"

#include <arpa/inet.h>
#include <gio/gio.h>
#include <stddef.h>
#include <string.h>

#include "mcu/media-engine.h"
#include "mcu/util/error.h"

typedef enum { SETTING_TEXT, SETTING_PATH, SETTING_NUMBER, SETTING_FLAG } SettingType;

typedef struct {
  const char *group; /* of the INI file; NULL: command line only */
  const char *name;  /* key and option */
  SettingType type;
  gsize offset;
  int min, max; /* of numbers */
  const char *argument;
  const char *help;
} Setting;

#define FIELD(name) offsetof(McuConfig, name)

static const Setting settings[] = {
    {"server", "data", SETTING_PATH, FIELD(data), 0, 0, "DIR", "Folder of the database, keys and recordings (./data)"},
    {"server", "listen", SETTING_TEXT, FIELD(listen), 0, 0, "ADDR:PORT", "Address of the pages (0.0.0.0:8443)"},
    {"server", "http", SETTING_FLAG, FIELD(http), 0, 0, NULL, "Plain HTTP instead of HTTPS; on loopback only"},
    {"server", "certificate", SETTING_PATH, FIELD(certificate), 0, 0, "FILE",
     "HTTPS certificate chain, PEM (made at first start)"},
    {"server", "key", SETTING_PATH, FIELD(key), 0, 0, "FILE", "Private key of the certificate, PEM"},
    {"server", "web", SETTING_PATH, FIELD(web), 0, 0, "DIR", "Folder of the built pages"},
    {"server", "layouts", SETTING_PATH, FIELD(layouts), 0, 0, "DIR", "Folder of layouts of your own (docs/layouts.md)"},
    {"server", "agency", SETTING_TEXT, FIELD(agency), 0, 0, "NAME", "Whose meetings these are, in the head of minutes"},
    {"server", "metrics-public", SETTING_FLAG, FIELD(metrics_public), 0, 0, NULL,
     "Give /metrics to all, not only to this machine"},
    {"media", "media-address", SETTING_TEXT, FIELD(media_address), 0, 0, "ADDR[,ADDR]",
     "Addresses that sites send sound and picture to (all of the machine)"},
    {"media", "media-ports", SETTING_TEXT, FIELD(media_ports), 0, 0, "MIN-MAX", "UDP ports for media (any)"},
    {"media", "full-ice", SETTING_FLAG, FIELD(full_ice), 0, 0, NULL, "Full ICE instead of ICE-lite"},
    {"media", "net-threads", SETTING_NUMBER, FIELD(net_threads), 0, 16, "N", "Network threads (0: one per core)"},
    {"media", "video-kbps", SETTING_NUMBER, FIELD(video_kbps), 100, 20000, "N",
     "Bitrate of the composed picture (1500)"},
    {"media", "audio-kbps", SETTING_NUMBER, FIELD(audio_kbps), 8, 256, "N", "Bitrate of the mixed sound (40)"},
    {"media", "site-kbps", SETTING_NUMBER, FIELD(site_kbps), 50, 5000, "N",
     "Most that is asked of a site's camera (700)"},
    {"media", "content-kbps", SETTING_NUMBER, FIELD(content_kbps), 200, 10000, "N",
     "Most that is asked of what a site presents (1500)"},
    {"limits", "max-meetings", SETTING_NUMBER, FIELD(max_meetings), 1, 1000, "N",
     "Meetings, planned or held, at the same time (200)"},
    {"limits", "max-members", SETTING_NUMBER, FIELD(max_members), 1, 10000, "N", "Connections at the same time (3000)"},
    {"limits", "max-heard", SETTING_NUMBER, FIELD(max_heard), 1, 64, "N",
     "Sites heard at the same time, the loudest (6)"},
    {"limits", "max-visible", SETTING_NUMBER, FIELD(max_visible), 1, MCU_VIEW_SEATS_MAX, "N",
     "Sites shown in the programme at the same time (16)"},
    {"limits", "max-mbps", SETTING_NUMBER, FIELD(max_mbps), 0, 100000, "N",
     "Most that is sent in all, Mbit/s (0: no limit)"},
    {"limits", "lost-grace", SETTING_NUMBER, FIELD(lost_grace), 1, 86400, "SECONDS",
     "How long a lost site keeps its place (60)"},
    {NULL, "demo", SETTING_NUMBER, FIELD(demo), 0, 300, "N", "Start a meeting with N simulated sites"},
    {NULL, "config", SETTING_PATH, FIELD(config), 0, 0, "FILE", "INI file with the same settings"},
    {"server", "verbose", SETTING_FLAG, FIELD(verbose), 0, 0, NULL, "Log more"},
};

McuConfig *
mcu_config_new(void)
{
  McuConfig *config = g_new(McuConfig, 1);
  *config = (McuConfig){
      .data = g_strdup("data"),
      .listen = g_strdup("0.0.0.0:8443"),
      .video_kbps = 1500,
      .audio_kbps = 40,
      .site_kbps = 700,
      .content_kbps = 1500, /* text of 1080 lines, five times a second */
      .max_meetings = 200,
      .max_members = 3000, /* a province has 2,122 units */
      .max_heard = 6,
      .max_visible = 16,
      .lost_grace = 60,
  };
  return config;
}

void
mcu_config_free(McuConfig *config)
{
  if (config == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS(settings); i++)
    if (settings[i].type == SETTING_TEXT || settings[i].type == SETTING_PATH)
      g_free(G_STRUCT_MEMBER(char *, config, settings[i].offset));
  g_free(config->listen_address);
  g_strfreev(config->media_addresses);
  g_free(config);
}

static GOptionArg
option_arg(SettingType type)
{
  switch (type) {
  case SETTING_TEXT:
    return G_OPTION_ARG_STRING;
  case SETTING_PATH:
    return G_OPTION_ARG_FILENAME;
  case SETTING_NUMBER:
    return G_OPTION_ARG_INT;
  case SETTING_FLAG:
    return G_OPTION_ARG_NONE;
  }
  g_assert_not_reached();
}

/* `entries` has room for all settings and the closing zero, and outlives the context. */
static GOptionContext *
option_context(McuConfig *config, GOptionEntry *entries)
{
  for (guint i = 0; i < G_N_ELEMENTS(settings); i++) {
    const Setting *s = &settings[i];
    entries[i] = (GOptionEntry){.long_name = s->name,
                                .arg = option_arg(s->type),
                                .arg_data = G_STRUCT_MEMBER_P(config, s->offset),
                                .description = s->help,
                                .arg_description = s->argument};
  }
  GOptionContext *context = g_option_context_new("- run the bridge");
  g_option_context_add_main_entries(context, entries, NULL);
  g_option_context_set_description(context, "Settings may also stand in an INI file (--config): groups [server], "
                                            "[media] and [limits],\nkeys named like the options, as in\n\n"
                                            "  [server]\n  listen = 0.0.0.0:8443\n  [media]\n"
                                            "  media-address = 10.0.0.5\n");
  return context;
}

char *
mcu_config_help(void)
{
  g_autoptr(McuConfig) config = mcu_config_new();
  GOptionEntry entries[G_N_ELEMENTS(settings) + 1] = {0};
  g_autoptr(GOptionContext) context = option_context(config, entries);
  g_set_prgname("diemcau serve");
  return g_option_context_get_help(context, TRUE, NULL);
}

static const Setting *
find_setting(const char *group, const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS(settings); i++)
    if (settings[i].group != NULL && strcmp(settings[i].group, group) == 0 && strcmp(settings[i].name, name) == 0)
      return &settings[i];
  return NULL;
}

/* GKeyFile has no line numbers, and the person with the editor open wants one. */
static guint
find_line(const char *path, const char *group, const char *key)
{
  g_autofree char *text = NULL;
  if (!g_file_get_contents(path, &text, NULL, NULL))
    return 0;
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  g_autofree char *header = g_strdup_printf("[%s]", group);
  gboolean inside = FALSE;
  for (guint i = 0; lines[i] != NULL; i++) {
    g_strstrip(lines[i]);
    if (lines[i][0] == '[') {
      inside = strcmp(lines[i], header) == 0;
      if (inside && key == NULL)
        return i + 1;
    }
    gsize n = key != NULL ? strlen(key) : 0;
    if (inside && key != NULL && strncmp(lines[i], key, n) == 0 && strchr(" \t=", lines[i][n]) != NULL)
      return i + 1;
  }
  return 0;
}

static gboolean
fail_at(GError **error, const char *path, const char *group, const char *key, const char *what)
{
  g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "%s, line %u, group [%s]%s%s: %s", path, find_line(path, group, key),
              group, key != NULL ? ", key " : "", key != NULL ? key : "", what);
  return FALSE;
}

static gboolean
read_value(McuConfig *config, const Setting *s, GKeyFile *file, const char *path, GError **error)
{
  g_autoptr(GError) reason = NULL;
  gpointer field = G_STRUCT_MEMBER_P(config, s->offset);
  switch (s->type) {
  case SETTING_TEXT:
  case SETTING_PATH: {
    char *value = g_key_file_get_string(file, s->group, s->name, &reason);
    if (value != NULL) {
      g_free(*(char **)field);
      *(char **)field = value;
    }
    break;
  }
  case SETTING_NUMBER: {
    int value = g_key_file_get_integer(file, s->group, s->name, &reason);
    if (reason == NULL)
      *(int *)field = value;
    break;
  }
  case SETTING_FLAG: {
    gboolean value = g_key_file_get_boolean(file, s->group, s->name, &reason);
    if (reason == NULL)
      *(gboolean *)field = value;
    break;
  }
  }
  return reason == NULL || fail_at(error, path, s->group, s->name, reason->message);
}

static gboolean
read_group(McuConfig *config, GKeyFile *file, const char *group, const char *path, GError **error)
{
  if (strcmp(group, "server") != 0 && strcmp(group, "media") != 0 && strcmp(group, "limits") != 0)
    return fail_at(error, path, group, NULL, "unknown group; there are [server], [media] and [limits]");
  g_auto(GStrv) keys = g_key_file_get_keys(file, group, NULL, error);
  if (keys == NULL)
    return FALSE;
  for (guint i = 0; keys[i] != NULL; i++) {
    const Setting *s = find_setting(group, keys[i]);
    if (s == NULL)
      return fail_at(error, path, group, keys[i], "unknown key; see diemcau serve --help");
    if (!read_value(config, s, file, path, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_file(McuConfig *config, const char *path, GError **error)
{
  g_autoptr(GKeyFile) file = g_key_file_new();
  g_autoptr(GError) reason = NULL;
  if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, &reason)) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "cannot read the settings in %s: %s", path, reason->message);
    return FALSE;
  }
  g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
  for (guint i = 0; groups[i] != NULL; i++)
    if (!read_group(config, file, groups[i], path, error))
      return FALSE;
  return TRUE;
}

gboolean
mcu_config_is_loopback(const char *address)
{
  if (strcmp(address, "localhost") == 0)
    return TRUE;
  g_autoptr(GInetAddress) parsed = g_inet_address_new_from_string(address);
  return parsed != NULL && g_inet_address_get_is_loopback(parsed);
}

gboolean
mcu_config_split_address(const char *text, char **out_address, guint16 *out_port, GError **error)
{
  const char *colon = strrchr(text, ':');
  guint64 port = 0;
  g_autofree char *address = colon != NULL ? g_strndup(text, colon - text) : NULL;
  gsize n = address != NULL ? strlen(address) : 0;
  gboolean bracketed = n >= 2 && address[0] == '[' && address[n - 1] == ']';
  if (bracketed) {
    memmove(address, address + 1, n - 2);
    address[n - 2] = '\0';
  }
  if (n == 0 || (!bracketed && strchr(address, ':') != NULL) ||
      !g_ascii_string_to_unsigned(colon + 1, 10, 0, G_MAXUINT16, &port, NULL) ||
      (strcmp(address, "localhost") != 0 && !g_hostname_is_ip_address(address))) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG,
                "\"%s\" is not ADDRESS:PORT, as in 0.0.0.0:8443, localhost:8443 or [::]:8443", text);
    return FALSE;
  }
  *out_address = g_steal_pointer(&address);
  *out_port = (guint16)port;
  return TRUE;
}

static gboolean
check_ports(McuConfig *config, GError **error)
{
  if (config->media_ports == NULL || *config->media_ports == '\0')
    return TRUE;
  g_auto(GStrv) ends = g_strsplit(config->media_ports, "-", 2);
  guint64 min = 0, max = 0;
  if (g_strv_length(ends) != 2 || !g_ascii_string_to_unsigned(ends[0], 10, 1, G_MAXUINT16, &min, NULL) ||
      !g_ascii_string_to_unsigned(ends[1], 10, 1, G_MAXUINT16, &max, NULL) || min > max) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "media-ports: \"%s\" is not MIN-MAX, as in 40000-40999",
                config->media_ports);
    return FALSE;
  }
  config->port_min = (guint16)min;
  config->port_max = (guint16)max;
  return TRUE;
}

static gboolean
check_media_addresses(McuConfig *config, GError **error)
{
  if (config->media_address == NULL || *config->media_address == '\0')
    return TRUE;
  config->media_addresses = g_strsplit(config->media_address, ",", 33);
  for (guint i = 0; config->media_addresses[i] != NULL; i++) {
    const char *address = g_strstrip(config->media_addresses[i]);
    if (i >= 32 || !g_hostname_is_ip_address(address)) {
      g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG,
                  "media-address: \"%s\" is not an IP address (at most 32, separated by commas)", address);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
check(McuConfig *config, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS(settings); i++) {
    const Setting *s = &settings[i];
    if (s->type != SETTING_NUMBER)
      continue;
    int value = G_STRUCT_MEMBER(int, config, s->offset);
    if (value < s->min || value > s->max) {
      g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "%s: %d is not between %d and %d", s->name, value, s->min,
                  s->max);
      return FALSE;
    }
  }
  if (!mcu_config_split_address(config->listen, &config->listen_address, &config->listen_port, error))
    return FALSE;
  if (config->http && !mcu_config_is_loopback(config->listen_address)) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG,
                "plain HTTP is for loopback only, not for %s: browsers give no camera to it. "
                "Leave --http away, or listen on 127.0.0.1",
                config->listen_address);
    return FALSE;
  }
  if ((config->certificate == NULL) != (config->key == NULL)) {
    g_set_error_literal(error, MCU_ERROR, MCU_ERROR_CONFIG, "certificate and key belong together: give both or none");
    return FALSE;
  }
  return check_ports(config, error) && check_media_addresses(config, error);
}

static gboolean
parse_options(McuConfig *config, char ***argv, GError **error)
{
  GOptionEntry entries[G_N_ELEMENTS(settings) + 1] = {0};
  g_autoptr(GOptionContext) context = option_context(config, entries);
  g_option_context_set_help_enabled(context, FALSE);

  /* GOption writes over a default without freeing it. */
  char *before[G_N_ELEMENTS(settings)] = {0};
  for (guint i = 0; i < G_N_ELEMENTS(settings); i++)
    if (settings[i].type == SETTING_TEXT || settings[i].type == SETTING_PATH)
      before[i] = G_STRUCT_MEMBER(char *, config, settings[i].offset);
  if (!g_option_context_parse_strv(context, argv, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS(settings); i++)
    if (before[i] != NULL && before[i] != G_STRUCT_MEMBER(char *, config, settings[i].offset))
      g_free(before[i]);
  return TRUE;
}

gboolean
mcu_config_parse(McuConfig *config, char ***argv, GError **error)
{
  /* Twice: first to find the file, then over what it says. */
  g_autoptr(McuConfig) first = mcu_config_new();
  g_auto(GStrv) copy = g_strdupv(*argv);
  if (!parse_options(first, &copy, error))
    return FALSE;
  if (first->config != NULL && !read_file(config, first->config, error))
    return FALSE;
  if (!parse_options(config, argv, error))
    return FALSE;
  if ((*argv)[0] != NULL && (*argv)[1] != NULL) {
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "unexpected argument \"%s\"", (*argv)[1]);
    return FALSE;
  }
  return check(config, error);
}
