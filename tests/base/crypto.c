/* SPDX-License-Identifier: ISC */
#include "check.h"

/* FIPS 180-2 and RFC 4231 2. */
static void digests(void **state)
{
	uint8_t out[SHA256_SIZE];
	struct buf hex;
	(void)state;
	buf_init(&hex, 100);
	crypto_sha256(SLICE("abc"), out);
	hex_put(&hex, slice_of(out, sizeof(out)));
	CHECK_BUF(&hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	crypto_sha256((struct slice){NULL, 0}, out);
	hex_put(&hex, slice_of(out, sizeof(out)));
	CHECK_BUF(&hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	crypto_hmac(SLICE("Jefe"), SLICE("what do ya want for nothing?"), out);
	hex_put(&hex, slice_of(out, sizeof(out)));
	CHECK_BUF(&hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	buf_release(&hex);
}

static void equality(void **state)
{
	(void)state;
	assert_true(crypto_equal(SLICE("secret"), SLICE("secret")));
	assert_false(crypto_equal(SLICE("secret"), SLICE("secreT")));
	assert_false(crypto_equal(SLICE("secret"), SLICE("secre")));
	assert_true(crypto_equal((struct slice){NULL, 0}, SLICE("")));
}

static void seal_and_unseal(void **state)
{
	static const struct slice plains[] = {SLICE(""), SLICE("x"), SLICE("a mail\0with a NUL")};
	static const struct slice contexts[] = {SLICE(""), SLICE("C10001")};
	uint8_t key[SEAL_KEY_SIZE];
	struct buf sealed, again, plain;
	(void)state;
	crypto_random(key, sizeof(key));
	buf_init(&sealed, 1000);
	buf_init(&again, 1000);
	buf_init(&plain, 1000);
	for (size_t i = 0; i < ROWS(plains) * ROWS(contexts); i++) {
		struct slice text = plains[i / ROWS(contexts)];
		struct slice context = contexts[i % ROWS(contexts)];
		crypto_seal(key, context, text, &sealed);
		crypto_seal(key, context, text, &again);
		assert_int_equal(sealed.len, text.len + SEAL_OVERHEAD);
		assert_false(slice_eq(buf_slice(&sealed), buf_slice(&again)));
		struct slice exact = exact_copy(buf_slice(&sealed));
		assert_int_equal(crypto_unseal(key, context, exact, &plain, NULL), 1);
		assert_true(slice_eq(buf_slice(&plain), text));
		exact_free(exact);
		buf_clear(&sealed);
		buf_clear(&again);
		buf_clear(&plain);
	}
	buf_release(&sealed);
	buf_release(&again);
	buf_release(&plain);
}

static void unseal_refuses(void **state)
{
	uint8_t key[SEAL_KEY_SIZE] = {1}, other[SEAL_KEY_SIZE] = {2};
	struct buf sealed, plain;
	struct err e = {0};
	(void)state;
	buf_init(&sealed, 1000);
	buf_init(&plain, 1000);
	buf_puts(&plain, "before");
	crypto_seal(key, SLICE("C1"), SLICE("secret"), &sealed);
	assert_int_equal(crypto_unseal(other, SLICE("C1"), buf_slice(&sealed), &plain, &e), -1);
	assert_int_equal(e.class, ERR_TEMP);
	assert_int_equal(crypto_unseal(key, SLICE("C2"), buf_slice(&sealed), &plain, &e), -1);
	for (size_t i = 0; i < sealed.len; i++) {
		sealed.ptr[i] ^= 1;
		assert_int_equal(crypto_unseal(key, SLICE("C1"), buf_slice(&sealed), &plain, &e),
				 -1);
		sealed.ptr[i] ^= 1;
		struct slice cut = exact_copy(slice_sub(buf_slice(&sealed), 0, i));
		assert_int_equal(crypto_unseal(key, SLICE("C1"), cut, &plain, &e), -1);
		exact_free(cut);
	}
	CHECK_BUF(&plain, "before");
	struct buf small;
	buf_init(&small, 5);
	assert_int_equal(crypto_unseal(key, SLICE("C1"), buf_slice(&sealed), &small, &e), -1);
	assert_true(buf_failed(&small));
	buf_release(&small);
	buf_init(&small, 30);
	crypto_seal(key, SLICE("C1"), SLICE("secret"), &small);
	assert_true(buf_failed(&small) && small.len == 0);
	buf_release(&small);
	buf_release(&sealed);
	buf_release(&plain);
}

/* RFC 4648 10, in lower case and without padding. */
static void codes(void **state)
{
	static const struct {
		const char *plain, *hex, *base32, *base64;
	} rows[] = {
		{"", "", "", ""},
		{"f", "66", "my", "Zg=="},
		{"fo", "666f", "mzxq", "Zm8="},
		{"foo", "666f6f", "mzxw6", "Zm9v"},
		{"foob", "666f6f62", "mzxw6yq", "Zm9vYg=="},
		{"fooba", "666f6f6261", "mzxw6ytb", "Zm9vYmE="},
		{"foobar", "666f6f626172", "mzxw6ytboi", "Zm9vYmFy"},
		{"\xff\xfe\xfd", "fffefd", "777p2", "//79"},
	};
	struct buf out;
	(void)state;
	buf_init(&out, 100);
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct slice plain = exact_copy(slice_str(rows[i].plain));
		struct slice code = exact_copy(slice_str(rows[i].base32));
		hex_put(&out, plain);
		CHECK_BUF(&out, rows[i].hex);
		base64_put(&out, plain);
		CHECK_BUF(&out, rows[i].base64);
		base32_put(&out, plain);
		CHECK_BUF(&out, rows[i].base32);
		assert_true(base32_get(code, &out));
		CHECK_BUF(&out, rows[i].plain);
		exact_free(plain);
		exact_free(code);
	}
	buf_release(&out);
}

static void base32_round_trip(void **state)
{
	struct buf code, upper, plain;
	(void)state;
	buf_init(&code, 1000);
	buf_init(&upper, 1000);
	buf_init(&plain, 1000);
	for (size_t n = 0; n <= 64; n++) {
		uint8_t bytes[64];
		crypto_random(bytes, sizeof(bytes));
		base32_put(&code, slice_of(bytes, n));
		assert_int_equal(code.len, (n * 8 + 4) / 5);
		text_put_upper(&upper, buf_slice(&code));
		assert_true(base32_get(buf_slice(&upper), &plain));
		assert_true(slice_eq(buf_slice(&plain), slice_of(bytes, n)));
		buf_clear(&code);
		buf_clear(&upper);
		buf_clear(&plain);
	}
	buf_release(&code);
	buf_release(&upper);
	buf_release(&plain);
}

static void base32_refuses(void **state)
{
	static const char *const wrong[] = {"m",	  "mzx",       "mzxw6y",    "mz",
					    "mzxr",	  "mzxw6ytb1", "mzxw6yt=",  "m y",
					    "mzxw6ytb\n", "0000",      "\xc3\xb6my"};
	struct buf out;
	(void)state;
	buf_init(&out, 100);
	buf_puts(&out, "before");
	for (size_t i = 0; i < ROWS(wrong); i++)
		assert_false(base32_get(slice_str(wrong[i]), &out));
	CHECK_BUF(&out, "before");
	buf_release(&out);
}

int run_crypto_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digests),	   cmocka_unit_test(equality),
		cmocka_unit_test(seal_and_unseal), cmocka_unit_test(unseal_refuses),
		cmocka_unit_test(codes),	   cmocka_unit_test(base32_round_trip),
		cmocka_unit_test(base32_refuses),
	};
	return cmocka_run_group_tests_name("crypto", tests, NULL, NULL);
}
