/* Counting syllables. Runs on the mix thread, for whoever has the floor. */
#include "pipelines/speech.h"

#include <math.h>

#define FULL 127
#define LOUD_LEVEL 52    /* -dBov: quieter than this is no syllable */
#define FOLLOW 0.5f      /* two frames */
#define RISE_DB 7.0f     /* from the valley before */
#define FALL_DB 6.0f     /* from the peak before */
#define WITHIN_DB 15.0f  /* of the last peak: still the same syllable */
#define WINDOW_FRAMES 75 /* 1.5 s for three syllables: slow, distinct speech */

static void
note_rise(PlSpeech *speech)
{
  for (guint i = PL_SPEECH_SYLLABLES - 1; i > 0; i--)
    speech->rises[i] = speech->rises[i - 1];
  speech->rises[0] = speech->frames;
}

static void
follow(PlSpeech *speech, float loud)
{
  speech->smooth += (loud - speech->smooth) * FOLLOW;
  if (speech->up) {
    speech->high = fmaxf(speech->high, speech->smooth);
    if (speech->smooth <= speech->high - FALL_DB) {
      speech->up = FALSE;
      speech->low = speech->smooth;
    }
    return;
  }
  speech->low = fminf(speech->low, speech->smooth);
  if (speech->smooth >= speech->low + RISE_DB && speech->smooth >= FULL - LOUD_LEVEL) {
    speech->up = TRUE;
    speech->high = speech->smooth;
    note_rise(speech);
  }
}

gboolean
pl_speech_hear(PlSpeech *speech, guint8 level)
{
  speech->frames++;
  follow(speech, (float)(FULL - MIN(level, FULL)));
  guint first = speech->rises[PL_SPEECH_SYLLABLES - 1];
  gboolean syllables = first != 0 && speech->frames - first <= WINDOW_FRAMES;
  return syllables && speech->smooth >= FULL - LOUD_LEVEL && speech->smooth >= speech->high - WITHIN_DB;
}
