/* One block: header, table of packets, payloads, in the byte order of the machine (a cache is not
 * carried elsewhere; another order is another magic). Builder: one owner. Clip: any thread. */
#include "clip.h"

#include <string.h>

#include "mcu/util/error.h"

#define MAGIC 0x4d435331u
#define MAX_FRAMES 65536u
#define MAX_PACKETS (1u << 20)

typedef struct {
  guint32 magic, codec, width, height, n_frames, n_packets;
} Header;

typedef struct {
  guint32 offset; /* into the payloads */
  guint16 size, frame;
  guint8 marker, keyframe, level, zero;
} Entry;

struct SimClip {
  gatomicrefcount refs;
  GBytes *bytes;
  const Header *header;
  const Entry *entries;
  const guint8 *payloads;
  guint *first;     /* per frame, and one more at the end */
  guint8 *keyframe; /* per frame */
};

struct SimClipBuilder {
  Header header;
  GArray *entries;
  GByteArray *payloads;
};

SimClipBuilder *
sim_clip_builder_new(McuCodec codec, guint width, guint height, guint n_frames)
{
  SimClipBuilder *builder = g_new0(SimClipBuilder, 1);
  builder->header = (Header){MAGIC, codec, width, height, n_frames, 0};
  builder->entries = g_array_new(FALSE, TRUE, sizeof(Entry));
  builder->payloads = g_byte_array_new();
  return builder;
}

void
sim_clip_builder_free(SimClipBuilder *builder)
{
  if (builder == NULL)
    return;
  g_array_unref(builder->entries);
  g_byte_array_unref(builder->payloads);
  g_free(builder);
}

void
sim_clip_builder_add(SimClipBuilder *builder, const SimClipPacket *packet)
{
  Entry entry = {.offset = builder->payloads->len,
                 .size = packet->size,
                 .frame = packet->frame,
                 .marker = packet->marker != 0,
                 .keyframe = packet->keyframe != 0,
                 .level = packet->level};
  g_array_append_val(builder->entries, entry);
  g_byte_array_append(builder->payloads, packet->payload, packet->size);
}

SimClip *
sim_clip_builder_finish(SimClipBuilder *builder, GError **error)
{
  builder->header.n_packets = builder->entries->len;
  GByteArray *all = g_byte_array_new();
  g_byte_array_append(all, (const guint8 *)&builder->header, sizeof builder->header);
  g_byte_array_append(all, (const guint8 *)builder->entries->data, builder->entries->len * (guint)sizeof(Entry));
  g_byte_array_append(all, builder->payloads->data, builder->payloads->len);
  sim_clip_builder_free(builder);

  g_autoptr(GBytes) bytes = g_byte_array_free_to_bytes(all);
  return sim_clip_from_bytes(bytes, error);
}

static gboolean
is_header(const Header *header, gsize size)
{
  return header->magic == MAGIC && header->n_frames > 0 && header->n_frames <= MAX_FRAMES && header->n_packets > 0 &&
         header->n_packets <= MAX_PACKETS && size >= sizeof *header + header->n_packets * sizeof(Entry) &&
         (header->codec == MCU_CODEC_OPUS || header->codec == MCU_CODEC_VP8 || header->codec == MCU_CODEC_H264);
}

/* Each frame has packets, in order, and all of them lie inside the payloads. */
static gboolean
index_frames(SimClip *clip, gsize payload_bytes)
{
  guint frame = 0;
  for (guint i = 0; i < clip->header->n_packets; i++) {
    const Entry *entry = &clip->entries[i];
    if (entry->size == 0 || entry->size > MCU_RTP_PAYLOAD_MAX || entry->offset > payload_bytes ||
        entry->size > payload_bytes - entry->offset)
      return FALSE;
    if (i == 0 ? entry->frame != 0 : entry->frame != frame && entry->frame != frame + 1)
      return FALSE;
    if (i == 0 || entry->frame != frame)
      clip->first[entry->frame] = i;
    frame = entry->frame;
    if (frame >= clip->header->n_frames)
      return FALSE;
    clip->keyframe[frame] |= entry->keyframe;
  }
  clip->first[clip->header->n_frames] = clip->header->n_packets;
  return frame == clip->header->n_frames - 1;
}

SimClip *
sim_clip_from_bytes(GBytes *bytes, GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data(bytes, &size);
  const Header *header = (const Header *)(const void *)data;
  if (size < sizeof *header || !is_header(header, size)) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "not a clip of this version");
    return NULL;
  }

  SimClip *clip = g_new0(SimClip, 1);
  g_atomic_ref_count_init(&clip->refs);
  clip->bytes = g_bytes_ref(bytes);
  clip->header = header;
  clip->entries = (const Entry *)(const void *)(data + sizeof *header);
  gsize offset = sizeof *header + header->n_packets * sizeof(Entry);
  clip->payloads = data + offset;
  /* One more: a frame number is looked at before it is known to be in range. */
  clip->first = g_new0(guint, header->n_frames + 2);
  clip->keyframe = g_new0(guint8, header->n_frames + 1);
  if (!index_frames(clip, size - offset)) {
    sim_clip_unref(clip);
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "broken clip");
    return NULL;
  }
  return clip;
}

SimClip *
sim_clip_load(const char *path, GError **error)
{
  GMappedFile *file = g_mapped_file_new(path, FALSE, error);
  if (file == NULL)
    return NULL;
  g_autoptr(GBytes) bytes = g_mapped_file_get_bytes(file);
  g_mapped_file_unref(file);
  return sim_clip_from_bytes(bytes, error);
}

gboolean
sim_clip_save(const SimClip *clip, const char *path, GError **error)
{
  gsize size;
  const char *data = g_bytes_get_data(clip->bytes, &size);
  return g_file_set_contents_full(path, data, (gssize)size, G_FILE_SET_CONTENTS_CONSISTENT, 0644, error);
}

SimClip *
sim_clip_ref(SimClip *clip)
{
  g_atomic_ref_count_inc(&clip->refs);
  return clip;
}

void
sim_clip_unref(SimClip *clip)
{
  if (clip == NULL || !g_atomic_ref_count_dec(&clip->refs))
    return;
  g_bytes_unref(clip->bytes);
  g_free(clip->first);
  g_free(clip->keyframe);
  g_free(clip);
}

McuCodec
sim_clip_codec(const SimClip *clip)
{
  return (McuCodec)clip->header->codec;
}

guint
sim_clip_width(const SimClip *clip)
{
  return clip->header->width;
}

guint
sim_clip_frames(const SimClip *clip)
{
  return clip->header->n_frames;
}

gsize
sim_clip_bytes(const SimClip *clip)
{
  return g_bytes_get_size(clip->bytes);
}

const guint8 *
sim_clip_keyframes(const SimClip *clip)
{
  return clip->keyframe;
}

void
sim_clip_frame(const SimClip *clip, guint frame, guint *out_first, guint *out_count)
{
  g_assert(frame < clip->header->n_frames);
  *out_first = clip->first[frame];
  *out_count = clip->first[frame + 1] - clip->first[frame];
}

void
sim_clip_packet(const SimClip *clip, guint i, SimClipPacket *out_packet)
{
  g_assert(i < clip->header->n_packets);
  const Entry *entry = &clip->entries[i];
  *out_packet = (SimClipPacket){.payload = clip->payloads + entry->offset,
                                .size = entry->size,
                                .frame = entry->frame,
                                .marker = entry->marker,
                                .keyframe = entry->keyframe,
                                .level = entry->level};
}
