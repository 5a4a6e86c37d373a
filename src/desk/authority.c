/* SPDX-License-Identifier: ISC */
#include "authority.h"

#include <assert.h>

#include "command.h"
#include "record/agent.h"

/* One judgement while it is being made. */
struct judge {
	struct work *work;
	const struct mail *m;
	struct authority *out;
	struct buf words;
	bool several; /* tokens of the From's agent that say different things */
};

static void say(struct judge *j, const char *layer, bool pass, const char *why)
{
	buf_printf(&j->words, "%-12s %s: %s\n", layer, pass ? "yes" : "no", why);
}

/* ---- I0 ---- */

static bool reply_to_differs(const struct mail *m)
{
	for (size_t i = 0; i < m->reply_to.n; i++)
		if (!mail_address_same(m->reply_to.items[i].addr, m->from.items[0].addr))
			return true;
	return false;
}

static int judge_identity(struct judge *j, struct err *e)
{
	const struct mail *m = j->m;
	const char *why = NULL;
	if (!m->from_strict || m->from.n != 1)
		why = "From is not exactly one plain address";
	else if (m->ambiguous)
		why = "the mail can be read in two ways";
	else if (reply_to_differs(m))
		why = "Reply-To is not the address in From";
	if (m->from.n == 1) {
		int found = agent_find_address(j->work->change.txn, j->work->arena,
					       m->from.items[0].addr, &j->out->agent, e);
		if (found < 0)
			return -1;
		if (found == 0 || j->out->agent->inactive)
			j->out->agent = NULL;
	}
	if (!why && !j->out->agent)
		why = "From is no agent's registered address";
	if (!why)
		j->out->proofs |= COMMAND_I0_IDENTITY;
	say(j, "I0 identity", !why, why ? why : j->out->agent->address);
	return 1;
}

/* ---- I1 ---- */

/* A token in one address: a token of the From's agent wins over any other. */
static void look_at_address(struct judge *j, struct slice address)
{
	struct authority *out = j->out;
	struct token token;
	int found = token_get_address(&j->work->desk->keys, address,
				      slice_str(j->work->shop->address), &token);
	if (found == 0 && slice_eq_nocase(address, work_desk_address(j->work)))
		out->to_desk = true;
	if (found != 1 || (token.kind != TOKEN_PUBLIC && token.kind != TOKEN_NOTE))
		return;
	bool own = out->agent && token.agent == out->agent->id;
	bool have_own = out->has_token && !out->token_foreign;
	if (own && have_own)
		j->several |= token.thread != out->token.thread || token.kind != out->token.kind;
	if (have_own || (out->has_token && !own))
		return;
	out->has_token = true;
	out->token = token;
	out->token_foreign = !own;
}

static void look_at_recipients(struct judge *j)
{
	const struct mail_addresses *lists[] = {&j->m->to, &j->m->cc};
	static const char *const hints[] = {"Delivered-To", "X-Original-To"};
	for (size_t l = 0; l < 2; l++)
		for (size_t i = 0; i < lists[l]->n; i++)
			look_at_address(j, lists[l]->items[i].addr);
	for (size_t h = 0; h < 2; h++) {
		struct slice value;
		for (size_t i = 0; (value = mail_field(j->m, hints[h], i)).ptr && i < 8; i++)
			look_at_address(j, slice_trim(value));
	}
}

static void judge_token(struct judge *j)
{
	struct authority *out = j->out;
	look_at_recipients(j);
	const char *why = NULL;
	if (!out->has_token)
		why = "no reply address of ours with a token";
	else if (out->token_foreign)
		why = "the reply address is another agent's";
	else if (j->several)
		why = "it is written to several reply addresses: to the customer and as a note, "
		      "or to two threads";
	else if (out->token.expires < j->work->change.now)
		why = "the reply address has expired";
	else if (out->token.expires - TOKEN_DAYS * 86400 < out->agent->tokens_valid_from)
		why = "the reply address was revoked";
	if (!why)
		out->proofs |= COMMAND_I1_TOKEN;
	say(j, "I1 token", !why,
	    why				    ? why
	    : out->token.kind == TOKEN_NOTE ? "for notes"
					    : "for the customer");
}

/* ---- I2 ---- */

static bool is_trusted(const struct desk *desk, struct slice authserv_id)
{
	const char *id;
	for (size_t i = 0; (id = conf_item(desk->settings, "authority", 0, "authserv-id", i)); i++)
		if (slice_eq_nocase(authserv_id, slice_str(id)))
			return true;
	return false;
}

/* "  HOST (Postfix) …" behind a "by". */
static bool names_host(struct slice text, struct slice host)
{
	struct slice word = slice_trim(text);
	return word.ptr != text.ptr && slice_starts_nocase(word, host) &&
	       (word.len == host.len || strchr(" \t\r\n;(", word.ptr[host.len]));
}

/*
 * Is this Received line one that our border wrote?  RFC 5321 4.4: "by HOST".
 * Whatever stands before that is the client's to choose ("HELO ruby", "HELO by
 * elsewhere"): so any place that reads like it counts, since what is taken for
 * our border only shortens what is trusted.
 */
static bool is_border(const struct desk *desk, struct slice received)
{
	const char *border = conf_string(desk->settings, "authority", 0, "border");
	ptrdiff_t at;
	if (!border)
		return true;
	while ((at = slice_find_nocase(received, SLICE("by"))) >= 0) {
		received = slice_sub(received, (size_t)at + 2, received.len);
		if (names_host(received, slice_str(border)))
			return true;
	}
	return false;
}

/* Aligned: the same domain, or a subdomain of it either way (RFC 7489 3.1, relaxed). */
static bool is_aligned(struct slice domain, struct slice from_domain)
{
	struct slice longer = domain.len > from_domain.len ? domain : from_domain;
	struct slice shorter = domain.len > from_domain.len ? from_domain : domain;
	if (shorter.len == 0 || slice_chr(shorter, '.') < 0)
		return false;
	if (longer.len == shorter.len)
		return slice_eq_nocase(longer, shorter);
	size_t cut = longer.len - shorter.len;
	return longer.ptr[cut - 1] == '.' &&
	       slice_eq_nocase(slice_sub(longer, cut, longer.len), shorter);
}

static struct slice domain_of(struct slice address)
{
	ptrdiff_t at = slice_chr(address, '@');
	return at < 0 ? address : slice_sub(address, (size_t)at + 1, address.len);
}

static bool is_login_of(const Rec__Agent *agent, struct slice login)
{
	if (slice_eq_nocase(login, slice_str(agent->name)) ||
	    slice_eq_nocase(login, slice_str(agent->address)))
		return true;
	for (size_t i = 0; i < agent->n_logins; i++)
		if (slice_eq_nocase(login, slice_str(agent->logins[i])))
			return true;
	return false;
}

struct transport {
	bool dmarc, dkim, spf, auth, failed;
};

static void weigh_method(struct judge *j, const struct mail_auth_method *method,
			 struct transport *t)
{
	struct slice from = j->m->from.n ? domain_of(j->m->from.items[0].addr) : SLICE("");
	bool pass = slice_eq(method->result, SLICE("pass"));
	if (slice_eq(method->method, SLICE("dmarc"))) {
		struct slice of = mail_auth_property(method, "header", "from");
		t->dmarc |= pass && slice_eq_nocase(domain_of(of), from);
		t->failed |= slice_eq(method->result, SLICE("fail"));
	} else if (slice_eq(method->method, SLICE("dkim"))) {
		t->dkim |= pass && is_aligned(mail_auth_property(method, "header", "d"), from);
	} else if (slice_eq(method->method, SLICE("spf"))) {
		struct slice of = mail_auth_property(method, "smtp", "mailfrom");
		t->spf |= pass && is_aligned(domain_of(of), from);
	} else if (slice_eq(method->method, SLICE("auth"))) {
		struct slice login = mail_auth_property(method, "smtp", "auth");
		t->auth |= pass && j->out->agent && is_login_of(j->out->agent, login);
	}
}

/*
 * Position of the newest Received line of our border; 0 without one: nothing
 * can stand above it then, so nothing is trusted.
 */
static size_t border_line(const struct judge *j)
{
	const struct mail_part *head = &j->m->parts[0];
	for (size_t i = 0; i < head->n_fields; i++)
		if (slice_eq_nocase(head->fields[i].name, SLICE("Received")) &&
		    is_border(j->work->desk, head->fields[i].value))
			return i;
	return 0;
}

/*
 * Fields stand newest first: what our border added stands above its Received
 * line.  The same id below it came from outside and is a forgery.
 */
static bool weigh_fields(struct judge *j, struct transport *t)
{
	const struct mail_part *head = &j->m->parts[0];
	size_t border = border_line(j);
	bool forged = false;
	for (size_t i = 0; i < head->n_fields; i++) {
		const struct mail_field *field = &head->fields[i];
		struct mail_auth_results results;
		bool ours = i < border;
		if (!slice_eq_nocase(field->name, SLICE("Authentication-Results")) ||
		    !mail_auth_results_read(j->work->arena, field->value, &results) ||
		    !is_trusted(j->work->desk, results.authserv_id))
			continue;
		forged |= !ours;
		for (size_t k = 0; ours && k < results.n_methods; k++)
			weigh_method(j, &results.methods[k], t);
	}
	return forged;
}

static void judge_transport(struct judge *j)
{
	struct transport t = {false};
	bool forged = weigh_fields(j, &t);
	bool pass = !forged && !t.failed && (t.auth || t.dmarc || (t.dkim && t.spf));
	const char *why = "no result of a server that we trust";
	if (forged)
		why = "a result in our own name does not stand above our border's Received line: "
		      "a forgery";
	else if (t.failed)
		why = "DMARC failed";
	else if (t.auth)
		why = "sent through our submission service with your login";
	else if (t.dmarc)
		why = "DMARC passed";
	else if (t.dkim && t.spf)
		why = "DKIM and SPF passed for the domain in From";
	if (pass)
		j->out->proofs |= COMMAND_I2_TRANSPORT;
	if (forged || t.failed)
		j->out->proofs |= COMMAND_I2_FAILED;
	say(j, "I2 transport", pass, why);
}

int authority_judge(struct work *work, const struct mail *m, struct authority *out, struct err *e)
{
	struct judge j = {.work = work, .m = m, .out = out};
	*out = (struct authority){.agent = NULL};
	buf_init(&j.words, 4096);
	int result = judge_identity(&j, e);
	if (result == 1) {
		judge_token(&j);
		judge_transport(&j);
		say(&j, "I3 fresh", false, "no confirmation code, one-time code or signature");
		assert(!(out->proofs & COMMAND_I1_TOKEN) || (out->agent && out->has_token));
		out->whoami = arena_copy(work->arena, buf_slice(&j.words));
	}
	buf_release(&j.words);
	return result;
}
