/* Conversion of cairo images to I420 (BT.601, limited range) with an alpha plane, by libyuv.
 * Made on main, read by the mosaic's thread, which has it handed over under the wall's lock. */
#include "pipelines/texture.h"

#include <libyuv.h>

struct PlTexture {
  guint width, height;
  PlPlanes planes;
  guint8 *alpha; /* NULL: opaque */
  guint8 *bytes;
};

PlTexture *
pl_texture_new(cairo_surface_t *surface, gboolean opaque)
{
  guint width = (guint)cairo_image_surface_get_width(surface);
  guint height = (guint)cairo_image_surface_get_height(surface);
  g_assert(width % 2 == 0 && height % 2 == 0);
  cairo_surface_flush(surface);
  const guint8 *argb = cairo_image_surface_get_data(surface);
  int stride = cairo_image_surface_get_stride(surface);
  gsize size = (gsize)width * height;

  PlTexture *texture = g_new0(PlTexture, 1);
  texture->width = width;
  texture->height = height;
  texture->bytes = g_malloc0(size * 5 / 2);
  PlPlanes *planes = &texture->planes;
  planes->y = texture->bytes;
  planes->u = planes->y + size;
  planes->v = planes->u + size / 4;
  planes->stride_y = (int)width;
  planes->stride_u = planes->stride_v = (int)width / 2;

  /* cairo's colours are multiplied by alpha; blending wants them plain. */
  g_autofree guint8 *plain = g_malloc(size * 4);
  ARGBUnattenuate(argb, stride, plain, (int)width * 4, (int)width, (int)height);
  ARGBToI420(plain, (int)width * 4, planes->y, planes->stride_y, planes->u, planes->stride_u, planes->v,
             planes->stride_v, (int)width, (int)height);
  if (!opaque) {
    texture->alpha = planes->v + size / 4;
    ARGBExtractAlpha(argb, stride, texture->alpha, (int)width, (int)width, (int)height);
  }
  return texture;
}

void
pl_texture_free(PlTexture *texture)
{
  if (texture == NULL)
    return;
  g_free(texture->bytes);
  g_free(texture);
}

guint
pl_texture_width(const PlTexture *texture)
{
  return texture->width;
}

guint
pl_texture_height(const PlTexture *texture)
{
  return texture->height;
}

void
pl_texture_draw(const PlTexture *texture, const PlPlanes *canvas, guint x, guint y)
{
  const PlPlanes *src = &texture->planes;
  PlPlanes dst = pl_planes_at(canvas, x, y);
  int width = (int)texture->width, height = (int)texture->height;

  if (texture->alpha == NULL)
    I420Copy(src->y, src->stride_y, src->u, src->stride_u, src->v, src->stride_v, dst.y, dst.stride_y, dst.u,
             dst.stride_u, dst.v, dst.stride_v, width, height);
  else
    I420Blend(src->y, src->stride_y, src->u, src->stride_u, src->v, src->stride_v, dst.y, dst.stride_y, dst.u,
              dst.stride_u, dst.v, dst.stride_v, texture->alpha, width, dst.y, dst.stride_y, dst.u, dst.stride_u, dst.v,
              dst.stride_v, width, height);
}
