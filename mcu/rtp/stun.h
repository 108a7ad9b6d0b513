/* STUN as an ICE-lite agent needs it (RFC 8489, RFC 8445 7.3): binding requests are read and checked, answers
 * written. Pure: bytes in, bytes out. */
#pragma once

#include <glib.h>

#define MCU_STUN_HEADER 20
#define MCU_STUN_TRANSACTION_BYTES 12
#define MCU_STUN_USERNAME_MAX 513 /* RFC 8489 14.3 */
#define MCU_STUN_ANSWER_MAX 128

typedef struct {
  const guint8 *transaction; /* MCU_STUN_TRANSACTION_BYTES, in the datagram */
  const char *username;      /* in the datagram, not terminated; NULL: none */
  gsize username_size;
  gboolean use_candidate; /* RFC 8445 7.1.2: the peer selects this pair */
  gboolean controlled;    /* the peer claims the role that a lite agent has */
  gsize integrity_at;     /* offset of MESSAGE-INTEGRITY; 0: none */
} McuStunRequest;

/* An address as on the wire: network byte order. */
typedef struct {
  guint8 family; /* 4 or 6 */
  guint8 address[16];
  guint8 port[2];
} McuStunAddress;

/* [any] TRUE for a whole and well-formed binding request; its fingerprint, where it has one, is right. */
gboolean mcu_stun_read_request(const guint8 *data, gsize size, McuStunRequest *out_request);
/* [any] Whether whoever sent it knows `pwd` (RFC 8489 9.1.3.1: short-term credentials). */
gboolean mcu_stun_is_authentic(const guint8 *data, const McuStunRequest *request, const char *pwd);
/* [any] The success response with XOR-MAPPED-ADDRESS, or error 487 (role conflict); both with integrity and
 * fingerprint. Write at most MCU_STUN_ANSWER_MAX bytes; return how many. */
gsize mcu_stun_write_success(guint8 *out, const guint8 *transaction, const McuStunAddress *mapped, const char *pwd);
gsize mcu_stun_write_role_conflict(guint8 *out, const guint8 *transaction, const char *pwd);
