/*-------------------------------------------------------------------------
 *
 * normal.h
 *	  The standard normal distribution.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NPS_NORMAL_H
#define NPS_NORMAL_H

extern double NpsNormalUpperTail(double z);
extern double NpsNormalQuantile(double probability);
extern double NpsNormalCentralQuantile(double probability);

#endif							/* NPS_NORMAL_H */
