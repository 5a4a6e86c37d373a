/* SPDX-License-Identifier: ISC */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "test_gateway.h"

/*
 * The supervisor starts this program again as its children:
 * test-gateway --desk DIR serve [--process NAME]
 */
static int serve(int argc, char **argv)
{
	struct gateway_serve options = {.process = argc > 5 ? argv[5] : NULL};
	struct err e = {.class = ERR_NONE};
	if (gateway_serve(argv[2], &options, &e) == 1)
		return EX_OK;
	fprintf(stderr, "%s\n", e.text);
	return err_exit_status(e.class);
}

int main(int argc, char **argv)
{
	int failed = 0;

	if (argc > 3 && strcmp(argv[3], "serve") == 0)
		return serve(argc, argv);
	signal(SIGPIPE, SIG_IGN);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	failed += run_plain_tests();
	failed += run_link_tests();
	failed += run_imap_tests();
	failed += run_tls_tests();
	failed += run_smtp_tests();
	failed += run_serve_tests();
	return failed > 0;
}
