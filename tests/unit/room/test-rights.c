/* Every cell of the table of rights, command by role by state, through the door of the room: what is expected is
 * written here anew, by the words of docs/protocol.md. */
#include "mcu/room/room.h"

#include <string.h>

#include "mcu/util/error.h"

/* Who may, as letters: c chair, t secretary, o operator, s site, w observer; - nobody but the bridge. */
static const struct {
  McuRoomCommandType type;
  const char *free, *ask, *chair;
} expected[] = {
    {MCU_ROOM_JOIN, "-", "-", "-"},
    {MCU_ROOM_LEAVE, "ctosw", "ctosw", "ctosw"},
    {MCU_ROOM_LOST, "-", "-", "-"},
    {MCU_ROOM_BACK, "-", "-", "-"},
    {MCU_ROOM_EXPIRE, "-", "-", "-"},
    {MCU_ROOM_MEDIA, "cts", "cts", "cts"},
    {MCU_ROOM_SPEAK, "cts", "ct", "c"},
    {MCU_ROOM_RECORD, "cto", "cto", "cto"},
    {MCU_ROOM_FLOOR, "cto", "cto", "cto"},
    {MCU_ROOM_YIELD, "cts", "cts", "cts"},
    {MCU_ROOM_HAND, "ts", "ts", "ts"},
    {MCU_ROOM_LOWER, "cto", "cto", "cto"},
    {MCU_ROOM_QUEUE, "cto", "cto", "cto"},
    {MCU_ROOM_POLICY, "cto", "cto", "cto"},
    {MCU_ROOM_SILENCE, "cto", "cto", "cto"},
    {MCU_ROOM_SILENCE_ALL, "cto", "cto", "cto"},
    {MCU_ROOM_CONSENT, "cts", "cts", "cts"},
    {MCU_ROOM_LOCK, "cto", "cto", "cto"},
    {MCU_ROOM_ADMIT, "cto", "cto", "cto"},
    {MCU_ROOM_REMOVE, "cto", "cto", "cto"},
    {MCU_ROOM_LET_IN, "cto", "cto", "cto"},
    {MCU_ROOM_ROLE, "c", "c", "c"},
    {MCU_ROOM_HAND_OVER, "c", "c", "c"},
    {MCU_ROOM_SHOW, "cto", "cto", "cto"},
    {MCU_ROOM_PREVIEW, "cto", "cto", "cto"},
    {MCU_ROOM_TAKE, "cto", "cto", "cto"},
    {MCU_ROOM_UNDO, "cto", "cto", "cto"},
    {MCU_ROOM_SAVE_SCENE, "cto", "cto", "cto"},
    {MCU_ROOM_DROP_SCENE, "cto", "cto", "cto"},
    {MCU_ROOM_LOCK_LAYOUT, "cto", "cto", "cto"},
    {MCU_ROOM_BANNER, "cto", "cto", "cto"},
    {MCU_ROOM_TOUR, "cto", "cto", "cto"},
    {MCU_ROOM_END, "c", "c", "c"},
    {MCU_ROOM_MAKE, "-", "-", "-"},
    {MCU_ROOM_PLAN, "-", "-", "-"},
    {MCU_ROOM_INVITE, "-", "-", "-"},
    {MCU_ROOM_UNINVITE, "-", "-", "-"},
    {MCU_ROOM_CHAT, "ctosw", "ctosw", "ctosw"},
    {MCU_ROOM_CHAT_ALL, "cto", "cto", "cto"},
    {MCU_ROOM_CHAT_OPEN, "cto", "cto", "cto"},
    {MCU_ROOM_ANNOUNCE, "cto", "cto", "cto"},
    {MCU_ROOM_VOTE_OPEN, "cto", "cto", "cto"},
    {MCU_ROOM_VOTE, "cts", "cts", "cts"},
    {MCU_ROOM_VOTE_CLOSE, "cto", "cto", "cto"},
    {MCU_ROOM_VOTE_RESTART, "-", "-", "-"},
    {MCU_ROOM_VOTE_SHOW, "cto", "cto", "cto"},
    {MCU_ROOM_ROLL_OPEN, "cto", "cto", "cto"},
    {MCU_ROOM_ROLL_MEASURE, "-", "-", "-"},
    {MCU_ROOM_ROLL_MARK, "cto", "cto", "cto"},
    {MCU_ROOM_ROLL_CLOSE, "cto", "cto", "cto"},
    {MCU_ROOM_CALLS_START, "cto", "cto", "cto"},
    {MCU_ROOM_CALLS_PAUSE, "cto", "cto", "cto"},
    {MCU_ROOM_CALLS_NEXT, "cto", "cto", "cto"},
    {MCU_ROOM_CALLS_BACK, "cto", "cto", "cto"},
    {MCU_ROOM_CALLS_STOP, "cto", "cto", "cto"},
    {MCU_ROOM_AGENDA, "cto", "cto", "cto"},
    {MCU_ROOM_AGENDA_GO, "cto", "cto", "cto"},
    {MCU_ROOM_ADD_DOCUMENT, "-", "-", "-"},
    {MCU_ROOM_REMOVE_DOCUMENT, "cto", "cto", "cto"},
    {MCU_ROOM_SHOW_DOCUMENT, "ctos", "ctos", "ctos"},
    {MCU_ROOM_LET_PRESENT, "cto", "cto", "cto"},
    {MCU_ROOM_PRESENT, "cts", "cts", "cts"},
    {MCU_ROOM_ASIDE, "cto", "cto", "cto"},
    {MCU_ROOM_WATCH_DESK, "cto", "cto", "cto"},
};

static const char letters[MCU_N_ROLES] = {[MCU_ROLE_CHAIR] = 'c',
                                          [MCU_ROLE_SITE] = 's',
                                          [MCU_ROLE_OBSERVER] = 'w',
                                          [MCU_ROLE_SECRETARY] = 't',
                                          [MCU_ROLE_OPERATOR] = 'o'};

static void
must(McuRoom *room, McuRoomCommand command)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) events = mcu_room_obey(room, &command, 1, &error);
  g_assert_no_error(error);
  g_assert_nonnull(events);
}

/* One of each role, with the chair handed to "chair". */
static McuRoom *
make_room(McuRoomState state)
{
  McuRoom *room = mcu_room_new(&(McuRoomLimits){.max_seats = 20, .lost_grace_us = 1000});
  for (guint role = 0; role < MCU_N_ROLES; role++)
    must(room,
         (McuRoomCommand){
             .type = MCU_ROOM_JOIN, .site = mcu_room_role_word((McuRole)role), .name = "X", .role = (McuRole)role});
  must(room, (McuRoomCommand){.type = MCU_ROOM_JOIN, .site = "other", .name = "Y", .role = MCU_ROLE_SITE});
  /* What else a right may depend on is given: a vote that is open, leave to present, the floor and a document. */
  must(room, (McuRoomCommand){.type = MCU_ROOM_VOTE_OPEN, .name = "Q", .text = "A\nB"});
  must(room, (McuRoomCommand){.type = MCU_ROOM_LET_PRESENT, .site = "site", .on = TRUE});
  must(room, (McuRoomCommand){.type = MCU_ROOM_FLOOR, .site = "site", .on = TRUE});
  must(room, (McuRoomCommand){.type = MCU_ROOM_ADD_DOCUMENT,
                              .other = "d1",
                              .name = "D",
                              .text = "pdf",
                              .number = 1,
                              .count = 2,
                              .more = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"});
  must(room, (McuRoomCommand){.type = MCU_ROOM_SHOW_DOCUMENT, .other = "d1", .number = 2});
  if (state == MCU_STATE_ASK)
    must(room, (McuRoomCommand){.type = MCU_ROOM_POLICY, .number = MCU_MIC_PERMISSION, .on = TRUE});
  else if (state == MCU_STATE_CHAIR)
    must(room, (McuRoomCommand){.type = MCU_ROOM_POLICY, .number = MCU_MIC_CHAIR});
  else if (state == MCU_STATE_ENDED)
    must(room, (McuRoomCommand){.type = MCU_ROOM_END});
  return room;
}

static gboolean
is_asked_only(McuRoomCommandType type)
{
  return type == MCU_ROOM_SPEAK || type == MCU_ROOM_CHAT_ALL || type == MCU_ROOM_WATCH_DESK;
}

/* Through the door: forbidden or not; what else is wrong with the command does not matter. */
static gboolean
is_allowed(const McuRoom *room, McuRoomCommandType type, const char *actor)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) events = mcu_room_events_new();
  gboolean own = type == MCU_ROOM_LEAVE || type == MCU_ROOM_MEDIA || type == MCU_ROOM_YIELD || type == MCU_ROOM_HAND ||
                 type == MCU_ROOM_CONSENT || type == MCU_ROOM_CHAT || type == MCU_ROOM_VOTE || type == MCU_ROOM_PRESENT;
  const McuRoomCommand command = {.type = type,
                                  .actor = actor,
                                  .site = own ? actor : "other",
                                  .name = "X",
                                  .other = "d1",
                                  .text = "auto",
                                  .on = TRUE,
                                  .number = 1,
                                  .count = 1,
                                  .role = MCU_ROLE_SECRETARY};
  gboolean ok = mcu_room_decide(room, &command, 2, events, &error);
  if (!ok)
    g_assert_cmpuint(events->len, ==, 0);
  return ok || (error->code != MCU_ERROR_FORBIDDEN && error->code != MCU_ERROR_ENDED);
}

static void
test_cells(void)
{
  g_assert_cmpuint(G_N_ELEMENTS(expected), ==, MCU_ROOM_N_COMMANDS);
  for (guint state = 0; state < MCU_N_STATES; state++) {
    g_autoptr(McuRoom) room = make_room((McuRoomState)state);
    g_assert_cmpint(mcu_room_state(room), ==, state);
    for (guint i = 0; i < G_N_ELEMENTS(expected); i++) {
      const char *who[] = {expected[i].free, expected[i].ask, expected[i].chair,
                           expected[i].type == MCU_ROOM_LEAVE ? "ctosw" : "-"};
      for (guint role = 0; role < MCU_N_ROLES; role++) {
        gboolean may = strchr(who[state], letters[role]) != NULL;
        g_test_message("%s by %s in state %u", mcu_rights_word(expected[i].type), mcu_room_role_word((McuRole)role),
                       state);
        g_assert_cmpint(mcu_rights_allow(expected[i].type, (McuRole)role, (McuRoomState)state), ==, may);
        if (state != MCU_STATE_ENDED && !is_asked_only(expected[i].type))
          g_assert_cmpint(is_allowed(room, expected[i].type, mcu_room_role_word((McuRole)role)), ==, may);
      }
    }
  }
}

/* Nobody is in an ended meeting; nothing can be done with it even by the bridge. */
static void
test_ended(void)
{
  g_autoptr(McuRoom) room = make_room(MCU_STATE_ENDED);
  g_assert_cmpuint(mcu_room_n_seats(room), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS(expected); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) events = mcu_room_events_new();
    if (is_asked_only(expected[i].type))
      continue;
    const McuRoomCommand command = {.type = expected[i].type, .site = "other", .name = "X", .text = "auto"};
    g_assert_false(mcu_room_decide(room, &command, 2, events, &error));
    int code = expected[i].type == MCU_ROOM_LEAVE ? MCU_ERROR_NOT_FOUND : MCU_ERROR_ENDED;
    g_assert_true(g_error_matches(error, MCU_ERROR, code));
  }
}

/* Somebody else's hand, microphone, consent or leaving is not one's own. */
static void
test_own(void)
{
  static const McuRoomCommandType own[] = {MCU_ROOM_LEAVE, MCU_ROOM_MEDIA, MCU_ROOM_YIELD, MCU_ROOM_HAND,
                                           MCU_ROOM_CONSENT};
  g_autoptr(McuRoom) room = make_room(MCU_STATE_FREE);
  for (guint i = 0; i < G_N_ELEMENTS(own); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) events = mcu_room_events_new();
    const McuRoomCommand command = {.type = own[i], .actor = "secretary", .site = "other", .on = TRUE};
    g_assert_false(mcu_room_decide(room, &command, 2, events, &error));
    g_assert_error(error, MCU_ERROR, MCU_ERROR_FORBIDDEN);
  }
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) events = mcu_room_events_new();
  const McuRoomCommand stranger = {.type = MCU_ROOM_FLOOR, .actor = "nobody", .site = "other", .on = TRUE};
  g_assert_false(mcu_room_decide(room, &stranger, 2, events, &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_NOT_JOINED);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/room/rights/cells", test_cells);
  g_test_add_func("/room/rights/ended", test_ended);
  g_test_add_func("/room/rights/own", test_own);
  return g_test_run();
}
