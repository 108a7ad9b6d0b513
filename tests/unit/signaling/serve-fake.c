/* The real web server on a fake bridge, for check-server.py: says its port and tokens in one line of
 * JSON, then obeys words on standard input:
 *
 *   stall     says "stalled"; main stands still until the next line
 *   members   prints the number of members, then what the bridge was asked, then "."
 *   sites     sends `sites` events to everybody, 100 times
 *   close ID  the bridge closes the member of site ID
 *   fail CALL WORD-NUMBER   the next CALL of the bridge fails
 *   quit      frees the server; prints "stopped" */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mcu/signaling/server.h"
#include "mcu/util/error.h"
#include "mcu/util/loop.h"
#include "tests/fakes/fake-bridge.h"

typedef struct {
  GMainLoop *loop;
  McuBridge *bridge;
} Program;

static void
print_members(Program *program)
{
  g_autofree char *log = fake_bridge_log(program->bridge);
  printf("%u\n%s.\n", fake_bridge_members(program->bridge), log);
}

static void
close_member(Program *program, const char *site)
{
  g_autoptr(GError) error = g_error_new_literal(MCU_ERROR, MCU_ERROR_REPLACED, "closed by the test");
  McuMember *member = fake_bridge_member(program->bridge, site);
  if (member != NULL)
    fake_member_close(member, error);
}

static void
admit_member(Program *program, const char *site)
{
  McuMember *member = fake_bridge_member(program->bridge, site);
  g_assert(member != NULL);
  fake_member_admit(member);
}

static void
obey(Program *program, const char *line)
{
  char again[64];
  if (strcmp(line, "stall") == 0) {
    printf("stalled\n");
    fflush(stdout);
    if (fgets(again, sizeof again, stdin) == NULL)
      g_main_loop_quit(program->loop);
  } else if (strcmp(line, "members") == 0)
    print_members(program);
  else if (strcmp(line, "sites") == 0)
    for (guint i = 0; i < 100 && fake_bridge_member(program->bridge, "xa-1") != NULL; i++)
      fake_member_sites_changed(fake_bridge_member(program->bridge, "xa-1"));
  else if (g_str_has_prefix(line, "close "))
    close_member(program, line + 6);
  else if (g_str_has_prefix(line, "admit "))
    admit_member(program, line + 6);
  else if (g_str_has_prefix(line, "lobby "))
    fake_bridge_lobby(program->bridge, strcmp(line, "lobby on") == 0);
  else if (g_str_has_prefix(line, "fail ")) {
    g_auto(GStrv) words = g_strsplit(line, " ", 3);
    fake_bridge_fail(program->bridge, words[1], (McuError)g_ascii_strtoll(words[2], NULL, 10));
  } else if (strcmp(line, "quit") == 0)
    g_main_loop_quit(program->loop);
  fflush(stdout);
}

static gboolean
on_stdin(GIOChannel *channel G_GNUC_UNUSED, GIOCondition condition G_GNUC_UNUSED, gpointer user_data)
{
  Program *program = user_data;
  char line[256];
  /* Standard input is unbuffered: each event has one line. */
  if (fgets(line, sizeof line, stdin) == NULL) {
    g_main_loop_quit(program->loop);
    return G_SOURCE_REMOVE;
  }
  obey(program, g_strchomp(line));
  return G_SOURCE_CONTINUE;
}

static char *
token_for(const McuTokenKey *key, const char *site, McuRole role, gint64 expires_s)
{
  McuGrant grant = {.meeting = "m1", .role = role, .expires_s = expires_s, .site_name = (char *)"Xã Đồng Văn"};
  g_strlcpy(grant.site, site, sizeof grant.site);
  return mcu_token_sign(key, &grant, NULL);
}

static void
print_start(const McuWebServer *server, const McuTokenKey *key)
{
  gint64 later = g_get_real_time() / G_USEC_PER_SEC + 3600;
  g_autofree char *chair = token_for(key, "tinh", MCU_ROLE_CHAIR, later);
  g_autofree char *site = token_for(key, "xa-1", MCU_ROLE_SITE, later);
  g_autofree char *other = token_for(key, "xa-2", MCU_ROLE_SITE, later);
  g_autofree char *observer = token_for(key, "khach", MCU_ROLE_OBSERVER, later);
  g_autofree char *expired = token_for(key, "xa-1", MCU_ROLE_SITE, 1);
  const McuGrant administration = {.admin = TRUE, .expires_s = later};
  g_autofree char *admin = mcu_token_sign(key, &administration, NULL);
  printf("{\"admin\": \"%s\", \"port\": %u, \"chair\": \"%s\", \"site\": \"%s\", \"other\": \"%s\", \"observer\": "
         "\"%s\", \"expired\": "
         "\"%s\"}\n",
         admin, mcu_web_server_port(server), chair, site, other, observer, expired);
  fflush(stdout);
}

/* serve-fake WEB-DIR KEY-FILE SLOW-MS MAX-CONNECTIONS [CERT CERT-KEY] */
int
main(int argc, char **argv)
{
  if (argc != 5 && argc != 7)
    return 2;
  mcu_loop_adopt_main();
  setvbuf(stdin, NULL, _IONBF, 0);
  g_autoptr(GError) error = NULL;
  g_autoptr(McuTokenKey) key = mcu_token_key_load(argv[2], TRUE, &error);
  Program program = {g_main_loop_new(NULL, FALSE), fake_bridge_new()};
  McuWebServerConfig config = {
      .address = "127.0.0.1",
      .tls = argc == 7,
      .cert_path = argc == 7 ? argv[5] : NULL,
      .key_path = argc == 7 ? argv[6] : NULL,
      .web_dir = argv[1],
      .token_key = key,
      .bridge = program.bridge,
      .max_connections = (guint)atoi(argv[4]),
      .slow_ms = (guint)atoi(argv[3]),
  };
  McuWebServer *server = key != NULL ? mcu_web_server_new(&config, &error) : NULL;
  if (server == NULL) {
    fprintf(stderr, "%s\n", error->message);
    return 1;
  }
  print_start(server, key);
  GIOChannel *channel = g_io_channel_unix_new(0);
  g_io_add_watch(channel, G_IO_IN | G_IO_HUP, on_stdin, &program);
  g_main_loop_run(program.loop);

  mcu_web_server_free(server);
  print_members(&program);
  printf("stopped\n");
  g_io_channel_unref(channel);
  mcu_bridge_free(program.bridge);
  g_main_loop_unref(program.loop);
  return 0;
}
