/* SPDX-License-Identifier: ISC */
#include "mail/message.h"
#include "transfer.h"

static transfer_fn *decoder(const struct mail_part *part)
{
	switch (part->encoding) {
	case MAIL_ENCODING_BASE64:
		return transfer_base64;
	case MAIL_ENCODING_QUOTED_PRINTABLE:
		return transfer_quoted_printable;
	case MAIL_ENCODING_UUENCODE:
		return transfer_uuencode;
	case MAIL_ENCODING_IDENTITY:
		break;
	}
	return NULL;
}

struct slice mail_part_bytes(struct arena *a, const struct mail_part *part)
{
	transfer_fn *decode = decoder(part);
	bool bad = false;
	if (!decode)
		return part->body;
	char *out = arena_alloc(a, part->body.len);
	return slice_of(out, decode(part->body, out, &bad));
}

size_t mail_part_size(const struct mail_part *part)
{
	transfer_fn *decode = decoder(part);
	bool bad = false;
	return decode ? decode(part->body, NULL, &bad) : part->body.len;
}

void mail_part_sha256(const struct mail_part *part, uint8_t digest[SHA256_SIZE])
{
	struct arena *a = arena_open();
	crypto_sha256(mail_part_bytes(a, part), digest);
	arena_close(&a);
}
