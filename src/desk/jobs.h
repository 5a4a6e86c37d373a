/* SPDX-License-Identifier: ISC */
#ifndef DESK_JOBS_H
#define DESK_JOBS_H

#include "state.h"

/*
 * What the clock causes: a template with `after:` becomes a job when its event
 * happens, and a mail when the job is due; `repeat:` and `max:` bring it again
 * (TEMPLATES.md 4).
 */
int jobs_schedule(struct work *work, const struct template *template, const struct event *event,
		  struct err *e);

#endif
