/* SimWorld: what the checks may know of the other sites of this process: who is sending since when, what
 * picture the bridge wants of each, what was sent when, and how many seats the meeting has. Made before and freed after
 * all threads. */
#pragma once

#include <glib.h>

#include "mcu/types.h"
#include "sent.h"

typedef struct SimWorld SimWorld;

SimWorld *sim_world_new(guint first, guint n_sites); /* [main] */
void sim_world_free(SimWorld *world);                /* [main] */

guint sim_world_sites(const SimWorld *world);               /* [any] */
guint sim_world_number(const SimWorld *world, guint index); /* [any] the number in the mark */
SimSent *sim_world_sent(SimWorld *world, guint index);      /* [any] borrowed */

/* [main] The site's media began (time) or ended (0). */
void sim_world_set_active(SimWorld *world, guint index, gint64 since_us);
/* [any] Active at least `for_us` at `at_us`. */
gboolean sim_world_is_active(SimWorld *world, guint index, gint64 at_us, gint64 for_us);

/* [main] What the bridge wants of the site's camera from `since_us` on. */
void sim_world_set_asked(SimWorld *world, guint index, const McuPicture *asked, gint64 since_us);
/* [any] A picture at least so wide and so often has been wanted for at least `for_us` at `at_us`. */
gboolean sim_world_is_asked(SimWorld *world, guint index, guint width, guint fps, gint64 at_us, gint64 for_us);

/* Seats of the picture, as the bridge lists them; 0: not known. */
void sim_world_set_seats(SimWorld *world, guint seats); /* [main] */
guint sim_world_seats(SimWorld *world);                 /* [any] */
