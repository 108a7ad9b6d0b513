/* Talk: how a participant and a bridge come to terms: joins, and carries the two descriptions across.
 * Two kinds, one for each bridge that is measured. All [main]. */
#pragma once

#include <glib.h>

#include "link.h"
#include "mcu/signaling/token.h"
#include "tests/sites/ws-client.h"

typedef enum {
  TALK_SOUND,       /* sends sound and hears the mix */
  TALK_PICTURE_OUT, /* sends the one picture */
  TALK_PICTURE_IN,  /* receives it */
} TalkKind;

typedef struct {
  /* Joined: the offer is ours to make, by talk_describe(). */
  void (*ready)(gpointer user_data);
  /* The bridge's answer to our offer; or its offer, where it is the one to make it: then the answer is
   * ours, by talk_describe(). */
  void (*described)(const char *sdp, gpointer user_data);
  void (*failed)(const char *reason, gpointer user_data);
} TalkEvents;

typedef struct Talk Talk;

typedef struct {
  void (*describe)(Talk *talk, const char *sdp);
  void (*free)(Talk *talk);
} TalkOps;

struct Talk {
  const TalkOps *ops;
  const TalkEvents *events;
  gpointer user_data;
};

/* Begins at once; no event comes before it returns. `link`, `ws`, `key`, `events` are borrowed. */
Talk *talk_new_janus(JanusLink *link, TalkKind kind, guint number, const TalkEvents *events, gpointer user_data);
Talk *talk_new_diemcau(SimWs *ws, const McuTokenKey *key, const char *meeting, TalkKind kind, guint number,
                       const TalkEvents *events, gpointer user_data);

static inline void
talk_describe(Talk *talk, const char *sdp)
{
  talk->ops->describe(talk, sdp);
}

/* Says good-bye; no event comes after it. NULL is fine. */
static inline void
talk_free(Talk *talk)
{
  if (talk != NULL)
    talk->ops->free(talk);
}
