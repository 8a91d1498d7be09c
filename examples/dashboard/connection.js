// Where the database is, found as psql finds it: a connection string, a
// service file, libpq's variables, libpq's defaults, in this order.  node-postgres
// knows a part of that, and has other defaults.

import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pgpass from 'pgpass';

const environment = {
	host: 'PGHOST', port: 'PGPORT', dbname: 'PGDATABASE', user: 'PGUSER', password: 'PGPASSWORD', service: 'PGSERVICE',
	sslmode: 'PGSSLMODE', sslrootcert: 'PGSSLROOTCERT', sslcert: 'PGSSLCERT', sslkey: 'PGSSLKEY',
	options: 'PGOPTIONS', application_name: 'PGAPPNAME', connect_timeout: 'PGCONNECT_TIMEOUT',
};
const modes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];

// Reads a URI: postgresql://user:password@host:port/dbname?name=value.
function uri(text) {
	const parts = /^postgres(?:ql)?:\/\/(?:([^:@/?]*)(?::([^@/?]*))?@)?(\[[^\]]*\]|[^:/?]*)(?::(\d*))?(?:\/([^?]*))?(?:\?(.*))?$/.exec(text);
	if (!parts)
		throw new Error('DATABASE is no connection URI that can be read');
	const values = {};

	for (const [name, value] of [['user', parts[1]], ['password', parts[2]], ['host', parts[3].replace(/^\[|\]$/g, '')],
		['port', parts[4]], ['dbname', parts[5]], ...(parts[6] ?? '').split('&').map((pair) => pair.split(/=(.*)/s))])
		if (value)
			values[name] = decodeURIComponent(value);
	return values;
}

// Reads a string of the form host=db1 dbname='two words'.
function conninfo(text) {
	const values = {};
	const rest = text.replace(/\s*(\w+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)*))(?=\s|$)/gs, (_, name, quoted, plain) => {
		values[name] = (quoted ?? plain).replace(/\\(.)/gs, '$1');
		return '';
	});
	if (rest.trim() !== '')
		throw new Error(`DATABASE is no connection string that can be read: ${rest.trim()}`);
	return values;
}

// What psql takes as the name of a database.
function connectionString(text) {
	if (/^postgres(ql)?:\/\//.test(text))
		return uri(text);
	return text.includes('=') ? conninfo(text) : { dbname: text };
}

// What the files of services say of one of them.
function service(name, env) {
	const files = env.PGSERVICEFILE ? [env.PGSERVICEFILE] : [path.join(os.homedir(), '.pg_service.conf')];
	files.push(path.join(env.PGSYSCONFDIR || '/etc/postgresql-common', 'pg_service.conf'));

	for (const file of files.filter((candidate) => existsSync(candidate))) {
		const values = {};
		let section;

		for (const line of readFileSync(file, 'utf8').split(/\r?\n/).map((text) => text.trim())) {
			if (/^\[.*\]$/.test(line))
				section = line.slice(1, -1);
			else if (section === name && line !== '' && !line.startsWith('#'))
				values[line.split('=', 1)[0].trim()] = line.slice(line.indexOf('=') + 1).trim();
			values.found ||= section === name;
		}
		if (values.found)
			return values;
	}
	throw new Error(`definition of service "${name}" not found`);
}

// The folder of the server's socket: Debian's, else the one of PostgreSQL.
const socketFolders = ['/var/run/postgresql', '/tmp'];
const defaultHost = (port) =>
	socketFolders.find((folder) => existsSync(`${folder}/.s.PGSQL.${port}`)) ?? socketFolders.find(existsSync) ?? 'localhost';

// What node-postgres calls the modes of encryption: a list, to be tried in turn.
function encryption({ sslmode = 'prefer', sslrootcert, sslcert, sslkey, host }) {
	const home = path.join(os.homedir(), '.postgresql');
	const file = (named, usual) => (named && named !== 'system' ? readFileSync(named, 'utf8')
		: existsSync(path.join(home, usual)) ? readFileSync(path.join(home, usual), 'utf8') : undefined);

	if (!modes.includes(sslmode))
		throw new Error(`invalid sslmode value: "${sslmode}"`);
	if (host.startsWith('/') || sslmode === 'disable')
		return [false];
	const ca = sslrootcert === 'system' ? undefined : file(sslrootcert, 'root.crt');
	const verify = sslmode === 'verify-full' || sslmode === 'verify-ca' || (sslmode === 'require' && ca !== undefined);
	const ssl = {
		ca, cert: file(sslcert, 'postgresql.crt'), key: file(sslkey, 'postgresql.key'), rejectUnauthorized: verify,
		...(verify && sslmode !== 'verify-full' ? { checkServerIdentity: () => undefined } : {}),
	};
	return { allow: [false, ssl], prefer: [ssl, false] }[sslmode] ?? [ssl];
}

// What node-postgres is to be told, once for each way to encrypt.
export function connections(database = '', env = process.env) {
	const given = connectionString(database);
	const set = Object.fromEntries(Object.entries(environment).map(([name, variable]) => [name, env[variable] || undefined]));
	const named = given.service ?? set.service;
	const values = {};

	for (const source of [given, named ? service(named, env) : {}, set])
		for (const [name, value] of Object.entries(source))
			values[name] ??= value || undefined;
	values.user ??= os.userInfo().username;
	values.dbname ??= values.user;
	values.port ??= '5432';
	values.host ??= defaultHost(values.port);
	if (values.host.includes(','))
		throw new Error('DATABASE names several hosts: the dashboard connects to one');

	const { host, user, dbname } = values;
	const port = Number(values.port);
	const password = values.password ?? (() => new Promise((resolve, reject) => {
		pgpass({ host: socketFolders.includes(host) ? 'localhost' : host, port, database: dbname, user }, (found) =>
			(found === undefined ? reject(new Error(`no password supplied for user "${user}": PGPASSWORD or ~/.pgpass may hold it`)) : resolve(found)));
	}));
	return encryption(values).map((ssl) => ({
		host, port, user, database: dbname, password, ssl, options: values.options || undefined,
		application_name: values.application_name ?? 'nps dashboard',
		connectionTimeoutMillis: 1000 * (Number(values.connect_timeout) || 5),
	}));
}
