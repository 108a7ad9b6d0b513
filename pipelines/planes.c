#include "pipelines/planes.h"

#include <libyuv.h>

guint8 *
pl_planes_new(guint width, guint height, PlPlanes *out_planes)
{
  gsize size = (gsize)width * height;
  guint8 *bytes = g_malloc0(size * 3 / 2);
  *out_planes = (PlPlanes){.y = bytes,
                           .u = bytes + size,
                           .v = bytes + size * 5 / 4,
                           .stride_y = (int)width,
                           .stride_u = (int)width / 2,
                           .stride_v = (int)width / 2};
  return bytes;
}

PlPlanes
pl_planes_of_frame(const GstVideoFrame *frame)
{
  return (PlPlanes){.y = GST_VIDEO_FRAME_PLANE_DATA(frame, 0),
                    .u = GST_VIDEO_FRAME_PLANE_DATA(frame, 1),
                    .v = GST_VIDEO_FRAME_PLANE_DATA(frame, 2),
                    .stride_y = GST_VIDEO_FRAME_PLANE_STRIDE(frame, 0),
                    .stride_u = GST_VIDEO_FRAME_PLANE_STRIDE(frame, 1),
                    .stride_v = GST_VIDEO_FRAME_PLANE_STRIDE(frame, 2)};
}

PlPlanes
pl_planes_at(const PlPlanes *planes, guint x, guint y)
{
  PlPlanes at = *planes;
  at.y += (gsize)y * (gsize)planes->stride_y + x;
  at.u += (gsize)(y / 2) * (gsize)planes->stride_u + x / 2;
  at.v += (gsize)(y / 2) * (gsize)planes->stride_v + x / 2;
  return at;
}

static void
scale(const PlPlanes *src, guint src_width, guint src_height, const PlPlanes *dst, guint dst_width, guint dst_height,
      enum FilterMode filter)
{
  I420Scale(src->y, src->stride_y, src->u, src->stride_u, src->v, src->stride_v, (int)src_width, (int)src_height,
            dst->y, dst->stride_y, dst->u, dst->stride_u, dst->v, dst->stride_v, (int)dst_width, (int)dst_height,
            filter);
}

void
pl_planes_scale(const PlPlanes *src, guint src_width, guint src_height, const PlPlanes *dst, guint dst_width,
                guint dst_height)
{
  scale(src, src_width, src_height, dst, dst_width, dst_height, kFilterBox);
}

/* The largest middle part of a picture that has the cell's shape: cropped to fill, never stretched. */
static PlRect
crop(guint width, guint height, const PlRect *cell)
{
  PlRect part = {.width = width, .height = height};
  if ((guint64)width * cell->height > (guint64)height * cell->width)
    part.width = (guint)((guint64)height * cell->width / cell->height);
  else
    part.height = (guint)((guint64)width * cell->height / cell->width);
  part.width = MAX(part.width, 1);
  part.height = MAX(part.height, 1);
  part.x = ((width - part.width) / 2) & ~1u;
  part.y = ((height - part.height) / 2) & ~1u;
  return part;
}

/* Averages squares of 2x2 or 4x4 pixels while the picture is at least twice as large as the cell, so
 * that no pixel is left out: libyuv has fast paths for these two only. Up to 3 (7) rows and columns at
 * the edges are given away for it. */
static void
halve(const PlPlanes *scratch, PlPlanes *src, PlRect *part, const PlRect *cell)
{
  guint factor = part->width >= 4 * cell->width && part->height >= 4 * cell->height   ? 4
                 : part->width >= 2 * cell->width && part->height >= 2 * cell->height ? 2
                                                                                      : 1;
  guint width = part->width & ~(2 * factor - 1), height = part->height & ~(2 * factor - 1);
  if (factor == 1 || width == 0 || height == 0)
    return;
  scale(src, width, height, scratch, width / factor, height / factor, kFilterBox);
  *src = *scratch;
  part->width = width / factor;
  part->height = height / factor;
}

void
pl_planes_fill(const PlPlanes *src, guint src_width, guint src_height, const PlPlanes *canvas, const PlRect *cell,
               const PlPlanes *scratch)
{
  PlRect part = crop(src_width, src_height, cell);
  PlPlanes from = pl_planes_at(src, part.x, part.y), to = pl_planes_at(canvas, cell->x, cell->y);
  halve(scratch, &from, &part, cell);
  scale(&from, part.width, part.height, &to, cell->width, cell->height, kFilterBilinear);
}

void
pl_planes_fit(guint src_width, guint src_height, const PlRect *cell, PlRect *out_part)
{
  *out_part = *cell;
  if ((guint64)src_width * cell->height > (guint64)src_height * cell->width)
    out_part->height = (guint)((guint64)cell->width * src_height / src_width) & ~1u;
  else
    out_part->width = (guint)((guint64)cell->height * src_width / src_height) & ~1u;
  out_part->width = MAX(out_part->width, 2);
  out_part->height = MAX(out_part->height, 2);
  out_part->x += ((cell->width - out_part->width) / 2) & ~1u;
  out_part->y += ((cell->height - out_part->height) / 2) & ~1u;
}

void
pl_planes_paint(const PlPlanes *planes, const PlRect *part, guint8 y, guint8 u, guint8 v)
{
  PlPlanes p = pl_planes_at(planes, part->x, part->y);
  if (part->width > 0 && part->height > 0)
    I420Rect(p.y, p.stride_y, p.u, p.stride_u, p.v, p.stride_v, 0, 0, (int)part->width, (int)part->height, y, u, v);
}
