/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mail/envelope.h"
#include "record/shop.h"
#include "record/shop_table.h"
#include "requests.h"
#include "state.h"

#define PATH_SIZE 4096

static const char conf_text[] =
	"# postclerk.conf: what the operator of this desk decides.\n"
	"# Every option with its meaning: postclerk.conf.md, beside the README\n"
	"\n"
	"desk {\n"
	"\t# Agents write new mails to \"LOCALPART+desk@DOMAIN\".\n"
	"\t# desk-extension = \"desk\"\n"
	"\n"
	"\t# true: an unknown sender becomes a customer at once.\n"
	"\t# false: the mail waits, unlinked, for an agent.\n"
	"\t# new-customers = false\n"
	"\n"
	"\t# How order numbers look in customers' mails (PCRE2; group 1 is the number).\n"
	"\t# order-patterns = {\"\\\\bO([0-9]{5,9})\\\\b\"}\n"
	"\n"
	"\t# An answer with a new subject after so many days begins a new thread.\n"
	"\t# split-after-days = 30\n"
	"}\n"
	"\n"
	"# Which server's Authentication-Results prove where an agent's mail came from.\n"
	"# Until this is set no mail can answer a customer or change a record.\n"
	"#authority {\n"
	"#\tauthserv-id = {\"mx.shop.example\"}\n"
	"#\tborder = \"mx.shop.example\"\n"
	"#}\n"
	"\n"
	"# A mailbox to take mail from; any number of them.\n"
	"#mailbox \"support\" {\n"
	"#\thost = \"imap.shop.example\"\n"
	"#\ttls = \"implicit\"          # or \"starttls\"\n"
	"#\tuser = \"support\"\n"
	"#\tpassword-file = \"/etc/postclerk/imap-password\"\n"
	"#\tafter = \"keyword\"         # or \"move\", into done-folder\n"
	"#}\n"
	"\n"
	"# Where mail goes out.  Until this is set it goes into the Maildir out/.\n"
	"#smtp {\n"
	"#\thost = \"smtp.shop.example\"\n"
	"#\ttls = \"implicit\"\n"
	"#\tuser = \"support\"\n"
	"#\tpassword-file = \"/etc/postclerk/smtp-password\"\n"
	"#}\n";

/* ---- values ---- */

static int check_shop(const struct desk_shop *shop, struct err *e)
{
	ptrdiff_t at = slice_chr(shop->address, '@');
	const struct zone *zone;
	if (!slice_trim(shop->name).len)
		return err_set(e, ERR_INPUT, "the shop needs a name: --shop \"My Shop\"");
	if (!mail_addr_strict(shop->address))
		return err_set(e, ERR_INPUT,
			       "\"%.*s\" is no mail address: write --address support@shop.example",
			       SLICE_ARG(shop->address));
	/* What stands before a token has to leave it room in a local part of 64. */
	if (at + 1 > TOKEN_PREFIX_MAX)
		return err_set(e, ERR_INPUT,
			       "\"%.*s\" is too long before the @: reply addresses leave %d octets",
			       SLICE_ARG(shop->address), TOKEN_PREFIX_MAX - 1);
	if (money_exponent(shop->currency) < 0)
		return err_set(e, ERR_INPUT,
			       "\"%.*s\" is no currency: write an ISO 4217 code such as EUR",
			       SLICE_ARG(shop->currency));
	if (shop->language.len < 2 || shop->language.len > 12)
		return err_set(e, ERR_INPUT, "\"%.*s\" is no language: write en, de …",
			       SLICE_ARG(shop->language));
	return zone_find(shop->time_zone, &zone, e) == 1 ? 1 : -1;
}

/* ---- files ---- */

static int make_dir(const char *dir, const char *name, struct err *e)
{
	char path[PATH_SIZE];
	snprintf(path, sizeof(path), "%s%s%s", dir, *name ? "/" : "", name);
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return err_set(e, ERR_CONFIG, "%s cannot be made: %s", path, strerror(errno));
	return 1;
}

/* Never over a file that is there: that would be somebody's desk. */
static int write_new(const char *dir, const char *name, struct slice text, struct err *e)
{
	char path[PATH_SIZE];
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 && errno == EEXIST)
		return err_set(e, ERR_INPUT, "%s is there already: there is a desk in %s", path,
			       dir);
	if (fd < 0)
		return err_set(e, ERR_CONFIG, "%s cannot be made: %s", path, strerror(errno));
	bool written = write(fd, text.ptr, text.len) == (ssize_t)text.len && fsync(fd) == 0;
	int saved = errno;
	close(fd);
	if (!written)
		return err_set(e, ERR_TEMP, "%s cannot be written: %s", path, strerror(saved));
	return 1;
}

static int write_secret(const char *dir, struct err *e)
{
	uint8_t bytes[SHA256_SIZE];
	struct buf hex;
	crypto_random(bytes, sizeof(bytes));
	buf_init(&hex, 128);
	hex_put(&hex, slice_of(bytes, sizeof(bytes)));
	buf_putc(&hex, '\n');
	int result = write_new(dir, DESK_SECRET_FILE, buf_slice(&hex), e);
	buf_release(&hex);
	return result;
}

static int make_files(const char *dir, struct err *e)
{
	static const char *const dirs[] = {"",	      DESK_TEMPLATE_DIR, DESK_OUT_DIR,
					   "out/tmp", "out/new",	 "out/cur"};
	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		if (make_dir(dir, dirs[i], e) < 0)
			return -1;
	if (write_new(dir, DESK_CONF_FILE, slice_of(conf_text, sizeof(conf_text) - 1), e) < 0)
		return -1;
	return write_secret(dir, e);
}

/* ---- the store ---- */

static int add_shop(struct txn *txn, void *ctx, struct err *e)
{
	const struct desk_shop *given = ctx;
	struct arena *a = txn_arena(txn);
	struct change ch;
	Rec__Shop shop;
	change_init(&ch, txn, a, clock_now());
	rec__shop__init(&shop);
	shop.name = arena_str(a, given->name);
	shop.address = arena_str(a, given->address);
	shop.language = arena_str(a, given->language);
	shop.currency = arena_str(a, given->currency);
	shop.time_zone = arena_str(a, given->time_zone);
	shop.country = arena_str(a, given->country);
	return shop_save(&ch, &shop, e) < 0 ? -1 : shop_table_defaults(&ch, e);
}

static int make_store(const char *dir, const struct desk_shop *shop, struct err *e)
{
	char path[PATH_SIZE];
	struct store *store;
	struct store_options options = {.create = true};
	struct desk_shop copy = *shop;
	snprintf(path, sizeof(path), "%s/%s", dir, DESK_STORE_DIR);
	if (store_open(path, desk_store_schema(), &options, &store, e) < 0)
		return -1;
	int result = store_run(store, STORE_DURABLE, add_shop, &copy, e);
	store_close(&store);
	return result;
}

int desk_create(const char *dir, const struct desk_shop *shop, struct err *e)
{
	if (strlen(dir) > PATH_SIZE - 64)
		return err_set(e, ERR_INPUT, "the desk's directory has too long a name");
	if (check_shop(shop, e) < 0 || make_files(dir, e) < 0)
		return -1;
	return make_store(dir, shop, e);
}

int desk_verify(const char *dir, desk_report_fn *report, void *ctx, struct err *e)
{
	char path[PATH_SIZE];
	snprintf(path, sizeof(path), "%s/%s", dir, DESK_STORE_DIR);
	return store_verify(path, desk_store_schema(), report, ctx, e);
}
