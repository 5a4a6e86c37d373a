/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "smtp.h"

/*
 * 5xx that say who may speak to this server and how, not what it thinks of the
 * mail (RFC 5321 4.2.2, RFC 4954 6): our configuration's fault, so it waits.
 */
static bool is_about_us(enum smtp_phase phase, int code)
{
	static const int codes[] = {500, 502, 503, 521, 530, 534, 535, 538};
	if (phase == SMTP_PHASE_SESSION)
		return true;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i] == code)
			return true;
	return false;
}

enum smtp_outcome smtp_judge(enum smtp_phase phase, int code, bool complete)
{
	assert(phase <= SMTP_PHASE_END);
	if (phase == SMTP_PHASE_END && code / 100 == 2)
		return complete ? SMTP_SENT : SMTP_UNKNOWN;
	if (code / 100 == 5)
		return is_about_us(phase, code) ? SMTP_RETRY : SMTP_REFUSED;
	if (code / 100 == 4)
		return SMTP_RETRY;
	/* No reply, or one that makes no sense. */
	if (phase == SMTP_PHASE_END)
		return SMTP_UNKNOWN;
	return SMTP_RETRY;
}
