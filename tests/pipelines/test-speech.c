/* Voice and noise, by their levels: seeded, in frames of 20 ms. */
#include "pipelines/speech.h"

#include <glib.h>

#define SECOND 50

/* The first frame in which it is heard as speech; -1: never. */
static gint
listen(guint8 (*level_at)(guint frame, GRand *rand), guint frames)
{
  PlSpeech speech = {0};
  GRand *rand = g_rand_new_with_seed(7);
  gint first = -1;
  for (guint i = 0; i < frames; i++)
    if (pl_speech_hear(&speech, level_at(i, rand)) && first < 0)
      first = (gint)i;
  g_rand_free(rand);
  return first;
}

/* Four syllables a second, 20 dB above what is between them. */
static guint8
syllables(guint frame, GRand *rand)
{
  guint phase = frame % 12;
  return (guint8)((phase < 8 ? 25 : 45) + g_rand_int_range(rand, -2, 3));
}

static guint8
silence(guint frame G_GNUC_UNUSED, GRand *rand G_GNUC_UNUSED)
{
  return 127;
}

static guint8
fan(guint frame G_GNUC_UNUSED, GRand *rand)
{
  return (guint8)(45 + g_rand_int_range(rand, -2, 3));
}

static guint8
loud_hiss(guint frame G_GNUC_UNUSED, GRand *rand)
{
  return (guint8)(15 + g_rand_int_range(rand, -1, 2));
}

/* Begins in the middle of silence and stays. */
static guint8
motor(guint frame, GRand *rand)
{
  return frame < 2 * SECOND ? 90 : (guint8)(30 + g_rand_int_range(rand, -1, 2));
}

/* Every two seconds. */
static guint8
knocks(guint frame, GRand *rand G_GNUC_UNUSED)
{
  return frame % (2 * SECOND) < 3 ? 15 : 80;
}

static guint8
whisper_of_the_next_room(guint frame, GRand *rand)
{
  return (guint8)(syllables(frame, rand) + 40);
}

static void
test_noise(void)
{
  g_assert_cmpint(listen(silence, 20 * SECOND), ==, -1);
  g_assert_cmpint(listen(fan, 20 * SECOND), ==, -1);
  g_assert_cmpint(listen(loud_hiss, 20 * SECOND), ==, -1);
  g_assert_cmpint(listen(motor, 20 * SECOND), ==, -1);
  g_assert_cmpint(listen(knocks, 20 * SECOND), ==, -1);
  g_assert_cmpint(listen(whisper_of_the_next_room, 20 * SECOND), ==, -1);
}

static void
test_voice(void)
{
  gint first = listen(syllables, 20 * SECOND);
  g_assert_cmpint(first, >=, 0);
  g_assert_cmpint(first, <=, SECOND); /* with the third syllable */
}

/* It is not speech any more as soon as it is silent. */
static void
test_end(void)
{
  PlSpeech speech = {0};
  GRand *rand = g_rand_new_with_seed(7);
  guint last = 0;
  for (guint i = 0; i < 6 * SECOND; i++)
    if (pl_speech_hear(&speech, i < 2 * SECOND ? syllables(i, rand) : 100))
      last = i;
  g_rand_free(rand);
  g_assert_cmpuint(last, >, 2 * SECOND - 12);
  g_assert_cmpuint(last, <, 2 * SECOND + 5);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/speech/noise", test_noise);
  g_test_add_func("/speech/voice", test_voice);
  g_test_add_func("/speech/end", test_end);
  return g_test_run();
}
