/* PlVideoMix: one meeting's picture: its views, the pictures of its seats, and what follows from both: which
 * seats are decoded, and what is asked of their cameras. All [main]. */
#pragma once

#include "mcu/media-engine.h"
#include "pipelines/picture.h"
#include "pipelines/view.h"

typedef struct PlVideoMix PlVideoMix;

typedef struct {
  const char *name; /* for logs */
  guint fps;        /* of the programme */
  guint kbps;       /* in 720 lines */
  guint site_kbps;  /* most that is asked of a camera */
} PlVideoMixConfig;

typedef struct {
  /* Of a picture whose wish has changed. From within it no picture is made or freed and nothing shown. */
  void (*wanted)(PlPicture *picture, gpointer user_data);
} PlVideoMixEvents;

PlVideoMix *pl_video_mix_new(const PlVideoMixConfig *config, const PlVideoMixEvents *events, gpointer user_data,
                             GError **error);
void pl_video_mix_free(PlVideoMix *mix);                  /* its pictures have been removed */
PlView *pl_video_mix_view(PlVideoMix *mix, McuView view); /* borrowed */

/* The picture belongs to the caller, who removes it before it frees it. */
void pl_video_mix_add(PlVideoMix *mix, PlPicture *picture);
void pl_video_mix_remove(PlVideoMix *mix, PlPicture *picture);
/* `pictures`: one for each pane of `look`, NULL where it is empty; the seats of its panes are not looked at. Copied. */
void pl_video_mix_show(PlVideoMix *mix, McuView view, const McuViewLook *look, PlPicture *const *pictures);
/* A picture that will soon be shown. */
void pl_video_mix_warm(PlVideoMix *mix, PlPicture *picture, gboolean on);
/* After a view was acquired or released, or a camera switched. */
void pl_video_mix_update(PlVideoMix *mix);

void pl_video_mix_get_stats(PlVideoMix *mix, PlViewStats *out_stats); /* of all views */
