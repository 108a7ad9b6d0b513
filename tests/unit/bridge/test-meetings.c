/* Meetings that are made, their lists and their desk; and a restart in the middle of one. */
#include <string.h>

#include "mcu/bridge/meeting.h"
#include "mcu/store/store.h"
#include "mcu/util/error.h"
#include "tests/unit/bridge/fixture.h"

static const McuInvitation list[] = {
    {.site = "tinh",
     .name = "UBND tỉnh",
     .parent = "",
     .telephone = "",
     .email = "",
     .level = 1,
     .role = MCU_ROLE_CHAIR},
    {.site = "xa-1",
     .name = "Xã Đồng Văn",
     .parent = "tinh",
     .telephone = "0219",
     .email = "x@y",
     .level = 2,
     .role = MCU_ROLE_SITE},
    {.site = "xa-2",
     .name = "Xã Lũng Cú",
     .parent = "tinh",
     .telephone = "",
     .email = "",
     .level = 2,
     .role = MCU_ROLE_SITE},
};

static void
make(Fixture *f, const char *id)
{
  g_autofree char *made = NULL;
  g_autoptr(GError) error = NULL;
  mcu_bridge_make_meeting(f->bridge, id, "Giao ban tháng 11", 1795000000000, &made, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(made, ==, id);
  mcu_bridge_invite(f->bridge, id, list, G_N_ELEMENTS(list), &error);
  g_assert_no_error(error);
}

static void
join_by_list(Client *client, Fixture *f, const char *meeting, const char *site, const char *device, gboolean replace)
{
  McuGrant grant = {.by_list = TRUE, .role = MCU_ROLE_SITE, .replace = replace};
  g_strlcpy(grant.meeting, meeting, sizeof grant.meeting);
  g_strlcpy(grant.site, site, sizeof grant.site);
  g_strlcpy(grant.client, device, sizeof grant.client);
  client_join_grant(client, f, &grant);
}

static void
join_screen(Client *client, Fixture *f, const char *site, McuScreen screen)
{
  McuGrant grant = {.role = MCU_ROLE_CHAIR, .screen = screen};
  g_strlcpy(grant.meeting, "m", sizeof grant.meeting);
  g_strlcpy(grant.site, site, sizeof grant.site);
  client_join_grant(client, f, &grant);
}

static void
test_made(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *id = NULL, *copy = NULL;
  make(f, "m");
  g_assert_cmpuint(fake_engine_mixes(), ==, 0); /* it sleeps */
  g_assert_false(mcu_bridge_make_meeting(f->bridge, "m", "X", 0, &id, &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_CONFLICT);
  g_clear_error(&error);
  g_assert_false(mcu_bridge_make_meeting(f->bridge, "a b", "X", 0, &id, &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_BAD_MESSAGE);
  g_clear_error(&error);
  g_assert_true(mcu_bridge_copy_meeting(f->bridge, "m", NULL, "Lần hai", 0, &copy, NULL));
  const McuRoom *room = mcu_bridge_room(f->bridge, copy);
  g_assert_cmpuint(mcu_room_n_invited(room), ==, 3);
  g_assert_cmpstr(mcu_room_find_invited(room, "xa-1")->telephone, ==, "0219");

  fixture_run(f, 60 * G_USEC_PER_SEC); /* nobody comes: they stay */
  g_autoptr(GPtrArray) all = mcu_bridge_list_meetings(f->bridge, NULL);
  g_autoptr(GPtrArray) none = mcu_bridge_list_meetings(f->bridge, "xa-9");
  g_assert_cmpuint(all->len, ==, 2);
  g_assert_cmpuint(none->len, ==, 0);
  g_assert_true(mcu_bridge_change_meeting(f->bridge, "m", "Giao ban tháng 12", -1, NULL));
  g_assert_cmpint(mcu_room_planned_ms(mcu_bridge_room(f->bridge, "m")), ==, 1795000000000);
  g_assert_true(mcu_bridge_end_meeting(f->bridge, "m", NULL));
  fixture_run(f, MCU_BRIDGE_TICK_US);
  g_assert_null(mcu_bridge_room(f->bridge, "m"));
  g_assert_false(mcu_bridge_end_meeting(f->bridge, "m", &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_NOT_FOUND);
}

static void
test_list(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  make(f, "m");
  McuInvitation other[3] = {
      list[2], list[0], {.site = "xa-3", .name = "Xã Ba", .parent = "", .telephone = "", .email = ""}};
  g_assert_true(mcu_bridge_invite(f->bridge, "m", other, 3, NULL));
  const McuRoom *room = mcu_bridge_room(f->bridge, "m");
  g_assert_cmpuint(mcu_room_n_invited(room), ==, 3);
  g_assert_cmpstr(mcu_room_invited(room, 0)->site, ==, "xa-2");
  g_assert_cmpstr(mcu_room_invited(room, 2)->site, ==, "xa-3");
  g_assert_null(mcu_room_find_invited(room, "xa-1"));
  /* One that is wrong: all stays. */
  other[1].name = (char *)"";
  g_autoptr(GError) error = NULL;
  g_assert_false(mcu_bridge_invite(f->bridge, "m", other, 3, &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_BAD_MESSAGE);
  g_assert_cmpstr(mcu_room_find_invited(room, "tinh")->name, ==, "UBND tỉnh");
  other[1] = other[0];
  g_assert_false(mcu_bridge_invite(f->bridge, "m", other, 3, NULL)); /* twice */
  g_assert_cmpuint(mcu_room_n_invited(room), ==, 3);
}

/* A lasting link: the list says name and role; a meeting that is not there is not made. */
static void
test_links(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  Client chair, site, nowhere;
  make(f, "m");
  join_by_list(&nowhere, f, "other", "xa-1", "d1", FALSE);
  g_assert_cmpint(nowhere.closed, ==, MCU_ERROR_NOT_FOUND);
  join_by_list(&chair, f, "m", "tinh", "d1", FALSE);
  join_by_list(&site, f, "m", "xa-1", "d1", FALSE);
  g_assert_cmpint(mcu_member_role(chair.member), ==, MCU_ROLE_CHAIR);
  g_assert_cmpstr(mcu_member_site_name(site.member), ==, "Xã Đồng Văn");
  g_assert_cmpint(mcu_member_role(site.member), ==, MCU_ROLE_SITE);
  g_assert_cmpuint(fake_engine_mixes(), ==, 1);
  mcu_member_leave(chair.member);
  mcu_member_leave(site.member);
  fixture_run(f, 20 * G_USEC_PER_SEC);
  g_assert_cmpuint(fake_engine_mixes(), ==, 0); /* asleep, not over */
  g_assert_nonnull(mcu_bridge_room(f->bridge, "m"));
  client_clear(&chair);
  client_clear(&site);
  client_clear(&nowhere);
}

/* Another device asks first; the same one, and one without a name, do not. */
static void
test_occupied(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  Client first, second, again;
  make(f, "m");
  join_by_list(&first, f, "m", "xa-1", "tv", FALSE);
  client_connect(&first, f);
  join_by_list(&second, f, "m", "xa-1", "laptop", FALSE);
  g_assert_cmpint(second.closed, ==, MCU_ERROR_OCCUPIED);
  g_assert_nonnull(first.member);
  client_clear(&second);
  join_by_list(&again, f, "m", "xa-1", "tv", FALSE);
  g_assert_cmpint(first.closed, ==, MCU_ERROR_REPLACED);
  client_clear(&first);
  join_by_list(&second, f, "m", "xa-1", "laptop", TRUE);
  g_assert_cmpint(again.closed, ==, MCU_ERROR_REPLACED);
  client_clear(&again);
  mcu_member_lost(second.member); /* its line is gone: nobody has to be asked */
  join_by_list(&first, f, "m", "xa-1", "tv", FALSE);
  g_assert_nonnull(first.member);
  client_clear(&first);
  client_clear(&second);
}

static void
test_lobby(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  Client chair, guest, stranger, again;
  make(f, "m");
  join_by_list(&chair, f, "m", "tinh", "d", FALSE);
  client_join(&guest, f, "khach", MCU_ROLE_SITE);
  client_join(&stranger, f, "la", MCU_ROLE_SITE);
  g_assert_true(mcu_member_waits(guest.member) && mcu_member_waits(stranger.member));
  client_must_not(&guest, (McuRoomCommand){.type = MCU_ROOM_HAND, .on = TRUE}, MCU_ERROR_FORBIDDEN);
  fixture_run(f, G_USEC_PER_SEC);
  g_assert_nonnull(strstr(chair.told->str, "\"lobby\":[{\"site\":\"khach\""));
  g_assert_cmpuint(guest.told->len, ==, 0);

  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_ADMIT, .site = "khach", .on = TRUE});
  g_assert_true(guest.admitted);
  g_assert_false(mcu_member_waits(guest.member));
  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_ADMIT, .site = "la"});
  g_assert_cmpint(stranger.closed, ==, MCU_ERROR_REFUSED);
  client_connect(&guest, f);

  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_REMOVE, .site = "khach", .on = TRUE});
  g_assert_cmpint(guest.closed, ==, MCU_ERROR_REFUSED);
  client_join(&again, f, "khach", MCU_ROLE_SITE);
  g_assert_cmpint(again.closed, ==, MCU_ERROR_REFUSED);
  client_clear(&again);
  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_LET_IN, .site = "khach"});
  client_join(&again, f, "khach", MCU_ROLE_SITE);
  g_assert_true(mcu_member_waits(again.member));
  mcu_member_leave(again.member); /* goes from the lobby */
  client_clear(&again);
  g_assert_cmpuint(mcu_room_n_lobby(mcu_bridge_room(f->bridge, "m")), ==, 0);

  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_LOCK, .on = TRUE});
  join_by_list(&again, f, "m", "xa-1", "d", FALSE);
  g_assert_true(mcu_member_waits(again.member));
  mcu_member_lost(again.member);
  client_clear(&again);
  client_clear(&chair);
  client_clear(&guest);
  client_clear(&stranger);
}

static void
test_microphones(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  Client chair, a, b, late;
  client_join(&chair, f, "chair", MCU_ROLE_CHAIR);
  client_join(&a, f, "a", MCU_ROLE_SITE);
  client_join(&b, f, "b", MCU_ROLE_SITE);
  McuMix *mix = fake_engine_newest();
  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_POLICY, .number = MCU_MIC_PERMISSION, .on = TRUE});
  client_join(&late, f, "late", MCU_ROLE_SITE);
  g_assert_true(fake_engine_seat(mix, "Xã a")->muted && fake_engine_seat(mix, "Xã late")->muted);
  g_assert_false(fake_engine_seat(mix, "Xã chair")->muted);
  mcu_member_set_mic(a.member, TRUE); /* it cannot help itself */
  g_assert_true(fake_engine_seat(mix, "Xã a")->muted);

  client_do(&a, (McuRoomCommand){.type = MCU_ROOM_HAND, .on = TRUE});
  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_FLOOR, .site = "a", .on = TRUE, .number = 60});
  g_assert_false(fake_engine_seat(mix, "Xã a")->muted);
  g_assert_cmpuint(mcu_room_n_hands(mcu_bridge_room(f->bridge, "m")), ==, 0);
  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_FLOOR, .site = "b", .on = TRUE});
  g_assert_true(fake_engine_seat(mix, "Xã a")->muted); /* closed with the same word */
  g_assert_false(fake_engine_seat(mix, "Xã b")->muted);
  client_must_not(&a, (McuRoomCommand){.type = MCU_ROOM_FLOOR, .site = "a", .on = TRUE}, MCU_ERROR_FORBIDDEN);
  client_do(&b, (McuRoomCommand){.type = MCU_ROOM_YIELD});
  g_assert_true(fake_engine_seat(mix, "Xã b")->muted);

  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_POLICY, .number = MCU_MIC_OPEN, .on = TRUE});
  g_assert_false(fake_engine_seat(mix, "Xã a")->muted);
  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_SILENCE_ALL, .text = "b", .on = TRUE});
  g_assert_true(fake_engine_seat(mix, "Xã a")->muted && fake_engine_seat(mix, "Xã late")->muted);
  g_assert_false(fake_engine_seat(mix, "Xã b")->muted || fake_engine_seat(mix, "Xã chair")->muted);
  mcu_member_set_mic(a.member, TRUE);
  g_assert_false(fake_engine_seat(mix, "Xã a")->muted);
  client_clear(&chair);
  client_clear(&a);
  client_clear(&b);
  client_clear(&late);
}

/* The programme changes when it is taken and not before; the screen of the preview shows it. */
static void
test_scenes(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  Client chair, a, b, wall, preview, stranger;
  client_join(&chair, f, "chair", MCU_ROLE_CHAIR);
  client_join(&a, f, "a", MCU_ROLE_SITE);
  client_join(&b, f, "b", MCU_ROLE_SITE);
  McuMix *mix = fake_engine_newest();
  fixture_run(f, MCU_BRIDGE_TICK_US);
  g_autofree char *before = fake_engine_view(mix, MCU_VIEW_PROGRAMME);
  g_assert_cmpstr(before, ==, "Xã chair, Xã a, Xã b");
  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_PREVIEW, .text = "auto|site:b,nothing"});
  g_autofree char *unseen = fake_engine_view(mix, MCU_VIEW_PROGRAMME);
  g_autofree char *prepared = fake_engine_view(mix, MCU_VIEW_PREVIEW);
  g_assert_cmpstr(unseen, ==, before);
  g_assert_cmpstr(prepared, ==, "Xã b, Xã chair");
  g_assert_true(fake_engine_seat(mix, "Xã b")->warm); /* it may be shown next */
  g_assert_false(fake_engine_seat(mix, "Xã a")->warm);
  client_do(&a, (McuRoomCommand){.type = MCU_ROOM_HAND, .on = TRUE});
  fixture_run(f, MCU_BRIDGE_TICK_US);
  g_assert_true(fake_engine_seat(mix, "Xã a")->warm);
  client_do(&a, (McuRoomCommand){.type = MCU_ROOM_HAND});
  fixture_run(f, MCU_BRIDGE_TICK_US);
  g_assert_false(fake_engine_seat(mix, "Xã a")->warm);
  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_TAKE}); /* at once, without a heartbeat */
  g_autofree char *taken = fake_engine_view(mix, MCU_VIEW_PROGRAMME);
  g_assert_cmpstr(taken, ==, "Xã b, Xã chair");
  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_UNDO});
  g_autofree char *undone = fake_engine_view(mix, MCU_VIEW_PROGRAMME);
  g_assert_cmpstr(undone, ==, before);

  /* A site that is away stands there with its name. */
  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_SHOW, .text = "auto|site:away"});
  g_autofree char *away = fake_engine_view(mix, MCU_VIEW_PROGRAMME);
  g_assert_true(g_str_has_prefix(away, "away, Xã chair"));
  g_assert_true(fake_engine_seat(mix, "away")->lost);
  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_BANNER, .text = "Nghỉ"});
  g_assert_cmpstr(mix->banner[MCU_VIEW_PROGRAMME], ==, "Nghỉ");
  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_FLOOR, .site = "a", .on = TRUE, .number = 60});
  gint64 clock_us = 0;
  for (guint i = 0; i < mix->look[MCU_VIEW_PROGRAMME].n_panes; i++)
    if (mix->look[MCU_VIEW_PROGRAMME].panes[i].seat == fake_engine_seat(mix, "Xã a"))
      clock_us = mix->look[MCU_VIEW_PROGRAMME].panes[i].clock_us;
  g_assert_cmpint(clock_us, ==, f->now_us);

  join_screen(&wall, f, "chair", MCU_SCREEN_WALL);
  join_screen(&preview, f, "chair", MCU_SCREEN_PREVIEW);
  join_screen(&stranger, f, "a", MCU_SCREEN_WALL); /* whatever its token says: its seat has no desk */
  g_assert_cmpint(stranger.closed, ==, MCU_ERROR_FORBIDDEN);
  client_connect(&wall, f);
  g_assert_cmpuint(fake_engine_acquired(mix, MCU_VIEW_WALL, MCU_RUNG_1080, MCU_CODEC_H264), ==, 1);
  client_must_not(&wall, (McuRoomCommand){.type = MCU_ROOM_TAKE}, MCU_ERROR_FORBIDDEN);
  g_assert_cmpuint(mcu_room_n_seats(mcu_bridge_room(f->bridge, "m")), ==, 3);
  fixture_run(f, 2 * G_USEC_PER_SEC);
  mcu_member_lost(preview.member);
  mcu_member_leave(chair.member); /* its screens go with it */
  g_assert_cmpint(wall.closed, ==, MCU_ERROR_FORBIDDEN);
  client_clear(&chair);
  client_clear(&a);
  client_clear(&b);
  client_clear(&wall);
  client_clear(&preview);
  client_clear(&stranger);
}

/* A wall is often alone on its machine: nobody but the bridge tells it who is gone for good, and that it is recorded.
 */
static void
test_screen_is_told(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  Client chair, a, b, c, wall, guest;
  client_join(&chair, f, "chair", MCU_ROLE_CHAIR);
  client_join(&a, f, "a", MCU_ROLE_SITE);
  client_join(&b, f, "b", MCU_ROLE_SITE);
  client_join(&c, f, "late", MCU_ROLE_SITE);
  join_screen(&wall, f, "chair", MCU_SCREEN_WALL);
  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_LOCK, .on = TRUE});
  client_join(&guest, f, "guest", MCU_ROLE_SITE);
  g_assert_true(mcu_member_waits(guest.member));
  fixture_run(f, G_USEC_PER_SEC);
  guint told = wall.sites_changed;

  mcu_member_leave(a.member);
  fixture_run(f, G_USEC_PER_SEC / 2);
  g_assert_cmpuint(wall.sites_changed, ==, ++told);
  g_assert_cmpstr(wall.sites->str, ==, "{\"v\":1,\"type\":\"sites\",\"sites\":[],\"gone\":[\"a\"]}");
  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_REMOVE, .site = "b"});
  fixture_run(f, G_USEC_PER_SEC / 2);
  g_assert_cmpuint(wall.sites_changed, ==, ++told);
  g_assert_cmpstr(wall.sites->str, ==, "{\"v\":1,\"type\":\"sites\",\"sites\":[],\"gone\":[\"b\"]}");

  /* Lost: it keeps its tile for the grace, and no longer. */
  mcu_member_lost(c.member);
  fixture_run(f, G_USEC_PER_SEC);
  g_assert_nonnull(strstr(wall.sites->str, "\"id\":\"late\""));
  g_assert_nonnull(strstr(wall.sites->str, "\"lost\":true"));
  fixture_run(f, f->config.lost_grace_us + G_USEC_PER_SEC);
  g_assert_nonnull(strstr(wall.sites->str, "\"gone\":[\"late\"]"));
  g_assert_cmpstr(wall.sites->str, ==, chair.sites->str);

  g_assert_true(client_record(&chair, TRUE, NULL));
  g_assert_cmpstr(wall.recording->str, ==, chair.recording->str);
  g_assert_cmpstr(wall.recording->str, ==, "on ");
  g_assert_cmpuint(guest.sites_changed, ==, 0);
  g_assert_cmpstr(guest.recording->str, ==, "");
  client_clear(&chair);
  client_clear(&a);
  client_clear(&b);
  client_clear(&c);
  client_clear(&wall);
  client_clear(&guest);
}

/* In a lecture who has the floor sees the others. */
static void
test_lecture(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  static const char lecture[] =
      "[layout]\nname=lecture\ntitle=L\ntitle[vi]=L\ngrid=1x1\npane1=0,0 1x1 floor\nspeaker=auto\n";
  McuLayouts *layouts = mcu_layouts_new();
  g_assert_true(mcu_layouts_add(layouts, lecture, strlen(lecture), NULL));
  f->config.layouts = layouts;
  fixture_restart(f);
  Client chair, a;
  client_join(&chair, f, "chair", MCU_ROLE_CHAIR);
  client_join(&a, f, "a", MCU_ROLE_SITE);
  McuMix *mix = fake_engine_newest();
  client_connect(&a, f);
  client_must_not(&chair, (McuRoomCommand){.type = MCU_ROOM_SHOW, .text = "no-such"}, MCU_ERROR_NOT_FOUND);
  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_SHOW, .text = "lecture"});
  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_FLOOR, .site = "a", .on = TRUE});
  g_autofree char *all = fake_engine_view(mix, MCU_VIEW_PROGRAMME), *own = fake_engine_view(mix, MCU_VIEW_SPEAKER);
  g_assert_cmpstr(all, ==, "Xã a");
  g_assert_cmpstr(own, ==, "Xã chair");
  g_assert_cmpuint(fake_engine_acquired(mix, MCU_VIEW_SPEAKER, MCU_RUNG_720, MCU_CODEC_H264), ==, 1);
  g_assert_cmpuint(fake_engine_acquired(mix, MCU_VIEW_PROGRAMME, MCU_RUNG_720, MCU_CODEC_H264), ==, 0);
  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_FLOOR, .site = "a"});
  g_assert_cmpuint(fake_engine_acquired(mix, MCU_VIEW_PROGRAMME, MCU_RUNG_720, MCU_CODEC_H264), ==, 1);
  client_clear(&chair);
  client_clear(&a);
  f->config.layouts = NULL;
  fixture_restart(f);
  mcu_layouts_free(layouts);
}

static void
test_roles(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  Client chair, a, b;
  client_join(&chair, f, "chair", MCU_ROLE_CHAIR);
  client_join(&a, f, "a", MCU_ROLE_SITE);
  client_join(&b, f, "b", MCU_ROLE_SITE);
  client_must_not(&a, (McuRoomCommand){.type = MCU_ROOM_HAND_OVER, .site = "a"}, MCU_ERROR_FORBIDDEN);
  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_HAND_OVER, .site = "a"});
  g_assert_cmpint(mcu_member_role(a.member), ==, MCU_ROLE_CHAIR);
  g_assert_cmpint(mcu_member_role(chair.member), ==, MCU_ROLE_SECRETARY);
  g_assert_nonnull(strstr(a.told->str, "\"type\":\"desk\""));
  client_must_not(&chair, (McuRoomCommand){.type = MCU_ROOM_END}, MCU_ERROR_FORBIDDEN);
  /* A voice that is lost means another connection, in the same seat. */
  client_do(&a, (McuRoomCommand){.type = MCU_ROOM_ROLE, .site = "b", .role = MCU_ROLE_OPERATOR});
  g_assert_cmpint(b.closed, ==, MCU_ERROR_TRANSPORT);
  client_clear(&b);
  client_join(&b, f, "b", MCU_ROLE_SITE);
  g_assert_cmpint(mcu_member_role(b.member), ==, MCU_ROLE_OPERATOR);
  client_do(&b, (McuRoomCommand){.type = MCU_ROOM_FLOOR, .site = "chair", .on = TRUE});
  mcu_member_leave(a.member); /* who was invited as the chair has it again */
  g_assert_cmpint(mcu_member_role(chair.member), ==, MCU_ROLE_CHAIR);
  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_END});
  g_assert_cmpint(chair.closed, ==, MCU_ERROR_ENDED);
  g_assert_cmpint(b.closed, ==, MCU_ERROR_ENDED);
  fixture_run(f, MCU_BRIDGE_TICK_US);
  g_assert_null(mcu_bridge_room(f->bridge, "m"));
  client_clear(&chair);
  client_clear(&a);
  client_clear(&b);
}

/* An observer that the chair has given a voice comes again as invited, and then has a place in the picture. */
static void
test_given_voice(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  Client chair, w;
  client_join(&chair, f, "chair", MCU_ROLE_CHAIR);
  client_join(&w, f, "w", MCU_ROLE_OBSERVER);
  McuMeeting *meeting = g_hash_table_lookup(f->bridge->meetings, "m");
  g_assert_null(mcu_meeting_mix_seat(meeting, "w"));
  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_ROLE, .site = "w", .role = MCU_ROLE_SITE});
  g_assert_cmpint(w.closed, ==, MCU_ERROR_TRANSPORT);
  client_clear(&w);
  client_join(&w, f, "w", MCU_ROLE_OBSERVER);
  g_assert_cmpint(mcu_member_role(w.member), ==, MCU_ROLE_SITE);
  g_assert_nonnull(mcu_meeting_mix_seat(meeting, "w"));
  client_clear(&w);
  client_clear(&chair);
}

/* The bridge goes in the moment in which a meeting has ended: it is not held again. */
static void
test_ended_restart(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  Client chair, guest;
  f->config.database = f->database;
  fixture_restart(f);
  client_join(&chair, f, "chair", MCU_ROLE_CHAIR);
  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_LOCK, .on = TRUE});
  client_join(&guest, f, "guest", MCU_ROLE_SITE);
  g_assert_true(mcu_member_waits(guest.member));
  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_END});
  g_assert_cmpint(guest.closed, ==, MCU_ERROR_ENDED);
  client_clear(&guest);
  client_clear(&chair);
  g_assert_true(mcu_store_flush(f->store, 60 * G_USEC_PER_SEC));
  fixture_restart(f);
  fixture_run(f, MCU_BRIDGE_TICK_US);
  g_assert_null(mcu_bridge_room(f->bridge, "m"));
}

/* The bridge goes and comes; what was kept is enough. */
static void
test_restart(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  Client chair, a, b;
  f->config.database = f->database;
  fixture_restart(f);
  make(f, "m");
  make(f, "later");
  join_by_list(&chair, f, "m", "tinh", "d", FALSE);
  join_by_list(&a, f, "m", "xa-1", "d", FALSE);
  join_by_list(&b, f, "m", "xa-2", "d", FALSE);
  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_POLICY, .number = MCU_MIC_PERMISSION, .on = TRUE});
  client_do(&a, (McuRoomCommand){.type = MCU_ROOM_HAND, .on = TRUE});
  client_do(&a, (McuRoomCommand){.type = MCU_ROOM_CONSENT, .on = TRUE});
  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_FLOOR, .site = "xa-2", .on = TRUE, .number = 90});
  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_SHOW, .text = "auto;letterbox|site:xa-2"});
  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_SAVE_SCENE, .name = "Một", .text = "auto|chair"});
  g_assert_true(client_record(&chair, TRUE, NULL));
  g_assert_true(mcu_store_flush(f->store, 60 * G_USEC_PER_SEC));
  g_assert_true(mcu_room_recording(mcu_bridge_room(f->bridge, "m")));

  fixture_restart(f);
  const McuRoom *room = mcu_bridge_room(f->bridge, "m");
  g_assert_nonnull(room);
  g_assert_nonnull(mcu_bridge_room(f->bridge, "later"));
  g_assert_cmpuint(mcu_room_n_seats(room), ==, 3);
  g_assert_true(mcu_room_seat(room, 0)->lost);
  g_assert_cmpstr(mcu_room_floor(room)->site, ==, "xa-2");
  g_assert_cmpuint(mcu_room_floor_limit(room), ==, 90);
  g_assert_cmpstr(mcu_room_hand(room, 0)->site, ==, "xa-1");
  g_assert_true(mcu_room_find(room, "xa-1")->consent && mcu_room_find(room, "xa-1")->silenced);
  g_assert_cmpstr(mcu_room_programme(room), ==, "auto;letterbox|site:xa-2");
  g_assert_cmpuint(mcu_room_n_scenes(room), ==, 1);
  g_assert_true(mcu_room_recording(room));
  client_clear(&a);
  join_by_list(&a, f, "m", "xa-1", "d", FALSE);
  McuMix *mix = fake_engine_newest();
  g_assert_nonnull(mix->recording); /* goes on, in a file of its own */
  g_assert_true(fake_engine_seat(mix, "Xã Đồng Văn")->muted);
  client_clear(&b);
  join_by_list(&b, f, "m", "xa-2", "d", FALSE);
  g_assert_cmpuint(mcu_room_n_seats(room), ==, 3);
  g_assert_false(fake_engine_seat(mix, "Xã Lũng Cú")->muted);

  /* The log goes on where it was: whole, and in order. */
  g_assert_true(mcu_store_flush(f->store, 60 * G_USEC_PER_SEC));
  g_autoptr(GPtrArray) meetings = mcu_store_read_meetings(f->database, NULL);
  g_assert_cmpuint(meetings->len, ==, 2);
  for (guint i = 0; i < meetings->len; i++) {
    const McuStoreMeeting *meeting = g_ptr_array_index(meetings, i);
    gint64 bad;
    g_assert_true(mcu_store_verify(f->database, meeting->uuid, &bad, NULL));
    g_autoptr(GPtrArray) events = mcu_store_read_events(f->database, meeting->uuid, NULL);
    for (guint k = 0; k < events->len; k++)
      g_assert_cmpint(((McuStoreEvent *)g_ptr_array_index(events, k))->seq, ==, k);
  }
  client_clear(&chair);
  client_clear(&a);
  client_clear(&b);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(name, func) g_test_add("/bridge/meetings/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  ADD("made", test_made);
  ADD("list", test_list);
  ADD("links", test_links);
  ADD("occupied", test_occupied);
  ADD("lobby", test_lobby);
  ADD("microphones", test_microphones);
  ADD("scenes", test_scenes);
  ADD("screen-is-told", test_screen_is_told);
  ADD("lecture", test_lecture);
  ADD("roles", test_roles);
  ADD("given-voice", test_given_voice);
  ADD("ended-restart", test_ended_restart);
  ADD("restart", test_restart);
  return g_test_run();
}
