
# What somebody else sees: SQL run as a role.

package NPS::Roles;

use strict;
use warnings;

use Exporter 'import';

our @EXPORT = qw(roles_of as_role);

my ($node, $database);

# The server and the database that as_role() means.
sub roles_of
{
	($node, $database) = @_;
	return;
}

# Runs SQL as a role, and returns all that psql prints.
sub as_role
{
	my ($role, $sql, $elsewhere) = @_;
	my (undef, $stdout, $stderr) =
	  $node->psql($elsewhere || $database, $sql, extra_params => [ '-U', $role ]);

	return join "\n", grep { $_ ne '' } $stdout, $stderr;
}

1;
