
# A costly test program uses this module, and then runs only where PG_TEST_EXTRA
# names it, as core's costly tests do.  make test names them all.

package NPS::Costly;

use strict;
use warnings;

use File::Basename;
use Test::More;

sub import
{
	my ($name) = basename($0) =~ /^\d+_(\w+)\.pl$/;

	plan skip_all => "costly, and PG_TEST_EXTRA does not name $name"
	  if ($ENV{PG_TEST_EXTRA} // '') !~ /(^|\s)$name(\s|$)/;
	return;
}

1;
