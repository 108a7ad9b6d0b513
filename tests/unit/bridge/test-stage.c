/* A stage on a room of its own and the fake engine, without members. */
#include "mcu/bridge/stage.h"

#include <string.h>

#include "tests/fakes/fake-engine.h"

typedef struct {
  McuMix *mix;
  McuRoom *room;
  McuStage *stage;
  gint64 now_us;
} Fixture;

static void
set_up(Fixture *f, gconstpointer data)
{
  static const McuMixEvents events = {0};
  f->mix = fake_engine()->mix_new(&(McuMixConfig){.name = "m", .video_kbps = 1500}, &events, NULL, NULL);
  f->room = mcu_room_new(&(McuRoomLimits){.max_seats = 1000, .lost_grace_us = 60000000});
  f->stage = mcu_stage_new(fake_engine(), f->mix, NULL, GPOINTER_TO_UINT(data));
  f->now_us = 1000000;
}

static void
tear_down(Fixture *f, gconstpointer data)
{
  (void)data;
  mcu_stage_clear(f->stage);
  fake_engine()->mix_free(f->mix);
  mcu_stage_free(f->stage);
  mcu_room_free(f->room);
  g_assert_cmpuint(fake_engine_mixes(), ==, 0);
}

static void
obey(Fixture *f, McuRoomCommand command)
{
  g_autoptr(GArray) events = mcu_room_obey(f->room, &command, f->now_us, NULL);
  g_assert_nonnull(events);
  for (guint i = 0; i < mcu_room_n_seats(f->room); i++)
    mcu_stage_set(f->stage, mcu_room_seat(f->room, i));
}

static void
join(Fixture *f, const char *site, McuRole role)
{
  if (role != MCU_ROLE_OBSERVER)
    g_assert_true(mcu_stage_add(f->stage, site, site, NULL));
  obey(f, (McuRoomCommand){.type = MCU_ROOM_JOIN, .site = site, .name = site, .role = role, .camera = TRUE});
}

static void
leave(Fixture *f, const char *site)
{
  obey(f, (McuRoomCommand){.type = MCU_ROOM_LEAVE, .site = site});
  mcu_stage_remove(f->stage, site);
}

static void
assert_shown(Fixture *f, const char *programme, const char *wall)
{
  mcu_stage_update(f->stage, f->room, f->now_us += 250000);
  g_autofree char *shown = fake_engine_view(f->mix, MCU_VIEW_PROGRAMME);
  g_autofree char *walled = fake_engine_view(f->mix, MCU_VIEW_WALL);
  g_assert_cmpstr(shown, ==, programme);
  g_assert_cmpstr(walled, ==, wall);
}

static void
test_views(Fixture *f, gconstpointer data)
{
  (void)data;
  join(f, "a", MCU_ROLE_SITE);
  join(f, "b", MCU_ROLE_SITE);
  join(f, "o", MCU_ROLE_OBSERVER);
  join(f, "c", MCU_ROLE_SITE);
  assert_shown(f, "a, b", "a, b, c");
  assert_shown(f, "a, b", "a, b, c");
  g_assert_cmpuint(f->mix->shows[MCU_VIEW_PROGRAMME], ==, 1);
  g_assert_cmpuint(f->mix->shows[MCU_VIEW_WALL], ==, 1);
  join(f, "d", MCU_ROLE_CHAIR);
  assert_shown(f, "a, d", "a, b, c, d");
  leave(f, "a");
  assert_shown(f, "b, d", "b, c, d");
  obey(f, (McuRoomCommand){.type = MCU_ROOM_FLOOR, .site = "c", .on = TRUE});
  assert_shown(f, "c, d", "b, c, d");
  g_assert_true(mcu_stage_seat(f->stage, "c")->floor);
  g_assert_cmpuint(f->mix->shows[MCU_VIEW_WALL], ==, 3);
}

static void
test_seats(Fixture *f, gconstpointer data)
{
  (void)data;
  join(f, "a", MCU_ROLE_SITE);
  McuMixSeat *seat = mcu_stage_seat(f->stage, "a");
  g_assert_true(mcu_stage_add(f->stage, "a", "a", NULL)); /* the same tile */
  g_assert_true(mcu_stage_seat(f->stage, "a") == seat);
  g_assert_cmpstr(mcu_stage_site(f->stage, seat), ==, "a");
  g_assert_true(seat->muted && seat->camera);
  obey(f, (McuRoomCommand){.type = MCU_ROOM_MEDIA, .site = "a", .mic = TRUE});
  g_assert_true(!seat->muted && !seat->camera);
  obey(f, (McuRoomCommand){.type = MCU_ROOM_LOST, .site = "a"});
  g_assert_true(seat->lost);
  obey(f, (McuRoomCommand){.type = MCU_ROOM_JOIN, .site = "a", .name = "A", .role = MCU_ROLE_SITE});
  g_assert_false(seat->lost);
  g_assert_cmpstr(seat->name, ==, "A");
  leave(f, "a");
  g_assert_null(mcu_stage_seat(f->stage, "a"));
  g_assert_null(mcu_stage_site(f->stage, seat));
  mcu_stage_remove(f->stage, "a");

  g_autoptr(GError) error = NULL;
  fake_engine_fail_seat();
  g_assert_false(mcu_stage_add(f->stage, "b", "b", &error));
  g_assert_nonnull(error);
  g_assert_null(mcu_stage_seat(f->stage, "b"));
}

/* An observer that comes back as a site has a tile that knows how it is. */
static void
test_observer_becomes_site(Fixture *f, gconstpointer data)
{
  (void)data;
  join(f, "a", MCU_ROLE_OBSERVER);
  join(f, "b", MCU_ROLE_SITE);
  join(f, "a", MCU_ROLE_SITE);
  g_assert_true(mcu_stage_seat(f->stage, "a")->muted);
  g_assert_true(mcu_stage_seat(f->stage, "a")->camera);
  assert_shown(f, "a, b", "a, b"); /* in the order of the seats */
}

static void
test_wall_has_its_limit(Fixture *f, gconstpointer data)
{
  (void)data;
  for (guint i = 0; i < MCU_VIEW_SEATS_MAX + 44; i++) {
    g_autofree char *site = g_strdup_printf("s%u", i);
    join(f, site, MCU_ROLE_SITE);
  }
  mcu_stage_update(f->stage, f->room, f->now_us);
  g_assert_cmpuint(f->mix->shown[MCU_VIEW_WALL]->len, ==, MCU_VIEW_SEATS_MAX);
  g_assert_cmpuint(f->mix->shown[MCU_VIEW_PROGRAMME]->len, ==, MCU_VIEW_SEATS_MAX);
}

/* What is presented has a tile of its own, whole, in a layout for it until it is over. */
static void
test_content(Fixture *f, gconstpointer data)
{
  static const char text[] = "[layout]\nname=presentation\ntitle=x\ngrid=2x1\npane1=0,0 1x1 content\npane2=1,0 1x1\n";
  g_autoptr(McuLayouts) layouts = mcu_layouts_new();
  g_assert_true(mcu_layouts_add(layouts, text, strlen(text), NULL));
  mcu_stage_free(f->stage);
  f->stage = mcu_stage_new(fake_engine(), f->mix, layouts, GPOINTER_TO_UINT(data));
  join(f, "a", MCU_ROLE_SITE);
  join(f, "b", MCU_ROLE_SITE);
  assert_shown(f, "a, b", "a, b");
  g_assert_true(mcu_stage_set_content(f->stage, "b", "Bản B", NULL));
  g_assert_true(mcu_stage_set_content(f->stage, "b", "Bản B", NULL));
  McuMixSeat *content = mcu_stage_content(f->stage, "b");
  g_assert_true(content != NULL && content->camera && content->muted);
  g_assert_null(mcu_stage_content(f->stage, "a"));
  g_assert_null(mcu_stage_content(f->stage, "b~content"));
  g_assert_null(mcu_stage_seat(f->stage, "b~"));
  mcu_stage_update(f->stage, f->room, f->now_us += 250000);
  const McuPane *first = &g_array_index(f->mix->panes[MCU_VIEW_PROGRAMME], McuPane, 0);
  g_assert_true(first->seat == content && first->whole);
  g_autofree char *walled = fake_engine_view(f->mix, MCU_VIEW_WALL);
  g_assert_cmpstr(walled, ==, "a, b");

  g_assert_true(mcu_stage_set_content(f->stage, "a", "a", NULL)); /* passed on */
  g_assert_null(mcu_stage_content(f->stage, "b"));
  g_assert_nonnull(mcu_stage_content(f->stage, "a"));
  fake_engine_fail_seat();
  g_autoptr(GError) error = NULL;
  g_assert_false(mcu_stage_set_content(f->stage, "b", "b", &error));
  g_assert_nonnull(error);
  g_assert_null(mcu_stage_content(f->stage, "b"));
  assert_shown(f, "a, b", "a, b");
  g_assert_true(mcu_stage_set_content(f->stage, NULL, NULL, NULL));
  mcu_stage_clear(f->stage);
  mcu_stage_free(f->stage);
  f->stage = mcu_stage_new(fake_engine(), f->mix, NULL, 2);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(name, max_visible, func)                                                                                   \
  g_test_add("/bridge/stage/" name, Fixture, GUINT_TO_POINTER(max_visible), set_up, func, tear_down)
  ADD("views", 2, test_views);
  ADD("seats", 2, test_seats);
  ADD("observer-becomes-site", 2, test_observer_becomes_site);
  ADD("wall-has-its-limit", 1000, test_wall_has_its_limit);
  ADD("content", 2, test_content);
  return g_test_run();
}
