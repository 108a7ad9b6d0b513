#include "mcu/rtp/reorder.h"

#include <string.h>

#include "mcu/rtp/nack.h"
#include "mcu/rtp/receive-stats.h"

#define MS 1000
#define WAIT (100 * MS)

typedef struct {
  McuReorder *reorder;
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  fixture->reorder = mcu_reorder_new(16);
}

static void
tear_down(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  mcu_reorder_free(fixture->reorder);
}

static McuDrop
insert(McuReorder *reorder, guint64 seq, gint64 now_us)
{
  guint8 data[20];

  memset(data, (int)(seq & 0xff), sizeof data);
  McuPacket packet = {
      .arrival_us = now_us, .seq = (guint16)seq, .timestamp = (guint32)seq * 3000, .size = sizeof data, .data = data};
  return mcu_reorder_insert(reorder, seq, &packet);
}

static void
assert_next(McuReorder *reorder, gint64 now_us, guint64 seq, gboolean discont)
{
  const McuPacket *packet = mcu_reorder_pop(reorder, now_us, WAIT);

  g_assert_nonnull(packet);
  g_assert_cmpuint(packet->seq, ==, (guint16)seq);
  g_assert_cmpuint(packet->timestamp, ==, (guint32)seq * 3000);
  g_assert_cmpint(packet->discont, ==, discont);
  g_assert_cmpuint(packet->size, ==, 20);
  for (guint i = 0; i < packet->size; i++)
    g_assert_cmpuint(packet->data[i], ==, seq & 0xff);
}

static void
assert_none(McuReorder *reorder, gint64 now_us)
{
  g_assert_null(mcu_reorder_pop(reorder, now_us, WAIT));
}

static void
test_order(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  McuReorder *reorder = fixture->reorder;

  assert_none(reorder, 0);
  g_assert_cmpint(mcu_reorder_deadline(reorder, WAIT), ==, -1);
  g_assert_cmpint(insert(reorder, 65536, 0), ==, MCU_DROP_NONE);
  assert_next(reorder, 0, 65536, TRUE);
  g_assert_cmpint(insert(reorder, 65538, 5), ==, MCU_DROP_NONE);
  g_assert_cmpint(insert(reorder, 65539, 6), ==, MCU_DROP_NONE);
  assert_none(reorder, 10);
  g_assert_cmpuint(mcu_reorder_held(reorder), ==, 2);
  g_assert_cmpint(insert(reorder, 65537, 20), ==, MCU_DROP_NONE);
  assert_next(reorder, 20, 65537, FALSE);
  assert_next(reorder, 20, 65538, FALSE);
  assert_next(reorder, 20, 65539, FALSE);
  assert_none(reorder, 20);
  g_assert_cmpint(insert(reorder, 65538, 30), ==, MCU_DROP_LATE);
}

static void
test_skip(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  McuReorder *reorder = fixture->reorder;

  insert(reorder, 65536, 0);
  assert_next(reorder, 0, 65536, TRUE);
  insert(reorder, 65540, 10 * MS);
  insert(reorder, 65539, 60 * MS); /* came later, stands before */
  g_assert_cmpint(insert(reorder, 65540, 61 * MS), ==, MCU_DROP_DUPLICATE);
  g_assert_cmpint(mcu_reorder_deadline(reorder, WAIT), ==, 110 * MS);
  assert_none(reorder, 110 * MS - 1);
  assert_next(reorder, 110 * MS, 65539, TRUE);
  assert_next(reorder, 110 * MS, 65540, FALSE);
  g_assert_cmpint(insert(reorder, 65537, 111 * MS), ==, MCU_DROP_LATE);
}

static void
test_full(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  McuReorder *reorder = fixture->reorder;

  insert(reorder, 65536, 0);
  assert_next(reorder, 0, 65536, TRUE);
  for (guint64 seq = 65538; seq <= 65552; seq++)
    g_assert_cmpint(insert(reorder, seq, 0), ==, MCU_DROP_NONE);
  g_assert_cmpint(insert(reorder, 65553, 1), ==, MCU_DROP_RING_FULL);
  for (guint64 seq = 65538; seq <= 65552; seq++) {
    const McuPacket *packet = mcu_reorder_pop(reorder, 1, 0);
    g_assert_nonnull(packet);
    g_assert_cmpuint(packet->seq, ==, (guint16)seq);
    g_assert_cmpint(packet->discont, ==, seq == 65538);
  }
  g_assert_null(mcu_reorder_pop(reorder, 1, 0));
  g_assert_cmpint(insert(reorder, 65553, 1), ==, MCU_DROP_NONE);
  assert_next(reorder, 1, 65553, FALSE);
  /* Far ahead with nothing waiting: goes on from there. */
  g_assert_cmpint(insert(reorder, 70000, 2), ==, MCU_DROP_NONE);
  assert_next(reorder, 2, 70000, TRUE);
}

static void
test_reset(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  McuReorder *reorder = fixture->reorder;

  insert(reorder, 65536, 0);
  insert(reorder, 65538, 0);
  mcu_reorder_reset(reorder);
  g_assert_cmpuint(mcu_reorder_held(reorder), ==, 0);
  assert_none(reorder, WAIT * 10);
  g_assert_cmpint(insert(reorder, 65530, 0), ==, MCU_DROP_NONE);
  assert_next(reorder, 0, 65530, TRUE);
}

/* One packet on the simulated way, and when it arrives. */
typedef struct {
  guint16 seq;
  gint64 arrival_us;
  guint order;
} Flight;

static gint
by_arrival(gconstpointer a, gconstpointer b)
{
  const Flight *x = a, *y = b;

  if (x->arrival_us != y->arrival_us)
    return x->arrival_us < y->arrival_us ? -1 : 1;
  return x->order < y->order ? -1 : 1;
}

/* A link that loses, delays by up to `jitter_us` and doubles packets. Asked ones travel it again. */
typedef struct {
  GRand *rand;
  GArray *flights; /* of Flight, in order of arrival from `done` on */
  guint done, order;
  guint loss_percent;
  gint64 jitter_us;
} Link;

static void
link_send(Link *link, guint16 seq, gint64 now_us)
{
  guint copies = g_rand_int_range(link->rand, 0, 50) == 0 ? 2 : 1;

  for (; copies > 0; copies--) {
    if ((guint)g_rand_int_range(link->rand, 0, 100) < link->loss_percent)
      continue;
    gint64 delay = 10 * MS + (link->jitter_us > 0 ? g_rand_int_range(link->rand, 0, (gint32)link->jitter_us) : 0);
    Flight flight = {.seq = seq, .arrival_us = now_us + delay, .order = link->order++};
    g_array_append_val(link->flights, flight);
  }
}

typedef struct {
  McuReceiveStats stats;
  McuNack nack;
  McuReorder *reorder;
  guint64 last; /* given out last */
  guint out, disconts;
} Receiver;

static void
receiver_drain(Receiver *receiver, gint64 now_us, gint64 wait_us)
{
  for (const McuPacket *packet; (packet = mcu_reorder_pop(receiver->reorder, now_us, wait_us)) != NULL;) {
    /* The sequence number in the data, as the wire's wraps. */
    guint64 seq;
    memcpy(&seq, packet->data + 12, sizeof seq);
    if (receiver->last != 0) {
      g_assert_cmpuint(seq, >, receiver->last);
      g_assert_cmpint(packet->discont, ==, seq != receiver->last + 1);
    }
    receiver->last = seq;
    receiver->out++;
    receiver->disconts += packet->discont;
  }
}

static void
receiver_take(Receiver *receiver, guint16 wire_seq, gint64 now_us)
{
  guint64 seq;
  guint8 data[20] = {0};

  if (mcu_receive_stats_packet(&receiver->stats, wire_seq, 0, now_us, &seq) != MCU_DROP_NONE)
    return;
  g_assert_true(mcu_nack_packet(&receiver->nack, seq, now_us));
  memcpy(data + 12, &seq, sizeof seq);
  McuPacket packet = {.arrival_us = now_us, .seq = wire_seq, .size = sizeof data, .data = data};
  if (mcu_reorder_insert(receiver->reorder, seq, &packet) == MCU_DROP_RING_FULL) {
    receiver_drain(receiver, now_us, 0);
    g_assert_cmpint(mcu_reorder_insert(receiver->reorder, seq, &packet), ==, MCU_DROP_NONE);
  }
}

/* 20 s of 250 packets/s through a link; what came out. */
static Receiver
run_link(guint32 seed, guint loss_percent, gint64 jitter_us, gint64 wait_us, guint *out_sent)
{
  Link link = {.rand = g_rand_new_with_seed(seed), .loss_percent = loss_percent, .jitter_us = jitter_us};
  Receiver receiver = {.reorder = mcu_reorder_new(512)};
  guint16 next = (guint16)g_rand_int(link.rand);

  link.flights = g_array_new(FALSE, FALSE, sizeof(Flight));
  mcu_receive_stats_init(&receiver.stats, 1, 90000);
  mcu_nack_init(&receiver.nack);
  *out_sent = 0;
  for (gint64 now = MS; now < 21000 * MS; now += MS) {
    if (now < 20000 * MS && now % (4 * MS) == 0) {
      link_send(&link, next++, now);
      (*out_sent)++;
    }
    g_array_sort(link.flights, by_arrival);
    while (link.flights->len > 0 && g_array_index(link.flights, Flight, 0).arrival_us <= now) {
      receiver_take(&receiver, g_array_index(link.flights, Flight, 0).seq, now);
      g_array_remove_index(link.flights, 0);
    }
    guint16 asked[64];
    guint n = mcu_nack_collect(&receiver.nack, now, 20 * MS + jitter_us, asked, G_N_ELEMENTS(asked));
    for (guint i = 0; i < n; i++)
      if ((guint)g_rand_int_range(link.rand, 0, 100) >= loss_percent) /* the request may be lost as well */
        link_send(&link, asked[i], now + 10 * MS);
    receiver_drain(&receiver, now, wait_us);
    gint64 deadline = mcu_reorder_deadline(receiver.reorder, wait_us);
    g_assert_true(deadline == -1 || deadline > now);
  }
  g_assert_cmpuint(mcu_reorder_held(receiver.reorder), ==, 0);
  mcu_reorder_free(receiver.reorder);
  g_array_unref(link.flights);
  g_rand_free(link.rand);
  return receiver;
}

/* With time enough everything comes out once and in order; nothing is asked for on a good link. */
static void
test_recovery(void)
{
  static const struct {
    guint loss_percent;
    gint64 jitter_us, wait_us;
    guint least_permille;
  } links[] = {
      {0, 0, 50 * MS, 1000},        {1, 0, 300 * MS, 1000}, {5, 15 * MS, 400 * MS, 998},
      {20, 10 * MS, 400 * MS, 980}, {5, 15 * MS, 0, 600},
  };

  for (guint i = 0; i < G_N_ELEMENTS(links); i++)
    for (guint32 seed = 1; seed <= 3; seed++) {
      guint sent;
      Receiver receiver = run_link(seed, links[i].loss_percent, links[i].jitter_us, links[i].wait_us, &sent);
      g_test_message("loss %u %%, seed %u: %u of %u, %u gaps, %" G_GUINT64_FORMAT " recovered", links[i].loss_percent,
                     seed, receiver.out, sent, receiver.disconts, receiver.nack.recovered);
      g_assert_cmpuint(receiver.out, <=, sent);
      g_assert_cmpuint(receiver.out + 3, >=, sent * links[i].least_permille / 1000);
      if (links[i].loss_percent == 0)
        g_assert_cmpuint(receiver.nack.recovered, ==, 0);
    }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add("/rtp/reorder/order", Fixture, NULL, set_up, test_order, tear_down);
  g_test_add("/rtp/reorder/skip", Fixture, NULL, set_up, test_skip, tear_down);
  g_test_add("/rtp/reorder/full", Fixture, NULL, set_up, test_full, tear_down);
  g_test_add("/rtp/reorder/reset", Fixture, NULL, set_up, test_reset, tear_down);
  g_test_add_func("/rtp/reorder/recovery", test_recovery);
  return g_test_run();
}
