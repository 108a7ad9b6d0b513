/* The sound of one meeting, see mix-audio.h. PlAudioMix belongs to [main]; what a tick touches is
 * in the nested `tick` and in the voices, which only the ticking thread (or the test) uses.
 *
 * A seat has two halves: PlAudioSeat for [main], Voice for the tick. [main] sends commands through
 * `inbox`, a stack that it pushes to and the tick takes as a whole, without a lock. A voice that is
 * told to leave fades out in that tick and is freed in it, so that a freed seat clicks no more than
 * one that falls silent; rings and streams are reference counted. */
#include "pipelines/mix-audio.h"

#include <stdatomic.h>
#include <string.h>

#include "mcu/util/error.h"
#include "pipelines/heard.h"
#include "pipelines/limiter.h"
#include "pipelines/opus-codec.h"
#include "pipelines/playout.h"
#include "pipelines/sound-ops.h"
#include "pipelines/speech.h"
#include "pipelines/ticker.h"

#define FRAME MCU_AUDIO_FRAME_SAMPLES
#define PACKET_MAX 700   /* bytes of 20 ms at the highest rate we take, and some */
#define SHARED_SLOTS 256 /* 5 s: the recording may be slow */
#define OWN_SLOTS 64     /* 1.3 s */
#define DRAIN_MAX 256    /* packets of one ring in one tick: a flood must not hold up the others */
#define FADE_IN 240      /* 5 ms */
/* The shared mix is encoded once for all. A mix-minus is for one site while it talks itself, and
 * costs half of that at complexity 1; same modes, so the change between the two is smooth. */
#define SHARED_COMPLEXITY 5
#define OWN_COMPLEXITY 1
#define MAX_HEARD_LIMIT 64 /* decoders and encoders of one tick */
/* Who keeps a place between two words, but has been silent for so long, is not in the mix: the shared one is
 * theirs too, and no encoder is needed for them. */
#define OWN_QUIET_TICKS 25

typedef struct {
  McuStream *stream; /* owned reference, as ring and next_ring */
  McuRing *ring;
  McuRing *next_ring;
  PlPlayout *playout;
  PlHeard heard;
  PlLimiter limiter;
  PlOpusEncoder *encoder; /* of the mix-minus; NULL until first heard */
  float *pcm;             /* the frame of this tick; NULL until first decoded */
  gint64 own_index;       /* tick of the last packet in `stream`; -1 */
  gboolean muted, leaving, changing_ring;
  gboolean mixed;       /* at full strength at the end of the last tick */
  PlHeardAt *heard_at;  /* owned reference; written by the tick */
  PlHeardAt *speech_at; /* likewise */
  PlSpeech speech;
} Voice;

typedef enum { ADD, LEAVE, SET_RING, MUTE, FLOOR } Verb;

typedef struct Command Command;
struct Command {
  Command *next;
  Verb verb;
  Voice *voice;
  McuRing *ring; /* SET_RING: owned */
  gboolean on;   /* MUTE, FLOOR */
};

struct PlAudioMix {
  guint kbps;
  guint max_heard;
  McuStream *stream;
  PlTicker *ticker; /* NULL until started */
  guint n_seats;    /* [main] */

  _Atomic(Command *) inbox; /* newest first */
  struct {
    _Atomic guint heard, decoding;
    _Atomic guint64 ticks, late, concealed, decode_errors;
  } stats; /* written by the tick, read by [any] */

  struct {
    GPtrArray *voices; /* Voice */
    GPtrArray *heards; /* PlHeard of each, in the same order */
    guint turn;        /* of pl_heard_choose() */
    gint64 epoch_us;   /* time of tick 0 */
    gint64 next_index;
    Voice *mixed[MAX_HEARD_LIMIT * 2 + 1]; /* in this tick's mix: heard, and fading out */
    guint n_mixed;
    guint decoding;
    guint64 gone_concealed, gone_errors; /* of voices that left */
    gboolean independent;                /* somebody came back to the shared mix */
    PlOpusEncoder *encoder;
    PlLimiter limiter;
    float sum[FRAME], out[FRAME], last[FRAME]; /* last: the shared mix of the tick before */
  } tick;
};

struct PlAudioSeat {
  PlAudioMix *mix;
  McuStream *stream;
  PlHeardAt *heard_at;  /* owned reference */
  PlHeardAt *speech_at; /* likewise */
  Voice *voice;         /* handed on; there until LEAVE is sent */
};

/* ---- [main] ---- */

static void
send_command(PlAudioMix *mix, Verb verb, Voice *voice, McuRing *ring, gboolean on)
{
  Command *command = g_new0(Command, 1);
  *command = (Command){.verb = verb, .voice = voice, .ring = ring, .on = on};
  command->next = atomic_load_explicit(&mix->inbox, memory_order_relaxed);
  while (!atomic_compare_exchange_weak_explicit(&mix->inbox, &command->next, command, memory_order_release,
                                                memory_order_relaxed)) {
  }
}

PlAudioMix *
pl_audio_mix_new(guint kbps, guint max_heard, GError **error)
{
  if (max_heard < 1 || max_heard > MAX_HEARD_LIMIT) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "sound: %u sites heard at once is outside 1 .. %d", max_heard,
                MAX_HEARD_LIMIT);
    return NULL;
  }
  PlOpusEncoder *encoder = pl_opus_encoder_new(kbps, SHARED_COMPLEXITY, error);
  if (encoder == NULL)
    return NULL;

  PlAudioMix *mix = g_new0(PlAudioMix, 1);
  mix->kbps = kbps;
  mix->max_heard = max_heard;
  mix->stream = mcu_stream_new(MCU_MEDIA_AUDIO, MCU_CODEC_OPUS, SHARED_SLOTS, PACKET_MAX);
  mix->tick.encoder = encoder;
  mix->tick.voices = g_ptr_array_new();
  mix->tick.heards = g_ptr_array_new();
  pl_limiter_init(&mix->tick.limiter);
  return mix;
}

static void
on_tick(gint64 time_us, gpointer user_data)
{
  PlAudioMix *mix = user_data;
  if (g_get_monotonic_time() - time_us > MCU_AUDIO_FRAME_US)
    atomic_fetch_add_explicit(&mix->stats.late, 1, memory_order_relaxed);
  pl_audio_mix_tick(mix, time_us);
}

void
pl_audio_mix_start(PlAudioMix *mix)
{
  g_assert(mix->ticker == NULL);
  mix->ticker = pl_ticker_new("mix-audio", MCU_AUDIO_FRAME_US, on_tick, mix);
}

PlAudioSeat *
pl_audio_seat_new(PlAudioMix *mix, GError **error)
{
  (void)error; /* nothing here can fail but memory */
  PlAudioSeat *seat = g_new0(PlAudioSeat, 1);
  Voice *voice = g_new0(Voice, 1);
  seat->mix = mix;
  seat->stream = mcu_stream_new(MCU_MEDIA_AUDIO, MCU_CODEC_OPUS, OWN_SLOTS, PACKET_MAX);
  seat->voice = voice;
  voice->stream = mcu_stream_ref(seat->stream);
  seat->heard_at = pl_heard_at_new();
  voice->heard_at = pl_heard_at_ref(seat->heard_at);
  seat->speech_at = pl_heard_at_new();
  voice->speech_at = pl_heard_at_ref(seat->speech_at);
  voice->playout = pl_playout_new();
  voice->own_index = -1;
  pl_heard_init(&voice->heard);
  mix->n_seats++;
  send_command(mix, ADD, voice, NULL, FALSE);
  return seat;
}

void
pl_audio_seat_free(PlAudioSeat *seat)
{
  if (seat == NULL)
    return;
  seat->mix->n_seats--;
  send_command(seat->mix, LEAVE, seat->voice, NULL, FALSE);
  mcu_stream_unref(seat->stream);
  pl_heard_at_unref(seat->heard_at);
  pl_heard_at_unref(seat->speech_at);
  g_free(seat);
}

void
pl_audio_seat_set_ring(PlAudioSeat *seat, McuRing *ring)
{
  send_command(seat->mix, SET_RING, seat->voice, ring != NULL ? mcu_ring_ref(ring) : NULL, FALSE);
}

void
pl_audio_seat_set_muted(PlAudioSeat *seat, gboolean muted)
{
  send_command(seat->mix, MUTE, seat->voice, NULL, muted);
}

void
pl_audio_seat_set_floor(PlAudioSeat *seat, gboolean on)
{
  send_command(seat->mix, FLOOR, seat->voice, NULL, on);
}

PlHeardAt *
pl_audio_seat_speech_at(PlAudioSeat *seat)
{
  return seat->speech_at;
}

PlHeardAt *
pl_audio_seat_heard_at(PlAudioSeat *seat)
{
  return seat->heard_at;
}

McuStream *
pl_audio_mix_stream(PlAudioMix *mix)
{
  return mix->stream;
}

McuStream *
pl_audio_seat_stream(PlAudioSeat *seat)
{
  return seat->stream;
}

void
pl_audio_mix_get_stats(PlAudioMix *mix, PlAudioMixStats *out_stats)
{
  *out_stats = (PlAudioMixStats){
      .heard = atomic_load_explicit(&mix->stats.heard, memory_order_relaxed),
      .decoding = atomic_load_explicit(&mix->stats.decoding, memory_order_relaxed),
      .ticks = atomic_load_explicit(&mix->stats.ticks, memory_order_relaxed),
      .ticks_late = atomic_load_explicit(&mix->stats.late, memory_order_relaxed),
      .concealed = atomic_load_explicit(&mix->stats.concealed, memory_order_relaxed),
      .decode_errors = atomic_load_explicit(&mix->stats.decode_errors, memory_order_relaxed),
  };
}

/* ---- [mix thread] commands ---- */

static void
free_voice(Voice *voice)
{
  mcu_ring_unref(voice->ring);
  mcu_ring_unref(voice->next_ring);
  mcu_stream_unref(voice->stream);
  pl_heard_at_unref(voice->heard_at);
  pl_heard_at_unref(voice->speech_at);
  pl_playout_free(voice->playout);
  pl_opus_encoder_free(voice->encoder);
  g_free(voice->pcm);
  g_free(voice);
}

static void
obey(PlAudioMix *mix, Command *command)
{
  Voice *voice = command->voice;
  switch (command->verb) {
  case ADD:
    g_ptr_array_add(mix->tick.voices, voice);
    g_ptr_array_add(mix->tick.heards, &voice->heard);
    break;
  case LEAVE:
    voice->leaving = TRUE;
    break;
  case SET_RING:
    mcu_ring_unref(voice->next_ring);
    voice->next_ring = command->ring;
    voice->changing_ring = TRUE;
    break;
  case MUTE:
    voice->muted = command->on;
    break;
  case FLOOR:
    voice->heard.floor = command->on;
    break;
  }
  g_free(command);
}

static void
obey_all(PlAudioMix *mix)
{
  if (atomic_load_explicit(&mix->inbox, memory_order_relaxed) == NULL)
    return;
  Command *newest = atomic_exchange_explicit(&mix->inbox, NULL, memory_order_acquire);
  Command *oldest = NULL;
  while (newest != NULL) {
    Command *next = newest->next;
    newest->next = oldest;
    oldest = newest;
    newest = next;
  }
  while (oldest != NULL) {
    Command *next = oldest->next;
    obey(mix, oldest);
    oldest = next;
  }
}

/* ---- [mix thread] one voice ---- */

/* Nothing of it is used in this tick but for a fade-out. */
static gboolean
is_ending(const Voice *voice)
{
  return voice->muted || voice->leaving || voice->changing_ring;
}

/* FALSE: the packet is of no use. A site that is silent and not heard costs no more than looking at its level. */
static gboolean
take(Voice *voice, const McuPacket *packet)
{
  gboolean silent = packet->level != MCU_LEVEL_UNKNOWN && packet->level > PL_PLAYOUT_SILENT_LEVEL;
  if (!silent || voice->heard.heard || voice->heard.probe || voice->mixed)
    return pl_playout_push(voice->playout, packet);
  pl_playout_note(voice->playout, packet);
  return TRUE;
}

static void
drain(Voice *voice)
{
  const McuPacket *packet;
  guint8 level = MCU_LEVEL_UNKNOWN;
  guint good = 0;

  if (voice->ring == NULL || voice->changing_ring)
    return;
  for (guint n = 0; n < DRAIN_MAX && (packet = mcu_ring_peek(voice->ring)) != NULL; n++) {
    if (!voice->muted && take(voice, packet)) {
      level = MIN(level, packet->level);
      good++;
    }
    mcu_ring_advance(voice->ring);
  }
  if (voice->muted)
    return;
  if (good > 0)
    pl_heard_level(&voice->heard, level);
  else if (!voice->heard.unknown)
    pl_heard_nothing(&voice->heard);
}

/* The end of a connection or a microphone: what follows begins from nothing. */
static void
begin_anew(Voice *voice)
{
  pl_playout_reset(voice->playout);
  pl_heard_init(&voice->heard);
  if (voice->changing_ring) {
    mcu_ring_unref(voice->ring);
    voice->ring = g_steal_pointer(&voice->next_ring);
    voice->changing_ring = FALSE;
  }
}

static void
listen_to_probe(PlAudioMix *mix, Voice *voice, guint n_heard)
{
  pl_heard_decoded(&voice->heard, pl_sound_level(voice->pcm, FRAME));
  if (!voice->heard.heard && pl_heard_is_candidate(&voice->heard) && n_heard < mix->max_heard)
    pl_heard_admit(&voice->heard);
}

/* Takes the voice's frame into the sum, if it is heard or has been until now. TRUE when heard. */
static gboolean
render(PlAudioMix *mix, Voice *voice, gint64 now_us, guint n_heard)
{
  gboolean ending = is_ending(voice);
  if (!voice->mixed && (ending || (!voice->heard.heard && !voice->heard.probe))) {
    pl_playout_skip(voice->playout, now_us);
    return FALSE;
  }
  if (voice->pcm == NULL)
    voice->pcm = g_new(float, FRAME);
  pl_playout_pull(voice->playout, now_us, voice->pcm);
  mix->tick.decoding++;
  if (voice->heard.unknown)
    listen_to_probe(mix, voice, n_heard);

  gboolean on = voice->heard.heard && !ending;
  if (on && voice->heard.quiet_ticks == 0)
    pl_heard_at_set(voice->heard_at, now_us);
  if (!voice->heard.floor)
    voice->speech = (PlSpeech){0};
  else if (pl_speech_hear(&voice->speech, pl_sound_level(voice->pcm, FRAME)))
    pl_heard_at_set(voice->speech_at, now_us);
  if (!on && !voice->mixed)
    return FALSE;
  if (!voice->mixed)
    pl_sound_ramp(voice->pcm, FADE_IN, 0, 1);
  else if (!on)
    pl_sound_ramp(voice->pcm, FRAME, 1, 0);
  voice->mixed = on;
  pl_sound_add(mix->tick.sum, voice->pcm, FRAME);
  g_assert(mix->tick.n_mixed < G_N_ELEMENTS(mix->tick.mixed));
  mix->tick.mixed[mix->tick.n_mixed++] = voice;
  return on;
}

/* ---- [mix thread] outputs ---- */

static void
write_packet(McuStream *stream, gint64 index, gint64 now_us, const guint8 *payload, guint size, guint8 level)
{
  McuStreamPacket packet = {
      .index = (guint64)index,
      .timestamp = (guint32)(index * FRAME),
      .capture_us = now_us,
      .size = (guint16)size,
      .level = level,
      .payload = payload,
  };
  mcu_stream_write(stream, &packet);
}

/* The listener's decoder comes from the shared mix. Going over the tick before again gives our
 * encoder the same past, so that there is neither a hole nor a step at the change. */
static void
begin_own(PlAudioMix *mix, Voice *voice, guint8 *payload)
{
  if (voice->encoder == NULL)
    voice->encoder = pl_opus_encoder_new(mix->kbps, OWN_COMPLEXITY, NULL);
  else
    pl_opus_encoder_reset(voice->encoder);
  voice->limiter = mix->tick.limiter;
  pl_opus_encode(voice->encoder, mix->tick.last, TRUE, payload, PACKET_MAX);
}

static void
write_own(PlAudioMix *mix, Voice *voice, gint64 index, gint64 now_us)
{
  guint8 payload[PACKET_MAX];
  float *out = mix->tick.out;
  gboolean begins = voice->own_index < 0 || voice->own_index != index - 1;
  if (begins)
    begin_own(mix, voice, payload);
  pl_sound_minus(out, mix->tick.sum, voice->pcm, FRAME);
  pl_limiter_run(&voice->limiter, out, FRAME);
  guint size = pl_opus_encode(voice->encoder, out, begins, payload, PACKET_MAX);
  write_packet(voice->stream, index, now_us, payload, size, pl_sound_level(out, FRAME));
  voice->own_index = index;
}

static void
give_own(PlAudioMix *mix, Voice *voice, gint64 index, gint64 now_us)
{
  if (voice->heard.quiet_ticks < OWN_QUIET_TICKS || is_ending(voice))
    write_own(mix, voice, index, now_us);
  else if (voice->own_index == index - 1)
    mix->tick.independent = TRUE; /* comes back to the shared mix with this tick */
}

static void
write_shared(PlAudioMix *mix, gint64 index, gint64 now_us)
{
  guint8 payload[PACKET_MAX];
  float *out = mix->tick.last;
  memcpy(out, mix->tick.sum, sizeof mix->tick.last);
  pl_limiter_run(&mix->tick.limiter, out, FRAME);
  guint size = pl_opus_encode(mix->tick.encoder, out, mix->tick.independent, payload, PACKET_MAX);
  write_packet(mix->stream, index, now_us, payload, size, pl_sound_level(out, FRAME));
}

/* ---- [mix thread] the tick ---- */

static gint64
next_index(PlAudioMix *mix, gint64 now_us)
{
  gint64 index = mix->tick.next_index;
  if (index == 0)
    mix->tick.epoch_us = now_us;
  gint64 due = (now_us - mix->tick.epoch_us + MCU_AUDIO_FRAME_US / 2) / MCU_AUDIO_FRAME_US;
  if (due > index) { /* left out: receivers see a gap, which is what it is */
    atomic_fetch_add_explicit(&mix->stats.late, (guint64)(due - index), memory_order_relaxed);
    index = due;
  }
  mix->tick.next_index = index + 1;
  return index;
}

static void
end_voices(PlAudioMix *mix)
{
  for (guint i = mix->tick.voices->len; i-- > 0;) {
    Voice *voice = g_ptr_array_index(mix->tick.voices, i);
    if (voice->leaving) {
      const PlPlayoutStats *stats = pl_playout_stats(voice->playout);
      mix->tick.gone_concealed += stats->concealed;
      mix->tick.gone_errors += stats->decode_errors;
      g_ptr_array_remove_index_fast(mix->tick.voices, i);
      g_ptr_array_remove_index_fast(mix->tick.heards, i);
      free_voice(voice);
    } else if (voice->changing_ring || voice->muted) {
      begin_anew(voice);
    }
  }
}

static void
publish_stats(PlAudioMix *mix, guint n_heard)
{
  guint64 concealed = mix->tick.gone_concealed, errors = mix->tick.gone_errors;
  for (guint i = 0; i < mix->tick.voices->len; i++) {
    const Voice *voice = g_ptr_array_index(mix->tick.voices, i);
    const PlPlayoutStats *stats = pl_playout_stats(voice->playout);
    concealed += stats->concealed;
    errors += stats->decode_errors;
  }
  atomic_store_explicit(&mix->stats.concealed, concealed, memory_order_relaxed);
  atomic_store_explicit(&mix->stats.decode_errors, errors, memory_order_relaxed);
  atomic_store_explicit(&mix->stats.heard, n_heard, memory_order_relaxed);
  atomic_store_explicit(&mix->stats.decoding, mix->tick.decoding, memory_order_relaxed);
  atomic_fetch_add_explicit(&mix->stats.ticks, 1, memory_order_relaxed);
}

void
pl_audio_mix_tick(PlAudioMix *mix, gint64 now_us)
{
  gint64 index = next_index(mix, now_us);
  GPtrArray *voices = mix->tick.voices;

  obey_all(mix);
  for (guint i = 0; i < voices->len; i++)
    drain(g_ptr_array_index(voices, i));
  guint n_chosen =
      pl_heard_choose((PlHeard *const *)mix->tick.heards->pdata, voices->len, mix->max_heard, &mix->tick.turn);

  memset(mix->tick.sum, 0, sizeof mix->tick.sum);
  mix->tick.n_mixed = mix->tick.decoding = 0;
  guint n_heard = 0;
  for (guint i = 0; i < voices->len; i++) {
    Voice *voice = g_ptr_array_index(voices, i);
    gboolean was = voice->heard.heard;
    n_heard += render(mix, voice, now_us, n_chosen);
    n_chosen += voice->heard.heard && !was;
  }

  for (guint i = 0; i < mix->tick.n_mixed; i++)
    give_own(mix, mix->tick.mixed[i], index, now_us);
  write_shared(mix, index, now_us);
  mcu_stream_flush(mix->stream);

  mix->tick.independent = mix->tick.n_mixed > n_heard;
  publish_stats(mix, n_heard);
  end_voices(mix);
}

void
pl_audio_mix_free(PlAudioMix *mix)
{
  if (mix == NULL)
    return;
  g_assert(mix->n_seats == 0);
  pl_ticker_free(mix->ticker);
  /* Nobody ticks any more: what was sent last is obeyed here. */
  obey_all(mix);
  end_voices(mix);
  g_assert(mix->tick.voices->len == 0);
  g_ptr_array_unref(mix->tick.voices);
  g_ptr_array_unref(mix->tick.heards);
  pl_opus_encoder_free(mix->tick.encoder);
  mcu_stream_unref(mix->stream);
  g_free(mix);
}
