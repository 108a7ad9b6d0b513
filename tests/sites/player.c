/* One thread that wakes every SIM_SLOT_US and sends for the sites whose instant it is. The lock is
 * held during a round; main takes it to add and remove sites, which it does rarely. */
#include "player.h"

#include <errno.h>
#include <time.h>

#include "mcu/util/error.h"
#include "mcu/util/priority.h"
#include "pace.h"
#include "tone.h"

#define VIDEO_SLOTS 128 /* 1 to 2 seconds at the largest size: the history for retransmission */
#define AUDIO_SLOTS 64
#define AUDIO_SLOT_SIZE 512
#define KEYFRAME_INTERVAL_US (G_USEC_PER_SEC / 2)

struct SimSource {
  guint index, site;
  SimClip *sound; /* NULL: never talks */
  SimSent *sent;
  McuStream *video_stream, *audio_stream;

  /* The rest is protected by the player's lock. */
  SimClip *video; /* NULL: no picture now */
  guint number;   /* of its first frame, in the mark */
  SimPace video_pace, audio_pace;
  SimLoop video_loop, sound_loop;
  guint64 video_index, audio_index; /* of packets */
  gint64 last_jump_us;
  gboolean talking, loud;
  gint64 speaks_from_us, speaks_until_us; /* 0: by its turn */
  gboolean syllables;
};

struct SimPlayer {
  guint n_sites, talkers;
  SimClip *silence;
  GThread *thread;
  gint64 started_us;

  GMutex lock; /* the rest is protected by it */
  gboolean stop;
  GPtrArray *sources; /* of SimSource *, owned */
  SimPlayerStats stats;
};

/* The frame whose turn was at `turn_us`: its timestamp keeps the pace even when it is sent late. */
static void
send_frame(SimPlayer *player, SimSource *source, gint64 turn_us, gint64 now_us)
{
  if (mcu_stream_take_keyframe_request(source->video_stream) && now_us - source->last_jump_us >= KEYFRAME_INTERVAL_US) {
    sim_loop_jump(&source->video_loop, sim_clip_keyframes(source->video));
    source->last_jump_us = now_us;
    player->stats.keyframe_jumps++;
  }

  guint frame = sim_loop_step(&source->video_loop), first, count;
  gboolean key = sim_clip_keyframes(source->video)[frame];
  sim_clip_frame(source->video, frame, &first, &count);
  for (guint i = 0; i < count; i++) {
    SimClipPacket packet;
    sim_clip_packet(source->video, first + i, &packet);
    McuStreamPacket out = {
        .index = source->video_index++,
        .timestamp = (guint32)((turn_us - player->started_us) * (MCU_VIDEO_RATE / 1000) / 1000),
        .capture_us = turn_us,
        .size = packet.size,
        .marker = i == count - 1,
        .keyframe = key && i == 0,
        .payload = packet.payload,
    };
    mcu_stream_write(source->video_stream, &out);
  }
  player->stats.video_frames++;
  sim_sent_frame(source->sent, source->number + frame, now_us);
  mcu_stream_flush(source->video_stream);
}

static void
send_frames(SimPlayer *player, SimSource *source, gint64 now_us)
{
  guint due = sim_pace_due(&source->video_pace, now_us);
  for (guint i = due; i > 0; i--)
    send_frame(player, source, source->video_pace.next_us - i * source->video_pace.period_us, now_us);
}

/* Notes when a packet begins the loud part of the tone: by the tone's own time, or because the site
 * begins to talk in the middle of it. */
static void
note_onset(SimSource *source, guint frame, gint64 now_us)
{
  if (!source->talking) {
    source->loud = FALSE;
    return;
  }
  guint start = frame * MCU_AUDIO_FRAME_SAMPLES % SIM_TONE_PERIOD, onset = sim_tone_onset(source->site);
  guint since = (start + SIM_TONE_PERIOD - onset) % SIM_TONE_PERIOD; /* at the packet's first sample */
  guint until = SIM_TONE_PERIOD - since;                             /* to the next onset */
  gboolean was_loud = source->loud;
  if (since == 0 || until >= MCU_AUDIO_FRAME_SAMPLES) {
    source->loud = since < SIM_TONE_ON;
    if (source->loud && !was_loud)
      sim_sent_onset(source->sent, now_us);
    return;
  }
  source->loud = TRUE;
  sim_sent_onset(source->sent, now_us + (gint64)until * G_USEC_PER_SEC / MCU_AUDIO_RATE);
}

/* Four syllables a second, as people speak; a hum stays as it is. */
static gboolean
speaks(const SimSource *source, gint64 now_us)
{
  if (now_us < source->speaks_from_us || now_us >= source->speaks_until_us)
    return FALSE;
  return !source->syllables || (now_us - source->speaks_from_us) / MCU_AUDIO_FRAME_US % 13 < 8;
}

/* Which packet to send of the site's sound, whose loop goes on in silence too: its place says when the next
 * onset is. */
static guint
take_turn(const SimPlayer *player, SimSource *source, gint64 now_us)
{
  guint64 turn = (guint64)((now_us - player->started_us) / SIM_TURN_US);
  gboolean talking = sim_talks(source->index, player->n_sites, player->talkers, turn);
  if (source->speaks_from_us != 0)
    talking = speaks(source, now_us);
  if (talking != source->talking) {
    source->talking = talking;
    sim_sent_talking(source->sent, talking, now_us);
  }
  guint frame = sim_loop_step(&source->sound_loop);
  note_onset(source, frame, now_us);
  return frame;
}

static void
send_sound(SimPlayer *player, SimSource *source, gint64 now_us)
{
  guint frame = source->sound != NULL ? take_turn(player, source, now_us) : (guint)source->audio_index;
  const SimClip *clip = source->talking ? source->sound : player->silence;
  SimClipPacket packet;
  guint first, count;
  sim_clip_frame(clip, frame % sim_clip_frames(clip), &first, &count);
  sim_clip_packet(clip, first, &packet);

  McuStreamPacket out = {
      .index = source->audio_index,
      .timestamp = (guint32)(source->audio_index * MCU_AUDIO_FRAME_SAMPLES),
      .capture_us = now_us,
      .size = packet.size,
      .level = packet.level,
      .payload = packet.payload,
  };
  source->audio_index++;
  mcu_stream_write(source->audio_stream, &out);
  mcu_stream_flush(source->audio_stream);
  player->stats.audio_packets++;
}

static void
play_source(SimPlayer *player, SimSource *source, gint64 now_us)
{
  player->stats.late_us = MAX(player->stats.late_us, now_us - source->audio_pace.next_us);
  guint64 skipped = source->audio_pace.skipped + source->video_pace.skipped;
  for (guint due = sim_pace_due(&source->audio_pace, now_us); due > 0; due--)
    send_sound(player, source, now_us);
  if (source->video != NULL)
    send_frames(player, source, now_us);
  player->stats.skipped += source->audio_pace.skipped + source->video_pace.skipped - skipped;
}

static void
sleep_until(gint64 time_us)
{
  struct timespec until = {.tv_sec = time_us / G_USEC_PER_SEC, .tv_nsec = time_us % G_USEC_PER_SEC * 1000};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
    ;
}

static gpointer
run(gpointer data)
{
  SimPlayer *player = data;
  gint64 next_us = player->started_us;
  mcu_priority_raise();
  for (;;) {
    sleep_until(next_us);
    g_mutex_lock(&player->lock);
    gboolean stop = player->stop;
    for (guint i = 0; i < player->sources->len; i++)
      play_source(player, player->sources->pdata[i], g_get_monotonic_time());
    g_mutex_unlock(&player->lock);
    if (stop)
      return NULL;
    gint64 now_us = g_get_monotonic_time();
    next_us += ((MAX(now_us - next_us, 0)) / SIM_SLOT_US + 1) * SIM_SLOT_US;
  }
}

void
sim_source_speak(SimPlayer *player, SimSource *source, gint64 from_us, gint64 until_us, gboolean syllables)
{
  g_mutex_lock(&player->lock);
  source->speaks_from_us = from_us;
  source->speaks_until_us = until_us;
  source->syllables = syllables;
  g_mutex_unlock(&player->lock);
}

static void
source_free(gpointer data)
{
  SimSource *source = data;
  sim_clip_unref(source->video);
  sim_clip_unref(source->sound);
  mcu_stream_unref(source->video_stream);
  mcu_stream_unref(source->audio_stream);
  g_free(source);
}

SimPlayer *
sim_player_new(guint n_sites, guint talkers, SimClip *silence)
{
  SimPlayer *player = g_new0(SimPlayer, 1);
  player->n_sites = n_sites;
  player->talkers = talkers;
  player->silence = sim_clip_ref(silence);
  player->started_us = g_get_monotonic_time();
  player->sources = g_ptr_array_new_with_free_func(source_free);
  g_mutex_init(&player->lock);
  player->thread = g_thread_new("player", run, player);
  return player;
}

void
sim_player_free(SimPlayer *player)
{
  if (player == NULL)
    return;
  g_mutex_lock(&player->lock);
  player->stop = TRUE;
  g_mutex_unlock(&player->lock);
  g_thread_join(player->thread);
  g_assert(player->sources->len == 0);
  g_ptr_array_unref(player->sources);
  sim_clip_unref(player->silence);
  g_mutex_clear(&player->lock);
  g_free(player);
}

/* The next instant of site `index` in the period, counted from the player's start. */
static gint64
first_tick(const SimPlayer *player, guint index, gint64 period_us)
{
  gint64 at = player->started_us + sim_phase_us(index, period_us);
  gint64 now_us = g_get_monotonic_time();
  return at + (MAX(now_us - at, 0) / period_us + 1) * period_us;
}

SimSource *
sim_player_add(SimPlayer *player, guint index, guint site, McuCodec codec, SimClip *sound, SimSent *sent)
{
  SimSource *source = g_new0(SimSource, 1);
  source->index = index;
  source->site = site;
  source->sent = sent;
  source->sound = sound != NULL ? sim_clip_ref(sound) : NULL;
  source->audio_stream = mcu_stream_new(MCU_MEDIA_AUDIO, MCU_CODEC_OPUS, AUDIO_SLOTS, AUDIO_SLOT_SIZE);
  sim_pace_init(&source->audio_pace, first_tick(player, index, MCU_AUDIO_FRAME_US), MCU_AUDIO_FRAME_US);
  /* All sound is in step with the player's start: the onsets of the tones keep their distances. */
  guint64 ticks = (guint64)((source->audio_pace.next_us - player->started_us) / MCU_AUDIO_FRAME_US);
  guint n_frames = sound != NULL ? sim_clip_frames(sound) : 1;
  source->sound_loop = (SimLoop){.n_frames = n_frames, .next = (guint)(ticks % n_frames)};
  if (codec != MCU_CODEC_NONE)
    source->video_stream = mcu_stream_new(MCU_MEDIA_VIDEO, codec, VIDEO_SLOTS, 0);
  g_mutex_lock(&player->lock);
  g_ptr_array_add(player->sources, source);
  g_mutex_unlock(&player->lock);
  return source;
}

void
sim_player_remove(SimPlayer *player, SimSource *source)
{
  if (source == NULL)
    return;
  g_mutex_lock(&player->lock);
  gboolean known = g_ptr_array_remove_fast(player->sources, source);
  g_mutex_unlock(&player->lock);
  g_assert(known);
}

void
sim_source_show(SimPlayer *player, SimSource *source, const SimFilm *film)
{
  g_assert(film->clip == NULL || source->video_stream != NULL);
  SimClip *clip = film->clip != NULL ? sim_clip_ref(film->clip) : NULL;
  g_mutex_lock(&player->lock);
  SimClip *before = source->video;
  source->video = clip;
  if (clip != NULL) {
    gint64 period_us = G_USEC_PER_SEC / film->fps;
    source->number = film->number;
    source->video_loop = (SimLoop){.n_frames = sim_clip_frames(clip)};
    sim_pace_init(&source->video_pace, first_tick(player, source->index, period_us), period_us);
  }
  g_mutex_unlock(&player->lock);
  sim_clip_unref(before);
}

McuStream *
sim_source_audio(SimSource *source)
{
  return source->audio_stream;
}

McuStream *
sim_source_video(SimSource *source)
{
  return source->video_stream;
}

void
sim_player_get_stats(SimPlayer *player, SimPlayerStats *out_stats)
{
  g_mutex_lock(&player->lock);
  *out_stats = player->stats;
  g_mutex_unlock(&player->lock);
}
