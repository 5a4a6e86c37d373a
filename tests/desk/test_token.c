/* SPDX-License-Identifier: ISC */
#include "test_desk.h"

#include <stdio.h>

#include "base.h"
#include "desk/token.h"

#define SHOP SLICE("support@shop.example")
#define SECRET SLICE("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")

static struct token_keys keys_of(struct slice secret, uint64_t incarnation)
{
	struct token_keys keys;
	token_keys_init(&keys, secret, incarnation);
	return keys;
}

static void put(struct buf *out, const struct token_keys *keys, const struct token *token)
{
	buf_clear(out);
	token_put(out, keys, token);
	assert_false(buf_failed(out));
}

static void token_round_trip(void **state)
{
	static const struct token rows[] = {
		{TOKEN_PUBLIC, 1, 1, 1, 1},
		{TOKEN_NOTE, 7, 10042, 99, 1772359200},
		{TOKEN_DIGEST, UINT32_MAX, (UINT64_C(1) << 40) - 1, (UINT64_C(1) << 40) - 1,
		 UINT32_MAX},
		{TOKEN_CONFIRM, 0, 0, 0, 0},
		{TOKEN_BOUNCE, 3, 5, 8, 4000000000},
	};
	struct token_keys keys = keys_of(SECRET, 1);
	struct buf out;
	(void)state;
	buf_init(&out, 200);
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct token got;
		put(&out, &keys, &rows[i]);
		assert_int_equal(out.len, TOKEN_TEXT_SIZE);
		assert_int_equal(token_get(&keys, buf_slice(&out), &got), 1);
		assert_int_equal(got.kind, rows[i].kind);
		assert_int_equal(got.agent, rows[i].agent);
		assert_true(got.thread == rows[i].thread && got.message == rows[i].message);
		assert_true(got.expires == rows[i].expires);
	}
	buf_release(&out);
}

static const struct token sample = {TOKEN_PUBLIC, 2, 10001, 17, 1772359200};

/* A mail system may change the case of a local part; nothing else may change. */
static void token_ignores_case(void **state)
{
	struct token_keys keys = keys_of(SECRET, 1);
	struct token got;
	struct buf out;
	(void)state;
	buf_init(&out, 200);
	put(&out, &keys, &sample);
	for (size_t i = 0; i < out.len; i++)
		if (out.ptr[i] >= 'a' && out.ptr[i] <= 'z' && i % 2)
			out.ptr[i] -= 'a' - 'A';
	assert_int_equal(token_get(&keys, buf_slice(&out), &got), 1);
	assert_true(got.thread == 10001);
	buf_release(&out);
}

/* T24, P17: every bit of it is bound. */
static void token_any_change_spoils_it(void **state)
{
	static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567";
	struct token_keys keys = keys_of(SECRET, 1);
	struct token got;
	struct buf out;
	(void)state;
	buf_init(&out, 200);
	put(&out, &keys, &sample);
	for (size_t i = 0; i < TOKEN_TEXT_SIZE; i++) {
		char was = out.ptr[i];
		for (const char *d = digits; *d; d++) {
			out.ptr[i] = *d;
			if (*d != was)
				assert_int_equal(token_get(&keys, buf_slice(&out), &got), 0);
		}
		out.ptr[i] = was;
	}
	assert_int_equal(token_get(&keys, buf_slice(&out), &got), 1);
	buf_release(&out);
}

static void token_no_token(void **state)
{
	static const char *const rows[] = {
		"",
		"desk",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"77777777777777777777777777777777777777777777777777777",
		"aaaaaaaaaaaaaaaaaaaaaaaaaa-aaaaaaaaaaaaaaaaaaaaaaaaa",
		"aaaaaaaaaaaaaaaaaaaaaaaaa\xc3\xa4"
		"aaaaaaaaaaaaaaaaaaaaaaaaa",
	};
	struct token_keys keys = keys_of(SECRET, 1);
	struct token got;
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_int_equal(token_get(&keys, slice_str(rows[i]), &got), 0);
}

/* T27: another desk, or a restored backup of this one, made it. */
static void token_of_other_keys(void **state)
{
	struct token_keys keys = keys_of(SECRET, 1), restored = keys_of(SECRET, 2),
			  other = keys_of(SLICE("another secret"), 1);
	struct token got;
	struct buf out;
	(void)state;
	buf_init(&out, 200);
	put(&out, &keys, &sample);
	assert_int_equal(token_get(&restored, buf_slice(&out), &got), 0);
	assert_int_equal(token_get(&other, buf_slice(&out), &got), 0);
	buf_release(&out);
}

/* A key a kind: a bounce token, which customers' servers see, is no reply token. */
static void token_kinds_have_keys(void **state)
{
	struct token_keys keys = keys_of(SECRET, 1);
	(void)state;
	for (size_t i = 0; i < ROWS(keys.key); i++)
		for (size_t k = 0; k < i; k++)
			assert_memory_not_equal(keys.key[i], keys.key[k], SHA256_SIZE);
}

static void token_addresses(void **state)
{
	struct token_keys keys = keys_of(SECRET, 1);
	struct buf address, text;
	(void)state;
	buf_init(&address, 200);
	buf_init(&text, 200);
	token_put_address(&address, &keys, &sample, SHOP);
	put(&text, &keys, &sample);
	const struct {
		struct slice address;
		int result;
	} rows[] = {
		{buf_slice(&address), 1},
		{SLICE("support@shop.example"), 0},
		{SLICE("SUPPORT@Shop.Example"), 0},
		{SLICE("support+desk@shop.example"), 0},
		{SLICE("support+@shop.example"), 0},
		{SLICE("supporter@shop.example"), -1},
		{SLICE("sup@shop.example"), -1},
		{SLICE("support@shop.example.org"), -1},
		{SLICE("support"), -1},
		{SLICE(""), -1},
	};
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct token got;
		assert_int_equal(token_get_address(&keys, rows[i].address, SHOP, &got),
				 rows[i].result);
	}
	/* The local part has 64 octets (RFC 5321 4.5.3.1.1). */
	assert_true(slice_chr(buf_slice(&address), '@') <= 64);
	buf_release(&address);
	buf_release(&text);
}

/* T02: what stands at another domain is nobody's token of ours. */
static void token_at_another_domain(void **state)
{
	struct token_keys keys = keys_of(SECRET, 1);
	struct token got;
	struct buf address;
	(void)state;
	buf_init(&address, 200);
	token_put_address(&address, &keys, &sample, SLICE("support@evil.example"));
	assert_int_equal(token_get_address(&keys, buf_slice(&address), SHOP, &got), -1);
	buf_release(&address);
}

static void message_ids(void **state)
{
	struct token_keys keys = keys_of(SECRET, 1), other = keys_of(SECRET, 2);
	uint64_t thread, outbox;
	struct buf id, bracketed;
	(void)state;
	buf_init(&id, 200);
	buf_init(&bracketed, 200);
	token_put_message_id(&id, &keys, 10001, 77, SHOP);
	buf_printf(&bracketed, "<%s>", buf_str(&id));
	assert_true(slice_ends(buf_slice(&id), SLICE("@shop.example")));
	assert_int_equal(token_get_message_id(&keys, buf_slice(&id), &thread, &outbox), 1);
	assert_true(thread == 10001 && outbox == 77);
	assert_int_equal(token_get_message_id(&keys, buf_slice(&bracketed), &thread, &outbox), 1);
	assert_int_equal(token_get_message_id(&other, buf_slice(&id), &thread, &outbox), 0);
	assert_int_equal(token_get_message_id(&keys, SLICE("1234@shop.example"), &thread, &outbox),
			 0);
	assert_int_equal(token_get_message_id(&keys, SLICE("<>"), &thread, &outbox), 0);
	assert_int_equal(token_get_message_id(&keys, SLICE(""), &thread, &outbox), 0);
	id.ptr[3] = id.ptr[3] == 'a' ? 'b' : 'a';
	assert_int_equal(token_get_message_id(&keys, buf_slice(&id), &thread, &outbox), 0);
	buf_release(&id);
	buf_release(&bracketed);
}

/* T03, T09: our loop header, and one that somebody wrote. */
static void loop_header(void **state)
{
	char folded[300];
	struct token_keys keys = keys_of(SECRET, 1), other = keys_of(SECRET, 2);
	struct buf value;
	(void)state;
	buf_init(&value, 200);
	token_put_loop(&value, &keys, SLICE("x@shop.example"));
	assert_true(token_is_loop(&keys, buf_slice(&value)));
	assert_false(token_is_loop(&other, buf_slice(&value)));
	buf_puts(&value, " \r\n");
	assert_true(token_is_loop(&keys, buf_slice(&value)));
	const char *space = strchr(buf_str(&value), ' ');
	snprintf(folded, sizeof(folded), "%.*s\r\n %s", (int)(space - value.ptr), value.ptr,
		 space + 1);
	assert_true(token_is_loop(&keys, slice_str(folded)));
	value.ptr[0] = 'y';
	assert_false(token_is_loop(&keys, buf_slice(&value)));
	assert_false(token_is_loop(&keys, SLICE("")));
	assert_false(token_is_loop(&keys, SLICE(" ")));
	assert_false(token_is_loop(&keys, SLICE("x@shop.example")));
	assert_false(token_is_loop(&keys, SLICE("x@shop.example yes")));
	buf_release(&value);
}

/* P13: a token is seen however a client encodes what stands around it. */
static void token_in_text(void **state)
{
	struct token_keys keys = keys_of(SECRET, 1), other = keys_of(SECRET, 2);
	struct buf token;
	(void)state;
	buf_init(&token, 200);
	token_put(&token, &keys, &sample);
	const char *around[][2] = {
		{"support+", "@shop.example"},
		{"", ""},
		{"> <support+", "@shop.example>\n"},
		{"mailto:support%2B", "%40"},
		{"(support=2B", "=40"},
		{"aaaa", "zzzz"},
	};
	for (size_t i = 0; i < ROWS(around); i++) {
		char text[300];
		snprintf(text, sizeof(text), "%s%s%s", around[i][0], buf_str(&token), around[i][1]);
		assert_true(token_stands_in(&keys, slice_str(text)));
		assert_false(token_stands_in(&other, slice_str(text)));
	}
	assert_false(token_stands_in(&keys, slice_sub(buf_slice(&token), 1, token.len)));
	assert_false(token_stands_in(&keys, SLICE("")));
	struct token bounce = sample;
	bounce.kind = TOKEN_BOUNCE;
	buf_clear(&token);
	token_put(&token, &keys, &bounce);
	assert_false(token_stands_in(&keys, buf_slice(&token)));
	buf_release(&token);
}

int run_token_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(token_round_trip),
		cmocka_unit_test(token_ignores_case),
		cmocka_unit_test(token_any_change_spoils_it),
		cmocka_unit_test(token_no_token),
		cmocka_unit_test(token_of_other_keys),
		cmocka_unit_test(token_kinds_have_keys),
		cmocka_unit_test(token_addresses),
		cmocka_unit_test(token_at_another_domain),
		cmocka_unit_test(message_ids),
		cmocka_unit_test(loop_header),
		cmocka_unit_test(token_in_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
