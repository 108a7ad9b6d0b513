/* PlView: one composed view of a meeting: its canvas, the pipeline that composes it, and its renditions, each
 * encoded while somebody has acquired it. The canvas has the size of the largest rung that is acquired; the
 * smaller ones are scaled from it, once for both codecs. All [main]. */
#pragma once

#include "mcu/util/stream.h"
#include "pipelines/canvas.h"
#include "pipelines/rendition.h"

typedef struct PlView PlView;

typedef struct {
  const char *name; /* for logs */
  McuView view;
  guint fps;  /* a divisor of 90,000 */
  guint kbps; /* in 720 lines */
} PlViewConfig;

typedef struct {
  guint renditions;
  guint64 frames;
  guint64 late;
} PlViewStats;

PlView *pl_view_new(const PlViewConfig *config, GError **error);
void pl_view_free(PlView *view);
PlCanvas *pl_view_canvas(PlView *view); /* borrowed */
/* Somebody receives it. */
gboolean pl_view_is_watched(const PlView *view);

/* The stream of a rendition is the same for the life of the view, however often it stops and starts. */
McuStream *pl_view_acquire(PlView *view, McuRung rung, McuCodec codec, GError **error);
void pl_view_release(PlView *view, McuRung rung, McuCodec codec);
/* Of a rendition that is acquired. */
void pl_view_set_tap(PlView *view, McuRung rung, McuCodec codec, PlRenditionTap tap, gpointer user_data);
guint pl_view_kbps(const PlView *view, McuRung rung);

void pl_view_get_stats(PlView *view, PlViewStats *out_stats);
