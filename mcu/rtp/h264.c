/* See h264.h. RFC 6184 for payloads, ITU-T H.264 7.3 for the SPS. Runs on the network threads; the SPS is
 * read at key frames only. */
#include "mcu/rtp/h264.h"

#include "mcu/rtp/bytes.h"

enum { NAL_IDR = 5, NAL_SPS = 7, NAL_LAST_SINGLE = 23, NAL_STAP_A = 24, NAL_FU_A = 28 };
enum { FU_START = 0x80, FU_END = 0x40 };

static guint
nal_type(guint8 header)
{
  return header & 0x1f;
}

static gboolean
is_single(guint type)
{
  return type >= 1 && type <= NAL_LAST_SINGLE;
}

/* RFC 6184 5.7.1: the unit at *pos behind its 16-bit size; FALSE at the end or when it does not fit. */
static gboolean
stap_next(const guint8 *payload, gsize size, gsize *pos, const guint8 **out_nal, gsize *out_size)
{
  if (size - *pos < 2)
    return FALSE;
  gsize length = mcu_read_be16(payload + *pos);
  if (length == 0 || length > size - *pos - 2)
    return FALSE;
  *out_nal = payload + *pos + 2;
  *out_size = length;
  *pos += 2 + length;
  return TRUE;
}

static McuDrop
check_stap(const guint8 *payload, gsize size)
{
  const guint8 *nal;
  gsize nal_size, pos = 1;

  while (pos < size) {
    if (!stap_next(payload, size, &pos, &nal, &nal_size))
      return MCU_DROP_RTP_MALFORMED;
    if (!is_single(nal_type(nal[0])))
      return MCU_DROP_NAL_TYPE;
  }
  return size > 1 ? MCU_DROP_NONE : MCU_DROP_RTP_MALFORMED;
}

static McuDrop
check_fu(const guint8 *payload, gsize size)
{
  if (size < 3)
    return MCU_DROP_RTP_MALFORMED;
  guint type = nal_type(payload[1]);
  /* Nobody has to cut an SPS in pieces, and in pieces its size could not be judged. */
  if (!is_single(type) || type == NAL_SPS)
    return MCU_DROP_NAL_TYPE;
  /* RFC 6184 5.8: a fragment is never the whole. */
  if ((payload[1] & FU_START) != 0 && (payload[1] & FU_END) != 0)
    return MCU_DROP_RTP_MALFORMED;
  return MCU_DROP_NONE;
}

McuDrop
mcu_h264_check(const guint8 *payload, gsize size)
{
  /* The F bit says that the NAL unit is damaged. */
  if (size == 0 || (payload[0] & 0x80) != 0)
    return MCU_DROP_RTP_MALFORMED;
  guint type = nal_type(payload[0]);
  if (is_single(type))
    return MCU_DROP_NONE;
  if (type == NAL_STAP_A)
    return check_stap(payload, size);
  if (type == NAL_FU_A)
    return check_fu(payload, size);
  return MCU_DROP_NAL_TYPE;
}

gboolean
mcu_h264_starts_keyframe(const guint8 *payload, gsize size)
{
  const guint8 *nal;
  gsize nal_size, pos = 1;

  if (size == 0)
    return FALSE;
  guint type = nal_type(payload[0]);
  if (type == NAL_FU_A)
    return size >= 3 && (payload[1] & FU_START) != 0 && nal_type(payload[1]) == NAL_IDR;
  if (type != NAL_STAP_A)
    return type == NAL_IDR || type == NAL_SPS;
  while (stap_next(payload, size, &pos, &nal, &nal_size))
    if (nal_type(nal[0]) == NAL_IDR || nal_type(nal[0]) == NAL_SPS)
      return TRUE;
  return FALSE;
}

/* Bits of an RBSP: emulation prevention bytes (00 00 03) are left out on the way. Reading past the end
 * gives zeros and sets `bad`, so callers look at it once at the end. */
typedef struct {
  const guint8 *data;
  gsize size, pos;
  guint zeros; /* zero bytes just taken */
  guint8 byte;
  guint bits; /* left in byte */
  gboolean bad;
} Bits;

static guint
read_bit(Bits *bits)
{
  if (bits->bits == 0) {
    if (bits->zeros >= 2 && bits->pos < bits->size && bits->data[bits->pos] == 3) {
      bits->pos++;
      bits->zeros = 0;
    }
    if (bits->pos >= bits->size) {
      bits->bad = TRUE;
      return 0;
    }
    bits->byte = bits->data[bits->pos++];
    bits->zeros = bits->byte == 0 ? bits->zeros + 1 : 0;
    bits->bits = 8;
  }
  return bits->byte >> --bits->bits & 1;
}

static guint
read_bits(Bits *bits, guint n)
{
  guint value = 0;

  for (; n > 0; n--)
    value = value << 1 | read_bit(bits);
  return value;
}

/* Exp-Golomb (9.1). A value over `max` is bad, and read as 0. */
static guint
read_ue(Bits *bits, guint max)
{
  guint zeros = 0;

  while (zeros < 32 && !bits->bad && read_bit(bits) == 0)
    zeros++;
  if (zeros >= 32)
    bits->bad = TRUE;
  if (bits->bad)
    return 0;
  guint64 value = (G_GUINT64_CONSTANT(1) << zeros) - 1 + read_bits(bits, zeros);
  if (value > max) {
    bits->bad = TRUE;
    return 0;
  }
  return (guint)value;
}

static gint
read_se(Bits *bits)
{
  guint value = read_ue(bits, G_MAXUINT32 - 1);

  return (value & 1) != 0 ? (gint)(value / 2 + 1) : -(gint)(value / 2);
}

/* 7.3.2.1.1.1: read only to get behind it. */
static void
skip_scaling_list(Bits *bits, guint n)
{
  guint last = 8, next = 8;

  for (guint i = 0; i < n && !bits->bad; i++) {
    if (next != 0)
      next = (last + (guint)read_se(bits)) & 0xff;
    if (next != 0)
      last = next;
  }
}

typedef struct {
  guint chroma, depth; /* chroma_format_idc; the larger bit depth */
  guint ref_frames;
  guint coded_width, coded_height;
  guint width, height; /* after cropping */
} Sps;

/* The part that High and its relatives have. */
static void
read_high(Bits *bits, Sps *sps, gboolean *separate_planes)
{
  sps->chroma = read_ue(bits, 3);
  if (sps->chroma == 3)
    *separate_planes = read_bit(bits) != 0;
  guint luma = read_ue(bits, 6);
  guint chroma = read_ue(bits, 6);
  sps->depth = 8 + MAX(luma, chroma);
  read_bit(bits); /* qpprime_y_zero_transform_bypass_flag */
  if (read_bit(bits) == 0)
    return;
  guint n_lists = sps->chroma != 3 ? 8 : 12;
  for (guint i = 0; i < n_lists && !bits->bad; i++)
    if (read_bit(bits) != 0)
      skip_scaling_list(bits, i < 6 ? 16 : 64);
}

static void
skip_picture_order(Bits *bits)
{
  guint type = read_ue(bits, 2);

  if (type == 0) {
    read_ue(bits, 12);
  } else if (type == 1) {
    read_bit(bits);
    read_se(bits);
    read_se(bits);
    guint n = read_ue(bits, 255);
    for (guint i = 0; i < n && !bits->bad; i++)
      read_se(bits);
  }
}

static gboolean
has_high_part(guint profile_idc)
{
  static const guint8 profiles[] = {100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135};

  for (guint i = 0; i < G_N_ELEMENTS(profiles); i++)
    if (profiles[i] == profile_idc)
      return TRUE;
  return FALSE;
}

/* frame_mbs_only_flag onwards; equations 7-18 to 7-21 for the units of cropping. */
static gboolean
read_size(Bits *bits, Sps *sps, gboolean separate_planes)
{
  guint mbs_wide = read_ue(bits, 4095) + 1;
  guint units_high = read_ue(bits, 4095) + 1;
  gboolean frames_only = read_bit(bits) != 0;
  if (!frames_only)
    read_bit(bits); /* mb_adaptive_frame_field_flag */
  read_bit(bits);   /* direct_8x8_inference_flag */

  sps->coded_width = mbs_wide * 16;
  sps->coded_height = units_high * 16 * (frames_only ? 1 : 2);
  sps->width = sps->coded_width;
  sps->height = sps->coded_height;
  if (read_bit(bits) == 0)
    return !bits->bad;

  guint chroma = separate_planes ? 0 : sps->chroma;
  guint unit_x = chroma == 1 || chroma == 2 ? 2 : 1;
  guint unit_y = (chroma == 1 ? 2u : 1u) * (frames_only ? 1 : 2);
  guint crop_x = read_ue(bits, 65535);
  crop_x = (crop_x + read_ue(bits, 65535)) * unit_x;
  guint crop_y = read_ue(bits, 65535);
  crop_y = (crop_y + read_ue(bits, 65535)) * unit_y;
  if (bits->bad || crop_x >= sps->width || crop_y >= sps->height)
    return FALSE;
  sps->width -= crop_x;
  sps->height -= crop_y;
  return TRUE;
}

static gboolean
read_sps(const guint8 *nal, gsize size, Sps *out_sps)
{
  if (size < 4 || nal_type(nal[0]) != NAL_SPS)
    return FALSE;
  Bits bits = {.data = nal + 1, .size = size - 1};
  Sps sps = {.chroma = 1, .depth = 8};
  gboolean separate_planes = FALSE;
  guint profile_idc = read_bits(&bits, 8);
  read_bits(&bits, 16); /* constraints, level */
  read_ue(&bits, 31);   /* seq_parameter_set_id */
  if (has_high_part(profile_idc))
    read_high(&bits, &sps, &separate_planes);
  read_ue(&bits, 12); /* log2_max_frame_num_minus4 */
  skip_picture_order(&bits);
  sps.ref_frames = read_ue(&bits, 16);
  read_bit(&bits); /* gaps_in_frame_num_value_allowed_flag */
  if (!read_size(&bits, &sps, separate_planes) || bits.bad)
    return FALSE;
  *out_sps = sps;
  return TRUE;
}

gboolean
mcu_h264_sps_size(const guint8 *nal, gsize size, guint *out_width, guint *out_height)
{
  Sps sps;

  if (!read_sps(nal, size, &sps))
    return FALSE;
  *out_width = sps.width;
  *out_height = sps.height;
  return TRUE;
}

gboolean
mcu_picture_size_allowed(guint width, guint height)
{
  return width > 0 && height > 0 && MAX(width, height) <= MCU_PICTURE_MAX_LONG &&
         MIN(width, height) <= MCU_PICTURE_MAX_SHORT;
}

/* Level 4.0 (table A-1): how many macroblocks the reference frames may take together. */
#define MAX_DPB_MBS 32768

static gboolean
sps_allowed(const guint8 *nal, gsize size)
{
  Sps sps;

  if (!read_sps(nal, size, &sps))
    return FALSE;
  guint mbs = sps.coded_width / 16 * (sps.coded_height / 16);
  return sps.chroma == 1 && sps.depth == 8 && mcu_picture_size_allowed(sps.coded_width, sps.coded_height) &&
         sps.ref_frames * mbs <= MAX_DPB_MBS;
}

gboolean
mcu_h264_size_allowed(const guint8 *payload, gsize size)
{
  const guint8 *nal;
  gsize nal_size, pos = 1;

  if (size == 0)
    return TRUE;
  if (nal_type(payload[0]) == NAL_SPS)
    return sps_allowed(payload, size);
  if (nal_type(payload[0]) == NAL_STAP_A)
    while (stap_next(payload, size, &pos, &nal, &nal_size))
      if (nal_type(nal[0]) == NAL_SPS && !sps_allowed(nal, nal_size))
        return FALSE;
  return TRUE;
}
