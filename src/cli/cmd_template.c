/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "cli.h"
#include "template_eval.h"

#define PAGE_NAME "index.html"

int cli_template_eval(struct cli *cli)
{
	(void)cli;
	return template_eval_jsonl(stdin, stdout) < 0 ? EX_IOERR : EX_OK;
}

int cli_template_check(struct cli *cli)
{
	return cli_call(cli, "template-check", NULL, 0);
}

int cli_template_vars(struct cli *cli)
{
	return cli_call(cli, "template-vars", cli->args, cli->n_args);
}

/* ---- preview ---- */

static int write_all(int fd, struct slice text)
{
	while (text.len) {
		ssize_t n = write(fd, text.ptr, text.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		text = slice_sub(text, (size_t)n, text.len);
	}
	return 1;
}

static int open_in_browser(char *path, struct err *e)
{
	char opener[] = "xdg-open", *const argv[] = {opener, path, NULL};
	pid_t child;
	int status;
	if (posix_spawnp(&child, opener, NULL, NULL, argv, environ) != 0 ||
	    waitpid(child, &status, 0) < 0 || status != 0)
		return err_set(e, ERR_TEMP, "%s cannot open it: the page is %s", opener, path);
	return 1;
}

/* The page stays there: the browser reads it after we are gone. */
static int show(struct cli *cli, struct slice html, struct err *e)
{
	const char *dir = getenv("TMPDIR");
	char *path =
		arena_printf(cli->arena, "%s/postclerk-XXXXXX.html", dir && *dir ? dir : "/tmp");
	if (!html.len)
		return err_set(e, ERR_INPUT, "this template has no HTML: it names no layout");
	int fd = mkstemps(path, sizeof(".html") - 1);
	if (fd < 0)
		return err_set(e, ERR_TEMP, "%s: %s", path, strerror(errno));
	int wrote = write_all(fd, html);
	if (close(fd) < 0 || wrote < 0)
		return err_set(e, ERR_TEMP, "%s: %s", path, strerror(errno));
	if (open_in_browser(path, e) < 0)
		return -1;
	printf("%s\n", path);
	return 1;
}

/* A file, not a name: "delay" may well be a folder here. */
static bool is_file(struct slice word)
{
	return slice_chr(word, '/') >= 0 || slice_ends(word, SLICE(".liquid"));
}

int cli_template_preview(struct cli *cli)
{
	/* The desk may run in another directory. */
	char *path = is_file(slice_str(cli->args[0])) ? realpath(cli->args[0], NULL) : NULL;
	bool open = cli_value(cli, "open") != NULL;
	const char *data = cli_value(cli, "data");
	const char *args[] = {
		path ? arena_str(cli->arena, slice_str(path)) : cli->args[0],
		data ? data : "",
		open ? "html" : "eml",
	};
	struct slice html;
	struct err e = {ERR_NONE, ""};
	free(path);
	if (!open)
		return cli_call(cli, "template-preview", args, 3);
	int status = cli_call_for(cli, "template-preview", args, 3, &html);
	if (status == EX_OK && show(cli, html, &e) < 0)
		return cli_fail(&e);
	return status;
}

/* ---- gallery ---- */

/* Whole or not at all: a browser may have the old page open. */
static int write_page(struct cli *cli, const char *dir, struct slice page, struct err *e)
{
	const char *path = arena_printf(cli->arena, "%s/" PAGE_NAME, dir);
	char *fresh = arena_printf(cli->arena, "%s/.page-XXXXXX", dir);
	if (mkdir(dir, 0777) < 0 && errno != EEXIST)
		return err_set(e, ERR_INPUT, "%s cannot be made: %s", dir, strerror(errno));
	int fd = mkstemp(fresh);
	if (fd < 0)
		return err_set(e, ERR_INPUT, "%s cannot be written: %s", path, strerror(errno));
	int wrote = write_all(fd, page);
	if (fchmod(fd, 0644) < 0 || close(fd) < 0 || wrote < 0 || rename(fresh, path) < 0) {
		err_set(e, ERR_TEMP, "%s cannot be written: %s", path, strerror(errno));
		unlink(fresh);
		return -1;
	}
	printf("%s\n", path);
	return 1;
}

int cli_template_gallery(struct cli *cli)
{
	struct slice page;
	struct err e = {ERR_NONE, ""};
	int status = cli_call_for(cli, "template-gallery", NULL, 0, &page);
	if (status == EX_OK && write_page(cli, cli->args[0], page, &e) < 0)
		return cli_fail(&e);
	return status;
}
