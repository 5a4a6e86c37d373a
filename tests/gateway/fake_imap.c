/* SPDX-License-Identifier: ISC */
#include "fake_imap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct session {
	struct peer *peer;
	struct world *world;
	char tag[40];
	bool secure;
	bool open;
};

static bool ok(struct session *s)
{
	return peer_say(s->peer, "%s OK done\r\n", s->tag);
}

static bool no(struct session *s, const char *why)
{
	return peer_say(s->peer, "%s NO %s\r\n", s->tag, why);
}

/* Is the UID in a set such as "1:3,7,9:*"? */
static bool in_set(const char *set, uint32_t uid, uint32_t last)
{
	while (*set) {
		char *end;
		uint32_t low = *set == '*' ? last : (uint32_t)strtoul(set, &end, 10), high = low;
		end = *set == '*' ? (char *)(uintptr_t)set + 1 : end;
		if (*end == ':') {
			high = end[1] == '*' ? last : (uint32_t)strtoul(end + 1, &end, 10);
			if (*end == ':')
				end += 2;
		}
		if (high < low) {
			uint32_t swap = low;
			low = high;
			high = swap;
		}
		if (uid >= low && uid <= high)
			return true;
		set = *end == ',' ? end + 1 : end;
		if (*end && *end != ',')
			break;
	}
	return false;
}

static uint32_t last_uid(const struct world *w)
{
	uint32_t last = 0;
	for (size_t i = 0; i < w->n; i++)
		if (!w->mails[i].moved && w->mails[i].uid > last)
			last = w->mails[i].uid;
	return last;
}

static size_t mail_size(const struct world_mail *m)
{
	return m->text ? strlen(m->text) : m->fill;
}

static bool capability(struct session *s)
{
	const struct world *w = s->world;
	if (w->no_capability)
		return ok(s);
	return peer_say(s->peer, "* CAPABILITY IMAP4rev1 IDLE UIDPLUS%s%s%s AUTH=XOAUTH2\r\n",
			w->no_move ? "" : " MOVE", w->starttls && !s->secure ? " STARTTLS" : "",
			w->no_login ? " LOGINDISABLED" : "") &&
	       ok(s);
}

static bool start_tls(struct session *s)
{
	if (s->world->inject)
		return peer_say(s->peer, "%s OK begin\r\n* CAPABILITY IMAP4rev1\r\n", s->tag) &&
		       peer_start_tls(s->peer);
	if (!ok(s) || !peer_start_tls(s->peer))
		return false;
	s->secure = true;
	return true;
}

static bool log_in(struct session *s, const char *args)
{
	if (s->world->password && !strstr(args, s->world->password))
		return no(s, "[AUTHENTICATIONFAILED] wrong");
	return ok(s);
}

static bool select_folder(struct session *s)
{
	struct world *w = s->world;
	size_t exists = 0;
	for (size_t i = 0; i < w->n; i++)
		exists += !w->mails[i].moved;
	return peer_say(s->peer,
			"* FLAGS (\\Seen)\r\n* OK [PERMANENTFLAGS (%s)] f\r\n* %zu EXISTS\r\n* 0 "
			"RECENT\r\n* OK [UIDVALIDITY %u] v\r\n* OK [UIDNEXT %u] n\r\n",
			w->permanent_flags ? w->permanent_flags : "\\Seen \\*", exists,
			w->uidvalidity, last_uid(w) + 1) &&
	       ok(s);
}

static bool search(struct session *s, const char *set)
{
	struct world *w = s->world;
	if (!peer_say(s->peer, "* SEARCH"))
		return false;
	for (size_t i = 0; i < w->n; i++)
		if (!w->mails[i].moved && in_set(set, w->mails[i].uid, last_uid(w)) &&
		    !peer_say(s->peer, " %u", w->mails[i].uid))
			return false;
	return peer_say(s->peer, "\r\n") && ok(s);
}

static bool send_body(struct session *s, struct world_mail *m, size_t part)
{
	static char fill[4096];
	size_t size = mail_size(m);
	size = part && size > part ? part : size;
	size = m->empty ? 0 : size - (m->missing < size ? m->missing : size);
	s->world->fetched_bodies++;
	if (m->garbage)
		return peer_say(s->peer, " BODY[] %s", m->garbage);
	if (!peer_say(s->peer, part ? " BODY[]<0> {%zu}\r\n" : " BODY[] {%zu}\r\n", size))
		return false;
	if (m->text)
		return peer_send(s->peer, slice_of(m->text, size));
	memset(fill, 'x', sizeof(fill));
	for (size_t done = 0; done < size;) {
		size_t step = size - done < sizeof(fill) ? size - done : sizeof(fill);
		if (!peer_send(s->peer, slice_of(fill, step)))
			return false;
		done += step;
	}
	return true;
}

static bool fetch(struct session *s, const char *args)
{
	struct world *w = s->world;
	const char *partial = strstr(args, "<0.");
	size_t part = partial ? strtoul(partial + 3, NULL, 10) : 0;
	for (size_t i = 0; i < w->n; i++) {
		struct world_mail *m = &w->mails[i];
		if (m->moved || !in_set(args, m->uid, last_uid(w)))
			continue;
		if (!peer_say(s->peer, "* %zu FETCH (UID %u RFC822.SIZE %zu", i + 1, m->uid,
			      m->announce ? m->announce : mail_size(m)))
			return false;
		if (strstr(args, "BODY.PEEK") && !send_body(s, m, part))
			return false;
		if (!peer_say(s->peer, ")\r\n"))
			return false;
	}
	return ok(s);
}

static bool store(struct session *s, const char *args)
{
	struct world *w = s->world;
	if (w->refuse_store)
		return no(s, "not permitted");
	for (size_t i = 0; i < w->n; i++)
		if (in_set(args, w->mails[i].uid, last_uid(w)))
			w->mails[i].done = true;
	return ok(s);
}

static bool move(struct session *s, const char *args, bool really)
{
	struct world *w = s->world;
	const char *folder = strchr(args, ' ');
	if (!w->has_folder)
		return no(s, "[TRYCREATE] no such folder");
	for (size_t i = 0; i < w->n; i++) {
		struct world_mail *m = &w->mails[i];
		if (m->moved || !in_set(args, m->uid, last_uid(w)))
			continue;
		snprintf(m->moved_to, sizeof(m->moved_to), "%s", folder ? folder + 1 : "");
		m->moved = really;
	}
	return ok(s);
}

static bool expunge(struct session *s, const char *args)
{
	struct world *w = s->world;
	for (size_t i = 0; i < w->n; i++)
		if (in_set(args, w->mails[i].uid, last_uid(w)))
			w->mails[i].moved = true;
	return ok(s);
}

static bool idle(struct session *s)
{
	s->world->idles++;
	if (!peer_say(s->peer, "+ idling\r\n") || !peer_say(s->peer, "* 1 EXISTS\r\n"))
		return false;
	const char *line = peer_line(s->peer);
	return line && strcasecmp(line, "DONE") == 0 && ok(s);
}

static const char *argument(const char *line, const char *command)
{
	size_t n = strlen(command);
	return strncasecmp(line, command, n) == 0 ? line + n : NULL;
}

static bool uid_command(struct session *s, const char *line)
{
	const char *args;
	if ((args = argument(line, "SEARCH UID ")))
		return search(s, args);
	if ((args = argument(line, "FETCH ")))
		return fetch(s, args);
	if ((args = argument(line, "STORE ")))
		return store(s, args);
	if ((args = argument(line, "MOVE ")))
		return move(s, args, true);
	if ((args = argument(line, "COPY ")))
		return move(s, args, false);
	if ((args = argument(line, "EXPUNGE ")))
		return expunge(s, args);
	return peer_say(s->peer, "%s BAD what\r\n", s->tag);
}

static bool command(struct session *s, const char *line)
{
	const char *args;
	if (argument(line, "CAPABILITY"))
		return capability(s);
	if (argument(line, "STARTTLS"))
		return start_tls(s);
	if ((args = argument(line, "LOGIN ")))
		return log_in(s, args);
	if ((args = argument(line, "AUTHENTICATE ")))
		return log_in(s, args);
	if (argument(line, "SELECT "))
		return select_folder(s);
	if (argument(line, "NOOP"))
		return ok(s);
	if (argument(line, "CREATE ")) {
		s->world->has_folder = true;
		return ok(s);
	}
	if ((args = argument(line, "UID ")))
		return uid_command(s, args);
	if (argument(line, "IDLE"))
		return idle(s);
	if (argument(line, "LOGOUT")) {
		peer_say(s->peer, "* BYE\r\n");
		ok(s);
		return false;
	}
	return peer_say(s->peer, "%s BAD what\r\n", s->tag);
}

void fake_imap_serve(struct peer *peer, void *context)
{
	struct session s = {.peer = peer, .world = context};
	const char *line;
	if (!peer_say(peer, s.world->preauth ? "* PREAUTH hello\r\n" : "* OK hello\r\n"))
		return;
	while ((line = peer_line(peer))) {
		const char *space = strchr(line, ' ');
		if (!space || (size_t)(space - line) >= sizeof(s.tag))
			return;
		snprintf(s.tag, sizeof(s.tag), "%.*s", (int)(space - line), line);
		char *copy = strdup(space + 1);
		bool more = command(&s, copy);
		free(copy);
		if (!more)
			return;
	}
}
