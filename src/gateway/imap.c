/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "imap_private.h"

/* The slowest peer that is worth waiting for, bytes a millisecond. */
#define SLOWEST 4
#define LOGOUT_MS 2000
/* For what a command answers besides what it was asked for. */
#define CHATTER (1u << 20)
/* A search brings eleven bytes a UID: 20 million mails. */
#define SEARCH_BYTES (220u << 20)

void imap_allow(struct imap *imap, size_t bytes)
{
	net_allow(imap->net, imap->timeout_ms + (int64_t)(bytes / SLOWEST), bytes + CHATTER);
}

static void allow_search(struct imap *imap)
{
	net_allow(imap->net, imap->timeout_ms, SEARCH_BYTES);
}

/* The codes by which libetpan says that the server answered NO or BAD. */
static bool is_refusal(int code)
{
	switch (code) {
	case MAILIMAP_ERROR_NOOP:
	case MAILIMAP_ERROR_CUSTOM_COMMAND:
	case MAILIMAP_ERROR_EXPUNGE:
	case MAILIMAP_ERROR_UID_COPY:
	case MAILIMAP_ERROR_UID_MOVE:
	case MAILIMAP_ERROR_CREATE:
	case MAILIMAP_ERROR_UID_FETCH:
	case MAILIMAP_ERROR_LOGIN:
	case MAILIMAP_ERROR_UID_SEARCH:
	case MAILIMAP_ERROR_SELECT:
	case MAILIMAP_ERROR_UID_STORE:
	case MAILIMAP_ERROR_STARTTLS:
	case MAILIMAP_ERROR_EXTENSION:
		return true;
	default:
		return false;
	}
}

static const char *describe(struct imap *imap, int code)
{
	if (*net_error(imap->net))
		return net_error(imap->net);
	if (code == MAILIMAP_ERROR_STREAM)
		return "the server closed the connection";
	if (code == MAILIMAP_ERROR_PARSE || code == MAILIMAP_ERROR_PROTOCOL)
		return "the server's answer is not IMAP";
	if (is_refusal(code) && imap->session->imap_response)
		return imap->session->imap_response;
	return "the session failed";
}

int imap_result(struct imap *imap, int code, const char *command, struct err *e)
{
	if (code == MAILIMAP_NO_ERROR || code == MAILIMAP_NO_ERROR_AUTHENTICATED ||
	    code == MAILIMAP_NO_ERROR_NON_AUTHENTICATED)
		return 1;
	err_set(e, ERR_TEMP, "%s: %s: %s", imap->host, command, describe(imap, code));
	return is_refusal(code) && !*net_error(imap->net) ? 0 : -1;
}

/* Where a refusal is as bad as a failure. */
static int must(struct imap *imap, int code, const char *command, struct err *e)
{
	return imap_result(imap, code, command, e) == 1 ? 1 : -1;
}

/* mailimap_capability would take it for granted that the answer has a list. */
static int ask_capability(struct imap *imap, struct err *e)
{
	imap_allow(imap, 0);
	return must(imap, mailimap_custom_command(imap->session, "CAPABILITY"), "CAPABILITY", e);
}

static int greet(struct imap *imap, mailstream *stream, const struct route *route, struct err *e)
{
	imap_allow(imap, 0);
	int code = mailimap_connect(imap->session, stream);
	if (must(imap, code, "greeting", e) < 0)
		return -1;
	/* A greeting that forbids STARTTLS and LOGIN alike comes from somebody in between. */
	if (code == MAILIMAP_NO_ERROR_AUTHENTICATED)
		return err_set(e, ERR_CONFIG, "%s: says that we are logged in already",
			       route->host);
	return ask_capability(imap, e);
}

static int start_tls(struct imap *imap, const struct route *route, struct err *e)
{
	imap_allow(imap, 0);
	if (must(imap, mailimap_starttls(imap->session), "STARTTLS", e) < 0)
		return -1;
	/* What came in plain text behind the answer would be read as if it were proved. */
	if (imap_stream_holds_bytes(imap->session->imap_stream))
		return err_set(e, ERR_CONFIG, "%s: plain text was put in behind STARTTLS",
			       route->host);
	if (net_secure(imap->net, route, e) < 0)
		return -1;
	return ask_capability(imap, e);
}

static int log_in(struct imap *imap, const struct route *route, struct err *e)
{
	if (!*route->user)
		return err_set(e, ERR_CONFIG, "%s: user is not set", route->host);
	imap_allow(imap, 0);
	int code;
	if (route->auth == ROUTE_AUTH_XOAUTH2) {
		if (!mailimap_has_xoauth2(imap->session))
			return err_set(e, ERR_CONFIG, "%s: the server has no XOAUTH2", route->host);
		code = mailimap_oauth2_authenticate(imap->session, route->user, route->secret);
	} else {
		if (mailimap_has_extension(imap->session, "LOGINDISABLED"))
			return err_set(e, ERR_CONFIG, "%s: the server allows no LOGIN",
				       route->host);
		code = mailimap_login(imap->session, route->user, route->secret);
	}
	int result = imap_result(imap, code, "login", e);
	if (result == 0)
		e->class = ERR_CONFIG;
	return result == 1 ? ask_capability(imap, e) : -1;
}

int imap_open(const struct route *route, struct imap **out, struct err *e)
{
	struct net *net;
	if (net_open(route, &net, e) < 0)
		return -1;
	struct imap *imap = calloc(1, sizeof(*imap));
	if (!imap || !(imap->session = mailimap_new(0, NULL)))
		die("out of memory");
	imap->net = net;
	imap->timeout_ms = route->timeout_ms;
	imap->host = route->host;
	mailstream *stream = imap_stream_open(net);
	if (greet(imap, stream, route, e) < 0 ||
	    (route->tls == ROUTE_TLS_STARTTLS && start_tls(imap, route, e) < 0)) {
		imap_close(&imap);
		return -1;
	}
	assert(net_is_secure(net) || route->tls == ROUTE_TLS_NONE);
	if (log_in(imap, route, e) < 0) {
		imap_close(&imap);
		return -1;
	}
	*out = imap;
	return 1;
}

void imap_close(struct imap **imap)
{
	if (!*imap)
		return;
	/* mailimap_free says LOGOUT first, and closes the stream. */
	net_allow((*imap)->net, LOGOUT_MS, CHATTER);
	mailimap_free((*imap)->session);
	free(*imap);
	*imap = NULL;
}

/* ---- folders ---- */

int imap_select(struct imap *imap, const char *folder, uint32_t *uidvalidity, struct err *e)
{
	struct buf name;
	if (imap_folder_name(folder, &name, e) < 0)
		return -1;
	imap_allow(imap, 0);
	int code = mailimap_select(imap->session, buf_str(&name));
	buf_release(&name);
	if (must(imap, code, "SELECT", e) < 0)
		return err_prefix(e, "folder %s", folder);
	struct mailimap_selection_info *info = imap->session->imap_selection_info;
	if (!info || !info->sel_uidvalidity)
		return err_set(e, ERR_TEMP, "%s: folder %s has no UIDVALIDITY", imap->host, folder);
	*uidvalidity = info->sel_uidvalidity;
	return 1;
}

int imap_noop(struct imap *imap, struct err *e)
{
	imap_allow(imap, 0);
	return must(imap, mailimap_noop(imap->session), "NOOP", e);
}

bool imap_announced(const struct imap *imap)
{
	const struct mailimap_selection_info *info = imap->session->imap_selection_info;
	return info && info->sel_has_exists;
}

/* ---- searching ---- */

static int compare_uids(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

/* The server may list them in any order, twice, and those that nobody asked for. */
static void collect_uids(struct arena *a, clist *found, uint32_t after, uint32_t **uids, size_t *n)
{
	size_t most = (size_t)clist_count(found), used = 0;
	uint32_t *list = ARENA_ARRAY(a, most, uint32_t);
	for (clistiter *i = clist_begin(found); i; i = clist_next(i)) {
		const uint32_t *uid = clist_content(i);
		if (uid && *uid > after)
			list[used++] = *uid;
	}
	qsort(list, used, sizeof(*list), compare_uids);
	size_t kept = 0;
	for (size_t i = 0; i < used; i++)
		if (!kept || list[i] != list[kept - 1])
			list[kept++] = list[i];
	*uids = list;
	*n = kept;
}

int imap_search(struct imap *imap, struct arena *a, uint32_t after, uint32_t **uids, size_t *n,
		struct err *e)
{
	*uids = NULL;
	*n = 0;
	if (after == UINT32_MAX)
		return 1;
	if (imap->session->imap_selection_info)
		imap->session->imap_selection_info->sel_has_exists = 0;
	/* "n:*" always holds the last mail, even one below n. */
	struct mailimap_set *set = mailimap_set_new_interval(after + 1, 0);
	struct mailimap_search_key *key = set ? mailimap_search_key_new_uid(set) : NULL;
	if (!key)
		die("out of memory");
	clist *found = NULL;
	allow_search(imap);
	int code = mailimap_uid_search(imap->session, NULL, key, &found);
	mailimap_search_key_free(key);
	if (must(imap, code, "SEARCH", e) < 0)
		return -1;
	if (found) {
		collect_uids(a, found, after, uids, n);
		mailimap_search_result_free(found);
	}
	return 1;
}

/* ---- idling ---- */

bool imap_can_idle(const struct imap *imap)
{
	return mailimap_has_idle(imap->session);
}

int imap_idle(struct imap *imap, int64_t ms, struct err *e)
{
	imap_allow(imap, 0);
	if (must(imap, mailimap_idle(imap->session), "IDLE", e) < 0)
		return -1;
	int news = 1;
	/* News may have come in one piece with the answer to IDLE. */
	if (!imap_stream_holds_bytes(imap->session->imap_stream) && !imap_announced(imap))
		news = net_wait(imap->net, ms);
	imap_allow(imap, 0);
	if (must(imap, mailimap_idle_done(imap->session), "DONE", e) < 0)
		return -1;
	return news;
}
