#include "mcu/rtp/source.h"

#include <string.h>

#define MID 4 /* the extension's id */

/* A packet of `ssrc` with the mid in the one-byte form (RFC 8285 4.2); NULL: without. */
static McuRtpHeader
packet(guint8 *data, guint32 ssrc, const char *mid)
{
  McuRtpHeader header;
  gsize size = mcu_rtp_write_header(data, 96, FALSE, 1, 0, ssrc);
  if (mid != NULL) {
    gsize length = strlen(mid), words = (1 + length + 3) / 4;
    data[0] |= 0x10;
    memset(data + size, 0, 4 + 4 * words);
    data[size] = 0xbe;
    data[size + 1] = 0xde;
    data[size + 3] = (guint8)words;
    data[size + 4] = (guint8)(MID << 4 | (length - 1));
    memcpy(data + size + 5, mid, length);
    size += 4 + 4 * words;
  }
  g_assert_cmpint(mcu_rtp_parse(data, size, &header), ==, MCU_DROP_NONE);
  return header;
}

static void
test_match(void)
{
  static const struct {
    guint32 told;
    guint8 ext_id;
    const char *mid;
    guint32 ssrc;        /* of the packet */
    const char *carried; /* by it */
    McuRtpBelongs belongs;
  } cases[] = {
      {0, 0, "2", 7, NULL, MCU_RTP_UNTOLD},   {0, 0, "2", 7, "2", MCU_RTP_UNTOLD},
      {7, 0, "2", 7, NULL, MCU_RTP_OWN},      {7, 0, "2", 8, NULL, MCU_RTP_OTHERS},
      {0, MID, "2", 7, NULL, MCU_RTP_UNTOLD}, {0, MID, "2", 7, "2", MCU_RTP_OWN},
      {0, MID, "2", 7, "1", MCU_RTP_OTHERS},  {0, MID, "2", 7, "22", MCU_RTP_OTHERS},
      {7, MID, "2", 8, "2", MCU_RTP_OWN},     {7, MID, "2", 7, "1", MCU_RTP_OTHERS},
      {7, MID, "2", 7, NULL, MCU_RTP_OWN},    {7, MID + 1, "2", 7, "1", MCU_RTP_OWN},
  };

  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    guint8 data[64];
    McuRtpSource source;
    g_test_message("%u", i);
    McuRtpHeader header = packet(data, cases[i].ssrc, cases[i].carried);
    mcu_rtp_source_init(&source, cases[i].told, cases[i].ext_id, cases[i].mid);
    g_assert_cmpint(mcu_rtp_source_match(&source, &header), ==, cases[i].belongs);
  }
}

/* A mid that no packet can be known by is as none. */
static void
test_mids(void)
{
  McuRtpSource source;
  g_autofree char *longest = g_strnfill(MCU_RTP_MID_MAX, 'm'), *over = g_strnfill(MCU_RTP_MID_MAX + 1, 'm');
  mcu_rtp_source_init(&source, 0, MID, longest);
  g_assert_cmpuint(source.mid_size, ==, MCU_RTP_MID_MAX);
  mcu_rtp_source_init(&source, 0, MID, over);
  g_assert_cmpuint(source.ext_id, ==, 0);
  mcu_rtp_source_init(&source, 0, MID, "");
  g_assert_cmpuint(source.ext_id, ==, 0);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/rtp/source/match", test_match);
  g_test_add_func("/rtp/source/mids", test_mids);
  return g_test_run();
}
