# Sourced by what needs Node.js: the dashboard and its tests.
#
# need_node        makes sure that there is a Node.js that is new enough, and npm;
#                  on Debian and its kin it installs what is missing
# install_modules  installs the dashboard's packages, if its lock file has changed

dashboard=$top/examples/dashboard
oldest_node=18

need_node() {
	local version

	if command -v apt-get >/dev/null; then
		command -v node >/dev/null || install_packages nodejs
		command -v npm >/dev/null || install_packages npm
		hash -r
	fi
	version=$(node --version 2>/dev/null) || fail "the dashboard needs Node.js $oldest_node or newer; there is no node in PATH"
	version=${version#v}
	[ "${version%%.*}" -ge "$oldest_node" ] || fail "the dashboard needs Node.js $oldest_node or newer; this is $version"
	command -v npm >/dev/null || fail "the dashboard needs npm, which is not in PATH"
}

# What npm ci writes last tells whether the lock file has changed since.  The
# packages for the tests are left out, unless "tests" asks for them.
install_modules() {
	local wanted=--omit=dev

	[ "${1:-}" != tests ] || wanted=--include=dev
	[ "$wanted" = --omit=dev ] || [ -d "$dashboard/node_modules/playwright-core" ] || rm -rf "$dashboard/node_modules"
	[ "$dashboard/node_modules/.package-lock.json" -nt "$dashboard/package-lock.json" ] && return
	say "Installing the dashboard's packages"
	quietly "install the dashboard's packages: npm ci failed" npm --prefix "$dashboard" ci "$wanted"
}
