/* The commands of the meeting's work as they come from clients: well formed, and not. */
#include "mcu/signaling/message-work.h"

#include <string.h>

#include "mcu/util/error.h"

/* "type=... site=... number=..." of what was understood, or "!word". Caller frees. */
static char *
parse(const char *members)
{
  g_autofree char *text = g_strdup_printf("{\"v\":1,\"id\":7,%s}", members);
  g_autoptr(GError) error = NULL;
  McuMessage message;
  guint32 id;
  if (!mcu_message_parse(text, strlen(text), &message, &id, &error))
    return g_strdup_printf("!%s", mcu_error_word(error));
  g_assert_cmpint(message.type, ==, MCU_MESSAGE_COMMAND);
  const McuRoomCommand *room = &message.command.room;
  g_assert_null(room->actor);
  char *shown =
      g_strdup_printf("%s %s|%s|%s|%s|%s on=%d %" G_GINT64_FORMAT ",%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT,
                      mcu_rights_word(room->type), room->site ? room->site : "-", room->name ? room->name : "-",
                      room->text ? room->text : "-", room->more ? room->more : "-", room->other ? room->other : "-",
                      room->on, room->number, room->count, room->limit);
  mcu_message_clear(&message);
  return shown;
}

static void
test_understood(void)
{
  static const struct {
    const char *members, *shown;
  } cases[] = {
      {"\"type\":\"chat\",\"to\":\"all\",\"text\":\" a\\u202eb \"", "chat -|-|ab|-|- on=0 0,0,0"},
      {"\"type\":\"chat\",\"to\":\"desk\",\"text\":\"a\"", "chat -|-|a|-|- on=1 0,0,0"},
      {"\"type\":\"chat-open\",\"on\":false", "chat-open -|-|-|-|- on=0 0,0,0"},
      {"\"type\":\"announce\",\"text\":\"a\",\"to\":[\"x1\",\"x2\"]", "announce -|-|a|x1 x2|- on=0 0,0,0"},
      {"\"type\":\"announce\",\"text\":\"\"", "announce -|-||-|- on=0 0,0,0"},
      {"\"type\":\"vote-open\",\"question\":\"Q\",\"choices\":[\"A\",\"B\"],\"secret\":true,\"quorum\":50,\"seconds\":"
       "60",
       "vote-open -|Q|A\nB|-|- on=1 50,0,60"},
      {"\"type\":\"vote\",\"vote\":2,\"choice\":1", "vote -|-|-|-|- on=0 2,1,0"},
      {"\"type\":\"vote-close\"", "vote-close -|-|-|-|- on=0 0,0,0"},
      {"\"type\":\"vote-show\",\"vote\":2,\"on\":true", "vote-show -|-|-|-|- on=1 2,0,0"},
      {"\"type\":\"roll-open\"", "roll-open -|-|-|-|- on=0 0,0,0"},
      {"\"type\":\"roll-mark\",\"site\":\"x1\",\"status\":\"excused\",\"reason\":\"R\"",
       "roll-mark x1|-|R|-|- on=0 6,0,0"},
      {"\"type\":\"calls\",\"do\":\"start\"", "calls-start -|-|-|-|- on=0 8,0,0"},
      {"\"type\":\"calls\",\"do\":\"start\",\"patience\":5", "calls-start -|-|-|-|- on=0 5,0,0"},
      {"\"type\":\"calls\",\"do\":\"pause\"", "calls-pause -|-|-|-|- on=1 8,0,0"},
      {"\"type\":\"calls\",\"do\":\"next\"", "calls-next -|-|-|-|- on=0 8,0,0"},
      {"\"type\":\"agenda\",\"items\":[{\"title\":\"A\\tB\",\"minutes\":5,\"who\":\"\"},{\"title\":\"C\",\"minutes\":0,"
       "\"who\":\"D\"}]",
       "agenda -|-|5\tAB\t\n0\tC\tD|-|- on=0 0,0,0"},
      {"\"type\":\"agenda-at\",\"item\":-1", "agenda-at -|-|-|-|- on=0 -1,0,0"},
      {"\"type\":\"document-show\",\"document\":\"d1\",\"page\":3", "document-show -|-|-|-|d1 on=0 3,0,0"},
      {"\"type\":\"document-show\",\"document\":\"\"", "document-show -|-|-|-| on=0 0,0,0"},
      {"\"type\":\"document-remove\",\"document\":\"d1\"", "document-remove -|-|-|-|d1 on=0 0,0,0"},
      {"\"type\":\"let-present\",\"site\":\"x1\",\"on\":true", "let-present x1|-|-|-|- on=1 0,0,0"},
      {"\"type\":\"present\",\"on\":true", "present -|-|-|-|- on=1 0,0,0"},
      {"\"type\":\"aside\",\"site\":\"x1\",\"on\":true", "aside x1|-|-|-|- on=1 0,0,0"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *shown = parse(cases[i].members);
    g_assert_cmpstr(shown, ==, cases[i].shown);
  }
}

static void
test_refused(void)
{
  static const char *const cases[] = {
      "\"type\":\"chat\",\"text\":\"a\"",
      "\"type\":\"chat\",\"to\":\"x1\",\"text\":\"a\"",
      "\"type\":\"chat\",\"to\":\"all\",\"text\":7",
      "\"type\":\"chat-open\"",
      "\"type\":\"announce\",\"text\":\"a\",\"to\":\"x1\"",
      "\"type\":\"announce\",\"text\":\"a\",\"to\":[\"a b\"]",
      "\"type\":\"vote-open\",\"question\":\"Q\",\"choices\":[\"A\"],\"secret\":true,\"quorum\":0,\"seconds\":0",
      "\"type\":\"vote-open\",\"question\":\"Q\",\"choices\":[\"A\",\"\"],\"secret\":true,\"quorum\":0,\"seconds\":0",
      "\"type\":\"vote-open\",\"question\":\"Q\",\"choices\":[\"A\",7],\"secret\":true,\"quorum\":0,\"seconds\":0",
      "\"type\":\"vote-open\",\"question\":\"Q\",\"choices\":[\"A\",\"B\"],\"secret\":1,\"quorum\":0,\"seconds\":0",
      "\"type\":\"vote-open\",\"question\":\"Q\",\"choices\":[\"A\",\"B\"],\"secret\":true,\"seconds\":0,\"quorum\":-1",
      "\"type\":\"vote\",\"vote\":0,\"choice\":1",
      "\"type\":\"vote\",\"vote\":1,\"choice\":-1",
      "\"type\":\"vote\",\"vote\":1.5,\"choice\":1",
      "\"type\":\"roll-mark\",\"site\":\"x1\",\"status\":\"asleep\"",
      "\"type\":\"roll-mark\",\"status\":\"present\"",
      "\"type\":\"calls\",\"do\":\"dance\"",
      "\"type\":\"calls\"",
      "\"type\":\"calls\",\"do\":\"start\",\"patience\":1",
      "\"type\":\"agenda\",\"items\":{}",
      "\"type\":\"agenda\",\"items\":[7]",
      "\"type\":\"agenda\",\"items\":[{\"title\":\"\",\"minutes\":1,\"who\":\"\"}]",
      "\"type\":\"agenda-at\",\"item\":\"1\"",
      "\"type\":\"document-show\",\"document\":\"d1\"",
      "\"type\":\"document-show\",\"document\":\"../d\",\"page\":1",
      "\"type\":\"document-remove\"",
      "\"type\":\"aside\",\"on\":true",
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *shown = parse(cases[i]);
    g_test_message("%s", cases[i]);
    g_assert_cmpstr(shown, ==, "!bad-message");
  }
  g_autofree char *text = g_strnfill(501, 'a');
  g_autofree char *members = g_strdup_printf("\"type\":\"chat\",\"to\":\"all\",\"text\":\"%s\"", text);
  g_autofree char *shown = parse(members);
  g_assert_cmpstr(shown, ==, "!too-large");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/message-work/understood", test_understood);
  g_test_add_func("/message-work/refused", test_refused);
  return g_test_run();
}
