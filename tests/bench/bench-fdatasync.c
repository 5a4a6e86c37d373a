/* SPDX-License-Identifier: ISC */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/*
 * Raw fdatasync per second of appended 4 KiB blocks, in the folder of the
 * first argument: to be shown beside every durable figure, since it varies
 * tenfold between machines.
 */
#define BLOCK 4096
#define SECONDS 1.0

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	static const char block[BLOCK];
	char path[4096];
	double start, seconds;
	long n = 0;
	int fd;

	snprintf(path, sizeof(path), "%s/bench-fdatasync-XXXXXX", argc > 1 ? argv[1] : ".");
	fd = mkstemp(path);
	if (fd < 0 || unlink(path)) {
		perror(path);
		return 1;
	}
	start = now();
	do {
		if (write(fd, block, sizeof(block)) != BLOCK || fdatasync(fd)) {
			perror(path);
			return 1;
		}
		n++;
		seconds = now() - start;
	} while (seconds < SECONDS);
	close(fd);
	printf("fdatasync raw per_s=%.0f\n", (double)n / seconds);
	return 0;
}
