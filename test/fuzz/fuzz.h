/*-------------------------------------------------------------------------
 *
 * fuzz.h
 *	  What the fuzz harnesses share.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NPS_FUZZ_H
#define NPS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Ends the program, which libFuzzer takes for a crash and keeps the input,
 * where what must hold does not; says what was seen instead.
 */
#define Require(holds, ...) \
	do { \
		if (!(holds)) \
		{ \
			fprintf(stderr, "%s:%d: does not hold: %s\n", \
					__FILE__, __LINE__, #holds); \
			fprintf(stderr, __VA_ARGS__); \
			fprintf(stderr, "\n"); \
			abort(); \
		} \
	} while (0)

/* Bytes that are taken one after the other; past their end all are 0. */
typedef struct Bytes
{
	const uint8_t *next;
	size_t		left;
} Bytes;

/*
 * Takes as many bytes as fill the place.
 */
static inline void
TakeBytes(Bytes *bytes, void *place, size_t size)
{
	size_t		taken = size < bytes->left ? size : bytes->left;

	memset(place, 0, size);
	if (taken == 0)
		return;
	memcpy(place, bytes->next, taken);
	bytes->next += taken;
	bytes->left -= taken;
}

/*
 * Takes a byte.
 */
static inline uint8_t
TakeByte(Bytes *bytes)
{
	uint8_t		byte;

	TakeBytes(bytes, &byte, sizeof(byte));
	return byte;
}

/*
 * Takes a number of 64 bits.
 */
static inline uint64_t
TakeNumber(Bytes *bytes)
{
	uint64_t	number;

	TakeBytes(bytes, &number, sizeof(number));
	return number;
}

#endif							/* NPS_FUZZ_H */
