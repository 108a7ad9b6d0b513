/* Which documents and pages can be; the rest is done by hand in test-work.c. */
#include "mcu/room/documents.h"

#define SHA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static gboolean
add(McuDocuments *documents, const char *id, const char *kind, gint64 bytes, gint64 pages, const char *sha256)
{
  McuRoomEvent event = {.type = MCU_ROOM_DOCUMENT_ADDED,
                        .name = "T",
                        .number = bytes,
                        .count = pages,
                        .text = g_ref_string_new(kind),
                        .more = g_ref_string_new(sha256)};
  g_strlcpy(event.other, id, sizeof event.other);
  gboolean fits = mcu_documents_fits(documents, &event);
  if (fits)
    mcu_documents_apply(documents, &event);
  mcu_room_event_clear(&event);
  return fits;
}

static void
test_fits(void)
{
  McuDocuments *documents = mcu_documents_new();
  g_assert_false(add(documents, "..", "pdf", 1, 1, SHA));
  g_assert_false(add(documents, "a", "svg", 1, 1, SHA));
  g_assert_false(add(documents, "a", "pdf", 0, 1, SHA));
  g_assert_false(add(documents, "a", "pdf", MCU_DOCUMENT_MAX_BYTES + 1, 1, SHA));
  g_assert_false(add(documents, "a", "pdf", 1, MCU_DOCUMENT_PAGES_MAX + 1, SHA));
  g_assert_false(add(documents, "a", "pdf", 1, 1, "abc"));
  g_assert_true(add(documents, "a", "pdf", 1, 3, SHA));
  g_assert_false(add(documents, "a", "pdf", 1, 3, SHA)); /* twice */

  McuRoomEvent show = {.type = MCU_ROOM_DOCUMENT_SHOWN, .other = "a", .number = 4};
  guint page;
  g_assert_false(mcu_documents_fits(documents, &show));
  show.number = 3;
  g_assert_true(mcu_documents_fits(documents, &show));
  mcu_documents_apply(documents, &show);
  g_assert_cmpstr(mcu_documents_shown(documents, &page)->id, ==, "a");
  g_assert_cmpuint(page, ==, 3);
  const McuRoomEvent removed = {.type = MCU_ROOM_DOCUMENT_REMOVED, .other = "a"};
  mcu_documents_apply(documents, &removed);
  g_assert_null(mcu_documents_shown(documents, &page));
  g_assert_false(mcu_documents_fits(documents, &removed));
  for (guint i = 0; i < MCU_DOCUMENTS_MAX; i++) {
    g_autofree char *id = g_strdup_printf("d%u", i);
    g_assert_true(add(documents, id, "png", 1, 1, SHA));
  }
  g_assert_false(add(documents, "more", "png", 1, 1, SHA));
  mcu_documents_free(documents);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/room/documents/fits", test_fits);
  return g_test_run();
}
