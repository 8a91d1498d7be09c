/*-------------------------------------------------------------------------
 *
 * module.c
 *	  The mark by which the server knows that this library was built for it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"

#ifdef PG_MODULE_MAGIC_EXT
PG_MODULE_MAGIC_EXT(
					.name = "nps",
					.version = NPS_VERSION
);
#else
PG_MODULE_MAGIC;
#endif
