/*-------------------------------------------------------------------------
 *
 * wide.c
 *	  Unit test of the wide integers, the weights and the weighted tallies in
 *	  src/plain, outside a server.
 *
 * Prints TAP; exits with 1 if anything failed.  To build it:
 *
 *	  cc -std=c99 -Isrc -o wide test/unit/wide.c \
 *		  src/plain/{wide,weight,weighted}.c -lm
 *
 * The vectors were made with the integers of Python, which have any length.
 *
 *-------------------------------------------------------------------------
 */
#include "check.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "plain/weighted.h"

/* A limb of the vectors */
#define X(digits)	UINT64_C(0x##digits)

/*
 * Check that something holds of the case of that number.
 */
static void
Check(bool holds, const char *what, int which)
{
	Expect(holds, "%s, case %d", what, which);
}

static void
TestProducts(void)
{
	static const struct
	{
		NpsUint128	a;
		NpsUint128	b;
		NpsUint256	product;
	}			vectors[] = {
		{{{X(0000000000000000), X(0000000000000000)}},
			{{X(0000000000000000), X(0000000000000000)}},
			{{X(0000000000000000), X(0000000000000000),
			X(0000000000000000), X(0000000000000000)}}},
		{{{X(0000000000000001), X(0000000000000000)}},
			{{X(ffffffffffffffff), X(ffffffffffffffff)}},
			{{X(ffffffffffffffff), X(ffffffffffffffff),
			X(0000000000000000), X(0000000000000000)}}},
		{{{X(ffffffffffffffff), X(ffffffffffffffff)}},
			{{X(ffffffffffffffff), X(ffffffffffffffff)}},
			{{X(0000000000000001), X(0000000000000000),
			X(fffffffffffffffe), X(ffffffffffffffff)}}},
		{{{X(ffffffffffffffff), X(0000000000000000)}},
			{{X(ffffffffffffffff), X(0000000000000000)}},
			{{X(0000000000000001), X(fffffffffffffffe),
			X(0000000000000000), X(0000000000000000)}}},
		{{{X(0000000000000000), X(0000000000000001)}},
			{{X(0000000000000000), X(0000000000000001)}},
			{{X(0000000000000000), X(0000000000000000),
			X(0000000000000001), X(0000000000000000)}}},
		{{{X(098a223fffffffff), X(4b3b4ca85a86c47a)}},
			{{X(098a223fffffffff), X(4b3b4ca85a86c47a)}},
			{{X(ecebbb8000000001), X(e0ff0ca0bc87870b),
			X(0764b4abe8652978), X(161bcca7119915b5)}}},
		{{{X(ffffffffffffffff), X(0000000000000000)}},
			{{X(ffffffffffffffff), X(ffffffffffffffff)}},
			{{X(0000000000000001), X(ffffffffffffffff),
			X(fffffffffffffffe), X(0000000000000000)}}},
		{{{X(0000000edb5b5fab), X(0000000000000000)}},
			{{X(dae445508201e2bd), X(00613ad6965eda32)}},
			{{X(8b2366fed295973f), X(0be2764cae25800a),
			X(0000000005a487c6), X(0000000000000000)}}},
		{{{X(fffffffffffffffb), X(ffffffffffffffff)}},
			{{X(0000002fcb008853), X(0000000000000000)}},
			{{X(ffffff1108fd5661), X(ffffffffffffffff),
			X(0000002fcb008852), X(0000000000000000)}}},
		{{{X(fffffffffffffffd), X(ffffffffffffffff)}},
			{{X(fffffffffffffffb), X(ffffffffffffffff)}},
			{{X(000000000000000f), X(0000000000000000),
			X(fffffffffffffff8), X(ffffffffffffffff)}}},
		{{{X(fb710734986e86cb), X(000000000000000c)}},
			{{X(03d716849f8558a6), X(00000000000d4ea6)}},
			{{X(fcd48a50f2782fa2), X(0b0313817bd6224d),
			X(0000000000acc1c5), X(0000000000000000)}}},
		{{{X(30b17d0b09208a65), X(0000000000000070)}},
			{{X(000000000000000f), X(0000000000000000)}},
			{{X(da6653a588e81beb), X(0000000000000692),
			X(0000000000000000), X(0000000000000000)}}},
		{{{X(0000000012e923c4), X(0000000000000000)}},
			{{X(4b4d8474a3ea284d), X(000000000ffe2445)}},
			{{X(022502aa9ade61f4), X(012e6f17dfe63b37),
			X(0000000000000000), X(0000000000000000)}}},
		{{{X(ffffffffffffffff), X(ffffffffffffffff)}},
			{{X(000000000001a08a), X(0000000000000000)}},
			{{X(fffffffffffe5f76), X(ffffffffffffffff),
			X(000000000001a089), X(0000000000000000)}}},
		{{{X(4105cca7b53302fc), X(0000000000000142)}},
			{{X(11fa2ac0079dd25a), X(0000000c902a174f)}},
			{{X(a1919ff744edc498), X(9f3c7b8b0a88bc12),
			X(00000fd085d4dd4e), X(0000000000000000)}}},
		{{{X(ffffffffffffffff), X(ffffffffffffffff)}},
			{{X(f542441d111b8aaa), X(0001b1d20452ef05)}},
			{{X(0abdbbe2eee47556), X(fffe4e2dfbad10fa),
			X(f542441d111b8aa9), X(0001b1d20452ef05)}}},
		{{{X(ed52a24135b00a54), X(0000000007483ca6)}},
			{{X(fffffffffffffffc), X(ffffffffffffffff)}},
			{{X(4ab576fb293fd6b0), X(ffffffffe2df0d64),
			X(ed52a24135b00a53), X(0000000007483ca6)}}},
		{{{X(12b2a4146b77730f), X(0002848f90f5380e)}},
			{{X(fffffffffffffffa), X(ffffffffffffffff)}},
			{{X(8fd027857b334da6), X(fff0e4a29a40afab),
			X(12b2a4146b77730e), X(0002848f90f5380e)}}},
		{{{X(0000000000001000), X(0000000000000000)}},
			{{X(0000000000000000), X(1000000000000000)}},
			{{X(0000000000000000), X(0000000000000000),
			X(0000000000000100), X(0000000000000000)}}},
		{{{X(3f1347de2274ea18), X(0000000000005a7f)}},
			{{X(ffffffffffffffff), X(ffffffffffffffff)}},
			{{X(c0ecb821dd8b15e8), X(ffffffffffffa580),
			X(3f1347de2274ea17), X(0000000000005a7f)}}},
		{{{X(000000002d7c5048), X(0000000000000000)}},
			{{X(82450164728a6fcf), X(000000000030d0b1)}},
			{{X(88a198c105242238), X(0008ac6398d3654d),
			X(0000000000000000), X(0000000000000000)}}},
		{{{X(a4ca83b26b52b08d), X(000000000000623d)}},
			{{X(fffffffffffffffc), X(ffffffffffffffff)}},
			{{X(6cd5f13652b53dcc), X(fffffffffffe7709),
			X(a4ca83b26b52b08c), X(000000000000623d)}}},
		{{{X(dd44fd3645114889), X(0000000000000000)}},
			{{X(e286852cff769e37), X(0000000d050684bf)}},
			{{X(a747970d67a1236f), X(ed53b7a4011a2147),
			X(0000000b40d8d70e), X(0000000000000000)}}},
		{{{X(fffffffffffffff8), X(ffffffffffffffff)}},
			{{X(fd42e0440ac793f5), X(0000000000000257)}},
			{{X(15e8fddfa9c36058), X(ffffffffffffed40),
			X(fd42e0440ac793f4), X(0000000000000257)}}},
	};

	for (int i = 0; i < lengthof(vectors); i++)
	{
		NpsUint256	product = NpsMultiply128(&vectors[i].a, &vectors[i].b);
		NpsUint256	swapped = NpsMultiply128(&vectors[i].b, &vectors[i].a);
		NpsUint256	by_limb = NpsWiden(&vectors[i].a);
		NpsUint256	sum;

		Check(NpsCompare256(&product, &vectors[i].product) == 0, "product", i);
		Check(NpsCompare256(&swapped, &vectors[i].product) == 0, "swapped product", i);

		/* a * b = a * low + a * high * 2^64 */
		Check(NpsMultiplyInPlace(&by_limb, vectors[i].b.limb[0]) == 0, "carry", i);
		sum = NpsWiden(&vectors[i].a);
		NpsMultiplyInPlace(&sum, vectors[i].b.limb[1]);
		Check(sum.limb[3] == 0, "carry of the high limb", i);
		sum = (NpsUint256) {{0, sum.limb[0], sum.limb[1], sum.limb[2]}};
		Check(!NpsAdd256(&sum, &by_limb), "sum", i);
		Check(NpsCompare256(&sum, &vectors[i].product) == 0, "product by limbs", i);
	}
	Finish("products");
}

static void
TestSums(void)
{
	static const uint64_t limbs[] = {0, 1, UINT64_MAX - 1, UINT64_MAX};

	/* two limbs of each against all others, as carries go their ways */
	for (int i = 0; i < 256; i++)
	{
		NpsUint128	a = {{limbs[i & 3], limbs[i >> 2 & 3]}};
		NpsUint128	b = {{limbs[i >> 4 & 3], limbs[i >> 6]}};
		NpsUint128	sum = a;
		NpsUint128	difference = a;
		bool		overflow = NpsAdd128(&sum, &b);
		bool		borrow = NpsSubtract128(&difference, &b);
		uint64_t	low = a.limb[0] + b.limb[0];
		uint64_t	carry = low < a.limb[0];
		uint64_t	high = a.limb[1] + b.limb[1];

		Check(sum.limb[0] == low && sum.limb[1] == high + carry, "sum", i);
		Check(overflow == (high < a.limb[1] || (carry && high == UINT64_MAX)),
			  "overflow", i);
		Check(borrow == (NpsCompare128(&a, &b) < 0), "borrow", i);
		Check(NpsAdd128(&difference, &b) == borrow &&
			  NpsCompare128(&difference, &a) == 0, "a - b + b", i);
		Check(NpsSubtract128(&sum, &b) == overflow &&
			  NpsCompare128(&sum, &a) == 0, "a + b - b", i);
	}
	for (int i = 0; i < 100000; i++)
	{
		NpsUint256	a;
		NpsUint256	b;
		NpsUint256	sum;
		bool		overflow;

		for (int limb = 0; limb < 4; limb++)
		{
			a.limb[limb] = Random() % 3 == 0 ? limbs[Random() & 3] : Random();
			b.limb[limb] = Random() % 3 == 0 ? limbs[Random() & 3] : Random();
		}
		sum = a;
		overflow = NpsAdd256(&sum, &b);
		Check(overflow == (NpsCompare256(&sum, &a) < 0), "overflow of 256 bits", i);
		Check(NpsSubtract256(&sum, &b) == overflow &&
			  NpsCompare256(&sum, &a) == 0, "a + b - b of 256 bits", i);
		Check((NpsCompare256(&a, &b) < 0) == (NpsSubtract256(&sum, &b) != 0),
			  "borrow of 256 bits", i);
	}
	Finish("sums and differences");
}

static void
TestQuotients(void)
{
	static const struct
	{
		NpsUint128	part;
		NpsUint128	whole;
		uint64_t	factor;
		uint64_t	quotient;
	}			vectors[] = {
		{{{X(0000000000000000), X(0000000000000000)}},
			{{X(0000000000000001), X(0000000000000000)}},
			UINT64_C(1000000000000000000), UINT64_C(0)},
		{{{X(0000000000000001), X(0000000000000000)}},
			{{X(0000000000000001), X(0000000000000000)}},
			UINT64_C(1000000000000000000), UINT64_C(1000000000000000000)},
		{{{X(0000000000000001), X(0000000000000000)}},
			{{X(0000000000000002), X(0000000000000000)}},
			UINT64_C(1000000000000000000), UINT64_C(500000000000000000)},
		{{{X(0000000000000001), X(0000000000000000)}},
			{{X(0000000000000003), X(0000000000000000)}},
			UINT64_C(1000000000000000000), UINT64_C(333333333333333333)},
		{{{X(0000000000000002), X(0000000000000000)}},
			{{X(0000000000000003), X(0000000000000000)}},
			UINT64_C(1000000000000000000), UINT64_C(666666666666666667)},
		{{{X(098a223ffffffffe), X(4b3b4ca85a86c47a)}},
			{{X(098a223fffffffff), X(4b3b4ca85a86c47a)}},
			UINT64_C(1000000000000000000), UINT64_C(1000000000000000000)},
		{{{X(098a223fffffffff), X(4b3b4ca85a86c47a)}},
			{{X(098a223fffffffff), X(4b3b4ca85a86c47a)}},
			UINT64_C(1000000000000000000), UINT64_C(1000000000000000000)},
		{{{X(0000000000000001), X(0000000000000000)}},
			{{X(098a223fffffffff), X(4b3b4ca85a86c47a)}},
			UINT64_C(1000000000000000000), UINT64_C(0)},
		{{{X(b5e3af16b1880000), X(0000000000000002)}},
			{{X(098a224000000000), X(4b3b4ca85a86c47a)}},
			UINT64_C(1000000000000000000), UINT64_C(1)},
		{{{X(0000000000000000), X(4000000000000000)}},
			{{X(ffffffffffffffff), X(7fffffffffffffff)}},
			UINT64_C(9223372036854775807), UINT64_C(4611686018427387904)},
		{{{X(fffffffffffffffe), X(7fffffffffffffff)}},
			{{X(ffffffffffffffff), X(7fffffffffffffff)}},
			UINT64_C(9223372036854775807), UINT64_C(9223372036854775807)},
		{{{X(0000000000000001), X(0000000000000000)}},
			{{X(0000000000000002), X(0000000000000000)}},
			UINT64_C(3), UINT64_C(2)},
		{{{X(0000000000000001), X(0000000000000000)}},
			{{X(0000000000000004), X(0000000000000000)}},
			UINT64_C(2), UINT64_C(1)},
		{{{X(0000000000000001), X(0000000000000000)}},
			{{X(0000000000000004), X(0000000000000000)}},
			UINT64_C(1), UINT64_C(0)},
		{{{X(0000000197c49e5c), X(0000000000000000)}},
			{{X(0000000400000000), X(0000000000000000)}},
			UINT64_C(1000000000000000000), UINT64_C(398210977902635932)},
		{{{X(fffffffffffffc27), X(7fffffffffffffff)}},
			{{X(fffffffffffffffd), X(7fffffffffffffff)}},
			UINT64_C(1000000000000000000), UINT64_C(1000000000000000000)},
		{{{X(00000000000a104a), X(0000000000000000)}},
			{{X(27756991a0931ed4), X(000000000013e455)}},
			UINT64_C(3168108392524002658), UINT64_C(0)},
		{{{X(22f53088d69beaf3), X(000000000000002c)}},
			{{X(0c2282666be49ee7), X(0000000000000035)}},
			UINT64_C(3249299236850067771), UINT64_C(2703485304072708084)},
		{{{X(2ce933e185239574), X(0000000bede26c2e)}},
			{{X(ffffffffffffffff), X(000003ffffffffff)}},
			UINT64_C(1000000000000000000), UINT64_C(11649644711309391)},
		{{{X(fffffffffffffeec), X(003fffffffffffff)}},
			{{X(ffffffffffffffff), X(003fffffffffffff)}},
			UINT64_C(1000000000000000000), UINT64_C(1000000000000000000)},
		{{{X(fffffffffffffc6d), X(7fffffffffffffff)}},
			{{X(fffffffffffffffd), X(7fffffffffffffff)}},
			UINT64_C(1000000000000000000), UINT64_C(1000000000000000000)},
		{{{X(2318da592c2913cc), X(0000000000000000)}},
			{{X(e903aefa798c06fe), X(0000000000000000)}},
			UINT64_C(1434525157380188789), UINT64_C(216070977302763036)},
		{{{X(fffffffffffffffb), X(7fffffffffffffff)}},
			{{X(ffffffffffffffff), X(7fffffffffffffff)}},
			UINT64_C(1000000000000000000), UINT64_C(1000000000000000000)},
		{{{X(25b0edfbb7d86034), X(000000182d792748)}},
			{{X(15bdc39d5a11cca5), X(000001e4af65b9a4)}},
			UINT64_C(3054159403012680216), UINT64_C(152351142454184435)},
		{{{X(0000000000000000), X(0000000000000000)}},
			{{X(0000000000000003), X(0000000000000000)}},
			UINT64_C(1919597175293741462), UINT64_C(0)},
		{{{X(00000000000c00dc), X(0000000000000000)}},
			{{X(ffffffffffffffff), X(000000007fffffff)}},
			UINT64_C(1000000000000000000), UINT64_C(0)},
		{{{X(00000000000076f3), X(0000000000000000)}},
			{{X(0000000000007a8b), X(0000000000000000)}},
			UINT64_C(1000000000000000000), UINT64_C(970673552006630327)},
		{{{X(2b6b5fce84b580f9), X(0000000000c0f727)}},
			{{X(2b6b5fce84b58297), X(0000000000c0f727)}},
			UINT64_C(2924607364874192462), UINT64_C(2924607364874192462)},
		{{{X(5595de5dab3f99ce), X(00000000004761ad)}},
			{{X(36d51bffe1594dc4), X(0000000000626943)}},
			UINT64_C(1000000000000000000), UINT64_C(725339842228714289)},
		{{{X(0000000000061eea), X(0000000000000000)}},
			{{X(2b4c0859d26542ee), X(000000011ce262d6)}},
			UINT64_C(2277598133982403123), UINT64_C(0)},
		{{{X(131e2d4852023306), X(00080f73d42779f5)}},
			{{X(131e2d48520235bc), X(00080f73d42779f5)}},
			UINT64_C(1633527058989689048), UINT64_C(1633527058989689048)},
		{{{X(0000000000000003), X(0000000000000000)}},
			{{X(22c91b83a417a0fe), X(0000000000000000)}},
			UINT64_C(1000000000000000000), UINT64_C(1)},
		{{{X(1be8bf7c724c8f86), X(0000000000001428)}},
			{{X(1be8bf7c724c9052), X(0000000000001428)}},
			UINT64_C(1000000000000000000), UINT64_C(1000000000000000000)},
		{{{X(00000000000d9487), X(0000000000000000)}},
			{{X(39f90f812dd96b62), X(0000000000000002)}},
			UINT64_C(1000000000000000000), UINT64_C(21670)},
		{{{X(00edcd60bef8743a), X(0000000000000000)}},
			{{X(018d4895b8edb5e1), X(0000000000000000)}},
			UINT64_C(2536487577875522912), UINT64_C(1518266979562151703)},
		{{{X(00000000000cc5dc), X(0000000000000000)}},
			{{X(000000d1fb7a3b3b), X(0000000000000000)}},
			UINT64_C(1000000000000000000), UINT64_C(928167636469)},
		{{{X(00000000000430ac), X(0000000000000000)}},
			{{X(0000000000000000), X(0010000000000000)}},
			UINT64_C(72163971168509961), UINT64_C(0)},
		{{{X(000000000001f325), X(0000000000000000)}},
			{{X(5790db4f70dee693), X(0000000000000004)}},
			UINT64_C(1000000000000000000), UINT64_C(1595)},
		{{{X(0000000000000001), X(0000000000000000)}},
			{{X(0000000000000001), X(0000000000000000)}},
			UINT64_C(3873707611524796915), UINT64_C(3873707611524796915)},
		{{{X(000000000008fc08), X(0000000000000000)}},
			{{X(f2fbc7f994362459), X(058168bbb06670aa)}},
			UINT64_C(2410909772679404701), UINT64_C(0)},
	};

	for (int i = 0; i < lengthof(vectors); i++)
	{
		uint64_t	quotient = NpsRoundedQuotient(&vectors[i].part,
												  &vectors[i].whole,
												  vectors[i].factor);

		Expect(quotient == vectors[i].quotient,
			   "%" PRIu64 ", expected %" PRIu64, quotient,
			   vectors[i].quotient);
	}
	Finish("rounded quotients");
}

static void
TestDoubles(void)
{
	static const struct
	{
		NpsUint256	number;
		double		expected;
	}			vectors[] = {
		{{{X(0000000000000000), X(0000000000000000),
			X(0000000000000000), X(0000000000000000)}},
			0x0.0p+0},
		{{{X(0000000000000001), X(0000000000000000),
			X(0000000000000000), X(0000000000000000)}},
			0x1.0000000000000p+0},
		{{{X(0020000000000000), X(0000000000000000),
			X(0000000000000000), X(0000000000000000)}},
			0x1.0000000000000p+53},
		{{{X(0020000000000001), X(0000000000000000),
			X(0000000000000000), X(0000000000000000)}},
			0x1.0000000000000p+53},
		{{{X(0020000000000003), X(0000000000000000),
			X(0000000000000000), X(0000000000000000)}},
			0x1.0000000000002p+53},
		{{{X(0040000000000002), X(0000000000000000),
			X(0000000000000000), X(0000000000000000)}},
			0x1.0000000000000p+54},
		{{{X(0040000000000006), X(0000000000000000),
			X(0000000000000000), X(0000000000000000)}},
			0x1.0000000000002p+54},
		{{{X(ffffffffffffffff), X(0000000000000000),
			X(0000000000000000), X(0000000000000000)}},
			0x1.0000000000000p+64},
		{{{X(0000000000000000), X(0000000000000001),
			X(0000000000000000), X(0000000000000000)}},
			0x1.0000000000000p+64},
		{{{X(0000000000000001), X(0000000000000001),
			X(0000000000000000), X(0000000000000000)}},
			0x1.0000000000000p+64},
		{{{X(0000000000000000), X(0020000000000001),
			X(0000000000000000), X(0000000000000000)}},
			0x1.0000000000000p+117},
		{{{X(0000000000000001), X(0020000000000001),
			X(0000000000000000), X(0000000000000000)}},
			0x1.0000000000001p+117},
		{{{X(ffffffffffffffff), X(001fffffffffffff),
			X(0000000000000000), X(0000000000000000)}},
			0x1.0000000000000p+117},
		{{{X(ffffffffffffffff), X(ffffffffffffffff),
			X(0000000000000000), X(0000000000000000)}},
			0x1.0000000000000p+128},
		{{{X(098a224000000000), X(4b3b4ca85a86c47a),
			X(0000000000000000), X(0000000000000000)}},
			0x1.2ced32a16a1b1p+126},
		{{{X(0000000000000000), X(0000000000000000),
			X(0000000000000800), X(0000000000000001)}},
			0x1.0000000000000p+192},
		{{{X(0000000000000001), X(0000000000000000),
			X(0000000000000800), X(0000000000000001)}},
			0x1.0000000000001p+192},
		{{{X(ffffffffffffffff), X(ffffffffffffffff),
			X(00000000000007ff), X(0000000000000001)}},
			0x1.0000000000000p+192},
		{{{X(ffffffffffffffff), X(ffffffffffffffff),
			X(ffffffffffffffff), X(ffffffffffffffff)}},
			0x1.0000000000000p+256},
		{{{X(0000000000000000), X(0000000000000000),
			X(0000000000000000), X(fffffffffffffc00)}},
			0x1.0000000000000p+256},
		{{{X(ffffffffffffffff), X(ffffffffffffffff),
			X(ffffffffffffffff), X(fffffffffffffbff)}},
			0x1.fffffffffffffp+255},
		{{{X(0000000000000000), X(7775a5f171951000),
			X(0764b4abe8652979), X(161bcca7119915b5)}},
			0x1.61bcca7119916p+252},
		{{{X(ffffffffffffffff), X(00000003ffffffff),
			X(0000000000000000), X(0000000000000000)}},
			0x1.0000000000000p+98},
		{{{X(d9cc24c34df0d47a), X(f7ebb52024226d81),
			X(0010c6758b723f2c), X(0000000000000000)}},
			0x1.0c6758b723f2dp+180},
		{{{X(0000000000000000), X(0000000000000000),
			X(0000000000000001), X(0000000000000000)}},
			0x1.0000000000000p+128},
		{{{X(0000000000000080), X(0000000000000000),
			X(0000000000000000), X(0000000000000000)}},
			0x1.0000000000000p+7},
		{{{X(fffffffffffffffc), X(ffffffffffffffff),
			X(ffffffffffffffff), X(ffffffffffffffff)}},
			0x1.0000000000000p+256},
		{{{X(fffffffffffffff8), X(ffffffffffffffff),
			X(ffffffffffffffff), X(ffffffffffffffff)}},
			0x1.0000000000000p+256},
		{{{X(fffffffffffffff8), X(ffffffffffffffff),
			X(ffffffffffffffff), X(ffffffffffffffff)}},
			0x1.0000000000000p+256},
		{{{X(00090180fd496ca3), X(0000000000000000),
			X(0000000000000000), X(0000000000000000)}},
			0x1.20301fa92d946p+51},
		{{{X(ffffffffffffffff), X(ffffffffffffffff),
			X(ffffffffffffffff), X(ffffffffffffffff)}},
			0x1.0000000000000p+256},
		{{{X(89e9414eee4a9a3b), X(69ed1938757cc12a),
			X(000000000000ebb8), X(0000000000000000)}},
			0x1.d770d3da3270fp+143},
	};

	for (int i = 0; i < lengthof(vectors); i++)
	{
		const uint64_t *limb = vectors[i].number.limb;
		NpsUint128	low = {{limb[0], limb[1]}};

		Check(NpsToDouble256(&vectors[i].number) == vectors[i].expected,
			  "double of 256 bits", i);
		if ((limb[2] | limb[3]) == 0)
			Check(NpsToDouble128(&low) == vectors[i].expected,
				  "double of 128 bits", i);
	}
	Finish("doubles next to wide integers");
}

static void
TestDecimals(void)
{
	static const struct
	{
		NpsUint256	units;
		int			places;
		const char *text;
	}			vectors[] = {
		{{{X(0000000000000000), X(0000000000000000),
			X(0000000000000000), X(0000000000000000)}}, 0,
			"0"},
		{{{X(0000000000000000), X(0000000000000000),
			X(0000000000000000), X(0000000000000000)}}, 36,
			"0"},
		{{{X(0000000000000001), X(0000000000000000),
			X(0000000000000000), X(0000000000000000)}}, 36,
			"0.000000000000000000000000000000000001"},
		{{{X(0000000000000001), X(0000000000000000),
			X(0000000000000000), X(0000000000000000)}}, 0,
			"1"},
		{{{X(000000000000000a), X(0000000000000000),
			X(0000000000000000), X(0000000000000000)}}, 1,
			"1"},
		{{{X(00000000000004e2), X(0000000000000000),
			X(0000000000000000), X(0000000000000000)}}, 2,
			"12.5"},
		{{{X(b34b9f1000000000), X(00c097ce7bc90715),
			X(0000000000000000), X(0000000000000000)}}, 36,
			"1"},
		{{{X(00f436a000000000), X(0785ee10d5da46d9),
			X(0000000000000000), X(0000000000000000)}}, 36,
			"10"},
		{{{X(ffffffffffffffff), X(ffffffffffffffff),
			X(ffffffffffffffff), X(ffffffffffffffff)}}, 0,
			"11579208923731619542357098500868790785326998466564"
			"0564039457584007913129639935"},
		{{{X(ffffffffffffffff), X(ffffffffffffffff),
			X(ffffffffffffffff), X(ffffffffffffffff)}}, 36,
			"115792089237316195423570985008687907853269.9846656"
			"40564039457584007913129639935"},
		{{{X(b9f560ffffffffff), X(6329f1c35ca4bfab),
			X(000000000000001d), X(0000000000000000)}}, 36,
			"9999.999999999999999999999999999999999999"},
		{{{X(359cb8bcf0500000), X(0000000027e41b32),
			X(0000000000000000), X(0000000000000000)}}, 18,
			"12345678900"},
		{{{X(0de0b6b3a763ffff), X(0000000000000000),
			X(0000000000000000), X(0000000000000000)}}, 18,
			"0.999999999999999999"},
		{{{X(06f05b59d3b20000), X(0000000000000000),
			X(0000000000000000), X(0000000000000000)}}, 18,
			"0.5"},
		{{{X(ffffffffffffffff), X(ffffffffffffffff),
			X(0000000000000000), X(0000000000000000)}}, 18,
			"340282366920938463463.374607431768211455"},
		{{{X(000000003b9aca00), X(0000000000000000),
			X(0000000000000000), X(0000000000000000)}}, 0,
			"1000000000"},
		{{{X(000000003b9aca00), X(0000000000000000),
			X(0000000000000000), X(0000000000000000)}}, 9,
			"1"},
		{{{X(9fd0803ce8000001), X(00000000033b2e3c),
			X(0000000000000000), X(0000000000000000)}}, 9,
			"1000000000000000000.000000001"},
	};
	static const char *const malformed[] = {
		"", "-1", "+1", " 1", ".5", "5.", "00", "01", "00.5", "1.50", "1.0",
		"0.0", ".", "e", "0x1", "1.000000000000000000000000000000000000",
		"0.0000000000000000000000000000000000001", "\xd9\xa1"
	};
	char		text[NPS_DECIMAL_SIZE];
	NpsUint256	units;

	for (int i = 0; i < lengthof(vectors); i++)
	{
		const char *end = vectors[i].text;
		size_t		length = NpsWriteDecimal(&vectors[i].units,
											 vectors[i].places, text);

		Check(strcmp(text, vectors[i].text) == 0 && strlen(text) == length,
			  "text", i);
		Check(NpsReadDecimal(&end, vectors[i].places, &units) ==
			  NPS_DECIMAL_TEXT_VALID && *end == '\0' &&
			  NpsCompare256(&units, &vectors[i].units) == 0, "number", i);
	}
	for (int i = 0; i < lengthof(malformed); i++)
	{
		const char *end = malformed[i];

		Check(NpsReadDecimal(&end, 36, &units) == NPS_DECIMAL_TEXT_MALFORMED ||
			  *end != '\0', "malformed", i);
	}

	/* 2^256, and the largest number with a place more */
	{
		const char *end = "115792089237316195423570985008687907853269984665640564039457584007913129639936";

		Check(NpsReadDecimal(&end, 0, &units) == NPS_DECIMAL_TEXT_OUT_OF_RANGE,
			  "too large", 0);
		end = "115792089237316195423570985008687907853269984665640564039457584007913129639935";
		Check(NpsReadDecimal(&end, 1, &units) == NPS_DECIMAL_TEXT_OUT_OF_RANGE,
			  "too large", 1);
		end = "1,";
		Check(NpsReadDecimal(&end, 0, &units) == NPS_DECIMAL_TEXT_VALID &&
			  *end == ',', "what follows", 0);
	}
	Finish("decimals as text");
}

/*
 * The weight as printf writes it: 15 digits, and below 0.001 the 18 places.
 */
static bool
PrintedWeight(double weight, NpsUint256 *units)
{
	char		text[64];
	char		decimal[64];
	const char *end = decimal;
	size_t		length = 0;

	if (weight >= 1e-3)
	{
		int			exponent;

		/* 1.23456789012345e+02 */
		snprintf(text, sizeof(text), "%.14e", weight);
		exponent = atoi(strchr(text, 'e') + 1);
		if (exponent >= 20)
			return false;
		for (int i = exponent; i < 0; i++)
		{
			decimal[length++] = '0';
			if (i == exponent)
				decimal[length++] = '.';
		}
		for (const char *digit = text; *digit != 'e'; digit++)
		{
			if (*digit == '.')
				continue;
			decimal[length++] = *digit;
			if (exponent-- == 0)
				decimal[length++] = '.';
		}
		while (exponent >= 0)
		{
			decimal[length++] = '0';
			exponent--;
		}
		decimal[length] = '\0';
	}
	else
		length = (size_t) snprintf(decimal, sizeof(decimal), "%.18f", weight);

	if (strchr(decimal, '.') != NULL)
	{
		while (decimal[length - 1] == '0')
			length--;
		if (decimal[length - 1] == '.')
			length--;
		decimal[length] = '\0';
	}
	return NpsReadDecimal(&end, NPS_WEIGHT_PLACES, units) ==
		NPS_DECIMAL_TEXT_VALID && *end == '\0';
}

/*
 * Check that a weight is what printf makes of it.
 */
static void
Weight(double weight)
{
	NpsUint128	units = {{0}};
	NpsUint256	wide;
	NpsUint256	printed = {{0}};
	bool		is_weight = NpsWeightToUnits(weight, &units);

	wide = NpsWiden(&units);
	Expect(is_weight == PrintedWeight(weight, &printed) &&
		   (!is_weight || NpsCompare256(&wide, &printed) == 0),
		   "weight %.17g", weight);
}

static void
TestWeights(void)
{
	static const double no_weights[] = {
		-1.0, -5e-324, 1e20, 1e300, 99999999999999983616.0,
		INFINITY, -INFINITY, NAN
	};
	NpsUint128	units;

	for (int i = 0; i < lengthof(no_weights); i++)
		Check(!NpsWeightToUnits(no_weights[i], &units), "no weight", i);
	Check(NpsWeightToUnits(-0.0, &units) && NpsIsZero128(&units), "-0", 0);
	Check(NpsWeightToUnits(4.9e-19, &units) && NpsIsZero128(&units), "below half a unit", 0);
	Check(NpsWeightToUnits(5.1e-19, &units) && units.limb[0] == 1, "above half a unit", 0);
	Check(NpsWeightToUnits(0.1, &units) &&
		  units.limb[0] == UINT64_C(100000000000000000) && units.limb[1] == 0, "0.1", 0);
	Finish("what is a weight");

	/* around powers of ten and of two, where decades and shifts change */
	for (int exponent = -20; exponent <= 19; exponent++)
	{
		double		power = pow(10.0, exponent);
		double		next = power;

		for (int i = 0; i < 20; i++)
		{
			Weight(next);
			next = nextafter(next, INFINITY);
		}
		next = power;
		for (int i = 0; i < 20; i++)
		{
			next = nextafter(next, 0.0);
			Weight(next);
		}
	}
	for (int exponent = -70; exponent <= 66; exponent++)
	{
		Weight(ldexp(1.0, exponent));
		Weight(nextafter(ldexp(1.0, exponent), 0.0));
		Weight(ldexp(1.0 + (double) (Random() >> 12) * 0x1p-52, exponent));
	}
	Finish("weights where decades and shifts change");

	for (int i = 0; i < 300000; i++)
	{
		double		fraction = RandomFraction();

		/* any, with few places, and halfway between two of 15 digits */
		Weight(pow(10.0, 40.0 * fraction - 20.0));
		Weight(floor(1e6 * fraction) / pow(10.0, (double) (Random() % 8)));
		Weight(((double) (Random() >> 17) + 0.5) *
			   pow(10.0, (double) (Random() % 5)));
		Weight(ldexp((double) (Random() >> 16 | 1),
					 -1 - (int) (Random() % 50)));
	}
	Finish("weights as printf writes them");
}

/*
 * A weighted tally of so many random responses.
 */
static NpsWeightedTally
RandomTally(int responses)
{
	NpsWeightedTally tally = {{{0}}, {{{0}}}, {{{0}}}};

	for (int i = 0; i < responses; i++)
	{
		NpsUint128	units;

		NpsWeightToUnits(pow(10.0, (double) (Random() % 30) - 12.0) *
						 (1.0 + (double) (Random() >> 12) * 0x1p-52), &units);
		NpsWeightedCount(&tally, (NpsCategory) (Random() % 3), &units);
	}
	return tally;
}

/* Are both tallies the same, to the last bit? */
static bool
Same(const NpsWeightedTally *a, const NpsWeightedTally *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

static void
TestAlgebra(void)
{
	Check(sizeof(NpsWeightedTally) == 168, "size", 0);
	for (int i = 0; i < 20000; i++)
	{
		NpsWeightedTally a = RandomTally((int) (Random() % 12));
		NpsWeightedTally b = RandomTally((int) (Random() % 12));
		NpsWeightedTally sum = a;
		NpsWeightedTally swapped = b;
		NpsWeightedTally read;
		char		text[NPS_WEIGHTED_SIZE];

		Check(NpsWeightedIsValid(&a), "valid", i);
		Check(NpsWeightedAdd(&sum, &b) && NpsWeightedAdd(&swapped, &a), "sum", i);
		Check(Same(&sum, &swapped), "a + b = b + a", i);
		Check(NpsWeightedIsValid(&sum), "valid sum", i);
		Check(NpsWeightedIsPart(&a, &sum), "part", i);
		Check(NpsWriteWeighted(&sum, text) == strlen(text) &&
			  NpsReadWeighted(text, &read) == NPS_WEIGHTED_TEXT_VALID &&
			  Same(&read, &sum), "text", i);
		Check(NpsWeightedSubtract(&sum, &b) && Same(&sum, &a), "a + b - b = a", i);
		if (NpsTallyTotal(&b.responses) > 0)
		{
			Check(!NpsWeightedSubtract(&a, &swapped) && Same(&sum, &a),
				  "more than the whole", i);
			if (NpsTallyTotal(&b.responses) > 1)
			{
				/* two random weights are equal once in 10^15 times */
				Check(!NpsWeightsAreEqual(&b), "different weights", i);
			}
		}
	}
	for (int i = 0; i < 20000; i++)
	{
		NpsTally	tally = {{(int64_t) (Random() >> (2 + Random() % 62)),
			(int64_t) (Random() >> (3 + Random() % 61)),
			(int64_t) (Random() >> (3 + Random() % 61))}};
		NpsWeightedTally weighted = NpsWeightedOfTally(&tally);

		Check(NpsWeightedIsValid(&weighted), "valid cast", i);
		if (NpsTallyTotal(&tally) > 0)
			Check(NpsWeightsAreEqual(&weighted), "equal weights", i);
	}
	Finish("the algebra of weighted tallies");
}

/*
 * Check what a text is, read as a weighted tally.
 */
static void
Text(const char *text, NpsWeightedText expected)
{
	NpsWeightedTally tally;
	NpsWeightedText outcome = NpsReadWeighted(text, &tally);

	Expect(outcome == expected, "\"%s\": %d, expected %d", text, outcome,
		   expected);
}

static void
TestTexts(void)
{
	static const char *const valid[] = {
		"((0,0,0),(0,0,0),(0,0,0))",
		"((3,3,4),(4.5,2.5,4.5),(7.25,2.25,6.25))",
		"((1,0,0),(0.000000000000000001,0,0),(0.000000000000000000000000000000000001,0,0))",
		"((0,0,1),(0,0,99999999999999999999.999999999999999999),"
		"(0,0,9999999999999999999999999999999999999800.000000000000000000000000000000000001))",
		"((9223372036854775807,0,0),(9223372036854775807,0,0),(9223372036854775807,0,0))"
	};
	static const char *const malformed[] = {
		"", "(", "()", "((0,0,0))", "((0,0,0),(0,0,0))", "((0,0,0),(0,0,0),(0,0,0)",
		"((0,0,0),(0,0,0),(0,0,0)))", "((0,0,0),(0,0,0),(0,0,0)) ",
		" ((0,0,0),(0,0,0),(0,0,0))", "((0,0,0), (0,0,0),(0,0,0))",
		"((0,0,0),(0,0,0),(0,0))", "((1.5,0,0),(1,0,0),(1,0,0))",
		"((1,0,0),(1.0,0,0),(1,0,0))", "((1,0,0),(1e0,0,0),(1,0,0))",
		"((-1,0,0),(1,0,0),(1,0,0))", "((1,0,0),(.5,0,0),(0.25,0,0))",
		"((1,0,0),(1.0000000000000000001,0,0),(1,0,0))",
		"((1,0,0),(NaN,0,0),(1,0,0))", "((01,0,0),(1,0,0),(1,0,0))",
		"(0,0,0)"
	};
	static const char *const out_of_range[] = {
		"((1,0,0),(0,0,0),(0,0,0))", "((0,0,0),(1,0,0),(1,0,0))",
		"((1,0,0),(1,0,0),(0,0,0))",	/* all of a category or none */
		"((1,0,0),(1,0,0),(1.1,0,0))", "((1,0,0),(1,0,0),(0.9,0,0))",
		"((2,0,0),(2,0,0),(1.9,0,0))", "((2,0,0),(2,0,0),(4.1,0,0))",
		"((0,2,0),(0,2,0),(0,1.999999999999999999999999999999999999,0))",
		"((9223372036854775807,1,0),(1,1,0),(1,1,0))",
		"((9223372036854775808,0,0),(1,0,0),(1,0,0))",
		"((18446744073709551617,0,0),(1,0,0),(1,0,0))",
		"((1,0,0),(100000000000000000000,0,0),(10000000000000000000000000000000000000000,0,0))",
		"((1,1,0),(50000000000000000000,50000000000000000000,0),"
		"(2500000000000000000000000000000000000000,2500000000000000000000000000000000000000,0))",
		"((1,0,0),(340282366920938463463374607431768211457,0,0),(1,0,0))",
		"((1,0,0),(1,0,0),(999999999999999999999999999999999999999999999999999999999999999999999999999999,0,0))"
	};

	for (int i = 0; i < lengthof(valid); i++)
		Text(valid[i], NPS_WEIGHTED_TEXT_VALID);
	for (int i = 0; i < lengthof(malformed); i++)
		Text(malformed[i], NPS_WEIGHTED_TEXT_MALFORMED);
	for (int i = 0; i < lengthof(out_of_range); i++)
		Text(out_of_range[i], NPS_WEIGHTED_TEXT_OUT_OF_RANGE);
	Finish("weighted tallies as text");
}

static void
TestLimits(void)
{
	NpsUint128	units;
	NpsUint128	one = {{1, 0}};
	NpsWeightedTally tally = {{{0}}, {{{0}}}, {{{0}}}};
	NpsWeightedTally before;
	NpsTally	full = {{INT64_MAX, 0, 0}};

	/* 10^20 less a unit, and no more */
	units.limb[0] = NPS_WEIGHT_LIMIT_LOW;
	units.limb[1] = NPS_WEIGHT_LIMIT_HIGH;
	NpsSubtract128(&units, &one);
	Check(NpsWeightedCount(&tally, NPS_PASSIVE, &units), "all weight there is", 0);
	Check(NpsWeightedIsValid(&tally), "valid", 0);
	before = tally;
	Check(!NpsWeightedCount(&tally, NPS_PROMOTER, &one) &&
		  Same(&tally, &before), "a unit too much", 0);
	tally = NpsWeightedOne(NPS_PROMOTER, &one);
	Check(!NpsWeightedAdd(&tally, &before), "a sum too much", 0);

	tally = NpsWeightedOfTally(&full);
	Check(NpsWeightedIsValid(&tally), "all responses there are", 0);
	Check(!NpsWeightedCount(&tally, NPS_DETRACTOR, &one), "a response too many", 0);
	before = NpsWeightedOne(NPS_PASSIVE, &one);
	Check(!NpsWeightedAdd(&tally, &before), "a tally too many", 0);

	/* a part by each number, but not by what is left */
	Check(NpsReadWeighted("((2,0,0),(3,0,0),(5,0,0))", &tally) == NPS_WEIGHTED_TEXT_VALID &&
		  NpsReadWeighted("((1,0,0),(1.5,0,0),(2.25,0,0))", &before) == NPS_WEIGHTED_TEXT_VALID &&
		  NpsWeightedIsPart(&before, &tally) &&
		  !NpsWeightedSubtract(&tally, &before), "no such part", 0);
	Finish("limits");
}

int
main(void)
{
	TestProducts();
	TestSums();
	TestQuotients();
	TestDoubles();
	TestDecimals();
	TestWeights();
	TestAlgebra();
	TestTexts();
	TestLimits();

	return Report();
}
