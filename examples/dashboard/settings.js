// What the dashboard is told by its environment: which table, which columns, and
// how to serve the page.  doc/dashboard.md has the list for its users.

const defaults = {
	DATABASE: '', TABLE: 'responses', SCORE: 'score', AT: 'answered_at', SEGMENTS: '', COMMENT: '', CUSTOMER: '', ID: '', CALLED: '',
	INVITATIONS: '', INVITED: '', TALLIES: '', ZONE: 'UTC', MINIMUM: '30', TITLE: 'Net Promoter Score',
	HOSTS: '', LISTEN: '127.0.0.1', PORT: '8765', TIMEOUT: '10', SETUP: '',
};

// Reads tier=Tier,"a, b"="A, or B": names, each with its label if that differs.
export function segments(text) {
	const item = /\s*(?:"((?:[^"]|"")+)"|([^",=]+?))\s*(?:=\s*(?:"((?:[^"]|"")*)"|([^",]*?)))?\s*(?:,|$)/y;
	const unquote = (quoted, plain) => (quoted === undefined ? plain : quoted.replaceAll('""', '"'));
	const found = [];

	while (text.trim() !== '' && item.lastIndex < text.length) {
		const at = item.lastIndex;
		const match = item.exec(text);
		if (!match)
			throw new Error(`SEGMENTS can't be read from “${text.slice(at)}” on; a name with a comma, an equals sign or a quote in it is written "in quotes"`);
		const column = unquote(match[1], match[2]);
		found.push({ column, label: unquote(match[3], match[4]) || column });
	}
	const twice = found.find(({ column }, i) => found.findIndex((other) => other.column === column) !== i);
	if (twice)
		throw new Error(`SEGMENTS names “${twice.column}” twice`);
	return found;
}

// A whole number within bounds.
function whole(name, value, lowest, highest) {
	if (!/^\d+$/.test(value) || Number(value) < lowest || Number(value) > highest)
		throw new Error(`${name} is ${value}, which is not a whole number from ${lowest} to ${highest}`);
	return Number(value);
}

export function settings(env = process.env) {
	const value = Object.fromEntries(Object.entries(defaults).map(([name, otherwise]) => [name, env[name]?.trim() || otherwise]));

	if (!['', 'print', 'materialized'].includes(value.SETUP))
		throw new Error(`SETUP is ${value.SETUP}; it may be print or materialized`);
	return {
		database: value.DATABASE,
		table: value.TABLE,
		columns: {
			score: value.SCORE, at: value.AT, comment: value.COMMENT, customer: value.CUSTOMER, id: value.ID, called: value.CALLED,
		},
		segments: segments(value.SEGMENTS),
		invitations: value.INVITATIONS,
		invited: value.INVITED || value.AT,
		tallies: value.TALLIES,
		zone: value.ZONE,
		minimum: whole('MINIMUM', value.MINIMUM, 0, 1000000),
		title: value.TITLE,
		hosts: value.HOSTS.split(',').map((host) => host.trim().toLowerCase()).filter((host) => host !== ''),
		listen: value.LISTEN,
		port: whole('PORT', value.PORT, 0, 65535),
		timeout: 1000 * whole('TIMEOUT', value.TIMEOUT, 1, 3600),
		setup: value.SETUP,
	};
}
