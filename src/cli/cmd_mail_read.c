/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <sysexits.h>

#include "base/text.h"
#include "cli.h"
#include "mail_json.h"

#define READ_SIZE_MAX (64u << 20)
#define OUTPUT_MAX (512u << 20)
#define SHOWN_MAX 320 /* characters of an address or a status on a terminal */
#define BARE_HEADER "Content-Type: text/plain; charset=utf-8\n\n"

/* Reads one mail and appends what there is to say of it; -1 when it cannot. */
typedef int read_fn(struct cli *cli, const char *path, struct slice raw, struct buf *out,
		    struct err *e);

/* With memory of its own: there may be any number of files. */
static int each_file(struct cli *cli, const char *path, read_fn *fn)
{
	struct err e = {ERR_NONE, ""};
	struct slice raw;
	struct buf out;
	struct arena *whole_run = cli->arena, *a = arena_open();
	cli->arena = a;
	buf_init(&out, OUTPUT_MAX);
	int result = cli_read(cli, path, READ_SIZE_MAX, &raw, &e);
	if (result >= 0)
		result = fn(cli, path, raw, &out, &e);
	if (result >= 0 && buf_failed(&out))
		result = err_set(&e, ERR_INPUT, "%s: its output is too large", path);
	if (result >= 0)
		result = cli_write(buf_slice(&out), &e);
	cli->arena = whole_run;
	buf_release(&out);
	arena_close(&a);
	return result < 0 ? cli_fail(&e) : EX_OK;
}

/* Over a limit the mail still holds what was read before it; that is shown. */
static struct mail *parse(struct cli *cli, const char *path, struct slice raw)
{
	struct err e = {ERR_NONE, ""};
	struct mail *m;
	if (mail_parse(cli->arena, raw, NULL, &m, &e) < 0)
		fprintf(stderr, "postclerk: %s: %s\n", path, e.text);
	return m;
}

/* ---- mail trim ---- */

/* A file that begins with none of these is the text of a mail without its header. */
static bool has_header(const struct mail *m)
{
	static const char *const names[] = {
		"From",		"Date",	       "Message-ID",   "Received", "MIME-Version",
		"Content-Type", "Return-Path", "Delivered-To", "Subject",  "To",
	};
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (mail_field(m, names[i], 0).ptr)
			return true;
	return false;
}

static struct mail *parse_text(struct cli *cli, const char *path, struct slice raw)
{
	char *whole = arena_alloc(cli->arena, sizeof(BARE_HEADER) + raw.len);
	size_t n = sizeof(BARE_HEADER) - 1;
	memcpy(whole, BARE_HEADER, n);
	if (raw.len)
		memcpy(whole + n, raw.ptr, raw.len);
	return parse(cli, path, slice_of(whole, n + raw.len));
}

static int trim_file(struct cli *cli, const char *path, struct slice raw, struct buf *out,
		     struct err *e)
{
	(void)e;
	struct arena *a = cli->arena;
	struct mail *m = cli_value(cli, "text") ? NULL : parse(cli, path, raw);
	struct mail_trimmed t;
	if (!m || !has_header(m))
		m = parse_text(cli, path, raw);
	mail_trim_mail(a, m, &t);
	if (!cli->json) {
		buf_put(out, t.answer);
		if (t.answer.len)
			buf_putc(out, '\n');
		return 1;
	}
	struct json *object = json_new(a, JSON_OBJECT);
	json_set(a, object, "file", json_new_string(a, slice_str(path)));
	json_set(a, object, "answer", json_new_string(a, t.answer));
	json_set(a, object, "new", json_new_string(a, t.fresh));
	json_set(a, object, "quoted", json_new_string(a, t.quoted));
	json_set(a, object, "signature", json_new_string(a, t.signature));
	json_set(a, object, "forwarded", json_new_string(a, t.forwarded));
	json_set(a, object, "text", json_new_string(a, m->text));
	mail_json_pieces(a, object, m->text, &t, true);
	json_put(out, object);
	buf_putc(out, '\n');
	return 1;
}

int cli_mail_trim(struct cli *cli)
{
	return each_file(cli, cli->args[0], trim_file);
}

/* ---- mail classify ---- */

/* A word of a line, of what strangers wrote. */
static void put_word(struct buf *out, struct slice s)
{
	if (!s.len)
		return;
	buf_putc(out, ' ');
	text_put_line(out, s, SHOWN_MAX);
}

static void put_class(struct buf *out, const char *path, const struct mail_class *class)
{
	text_put_line(out, slice_str(path), SHOWN_MAX);
	buf_puts(out, ": ");
	buf_puts(out, mail_kind_name(class->kind));
	if (class->reason && *class->reason)
		buf_printf(out, " (%s)", class->reason);
	for (size_t i = 0; i < class->n_recipients; i++) {
		const struct mail_recipient *to = &class->recipients[i];
		buf_puts(out, i ? "," : "");
		put_word(out, to->final.len ? to->final : to->original);
		put_word(out, slice_str(mail_action_name(to->action)));
		put_word(out, to->status);
		put_word(out, slice_str(mail_bounce_name(to->bounce)));
	}
	put_word(out, class->feedback_type);
	put_word(out, slice_str(mail_disposition_name(class->disposition)));
	buf_putc(out, '\n');
}

static int classify_file(struct cli *cli, const char *path, struct slice raw, struct buf *out,
			 struct err *e)
{
	(void)e;
	struct mail *m = parse(cli, path, raw);
	struct mail_class class;
	mail_classify(cli->arena, m, &class);
	if (!cli->json) {
		put_class(out, path, &class);
		return 1;
	}
	struct json *object = json_new(cli->arena, JSON_OBJECT);
	json_set(cli->arena, object, "file", json_new_string(cli->arena, slice_str(path)));
	mail_json_class(cli->arena, object, m, &class);
	json_put(out, object);
	buf_putc(out, '\n');
	return 1;
}

int cli_mail_classify(struct cli *cli)
{
	int status = EX_OK;
	for (size_t i = 0; i < cli->n_args; i++) {
		int one = each_file(cli, cli->args[i], classify_file);
		if (one != EX_OK)
			status = one;
	}
	return status;
}
