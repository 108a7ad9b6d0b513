/* PlSpeech: is it a voice, or is it noise? Speech goes up and down with its syllables, several times a second; fans,
 * hum, tones and hiss stay as loud as they are, and a door or a click comes once. Looks at the level of each frame of
 * 20 ms, as decoded. Pure. */
#pragma once

#include <glib.h>

#define PL_SPEECH_SYLLABLES 3

typedef struct {
  guint frames;    /* heard so far */
  float smooth;    /* the level, as 127 - (-dBov), over some frames */
  float low, high; /* since it turned up, or down */
  gboolean up;
  guint rises[PL_SPEECH_SYLLABLES]; /* the frames of the last syllables; 0: none */
} PlSpeech;

/* `level`: 0..127, -dBov (pl_sound_level()). TRUE: somebody is speaking, in this very frame. Zeroed memory is right to
 * begin with. */
gboolean pl_speech_hear(PlSpeech *speech, guint8 level);
