#include "mcu/rtp/demux.h"

static void
test_first_byte(void)
{
  guint8 data[32] = {0};

  /* RFC 7983 section 7, every value; the second byte is that of Opus with payload type 111. */
  for (guint first = 0; first < 256; first++) {
    McuDemux expected = MCU_DEMUX_NONE;
    if (first <= 3)
      expected = MCU_DEMUX_STUN;
    else if (first >= 20 && first <= 63)
      expected = MCU_DEMUX_DTLS;
    else if (first >= 128 && first <= 191)
      expected = MCU_DEMUX_RTP;
    data[0] = (guint8)first;
    data[1] = 111;
    g_assert_cmpint(mcu_demux(data, sizeof data), ==, expected);
  }
}

static void
test_second_byte(void)
{
  guint8 data[32] = {0x80};

  for (guint second = 0; second < 256; second++) {
    data[1] = (guint8)second;
    McuDemux expected = second >= 192 && second <= 223 ? MCU_DEMUX_RTCP : MCU_DEMUX_RTP;
    g_assert_cmpint(mcu_demux(data, sizeof data), ==, expected);
  }
}

static void
test_short(void)
{
  static const struct {
    guint8 first, second;
    gsize least;
    McuDemux demux;
  } cases[] = {
      {0, 1, 20, MCU_DEMUX_STUN},
      {22, 254, 13, MCU_DEMUX_DTLS},
      {0x80, 96, 12, MCU_DEMUX_RTP},
      {0x80, 200, 8, MCU_DEMUX_RTCP},
  };

  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    for (gsize size = 0; size <= 32; size++) {
      g_autofree guint8 *data = g_malloc0(MAX(size, 1));
      if (size >= 1)
        data[0] = cases[i].first;
      if (size >= 2)
        data[1] = cases[i].second;
      g_assert_cmpint(mcu_demux(data, size), ==, size >= cases[i].least ? cases[i].demux : MCU_DEMUX_NONE);
    }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/rtp/demux/first-byte", test_first_byte);
  g_test_add_func("/rtp/demux/second-byte", test_second_byte);
  g_test_add_func("/rtp/demux/short", test_short);
  return g_test_run();
}
