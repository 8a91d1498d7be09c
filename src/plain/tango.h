/*-------------------------------------------------------------------------
 *
 * tango.h
 *	  The score method of Tango: what goes with a score, were it the true one.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NPS_TANGO_H
#define NPS_TANGO_H

#include "plain/sample.h"

extern double NpsTangoVariance(NpsShares shares, double net, double rest);
extern double NpsTangoLower(NpsShares shares, double responses,
							double critical);
extern double NpsTangoUpper(NpsShares shares, double responses,
							double critical);
extern double NpsStandardErrors(double difference, double standard_error);

#endif							/* NPS_TANGO_H */
