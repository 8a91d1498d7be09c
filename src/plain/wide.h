/*-------------------------------------------------------------------------
 *
 * wide.h
 *	  Unsigned integers of 128 and 256 bits.
 *
 * Plain C99 that knows nothing of PostgreSQL.  Both are limbs of 64 bits, the
 * lowest first, on every machine: that is how they stand in memory and on
 * disk.  Where the compiler has a 128-bit integer, products come from it, else
 * from halves of 32 bits; a test defines NPS_WITHOUT_INT128 and compares.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NPS_WIDE_H
#define NPS_WIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct NpsUint128
{
	uint64_t	limb[2];		/* the lowest first */
} NpsUint128;

typedef struct NpsUint256
{
	uint64_t	limb[4];		/* the lowest first */
} NpsUint256;

#if defined(__SIZEOF_INT128__) && !defined(NPS_WITHOUT_INT128)
#define NPS_NATIVE_INT128
__extension__ typedef unsigned __int128 NpsNative128;
#endif

/*
 * Adds the limbs to those of the sum; returns what is carried out, 0 or 1.
 */
static inline uint64_t
NpsAddLimbs(uint64_t *sum, const uint64_t *addend, int limbs)
{
	uint64_t	carry = 0;

	for (int i = 0; i < limbs; i++)
	{
		uint64_t	partial = sum[i] + carry;

		carry = partial < carry;
		sum[i] = partial + addend[i];
		carry += sum[i] < partial;
	}
	return carry;
}

/*
 * Takes the limbs away from those of the difference; returns what is borrowed,
 * 0 or 1.
 */
static inline uint64_t
NpsSubtractLimbs(uint64_t *difference, const uint64_t *subtrahend, int limbs)
{
	uint64_t	borrow = 0;

	for (int i = 0; i < limbs; i++)
	{
		uint64_t	partial = difference[i] - borrow;

		borrow = partial > difference[i];
		difference[i] = partial - subtrahend[i];
		borrow += difference[i] > partial;
	}
	return borrow;
}

/*
 * Below zero, zero or above, as a is less than, equal to or greater than b.
 */
static inline int
NpsCompareLimbs(const uint64_t *a, const uint64_t *b, int limbs)
{
	for (int i = limbs - 1; i >= 0; i--)
	{
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	}
	return 0;
}

/* Adds to a number of 128 bits; is the sum too large for it? */
static inline bool
NpsAdd128(NpsUint128 *sum, const NpsUint128 *addend)
{
	return NpsAddLimbs(sum->limb, addend->limb, 2) != 0;
}

/* Adds to a number of 256 bits; is the sum too large for it? */
static inline bool
NpsAdd256(NpsUint256 *sum, const NpsUint256 *addend)
{
	return NpsAddLimbs(sum->limb, addend->limb, 4) != 0;
}

/* Subtracts from a number of 128 bits; was it smaller than that? */
static inline bool
NpsSubtract128(NpsUint128 *difference, const NpsUint128 *subtrahend)
{
	return NpsSubtractLimbs(difference->limb, subtrahend->limb, 2) != 0;
}

/* Subtracts from a number of 256 bits; was it smaller than that? */
static inline bool
NpsSubtract256(NpsUint256 *difference, const NpsUint256 *subtrahend)
{
	return NpsSubtractLimbs(difference->limb, subtrahend->limb, 4) != 0;
}

/* Compares as NpsCompareLimbs() does. */
static inline int
NpsCompare128(const NpsUint128 *a, const NpsUint128 *b)
{
	return NpsCompareLimbs(a->limb, b->limb, 2);
}

/* Compares as NpsCompareLimbs() does. */
static inline int
NpsCompare256(const NpsUint256 *a, const NpsUint256 *b)
{
	return NpsCompareLimbs(a->limb, b->limb, 4);
}

/* Is the number 0? */
static inline bool
NpsIsZero128(const NpsUint128 *number)
{
	return (number->limb[0] | number->limb[1]) == 0;
}

/* Is the number 0? */
static inline bool
NpsIsZero256(const NpsUint256 *number)
{
	return (number->limb[0] | number->limb[1] |
			number->limb[2] | number->limb[3]) == 0;
}

/*
 * The product of two limbs.
 */
static inline NpsUint128
NpsMultiply64(uint64_t a, uint64_t b)
{
	NpsUint128	product;

#ifdef NPS_NATIVE_INT128
	NpsNative128 native = (NpsNative128) a * b;

	product.limb[0] = (uint64_t) native;
	product.limb[1] = (uint64_t) (native >> 64);
#else
	uint64_t	low = (a & UINT32_MAX) * (b & UINT32_MAX);
	uint64_t	middle = (a >> 32) * (b & UINT32_MAX) + (low >> 32);
	uint64_t	other = (a & UINT32_MAX) * (b >> 32) + (middle & UINT32_MAX);

	product.limb[0] = (other << 32) | (low & UINT32_MAX);
	product.limb[1] = (a >> 32) * (b >> 32) + (middle >> 32) + (other >> 32);
#endif
	return product;
}

/*
 * The product of two numbers of 128 bits.
 */
static inline NpsUint256
NpsMultiply128(const NpsUint128 *a, const NpsUint128 *b)
{
	NpsUint256	product = {{0}};
	NpsUint128	partial;
	uint64_t	carry;

	partial = NpsMultiply64(a->limb[0], b->limb[0]);
	product.limb[0] = partial.limb[0];
	product.limb[1] = partial.limb[1];
	if ((a->limb[1] | b->limb[1]) == 0)
		return product;

	partial = NpsMultiply64(a->limb[1], b->limb[1]);
	product.limb[2] = partial.limb[0];
	product.limb[3] = partial.limb[1];

	partial = NpsMultiply64(a->limb[0], b->limb[1]);
	carry = NpsAddLimbs(product.limb + 1, partial.limb, 2);
	product.limb[3] += carry;
	partial = NpsMultiply64(a->limb[1], b->limb[0]);
	carry = NpsAddLimbs(product.limb + 1, partial.limb, 2);
	product.limb[3] += carry;
	return product;
}

/* The square of a number of 128 bits. */
static inline NpsUint256
NpsSquare128(const NpsUint128 *number)
{
	return NpsMultiply128(number, number);
}

/* The same number of 256 bits. */
static inline NpsUint256
NpsWiden(const NpsUint128 *number)
{
	NpsUint256	wide = {{number->limb[0], number->limb[1], 0, 0}};

	return wide;
}

/* What the text form of a number needs at most, the closing zero included */
#define NPS_DECIMAL_SIZE	(78 + 2 + 1)

/* What a text is, read as a number */
typedef enum NpsDecimalText
{
	NPS_DECIMAL_TEXT_VALID,
	NPS_DECIMAL_TEXT_MALFORMED,
	NPS_DECIMAL_TEXT_OUT_OF_RANGE	/* well formed, but too large */
} NpsDecimalText;

extern uint64_t NpsMultiplyInPlace(NpsUint256 *number, uint64_t factor);
extern uint64_t NpsRoundedQuotient(const NpsUint128 *part,
								   const NpsUint128 *whole, uint64_t factor);
extern double NpsToDouble128(const NpsUint128 *number);
extern double NpsToDouble256(const NpsUint256 *number);
extern size_t NpsWriteDecimal(const NpsUint256 *units, int places, char *text);
extern NpsDecimalText NpsReadDecimal(const char **text, int places,
									 NpsUint256 *units);

#endif							/* NPS_WIDE_H */
