# Runs the programs of a page: its blocks marked python, javascript, java or go, of
# the languages that LANGUAGES names, each in a folder of its own, on a database
# survey that is made anew.  A plain block that follows is what a program prints.
use strict;
use warnings;

my ($page) = @ARGV;
open(my $in, '<', $page) or die "$page: $!\n";
my $text = do { local $/; <$in> };

my %run = (
	python => [ 'program.py', '/usr/bin/python3 program.py' ],
	javascript => [ 'program.mjs', 'NODE_NO_WARNINGS=1 node program.mjs' ],
	java => [
		'Program.java', 'javac -cp /usr/share/java/postgresql.jar Program.java && java -cp /usr/share/java/postgresql.jar:. Program'
	],
	go => [ 'program.go', 'GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE=$PWD/cache go run program.go' ]);
my %wanted = map { $_ => 1 } split ' ', $ENV{LANGUAGES};

# The database as the page makes it: its first block marked sql.
my ($tables) = $text =~ /^```sql\n(.*?)^```$/ms or die "$page makes no table\n";
my ($passed, $failed, $number) = (0, 0, 0);

sub psql
{
	my ($database, $sql) = @_;

	open(my $file, '>', 'setup.sql') or die $!;
	print $file $sql;
	close $file;
	system(qw(psql -X -q -v ON_ERROR_STOP=1 -d), $database, '-f', 'setup.sql') == 0
	  or die "the database can't be made\n";
	return;
}

while ($text =~ /^```(python|javascript|java|go)\n(.*?)^```\n\s*^```\n(.*?)^```$/msg)
{
	my ($language, $program, $shown) = ($1, $2, $3);
	my $line = 1 + (substr($text, 0, $-[0]) =~ tr/\n//);
	my ($file, $command) = @{ $run{$language} };
	my $folder = 'program-' . ++$number;

	next if !$wanted{$language};
	psql('postgres', "SET client_min_messages = warning; DROP DATABASE IF EXISTS survey WITH (FORCE);\nCREATE DATABASE survey");
	psql('survey', "CREATE EXTENSION nps;\n$tables");
	mkdir $folder or die "$folder: $!\n";
	open(my $out, '>', "$folder/$file") or die $!;
	print $out $program;
	close $out;

	local $ENV{PGDATABASE} = 'survey';
	my $got = qx(cd $folder && { $command; } 2>&1 </dev/null);
	s/[ \t]+$//mg, s/\s+\z// foreach $got, $shown;
	if ($got eq $shown)
	{
		$passed++;
		print "ok - $language, line $line\n";
	}
	else
	{
		$failed++;
		print "$got\n--- instead of\n$shown\nnot ok - $language, line $line\n";
	}
}

# Every program shows what it prints, so all were seen.
my $programs = () = $text =~ /^```(?:python|javascript|java|go)$/mg;
if ($programs != $number)
{
	$failed++;
	print "not ok - $programs programs, $number with what they print\n";
}
print "$passed passed, $failed failed\n";
