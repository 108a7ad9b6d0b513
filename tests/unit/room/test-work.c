/* The meeting's work, by hand: what a chair, a secretary and sites do, and what comes of it. */
#include <string.h>

#include "mcu/room/room.h"
#include "mcu/util/error.h"

/* A chair, a secretary, sites x1 .. x4 of the list (x4 is not there), and a guest g. */
static McuRoom *
room_new(void)
{
  static const char *const sites[] = {"x1", "x2", "x3", "x4"};
  McuRoom *room = mcu_room_new(&(McuRoomLimits){.max_seats = 50, .lost_grace_us = 60000000});
  const McuRoomCommand begin[] = {
      {.type = MCU_ROOM_JOIN, .site = "g", .name = "Khách", .role = MCU_ROLE_SITE, .mic = TRUE, .camera = TRUE},
      {.type = MCU_ROOM_INVITE, .site = "c", .name = "Tỉnh", .role = MCU_ROLE_CHAIR},
      {.type = MCU_ROOM_INVITE, .site = "t", .name = "Thư ký", .role = MCU_ROLE_SECRETARY},
      {.type = MCU_ROOM_JOIN, .site = "c", .name = "Tỉnh", .role = MCU_ROLE_CHAIR, .mic = TRUE, .camera = TRUE},
      {.type = MCU_ROOM_JOIN, .site = "t", .name = "Thư ký", .role = MCU_ROLE_SECRETARY, .mic = TRUE},
  };
  for (guint i = 0; i < G_N_ELEMENTS(begin); i++)
    g_array_unref(mcu_room_obey(room, &begin[i], 1, NULL));
  for (guint i = 0; i < G_N_ELEMENTS(sites); i++) {
    const McuRoomCommand invite = {.type = MCU_ROOM_INVITE, .site = sites[i], .name = sites[i], .role = MCU_ROLE_SITE};
    g_array_unref(mcu_room_obey(room, &invite, 1, NULL));
    const McuRoomCommand join = {
        .type = MCU_ROOM_JOIN, .site = sites[i], .name = sites[i], .role = MCU_ROLE_SITE, .mic = TRUE, .camera = TRUE};
    if (i < 3)
      g_array_unref(mcu_room_obey(room, &join, 1, NULL));
  }
  return room;
}

/* The words of the events with whom they are about, "called:x1 floor-given:x1"; "!word" for an error. */
static char *
obey(McuRoom *room, const McuRoomCommand *command, gint64 now_us)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) events = mcu_room_obey(room, command, now_us, &error);
  if (events == NULL)
    return g_strdup_printf("!%s", mcu_error_word(error));
  GString *words = g_string_new(NULL);
  for (guint i = 0; i < events->len; i++) {
    const McuRoomEvent *event = &g_array_index(events, McuRoomEvent, i);
    g_string_append_printf(words, "%s%s", i > 0 ? " " : "", mcu_room_event_word(event->type));
    if (event->site[0] != '\0')
      g_string_append_printf(words, ":%s", event->site);
    if (event->type == MCU_ROOM_ROLL_MARKED)
      g_string_append_printf(words, "=%s", mcu_roll_status_word((McuRollStatus)event->number));
  }
  return g_string_free(words, FALSE);
}

#define ASSERT_OBEY(room, now, expected, ...)                                                                          \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    g_autofree char *words_ = obey(room, &(McuRoomCommand){__VA_ARGS__}, now);                                         \
    g_assert_cmpstr(words_, ==, expected);                                                                             \
  }                                                                                                                    \
  G_STMT_END

#define BY(who, kind) .type = kind, .actor = who, .site = who

/* --- chat --------------------------------------------------------------------------------- */

static void
test_chat(void)
{
  g_autoptr(McuRoom) room = room_new();
  g_autofree char *long_text = g_strnfill(501, 'a');
  ASSERT_OBEY(room, 5, "chat-said:x1", BY("x1", MCU_ROOM_CHAT), .text = "Xin chào");
  ASSERT_OBEY(room, 6, "chat-said:x2", BY("x2", MCU_ROOM_CHAT), .text = "Riêng", .on = TRUE);
  ASSERT_OBEY(room, 7, "!bad-message", BY("x2", MCU_ROOM_CHAT), .text = "");
  ASSERT_OBEY(room, 7, "!bad-message", BY("x2", MCU_ROOM_CHAT), .text = long_text);
  ASSERT_OBEY(room, 7, "!forbidden", .type = MCU_ROOM_CHAT, .actor = "x1", .site = "x2", .text = "not me");
  ASSERT_OBEY(room, 8, "chat-opened", .type = MCU_ROOM_CHAT_OPEN, .actor = "t");
  ASSERT_OBEY(room, 9, "!forbidden", BY("x1", MCU_ROOM_CHAT), .text = "to all");
  ASSERT_OBEY(room, 9, "chat-said:x1", BY("x1", MCU_ROOM_CHAT), .text = "to the desk", .on = TRUE);
  ASSERT_OBEY(room, 9, "chat-said:c", BY("c", MCU_ROOM_CHAT), .text = "the chair may");
  g_assert_cmpuint(mcu_chat_n_said(mcu_room_chat(room)), ==, 4);
  g_assert_true(mcu_chat_line(mcu_room_chat(room), 2)->to_desk);
  ASSERT_OBEY(room, 10, "announced:c", .type = MCU_ROOM_ANNOUNCE, .actor = "c", .text = "Nghỉ 10 phút",
              .more = "x1 x2");
  g_assert_cmpstr(mcu_chat_announcement(mcu_room_chat(room))->who, ==, "x1 x2");
  ASSERT_OBEY(room, 11, "announced:c", .type = MCU_ROOM_ANNOUNCE, .actor = "c", .text = "");
  ASSERT_OBEY(room, 11, "", .type = MCU_ROOM_ANNOUNCE, .actor = "c", .text = "");
}

/* --- votes -------------------------------------------------------------------------------- */

static void
test_named_vote(void)
{
  g_autoptr(McuRoom) room = room_new();
  ASSERT_OBEY(room, 5, "!not-found", BY("x1", MCU_ROOM_VOTE), .number = 1);
  ASSERT_OBEY(room, 5, "!bad-message", .type = MCU_ROOM_VOTE_OPEN, .actor = "c", .name = "Q", .text = "one");
  ASSERT_OBEY(room, 5, "vote-opened:c", .type = MCU_ROOM_VOTE_OPEN, .actor = "c", .name = "Thông qua?",
              .text = "Đồng ý\nKhông đồng ý\nÝ kiến khác", .number = 50);
  ASSERT_OBEY(room, 5, "!conflict", .type = MCU_ROOM_VOTE_OPEN, .actor = "c", .name = "Q", .text = "A\nB");
  const McuVote *vote = mcu_votes_open(mcu_room_votes(room));
  g_assert_cmpuint(mcu_vote_n_entitled(vote), ==, 7); /* c t x1 x2 x3 x4 and g, who is there */
  ASSERT_OBEY(room, 6, "vote-cast:x1", BY("x1", MCU_ROOM_VOTE), .number = 1, .count = 1);
  ASSERT_OBEY(room, 6, "!conflict", BY("x1", MCU_ROOM_VOTE), .number = 1, .count = 0);
  ASSERT_OBEY(room, 6, "!bad-message", BY("x2", MCU_ROOM_VOTE), .number = 1, .count = 3);
  ASSERT_OBEY(room, 6, "!not-found", BY("x2", MCU_ROOM_VOTE), .number = 2, .count = 0);
  /* A seat that goes and comes again has voted all the same. */
  ASSERT_OBEY(room, 7, "seat-removed:x1", BY("x1", MCU_ROOM_LEAVE));
  ASSERT_OBEY(room, 7, "seat-added:x1", .type = MCU_ROOM_JOIN, .site = "x1", .name = "X", .role = MCU_ROLE_SITE);
  ASSERT_OBEY(room, 7, "!conflict", BY("x1", MCU_ROOM_VOTE), .number = 1, .count = 0);
  ASSERT_OBEY(room, 8, "vote-cast:c", BY("c", MCU_ROOM_VOTE), .number = 1, .count = 0);
  ASSERT_OBEY(room, 8, "!not-found", .type = MCU_ROOM_VOTE_SHOW, .number = 1, .on = TRUE);
  g_assert_false(mcu_vote_is_quorate(vote)); /* 2 of 7 */
  ASSERT_OBEY(room, 8, "vote-cast:x2", BY("x2", MCU_ROOM_VOTE), .number = 1, .count = 0);
  ASSERT_OBEY(room, 8, "vote-cast:x3", BY("x3", MCU_ROOM_VOTE), .number = 1, .count = 2);
  g_assert_true(mcu_vote_is_quorate(vote));
  ASSERT_OBEY(room, 9, "vote-closed", .type = MCU_ROOM_VOTE_CLOSE, .actor = "t", .text = "9 9 9"); /* counted here */
  g_autofree char *tally = mcu_vote_tally(vote);
  g_assert_cmpstr(tally, ==, "2 1 1");
  ASSERT_OBEY(room, 9, "!not-found", BY("t", MCU_ROOM_VOTE), .number = 1, .count = 0);
  ASSERT_OBEY(room, 9, "vote-shown", .type = MCU_ROOM_VOTE_SHOW, .actor = "t", .number = 1, .on = TRUE);
}

static void
test_secret_vote(void)
{
  g_autoptr(McuRoom) room = room_new();
  ASSERT_OBEY(room, 5, "vote-opened:c", .type = MCU_ROOM_VOTE_OPEN, .actor = "c", .name = "Q", .text = "A\nB",
              .more = "x1 x2", .on = TRUE);
  const McuRoomCommand votes[] = {{BY("x1", MCU_ROOM_VOTE), .number = 1, .count = 0},
                                  {BY("x2", MCU_ROOM_VOTE), .number = 1, .count = 1}};
  for (guint i = 0; i < G_N_ELEMENTS(votes); i++) {
    g_autoptr(GArray) events = mcu_room_obey(room, &votes[i], 6, NULL);
    g_autofree char *payload = mcu_room_event_payload(&g_array_index(events, McuRoomEvent, 0));
    g_autofree char *expected = g_strdup_printf("{\"site\":\"%s\",\"number\":1}", votes[i].site);
    g_assert_cmpstr(payload, ==, expected); /* whatever was chosen */
  }
  ASSERT_OBEY(room, 6, "!forbidden", BY("x3", MCU_ROOM_VOTE), .number = 1);
  ASSERT_OBEY(room, 6, "!conflict", BY("x1", MCU_ROOM_VOTE), .number = 1, .count = 1);
  /* Uncounted, or more than have voted. */
  ASSERT_OBEY(room, 7, "!bad-message", .type = MCU_ROOM_VOTE_CLOSE, .actor = "c");
  ASSERT_OBEY(room, 7, "!bad-message", .type = MCU_ROOM_VOTE_CLOSE, .text = "2 1");
  ASSERT_OBEY(room, 7, "vote-restarted", .type = MCU_ROOM_VOTE_RESTART);
  ASSERT_OBEY(room, 7, "vote-used:x1", BY("x1", MCU_ROOM_VOTE), .number = 1, .count = 1);
  ASSERT_OBEY(room, 8, "vote-closed", .type = MCU_ROOM_VOTE_CLOSE, .text = "0 1");
  ASSERT_OBEY(room, 8, "", .type = MCU_ROOM_VOTE_RESTART);
}

/* --- roll call ---------------------------------------------------------------------------- */

static void
test_roll(void)
{
  g_autoptr(McuRoom) room = room_new();
  ASSERT_OBEY(room, 5, "!not-found", .type = MCU_ROOM_ROLL_MARK, .actor = "t", .site = "x4",
              .number = MCU_ROLL_EXCUSED);
  ASSERT_OBEY(room, 5,
              "roll-opened roll-marked:c=present roll-marked:t=no-picture roll-marked:x1=present "
              "roll-marked:x2=present roll-marked:x3=present roll-marked:x4=absent roll-marked:g=present",
              .type = MCU_ROOM_ROLL_OPEN, .actor = "t");
  ASSERT_OBEY(room, 6, "", .type = MCU_ROOM_ROLL_MEASURE);
  ASSERT_OBEY(room, 6, "roll-marked:x4=excused", .type = MCU_ROOM_ROLL_MARK, .actor = "t", .site = "x4",
              .number = MCU_ROLL_EXCUSED, .text = "Đi công tác");
  ASSERT_OBEY(room, 7, "media-changed:x1", BY("x1", MCU_ROOM_MEDIA), .camera = TRUE);
  ASSERT_OBEY(room, 7, "seat-lost:x2", .type = MCU_ROOM_LOST, .site = "x2");
  ASSERT_OBEY(room, 8, "roll-marked:x1=no-sound roll-marked:x2=lost", .type = MCU_ROOM_ROLL_MEASURE);
  g_assert_cmpstr(mcu_roll_find(mcu_room_roll(room), "x4")->reason, ==, "Đi công tác"); /* a person's word stays */
  ASSERT_OBEY(room, 9, "!not-found", .type = MCU_ROOM_ROLL_MARK, .actor = "t", .site = "nobody", .number = 1);
  ASSERT_OBEY(room, 9, "!bad-message", .type = MCU_ROOM_ROLL_MARK, .actor = "t", .site = "x1", .number = 7);
  ASSERT_OBEY(room, 9, "roll-closed", .type = MCU_ROOM_ROLL_CLOSE, .actor = "t");
  ASSERT_OBEY(room, 9, "", .type = MCU_ROOM_ROLL_MEASURE);
}

/* Three who answer, are silent, are lost; one that comes late is called too. */
static void
test_calls(void)
{
  g_autoptr(McuRoom) room = room_new();
  ASSERT_OBEY(room, 1, "hand-raised:x1", BY("x1", MCU_ROOM_HAND), .on = TRUE);
  ASSERT_OBEY(room, 5, "!bad-message", .type = MCU_ROOM_CALLS_START, .actor = "c", .number = 1);
  ASSERT_OBEY(room, 5, "!not-found", .type = MCU_ROOM_CALLS_NEXT, .actor = "c");
  g_autofree char *started = obey(room, &(McuRoomCommand){.type = MCU_ROOM_CALLS_START, .actor = "c", .number = 8}, 5);
  g_assert_true(g_str_has_suffix(started, "roll-marked:x3=uncalled roll-marked:g=uncalled programme-set called:x1 "
                                          "hand-lowered:x1 floor-given:x1"));
  g_assert_cmpstr(mcu_room_programme(room), ==, "single|floor");
  g_assert_cmpstr(mcu_room_next_called(room, FALSE), ==, "x2");
  ASSERT_OBEY(room, 6, "!conflict", .type = MCU_ROOM_CALLS_START, .actor = "c", .number = 8);
  ASSERT_OBEY(room, 7, "roll-marked:x1=present called:x2 floor-taken:x1 floor-given:x2", .type = MCU_ROOM_CALLS_NEXT,
              .on = TRUE);
  ASSERT_OBEY(room, 8, "roll-marked:x2=no-sound called:x3 floor-taken:x2 floor-given:x3", .type = MCU_ROOM_CALLS_NEXT);
  ASSERT_OBEY(room, 8, "called:x2 floor-taken:x3 floor-given:x2", .type = MCU_ROOM_CALLS_BACK, .actor = "c");
  /* x2 was called before; x3 as well: who comes late is next, then the guest. */
  ASSERT_OBEY(room, 9, "seat-added:x4", .type = MCU_ROOM_JOIN, .site = "x4", .name = "X4", .role = MCU_ROLE_SITE,
              .mic = TRUE, .camera = TRUE);
  ASSERT_OBEY(room, 9, "roll-marked:x4=uncalled", .type = MCU_ROOM_ROLL_MEASURE);
  ASSERT_OBEY(room, 9, "roll-marked:x2=present called:x4 floor-taken:x2 floor-given:x4", .type = MCU_ROOM_CALLS_NEXT,
              .on = TRUE);
  /* The chair gives the floor to somebody else: the tour waits, and goes on with the same. */
  ASSERT_OBEY(room, 10, "calls-paused floor-taken:x4 floor-given:x1", .type = MCU_ROOM_FLOOR, .actor = "c",
              .site = "x1", .on = TRUE);
  ASSERT_OBEY(room, 11, "calls-paused called:x4 floor-taken:x1 floor-given:x4", .type = MCU_ROOM_CALLS_PAUSE,
              .actor = "c");
  ASSERT_OBEY(room, 12, "seat-lost:x4", .type = MCU_ROOM_LOST, .site = "x4");
  ASSERT_OBEY(room, 12, "roll-marked:x4=lost called:g floor-taken:x4 floor-given:g", .type = MCU_ROOM_CALLS_NEXT);
  /* A person skips it: it stays uncalled, and the tour is at its end. */
  ASSERT_OBEY(room, 13, "floor-taken:g calls-ended programme-undone", .type = MCU_ROOM_CALLS_NEXT, .actor = "c");
  g_assert_cmpint(mcu_roll_find(mcu_room_roll(room), "g")->status, ==, MCU_ROLL_UNCALLED);
  g_assert_cmpint(mcu_roll_find(mcu_room_roll(room), "x1")->status, ==, MCU_ROLL_PRESENT);
  g_assert_cmpstr(mcu_room_programme(room), ==, "auto");
  ASSERT_OBEY(room, 14, "roll-closed", .type = MCU_ROOM_ROLL_CLOSE, .actor = "t");
}

/* --- agenda, documents, presentation, side room ------------------------------------------- */

#define SHA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void
test_agenda_and_documents(void)
{
  g_autoptr(McuRoom) room = room_new();
  ASSERT_OBEY(room, 5, "!bad-message", .type = MCU_ROOM_AGENDA, .actor = "c", .text = "x\ty\tz");
  ASSERT_OBEY(room, 5, "agenda-set", .type = MCU_ROOM_AGENDA, .actor = "c", .text = "10\tKhai mạc\t\n30\tBáo cáo\tSở");
  ASSERT_OBEY(room, 5, "!not-found", .type = MCU_ROOM_AGENDA_GO, .actor = "c", .number = 2);
  ASSERT_OBEY(room, 6, "agenda-at", .type = MCU_ROOM_AGENDA_GO, .actor = "c", .number = 1);
  ASSERT_OBEY(room, 6, "", .type = MCU_ROOM_AGENDA_GO, .actor = "c", .number = 1);

  ASSERT_OBEY(room, 7, "!bad-message", .type = MCU_ROOM_ADD_DOCUMENT, .other = "d1", .name = "D", .text = "exe",
              .number = 10, .count = 3, .more = SHA);
  ASSERT_OBEY(room, 7, "document-added", .type = MCU_ROOM_ADD_DOCUMENT, .other = "d1", .name = "D", .text = "pdf",
              .number = 10, .count = 3, .more = SHA);
  ASSERT_OBEY(room, 8, "!forbidden", BY("x1", MCU_ROOM_SHOW_DOCUMENT), .other = "d1", .number = 1);
  ASSERT_OBEY(room, 8, "document-shown", .type = MCU_ROOM_SHOW_DOCUMENT, .actor = "c", .other = "d1", .number = 1);
  ASSERT_OBEY(room, 8, "!not-found", .type = MCU_ROOM_SHOW_DOCUMENT, .actor = "c", .other = "d1", .number = 4);
  /* Who has the floor turns the page. */
  ASSERT_OBEY(room, 9, "floor-given:x1", .type = MCU_ROOM_FLOOR, .actor = "c", .site = "x1", .on = TRUE);
  ASSERT_OBEY(room, 9, "document-shown", BY("x1", MCU_ROOM_SHOW_DOCUMENT), .other = "d1", .number = 2);
  ASSERT_OBEY(room, 9, "!forbidden", BY("x2", MCU_ROOM_SHOW_DOCUMENT), .other = "d1", .number = 3);
  ASSERT_OBEY(room, 9, "!forbidden", BY("x1", MCU_ROOM_SHOW_DOCUMENT), .other = "");
  ASSERT_OBEY(room, 10, "document-removed", .type = MCU_ROOM_REMOVE_DOCUMENT, .actor = "t", .other = "d1");
  guint page;
  g_assert_null(mcu_documents_shown(mcu_room_documents(room), &page));
}

static void
test_present(void)
{
  g_autoptr(McuRoom) room = room_new();
  ASSERT_OBEY(room, 5, "!forbidden", BY("x1", MCU_ROOM_PRESENT), .on = TRUE);
  ASSERT_OBEY(room, 5, "presenter-set:x1", .type = MCU_ROOM_LET_PRESENT, .actor = "c", .site = "x1", .on = TRUE);
  ASSERT_OBEY(room, 6, "presenting-on:x1", BY("x1", MCU_ROOM_PRESENT), .on = TRUE);
  g_assert_cmpstr(mcu_room_presenter(room)->site, ==, "x1");
  ASSERT_OBEY(room, 7, "presenting-off:x1 presenting-on:c", BY("c", MCU_ROOM_PRESENT), .on = TRUE);
  ASSERT_OBEY(room, 8, "presenting-off:c presenting-on:x1", BY("x1", MCU_ROOM_PRESENT), .on = TRUE);
  ASSERT_OBEY(room, 9, "presenter-set:x1 presenting-off:x1", .type = MCU_ROOM_LET_PRESENT, .actor = "c", .site = "x1");
  ASSERT_OBEY(room, 10, "presenting-on:t", BY("t", MCU_ROOM_PRESENT), .on = TRUE);
  ASSERT_OBEY(room, 11, "presenting-off:t seat-lost:t", .type = MCU_ROOM_LOST, .site = "t");
}

static void
test_aside(void)
{
  g_autoptr(McuRoom) room = room_new();
  ASSERT_OBEY(room, 5, "!forbidden", .type = MCU_ROOM_ASIDE, .actor = "c", .site = "c", .on = TRUE);
  ASSERT_OBEY(room, 5, "floor-given:x1", .type = MCU_ROOM_FLOOR, .actor = "c", .site = "x1", .on = TRUE);
  ASSERT_OBEY(room, 6, "floor-taken:x1 aside-set:x1", .type = MCU_ROOM_ASIDE, .actor = "c", .site = "x1", .on = TRUE);
  g_assert_true(mcu_room_is_aside(room, "x1"));
  ASSERT_OBEY(room, 7, "aside-set:x1", .type = MCU_ROOM_ASIDE, .actor = "c", .site = "x1");
}

/* What is open is closed with the meeting; a secret vote that nobody counted is not given a result. */
static void
test_end(void)
{
  g_autoptr(McuRoom) room = room_new(), secret = room_new();
  g_array_unref(mcu_room_obey(room, &(McuRoomCommand){.type = MCU_ROOM_CALLS_START, .number = 5}, 5, NULL));
  g_array_unref(mcu_room_obey(
      room, &(McuRoomCommand){.type = MCU_ROOM_VOTE_OPEN, .name = "Q", .text = "A\nB", .more = "x1"}, 5, NULL));
  g_autofree char *words = obey(room, &(McuRoomCommand){.type = MCU_ROOM_END, .actor = "c"}, 6);
  g_assert_true(g_str_has_prefix(words, "calls-ended roll-closed vote-closed seat-removed"));
  g_array_unref(mcu_room_obey(
      secret, &(McuRoomCommand){.type = MCU_ROOM_VOTE_OPEN, .name = "Q", .text = "A\nB", .more = "x1", .on = TRUE}, 5,
      NULL));
  g_autofree char *other = obey(secret, &(McuRoomCommand){.type = MCU_ROOM_END, .actor = "c"}, 6);
  g_assert_null(strstr(other, "vote-closed"));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/room-work/chat", test_chat);
  g_test_add_func("/room-work/named-vote", test_named_vote);
  g_test_add_func("/room-work/secret-vote", test_secret_vote);
  g_test_add_func("/room-work/roll", test_roll);
  g_test_add_func("/room-work/calls", test_calls);
  g_test_add_func("/room-work/agenda-and-documents", test_agenda_and_documents);
  g_test_add_func("/room-work/present", test_present);
  g_test_add_func("/room-work/aside", test_aside);
  g_test_add_func("/room-work/end", test_end);
  return g_test_run();
}
