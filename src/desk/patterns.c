/* SPDX-License-Identifier: ISC */
#include "patterns.h"

#include <assert.h>

#include "compose.h"
#include "state.h"

const struct store_table pattern_table = {"patterns", NULL, 0};

static const struct {
	const char *name, *option;
} kinds[NUMBER_KINDS] = {
	[NUMBER_ORDER] = {"order", "order-patterns"},
	[NUMBER_INVOICE] = {"invoice", "invoice-patterns"},
	[NUMBER_CREDIT] = {"credit", "credit-patterns"},
	[NUMBER_TRACKING] = {"tracking", "tracking-patterns"},
	[NUMBER_FOREIGN] = {"foreign", "foreign-patterns"},
};

const char *number_kind_name(enum number_kind kind)
{
	assert(kind < NUMBER_KINDS);
	return kinds[kind].name;
}

/* ---- open and close ---- */

/* A pattern that was changed is another one: it begins without a past. */
static void make_key(struct desk_pattern *pattern)
{
	struct buf text;
	buf_init(&text, 1 << 20);
	buf_printf(&text, "%s %s", kinds[pattern->kind].name, pattern->source);
	crypto_sha256(buf_slice(&text), pattern->key);
	buf_release(&text);
}

/* The patterns of one option of one section. */
static int open_list(struct desk *desk, const char *section, size_t at, enum number_kind kind,
		     struct err *e)
{
	const char *source;
	for (size_t i = 0; (source = conf_item(desk->settings, section, at, kinds[kind].option, i));
	     i++) {
		if (desk->n_patterns == DESK_PATTERNS_MAX)
			return err_set(e, ERR_CONFIG, "%s/%s: more than %d search patterns",
				       desk->dir, DESK_CONF_FILE, DESK_PATTERNS_MAX);
		struct desk_pattern *pattern = &desk->patterns[desk->n_patterns];
		*pattern = (struct desk_pattern){.kind = kind, .source = source};
		if (pattern_open(slice_str(source), PATTERN_NOCASE, &pattern->pattern, e) < 0) {
			e->class = ERR_CONFIG;
			return err_prefix(e, "%s/%s: %s", desk->dir, DESK_CONF_FILE,
					  kinds[kind].option);
		}
		if (strcmp(section, "shop") == 0)
			pattern->shop = conf_title(desk->settings, section, at);
		make_key(pattern);
		desk->n_patterns++;
	}
	return 1;
}

int patterns_open(struct desk *desk, struct err *e)
{
	size_t shops = conf_count(desk->settings, "shop");
	for (int kind = 0; kind < NUMBER_KINDS; kind++) {
		if (open_list(desk, "desk", 0, (enum number_kind)kind, e) < 0)
			return -1;
		for (size_t i = 0; i < shops; i++)
			if (open_list(desk, "shop", i, (enum number_kind)kind, e) < 0)
				return -1;
	}
	return 1;
}

void patterns_close(struct desk *desk)
{
	for (size_t i = 0; i < desk->n_patterns; i++)
		pattern_close(&desk->patterns[i].pattern);
	desk->n_patterns = 0;
}

/* ---- which of them are switched off ---- */

static int load_state(struct txn *txn, const struct desk_pattern *pattern,
		      Tra__PatternState **state, struct err *e)
{
	struct slice value;
	int found = store_get(txn, &pattern_table, slice_of(pattern->key, sizeof(pattern->key)),
			      &value, e);
	return schema_unpack_found(txn_arena(txn), &tra__pattern_state__descriptor, found, value,
				   state, e);
}

int pattern_usable(struct work *work, const struct desk_pattern *pattern, struct err *e)
{
	Tra__PatternState *state;
	if (pattern->shop &&
	    !slice_eq_nocase(slice_str(pattern->shop), slice_str(work->shop->address)))
		return 0;
	int found = load_state(work->change.txn, pattern, &state, e);
	return found == 1 ? state->off_at == 0 : found < 0 ? -1 : 1;
}

static int tell_admins(struct work *work, const struct desk_pattern *pattern, struct err *e)
{
	struct notice notice = {
		.event = "pattern-off",
		.subject = SLICE("A search pattern was switched off"),
		.text = slice_str(arena_printf(
			work->arena,
			"A pattern of %s took too long in %d mails and is not used any more:\n\n"
			"  %s\n\nMails go on without it. Write it anew in %s: a changed pattern is "
			"used again.",
			kinds[pattern->kind].option, PATTERN_HITS_MAX, pattern->source,
			DESK_CONF_FILE)),
	};
	log_event(LOG_LEVEL_ERROR, "pattern-off", LOG_STR("option", kinds[pattern->kind].option),
		  LOG_STR("pattern", pattern->source));
	return compose_notice(work, &notice, e);
}

int pattern_count_limit(struct work *work, const struct desk_pattern *pattern, struct err *e)
{
	struct txn *txn = work->change.txn;
	Tra__PatternState *state;
	int found = load_state(txn, pattern, &state, e);
	if (found < 0)
		return -1;
	if (found == 0) {
		state = ARENA_NEW(txn_arena(txn), Tra__PatternState);
		tra__pattern_state__init(state);
		state->source = arena_str(txn_arena(txn), slice_str(pattern->source));
		state->kind = arena_str(txn_arena(txn), slice_str(number_kind_name(pattern->kind)));
	}
	log_event(LOG_LEVEL_WARNING, "pattern-limit", LOG_STR("pattern", pattern->source));
	state->hits++;
	bool off = state->hits >= PATTERN_HITS_MAX && !state->off_at;
	if (off)
		state->off_at = work->change.now;
	if (store_put(txn, &pattern_table, slice_of(pattern->key, sizeof(pattern->key)),
		      schema_pack_in(txn_arena(txn), &state->base), e) < 0)
		return -1;
	return off ? tell_admins(work, pattern, e) : 1;
}

int patterns_report(struct txn *txn, const struct desk *desk, struct buf *out, struct err *e)
{
	for (size_t i = 0; i < desk->n_patterns; i++) {
		Tra__PatternState *state;
		int found = load_state(txn, &desk->patterns[i], &state, e);
		if (found < 0)
			return -1;
		if (found == 1 && state->off_at)
			buf_printf(out,
				   "a search pattern is switched off, it took too long in %u "
				   "mails: %s: %s\n",
				   state->hits, kinds[desk->patterns[i].kind].option,
				   desk->patterns[i].source);
	}
	return 1;
}
