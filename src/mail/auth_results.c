/* SPDX-License-Identifier: ISC */
#include "mail/auth_results.h"

#include "lex.h"

#define STOPS ";=/()<>,\""

/* value: a token or a quoted string, maybe an address (RFC 8601 2.2, pvalue). */
static bool read_value(struct lex *lx, bool address, struct slice *value)
{
	lex_cfws(lx);
	if (lx->p < lx->end && *lx->p == '"') {
		const char *from = lx->p;
		*value = lex_quoted(lx);
		if (address && lx->p < lx->end && *lx->p == '@') {
			lex_until(lx, ";()<>,\"");
			*value = slice_of(from, (size_t)(lx->p - from));
		}
		return !lx->broken;
	}
	*value = lex_until(lx, address ? ";()\"" : STOPS);
	/* "smtp.mailfrom=" is written for the null sender. */
	return address || value->len > 0;
}

static bool is_keyword(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			    (c >= '0' && c <= '9') || c == '-' || c == '_';
		if (!fine)
			return false;
	}
	return s.len > 0;
}

static bool end_of_item(struct lex *lx)
{
	lex_cfws(lx);
	return lx->p == lx->end || *lx->p == ';';
}

/* "dkim = pass", "dkim/1=pass" */
static bool read_method(struct lex *lx, struct mail_auth_method *m)
{
	struct slice method, result;
	lex_cfws(lx);
	method = lex_until(lx, STOPS);
	lex_cfws(lx);
	if (lex_take(lx, '/')) {
		lex_cfws(lx);
		struct slice version = lex_until(lx, STOPS);
		uint64_t number;
		if (!slice_u64(version, &number))
			return false;
		lex_cfws(lx);
	}
	if (!is_keyword(method) || !lex_take(lx, '='))
		return false;
	lex_cfws(lx);
	result = lex_until(lx, STOPS);
	if (!is_keyword(result))
		return false;
	m->method = lex_lower(lx->r->a, method);
	m->result = lex_lower(lx->r->a, result);
	return true;
}

/*
 * "header.from", with blanks and comments wherever RFC 8601 2.2 has CFWS; or a
 * name alone: then false.
 */
static bool read_name(struct lex *lx, struct mail_auth_property *property)
{
	property->ptype = SLICE("");
	property->name = lex_until(lx, STOPS ".");
	lex_cfws(lx);
	if (!lex_take(lx, '.'))
		return false;
	lex_cfws(lx);
	property->ptype = property->name;
	property->name = lex_until(lx, STOPS);
	lex_cfws(lx);
	return true;
}

/* "reason=…" or "header.from=…"; "action=none", which Microsoft writes, has no ptype. */
static bool read_property(struct lex *lx, struct mail_auth_method *m,
			  struct mail_auth_property *property)
{
	bool typed = read_name(lx, property);
	if (!lex_take(lx, '=') || !read_value(lx, typed, &property->value))
		return false;
	if (!typed && slice_eq_nocase(property->name, SLICE("reason"))) {
		m->reason = property->value;
		property->name = SLICE("");
		return true;
	}
	return is_keyword(property->name) && (!typed || is_keyword(property->ptype));
}

static bool read_properties(struct lex *lx, struct mail_auth_method *m)
{
	struct mail_auth_property *items = NULL;
	size_t room = 0;
	while (!end_of_item(lx)) {
		struct mail_auth_property property = {0};
		if (m->n_properties == MAIL_AUTH_PROPERTIES_MAX || !read_property(lx, m, &property))
			return false;
		if (!property.name.len)
			continue;
		arena_grow(lx->r->a, &items, m->n_properties, &room, sizeof(*items));
		items[m->n_properties++] = property;
	}
	m->properties = items;
	return true;
}

/* Behind the authserv-id: an optional version, then the results. */
static bool read_methods(struct lex *lx, struct mail_auth_results *out)
{
	struct mail_auth_method *methods = NULL;
	size_t room = 0, none = 0;
	while (!end_of_item(lx) || lex_take(lx, ';')) {
		if (end_of_item(lx))
			continue;
		struct lex ahead = *lx;
		if (slice_eq_nocase(lex_until(&ahead, STOPS), SLICE("none")) &&
		    end_of_item(&ahead)) {
			*lx = ahead;
			none++;
			continue;
		}
		struct mail_auth_method m = {0};
		if (out->n_methods == MAIL_AUTH_METHODS_MAX || !read_method(lx, &m) ||
		    !read_properties(lx, &m))
			return false;
		arena_grow(lx->r->a, &methods, out->n_methods, &room, sizeof(*methods));
		methods[out->n_methods++] = m;
	}
	out->methods = methods;
	/* "none" and results exclude each other, and one of them must be there. */
	return none ? none == 1 && !out->n_methods : out->n_methods > 0;
}

static bool read_version(struct lex *lx)
{
	uint64_t version;
	return end_of_item(lx) || (slice_u64(lex_until(lx, STOPS), &version) && end_of_item(lx));
}

static bool read_results(struct lex *lx, struct mail_auth_results *out)
{
	struct slice id;
	if (!read_value(lx, false, &id) || !id.len)
		return false;
	out->authserv_id = lex_lower(lx->r->a, id);
	return read_version(lx) && read_methods(lx, out) && !lx->broken && !lx->r->over;
}

bool mail_auth_results_read(struct arena *a, struct slice value, struct mail_auth_results *out)
{
	struct reader r = {.a = a, .limits = &mail_limits_default};
	struct lex lx = lex_open(&r, value);
	*out = (struct mail_auth_results){0};
	if (read_results(&lx, out))
		return true;
	*out = (struct mail_auth_results){0};
	return false;
}

struct slice mail_auth_property(const struct mail_auth_method *method, const char *ptype,
				const char *name)
{
	for (size_t i = 0; i < method->n_properties; i++) {
		const struct mail_auth_property *p = &method->properties[i];
		if (slice_eq_nocase(p->ptype, slice_str(ptype)) &&
		    slice_eq_nocase(p->name, slice_str(name)))
			return p->value;
	}
	return (struct slice){0};
}
