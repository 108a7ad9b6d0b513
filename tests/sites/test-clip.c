/* Clips: what goes in comes out, and nothing else is taken for a clip. */
#include <glib/gstdio.h>
#include <string.h>

#include "clip.h"
#include "mcu/util/error.h"

static SimClip *
make_clip(void)
{
  SimClipBuilder *builder = sim_clip_builder_new(MCU_CODEC_H264, 320, 180, 3);
  for (guint16 i = 0; i < 6; i++) {
    guint8 payload[20];
    memset(payload, i, sizeof payload);
    SimClipPacket packet = {
        .payload = payload, .size = 10 + i, .frame = i / 2, .marker = i % 2, .keyframe = i == 0, .level = 50};
    sim_clip_builder_add(builder, &packet);
  }
  g_autoptr(GError) error = NULL;
  SimClip *clip = sim_clip_builder_finish(builder, &error);
  g_assert_no_error(error);
  return clip;
}

static void
check_clip(const SimClip *clip)
{
  g_assert_cmpint(sim_clip_codec(clip), ==, MCU_CODEC_H264);
  g_assert_cmpuint(sim_clip_width(clip), ==, 320);
  g_assert_cmpuint(sim_clip_frames(clip), ==, 3);
  g_assert_cmpmem(sim_clip_keyframes(clip), 3, "\1\0\0", 3);
  for (guint frame = 0; frame < 3; frame++) {
    guint first, count;
    sim_clip_frame(clip, frame, &first, &count);
    g_assert_cmpuint(first, ==, frame * 2);
    g_assert_cmpuint(count, ==, 2);
  }
  SimClipPacket packet;
  sim_clip_packet(clip, 5, &packet);
  g_assert_cmpuint(packet.size, ==, 15);
  g_assert_cmpuint(packet.payload[14], ==, 5);
  g_assert_true(packet.marker && !packet.keyframe);
}

static void
test_round_trip(void)
{
  g_autoptr(SimClip) clip = make_clip();
  check_clip(clip);
  g_autofree char *dir = g_dir_make_tmp("sites-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(dir, "a.clip", NULL);
  g_autoptr(GError) error = NULL;
  g_assert_true(sim_clip_save(clip, path, &error));
  g_autoptr(SimClip) again = sim_clip_load(path, &error);
  g_assert_no_error(error);
  check_clip(again);
  g_assert_null(sim_clip_load(dir, NULL));
  g_assert_cmpint(g_unlink(path), ==, 0);
  g_assert_cmpint(g_rmdir(dir), ==, 0);
}

/* A file cut short anywhere but within the last payload's slack, or with any one byte of its tables
 * set to 0xff, is refused or still whole: never read past its end (the sanitizers see to that). */
static void
test_damaged(void)
{
  g_autoptr(SimClip) clip = make_clip();
  g_autofree char *dir = g_dir_make_tmp("sites-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(dir, "a.clip", NULL);
  g_assert_true(sim_clip_save(clip, path, NULL));
  g_autofree char *data = NULL;
  gsize size;
  g_assert_true(g_file_get_contents(path, &data, &size, NULL));
  g_assert_cmpuint(size, ==, sim_clip_bytes(clip));

  for (gsize cut = 0; cut < size; cut++) {
    g_autoptr(GBytes) bytes = g_bytes_new(data, cut);
    g_autoptr(GError) error = NULL;
    g_assert_null(sim_clip_from_bytes(bytes, &error));
    g_assert_error(error, MCU_ERROR, MCU_ERROR_CONFIG);
  }
  for (gsize at = 0; at < size; at++) {
    g_autofree char *damaged = g_memdup2(data, size);
    damaged[at] = (char)0xff;
    g_autoptr(GBytes) bytes = g_bytes_new(damaged, size);
    g_autoptr(SimClip) read = sim_clip_from_bytes(bytes, NULL);
    for (guint i = 0; read != NULL && i < 6; i++) {
      SimClipPacket packet;
      sim_clip_packet(read, i, &packet);
      g_assert_cmpuint(packet.size, <=, MCU_RTP_PAYLOAD_MAX);
      for (guint k = 0; k < packet.size; k++)
        g_assert_cmpuint(packet.payload[k], <=, 0xff);
    }
  }
  g_assert_cmpint(g_unlink(path), ==, 0);
  g_assert_cmpint(g_rmdir(dir), ==, 0);
}

static void
test_incomplete(void)
{
  static const guint16 frames[][3] = {{0, 2, 2}, {1, 1, 2}, {0, 0, 1}, {0, 1, 3}, {2, 1, 0}};
  for (guint i = 0; i < G_N_ELEMENTS(frames); i++) {
    SimClipBuilder *builder = sim_clip_builder_new(MCU_CODEC_VP8, 160, 90, 3);
    for (guint k = 0; k < 3; k++)
      sim_clip_builder_add(builder, &(SimClipPacket){.payload = (const guint8 *)"x", .size = 1, .frame = frames[i][k]});
    g_assert_null(sim_clip_builder_finish(builder, NULL));
  }
  g_assert_null(sim_clip_builder_finish(sim_clip_builder_new(MCU_CODEC_VP8, 160, 90, 3), NULL));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sites/clip/round-trip", test_round_trip);
  g_test_add_func("/sites/clip/damaged", test_damaged);
  g_test_add_func("/sites/clip/incomplete", test_incomplete);
  return g_test_run();
}
