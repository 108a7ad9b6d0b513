/* McuGcm: AES-128-GCM (NIST SP 800-38D, RFC 7714), by OpenSSL. One key, one size of tag (at most 16 bytes), one
 * packet at a time; whoever has it uses it from one thread. */
#pragma once

#include <glib.h>

#define MCU_GCM_KEY_BYTES 16
#define MCU_GCM_IV_BYTES 12
#define MCU_GCM_TAG_BYTES 16

typedef struct McuGcm McuGcm;

/* NULL only when OpenSSL lacks the cipher or memory. */
McuGcm *mcu_gcm_new(gsize tag_size);
void mcu_gcm_free(McuGcm *gcm);
gboolean mcu_gcm_set_key(McuGcm *gcm, const guint8 *key);

/* One packet: begin, the data that is only authenticated, then seal and tag, or open. FALSE: OpenSSL refused. */
gboolean mcu_gcm_begin(McuGcm *gcm, const guint8 *iv, gboolean seal);
gboolean mcu_gcm_add(McuGcm *gcm, const guint8 *data, gsize size);
gboolean mcu_gcm_seal(McuGcm *gcm, guint8 *data, gsize size); /* in place; `size` may be 0 */
gboolean mcu_gcm_tag(McuGcm *gcm, guint8 *out_tag);
gsize mcu_gcm_tag_size(const McuGcm *gcm);
/* In place; FALSE: not what was sealed with this key, and `data` is of no use. */
gboolean mcu_gcm_open(McuGcm *gcm, guint8 *data, gsize size, const guint8 *tag);
