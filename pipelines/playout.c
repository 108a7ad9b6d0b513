/* Playout of one site's sound, see playout.h. Owned by a voice of the sound mixer, on its thread.
 *
 *   IDLE --first packet--> WAITING --its time has come--> PLAYING
 *   PLAYING --100 ms of nothing, or a pause of the sender (DTX)--> WAITING
 *   PLAYING | WAITING --source or time line jumps--> WAITING
 *
 * Time: `next_ts` is the timestamp of the next sample to decode, 64 bits wide; `fifo` holds decoded
 * samples before it. The margin is how long ago the packet of next_ts would have come on the base
 * line when it is needed: the lateness a packet may have. Steering keeps it between the target
 * and a frame more. With packets of whole frames there is nothing between to be had. */
#include "pipelines/playout.h"

#include <string.h>

#include "pipelines/jitter.h"
#include "pipelines/opus-codec.h"
#include "pipelines/shelf.h"
#include "pipelines/sound-ops.h"
#include "pipelines/stretch.h"

#define FRAME MCU_AUDIO_FRAME_SAMPLES
#define FRAME_US MCU_AUDIO_FRAME_US

#define CONCEAL_FULL FRAME      /* made-up sound keeps its strength so long ... */
#define CONCEAL_MAX (5 * FRAME) /* ... and has faded out by here */
#define RESUME_FADE 240         /* 5 ms */
#define FEC_GAP_MAX (2 * FRAME) /* FEC knows the frame just before; further back is concealed */
#define SLACK_GROW_US 2000      /* hysteresis of the steering below the target ... */
#define SLACK_SHRINK_US 4000    /* ... and above it */
#define HARD_US 150000          /* so far above the target it is not worth splicing */
#define GROW_TICKS 5            /* between two frames put in */
#define SHRINK_TICKS 50         /* a delay too long must last so long in sound, 1 in silence */
#define QUIET_POWER 1e-5f       /* -50 dBFS */
#define LOSS_SHARE 0.01f        /* weight of one packet in the running loss */
#define LOSS_FEC_ON 0.02f       /* from here a frame more of delay pays: FEC has its packet */
#define LOSS_FEC_OFF 0.01f
#define SPLICE_RANGE (FRAME / 2) /* splices look for equal pitch so far */
#define HISTORY (5 * FRAME)      /* kept of what nobody listens to: the beginning of a word */
#define CATCH_UP_TICKS 4         /* between two frames taken out after beginning early */

#define FIFO_MAX (2 * FRAME + 2 * PL_STRETCH_PAST + PL_OPUS_SAMPLES_MAX + PL_STRETCH_FADE)

typedef enum { IDLE, WAITING, PLAYING } State;

struct PlPlayout {
  PlOpusDecoder *decoder; /* NULL until first heard */
  PlPlayoutStats stats;

  State state;
  guint32 ssrc;
  PlJitter jitter;
  PlShelf shelf;
  gint64 newest_ts, newest_seq;
  guint64 seen; /* bit n: newest_seq - n has come */

  gint64 next_ts;
  gint64 last_seq;    /* of the newest packet that was decoded or passed over */
  gboolean have_next; /* next_ts belongs to the present line */
  gint64 margin_us;
  guint ticks_over, ticks_since_grow, ticks_empty;
  gboolean catching_up; /* began with the history: the delay is that much too long, for a moment */
  float loss;
  gboolean fec_delay;

  gboolean decoding, decoder_stale;
  float fade;    /* strength of what is appended: 0 .. 1 */
  guint made_up; /* samples concealed in a row */
  guint ahead;   /* of these, while no later packet was there: next_ts has not moved for them */
  guint pending; /* frames of these, not yet known to be loss */
  guint n_fifo;
  float sound[PL_STRETCH_PAST + FIFO_MAX]; /* what was played last, then the fifo */
  float scratch[PL_OPUS_SAMPLES_MAX];
};

PlPlayout *
pl_playout_new(void)
{
  PlPlayout *p = g_new0(PlPlayout, 1);
  pl_shelf_init(&p->shelf);
  pl_jitter_init(&p->jitter);
  return p;
}

void
pl_playout_free(PlPlayout *p)
{
  if (p == NULL)
    return;
  pl_opus_decoder_free(p->decoder);
  pl_shelf_clear(&p->shelf);
  g_free(p);
}

/* ---- packets held ---- */

/* Passes the oldest over, played or not. */
static void
pass_oldest(PlPlayout *p)
{
  p->last_seq = p->shelf.held[0].seq;
  pl_shelf_take(&p->shelf);
}

static gint64
end_of(const PlHeld *held)
{
  return held->ts + held->samples;
}

static void
pass_before(PlPlayout *p, gint64 ts)
{
  while (p->shelf.n > 0 && end_of(&p->shelf.held[0]) <= ts)
    pass_oldest(p);
}

static void
pass_old(PlPlayout *p)
{
  pass_before(p, p->next_ts);
}

static gboolean
hold(PlPlayout *p, const PlHeld *packet, const guint8 *payload)
{
  if (p->shelf.n == PL_PLAYOUT_PACKETS) {
    p->stats.dropped++;
    if (packet->ts < p->shelf.held[0].ts)
      return FALSE;
    pass_oldest(p);
  }
  gboolean is_new = pl_shelf_put(&p->shelf, packet, payload);
  p->stats.duplicates += !is_new;
  return is_new;
}

/* ---- arrival ---- */

/* A new line of time: what is held belongs to the old one. The sound fades out at the next pull. */
static void
leave_line(PlPlayout *p)
{
  pl_shelf_empty(&p->shelf);
  p->have_next = FALSE;
  p->ahead = p->pending = 0;
  p->state = WAITING;
}

void
pl_playout_reset(PlPlayout *p)
{
  leave_line(p);
  p->state = IDLE;
  p->decoding = FALSE;
  p->loss = 0;
  p->fec_delay = FALSE;
}

static void
meet_source(PlPlayout *p, const McuPacket *packet, guint32 ssrc)
{
  if (p->state != IDLE)
    p->stats.jumps++;
  leave_line(p);
  p->ssrc = ssrc;
  p->newest_ts = packet->timestamp;
  p->newest_seq = packet->seq;
  p->seen = 0;
  p->decoder_stale = TRUE;
  pl_jitter_init(&p->jitter);
}

static gint64
media_us(gint64 ts)
{
  return ts * 125 / 6; /* 48 kHz */
}

/* Before anything is learnt from it: a copy's time says nothing about the line. */
static gboolean
is_copy(const PlPlayout *p, const PlHeld *held)
{
  gint64 back = p->newest_seq - held->seq;
  return held->ts <= p->newest_ts && back >= 0 && back < 64 && (p->seen >> back & 1) != 0;
}

static void
note_seen(PlPlayout *p, const PlHeld *held, gboolean newest)
{
  gint64 ahead = held->seq - p->newest_seq;
  if (newest) {
    p->seen = ahead > 0 && ahead < 64 ? p->seen << ahead | 1 : 1;
    p->newest_ts = held->ts;
    p->newest_seq = held->seq;
  } else if (ahead <= 0 && ahead > -64) {
    p->seen |= G_GUINT64_CONSTANT(1) << -ahead;
  }
}

gboolean
pl_playout_push(PlPlayout *p, const McuPacket *packet)
{
  p->stats.packets++;
  const guint8 *payload = packet->data + MCU_RTP_HEADER;
  guint size = packet->size > MCU_RTP_HEADER ? MIN(packet->size - MCU_RTP_HEADER, PL_SHELF_PAYLOAD_MAX) : 0;
  guint samples = pl_opus_packet_samples(payload, size);
  if (samples == 0) {
    p->stats.decode_errors++;
    return FALSE;
  }

  guint32 ssrc; /* RFC 3550 5.1: the last word of the fixed header */
  memcpy(&ssrc, packet->data + 8, sizeof ssrc);
  if (p->state == IDLE || ssrc != p->ssrc)
    meet_source(p, packet, ssrc);

  PlHeld held = {
      .ts = p->newest_ts + (gint32)(packet->timestamp - (guint32)p->newest_ts),
      .seq = p->newest_seq + (gint16)(packet->seq - (guint16)p->newest_seq),
      .samples = samples,
      .size = (guint16)size,
      .level = packet->level,
  };
  if (is_copy(p, &held)) {
    p->stats.duplicates++;
    return FALSE;
  }
  PlJitterVerdict verdict = pl_jitter_observe(&p->jitter, packet->arrival_us, media_us(held.ts));
  if (verdict == PL_JITTER_DOUBTFUL) {
    p->stats.dropped++;
    return FALSE;
  }
  if (verdict == PL_JITTER_JUMP) {
    p->stats.jumps++;
    leave_line(p);
  }
  note_seen(p, &held, held.ts > p->newest_ts || verdict == PL_JITTER_JUMP);
  if (p->have_next && end_of(&held) <= p->next_ts) {
    p->stats.late++;
    return FALSE;
  }
  return hold(p, &held, payload);
}

void
pl_playout_note(PlPlayout *p, const McuPacket *packet)
{
  p->stats.packets++;
  if (p->state == IDLE)
    return; /* there is no line yet; the first packet that counts begins it */
  PlHeld held = {
      .ts = p->newest_ts + (gint32)(packet->timestamp - (guint32)p->newest_ts),
      .seq = p->newest_seq + (gint16)(packet->seq - (guint16)p->newest_seq),
  };
  if (is_copy(p, &held))
    return;
  PlJitterVerdict verdict = pl_jitter_observe(&p->jitter, packet->arrival_us, media_us(held.ts));
  if (verdict == PL_JITTER_DOUBTFUL)
    return;
  if (verdict == PL_JITTER_JUMP)
    leave_line(p);
  note_seen(p, &held, held.ts > p->newest_ts || verdict == PL_JITTER_JUMP);
}

/* ---- samples ---- */

static float *
fifo(PlPlayout *p)
{
  return p->sound + PL_STRETCH_PAST;
}

/* Appends x (changed on the way) with the strength going to `strength` over `ramp` samples. */
static void
append(PlPlayout *p, float *x, guint n, float strength, guint ramp)
{
  g_assert(p->n_fifo + n <= FIFO_MAX);
  ramp = MIN(ramp, n);
  pl_sound_ramp(x, ramp, p->fade, strength);
  pl_sound_ramp(x + ramp, n - ramp, strength, strength);
  memcpy(fifo(p) + p->n_fifo, x, n * sizeof *x);
  p->n_fifo += n;
  p->fade = strength;
}

static void
conceal(PlPlayout *p, guint samples, float strength)
{
  guint n = pl_opus_conceal(p->decoder, samples, p->scratch);
  memset(p->scratch + n, 0, (samples - n) * sizeof(float));
  append(p, p->scratch, samples, strength, samples);
  p->made_up += samples;
}

static float
strength_after(guint made_up)
{
  if (made_up <= CONCEAL_FULL)
    return 1.0f;
  return made_up >= CONCEAL_MAX ? 0.0f : (float)(CONCEAL_MAX - made_up) / (CONCEAL_MAX - CONCEAL_FULL);
}

static void
note_packet_fate(PlPlayout *p, gboolean lost)
{
  p->loss += ((lost ? 1.0f : 0.0f) - p->loss) * LOSS_SHARE;
  p->fec_delay = p->loss > (p->fec_delay ? LOSS_FEC_OFF : LOSS_FEC_ON);
}

/* The frames made up while waiting were for something. */
static void
settle_pending(PlPlayout *p)
{
  p->stats.concealed += p->pending;
  p->pending = p->ahead = 0;
}

static void
play_oldest(PlPlayout *p)
{
  const PlHeld held = p->shelf.held[0];
  guint skip = (guint)(p->next_ts - held.ts);
  settle_pending(p);
  guint n = pl_opus_decode(p->decoder, pl_shelf_payload(&p->shelf, &held), held.size, p->scratch);
  if (n > skip) {
    append(p, p->scratch + skip, n - skip, 1.0f, RESUME_FADE);
    p->next_ts += n - skip;
    p->made_up = 0;
    p->stats.decoded++;
  } else {
    guint samples = MAX((held.samples - skip) / PL_OPUS_UNIT, 1) * PL_OPUS_UNIT;
    p->stats.decode_errors++;
    p->stats.concealed += (samples + FRAME - 1) / FRAME;
    conceal(p, samples, strength_after(p->made_up + samples));
    p->next_ts = end_of(&held);
  }
  note_packet_fate(p, FALSE);
  pass_oldest(p);
  pass_old(p); /* hostile timestamps overlap */
}

/* A gap before the oldest packet that is loss: in-band FEC where that reaches, else concealment. */
static void
bridge_gap(PlPlayout *p, guint gap)
{
  const PlHeld *held = &p->shelf.held[0];
  note_packet_fate(p, TRUE);
  if (gap <= FEC_GAP_MAX && gap % PL_OPUS_UNIT == 0 &&
      pl_opus_packet_may_have_fec(pl_shelf_payload(&p->shelf, held), held->size)) {
    guint n = pl_opus_decode_fec(p->decoder, pl_shelf_payload(&p->shelf, held), held->size, gap, p->scratch);
    if (n == gap) {
      append(p, p->scratch, gap, 1.0f, RESUME_FADE);
      p->next_ts += gap;
      p->stats.recovered++;
      return;
    }
  }
  guint samples = MIN(gap, FRAME) / PL_OPUS_UNIT * PL_OPUS_UNIT;
  if (samples == 0) { /* timestamps off the grid: less than 2.5 ms is not worth a frame */
    p->next_ts = held->ts;
    return;
  }
  conceal(p, samples, strength_after(p->made_up + samples));
  p->next_ts += samples;
  p->stats.concealed++;
}

/* Nothing there: made up without moving on, as it may just be late. */
static void
bridge_nothing(PlPlayout *p)
{
  conceal(p, FRAME, strength_after(p->made_up + FRAME));
  p->ahead += FRAME;
  p->pending++;
}

/* One step towards a fuller fifo; or the state changes to WAITING. */
static void
refill(PlPlayout *p)
{
  if (p->shelf.n == 0) {
    if (p->made_up >= CONCEAL_MAX)
      p->state = WAITING;
    else
      bridge_nothing(p);
    return;
  }

  const PlHeld *held = &p->shelf.held[0];
  gint64 gap = held->ts - p->next_ts;
  if (gap > 0 && held->seq == p->last_seq + 1) { /* the sender paused (DTX): no loss */
    p->ahead = p->pending = 0;
    p->state = WAITING;
    return;
  }
  if (gap > 0 && p->ahead > 0) {
    gint64 done = MIN(gap, (gint64)p->ahead);
    p->next_ts += done;
    gap -= done;
    for (guint i = 0; i < p->pending; i++)
      note_packet_fate(p, TRUE);
    settle_pending(p);
  }
  if (gap <= 0)
    play_oldest(p);
  else if (p->made_up >= CONCEAL_MAX)
    p->state = WAITING;
  else
    bridge_gap(p, (guint)MIN(gap, PL_OPUS_SAMPLES_MAX));
}

/* ---- time ---- */

static gint64
target_us(const PlPlayout *p)
{
  return pl_jitter_target_ms(&p->jitter) * G_GINT64_CONSTANT(1000) + (p->fec_delay ? FRAME_US : 0);
}

static gint64
margin_us(const PlPlayout *p, gint64 now_us, gint64 ts)
{
  return now_us - pl_jitter_expected_us(&p->jitter, media_us(ts));
}

/* WAITING: begins with the newest packet that has its margin, at the earliest tick there is one. */
static void
begin_when_due(PlPlayout *p, gint64 now_us)
{
  gint64 target = target_us(p);
  if (p->shelf.n == 0 || margin_us(p, now_us, p->shelf.held[0].ts) < target)
    return;
  gboolean paused = p->have_next && p->shelf.held[0].seq == p->last_seq + 1 && p->shelf.held[0].ts > p->next_ts;
  if (paused)
    p->pending = 0;
  settle_pending(p);
  while (p->shelf.n > 1 && margin_us(p, now_us, p->shelf.held[1].ts) >= target + SLACK_SHRINK_US)
    pass_oldest(p);
  p->next_ts = p->shelf.held[0].ts;
  p->last_seq = p->shelf.held[0].seq - 1;
  p->have_next = TRUE;
  p->made_up = 0;
  p->margin_us = margin_us(p, now_us, p->next_ts);
  p->ticks_over = p->ticks_since_grow = p->ticks_empty = 0;
  p->state = PLAYING;
}

static void
begin_decoding(PlPlayout *p)
{
  if (p->decoder == NULL)
    p->decoder = pl_opus_decoder_new();
  else
    pl_opus_decoder_reset(p->decoder);
  p->decoder_stale = FALSE;
  p->decoding = TRUE;
  p->fade = 0;
  p->made_up = p->ahead = p->pending = 0;
  p->n_fifo = 0;
  memset(p->sound, 0, PL_STRETCH_PAST * sizeof(float));
}

/* A word is noticed by its first loud packet, but begins with quieter ones: playing starts with those that
 * lead up to it. What is late then is caught up within some frames. */
static void
begin_early(PlPlayout *p)
{
  guint i = 0;
  while (i < p->shelf.n && p->shelf.held[i].ts < p->next_ts)
    i++;
  gint64 from = p->next_ts;
  while (i > 0 && end_of(&p->shelf.held[i - 1]) == from && p->shelf.held[i - 1].level <= PL_PLAYOUT_SILENT_LEVEL)
    from = p->shelf.held[--i].ts;
  if (from == p->next_ts)
    return;
  p->catching_up = TRUE;
  p->next_ts = from;
  p->last_seq = p->shelf.held[i].seq - 1;
}

/* Decodes until a frame is there; the margin of the tick is that of its last packet. */
static void
fill(PlPlayout *p, gint64 now_us)
{
  gint64 least = G_MAXINT64;
  while (p->state == PLAYING && p->n_fifo < FRAME) {
    gint64 margin = margin_us(p, now_us, p->next_ts);
    refill(p);
    if (p->made_up == 0)
      least = MIN(least, margin);
  }
  if (least != G_MAXINT64)
    p->margin_us = least;
}

static gboolean
quiet(PlPlayout *p)
{
  return pl_sound_power(fifo(p), FRAME) < QUIET_POWER;
}

static void
put_frame_in(PlPlayout *p)
{
  guint rest = p->n_fifo % FRAME;
  guint lo = MAX(FRAME - rest, PL_STRETCH_FADE);
  guint hi = quiet(p) ? lo : MIN(lo + SPLICE_RANGE, PL_STRETCH_PAST);
  p->n_fifo += pl_stretch_grow(fifo(p), p->n_fifo, lo, hi);
  p->margin_us += FRAME_US;
  p->ticks_since_grow = 0;
  p->stats.inserted++;
}

/* Needs packets beyond this tick's; FALSE: they are not there. */
static gboolean
take_frame_out(PlPlayout *p)
{
  guint rest = p->n_fifo % FRAME;
  guint want = rest + 2 * FRAME;
  while (p->n_fifo < want && p->shelf.n > 0 && p->shelf.held[0].ts <= p->next_ts && p->made_up == 0)
    play_oldest(p);
  if (p->n_fifo < want)
    return FALSE;
  guint hi = rest + FRAME;
  guint lo = quiet(p) ? hi : hi - SPLICE_RANGE;
  p->n_fifo -= pl_stretch_shrink(fifo(p), p->n_fifo, lo, hi);
  p->margin_us -= FRAME_US;
  p->ticks_over = 0;
  p->stats.removed++;
  return TRUE;
}

static void
steer(PlPlayout *p)
{
  if (p->state != PLAYING || p->n_fifo < FRAME || p->made_up > 0)
    return;
  gint64 target = target_us(p);
  p->ticks_since_grow++;
  if (p->margin_us > target + HARD_US) {
    p->state = WAITING; /* fades out, then begins anew with the right packet */
    return;
  }
  p->ticks_over = p->margin_us >= target + FRAME_US + SLACK_SHRINK_US ? p->ticks_over + 1 : 0;
  p->catching_up = p->catching_up && p->ticks_over > 0;
  /* The quiet beginning is what was gone back for. */
  gboolean due = p->catching_up ? p->ticks_over >= CATCH_UP_TICKS : p->ticks_over >= SHRINK_TICKS || quiet(p);
  if (p->ticks_over > 0 && due)
    take_frame_out(p);
  else if (p->margin_us < target - SLACK_GROW_US && p->ticks_since_grow >= GROW_TICKS)
    put_frame_in(p);
}

/* Ends with the frame where that leaves room for a fade, so that what comes next is aligned. */
static void
fade_out(PlPlayout *p)
{
  guint room = FRAME - p->n_fifo;
  guint length = room >= RESUME_FADE ? room : FRAME;
  guint samples = (length + PL_OPUS_UNIT - 1) / PL_OPUS_UNIT * PL_OPUS_UNIT;
  guint n = pl_opus_conceal(p->decoder, samples, p->scratch);
  memset(p->scratch + n, 0, (samples - n) * sizeof(float));
  append(p, p->scratch, length, 0, length);
}

static void
take_frame(PlPlayout *p, float *out)
{
  if (p->n_fifo < FRAME) {
    memset(fifo(p) + p->n_fifo, 0, (FRAME - p->n_fifo) * sizeof(float));
    p->n_fifo = FRAME;
  }
  memcpy(out, fifo(p), FRAME * sizeof(float));
  p->n_fifo -= FRAME;
  memmove(p->sound, p->sound + FRAME, (PL_STRETCH_PAST + p->n_fifo) * sizeof(float));
}

gboolean
pl_playout_pull(PlPlayout *p, gint64 now_us, float *out)
{
  if (!p->decoding) {
    begin_decoding(p);
    if (p->state == PLAYING)
      begin_early(p);
  }
  if (p->state == WAITING && p->fade == 0) {
    begin_when_due(p, now_us);
    if (p->state == PLAYING && p->decoder_stale) {
      pl_opus_decoder_reset(p->decoder);
      p->decoder_stale = FALSE;
    }
  }
  if (p->state == PLAYING)
    pass_old(p);
  fill(p, now_us);
  steer(p);
  if (p->state != PLAYING && p->fade > 0 && p->n_fifo < FRAME)
    fade_out(p);
  gboolean something = p->n_fifo > 0;
  take_frame(p, out);
  return something;
}

void
pl_playout_skip(PlPlayout *p, gint64 now_us)
{
  p->decoding = p->catching_up = FALSE;
  if (p->state == WAITING)
    begin_when_due(p, now_us);
  if (p->state != PLAYING)
    return;

  gint64 target = target_us(p);
  gint64 over = margin_us(p, now_us, p->next_ts) - target;
  if (over >= FRAME_US + SLACK_SHRINK_US)
    p->next_ts += over / FRAME_US * FRAME;
  else if (over < -SLACK_GROW_US)
    p->next_ts -= FRAME;
  p->next_ts += FRAME;
  pass_before(p, p->next_ts - HISTORY);
  p->margin_us = margin_us(p, now_us + FRAME_US, p->next_ts);
  p->ticks_empty = p->shelf.n == 0 ? p->ticks_empty + 1 : 0;
  if (p->ticks_empty > CONCEAL_MAX / FRAME)
    p->state = WAITING;
}

gint64
pl_playout_delay_us(const PlPlayout *p)
{
  return p->state == PLAYING ? p->margin_us + (gint64)(p->n_fifo % FRAME) * 125 / 6 : 0;
}

guint
pl_playout_target_ms(const PlPlayout *p)
{
  return (guint)(target_us(p) / 1000);
}

guint
pl_playout_waiting(const PlPlayout *p)
{
  return p->shelf.n;
}

const PlPlayoutStats *
pl_playout_stats(const PlPlayout *p)
{
  return &p->stats;
}
