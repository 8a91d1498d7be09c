// The connections: one snapshot for all figures of a page, a limit to the time
// of each, and what there is to choose from, which is remembered for a while.

import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { connections } from './connection.js';
import { BadRequest } from './filters.js';
import { counted, dayOf, look } from './source.js';

const mostChoices = 1000;

// The queries of sql/ by their names.
const folder = new URL('sql/', import.meta.url);
const queries = Object.fromEntries(readdirSync(folder).filter((file) => file.endsWith('.sql'))
	.map((file) => [file.replace('.sql', ''), readFileSync(new URL(file, folder), 'utf8')]));

// Makes a query that psql could run, with its variables :tallies and :'from',
// into one that takes parameters: the first are pieces of SQL, the others values.
export function compose(text, pieces, values) {
	const names = [];
	const put = (part) => part.replace(/(?<![:\w]):(?:'(\w+)'|([a-z_]+)\b)/g, (_, value, piece) => {
		if (piece)
			return put(pieces[piece]);
		if (!names.includes(value))
			names.push(value);
		return `$${names.indexOf(value) + 1}`;
	});

	return { text: put(text.replace(/^--.*\n/gm, '')), values: names.map((name) => values[name]) };
}

export class Database {
	#settings; #source; #pool; #facts;

	constructor(settings) {
		this.#settings = settings;
	}

	// Connects, by the first way to encrypt that the server takes, and looks.
	async open() {
		const ways = connections(this.#settings.database);
		let client;

		for (const [i, way] of ways.entries()) {
			client = new pg.Client(way);
			try {
				await client.connect();
				this.#pool = new pg.Pool({ ...way, max: 10 });
				// An idle connection that breaks is replaced when it is needed next.
				this.#pool.on('error', (error) => console.error(`nps: ${error.message}`));
				break;
			} catch (error) {
				// What the server says of encryption is worth another try; a wrong password is not.
				if (i === ways.length - 1 || !(error.code === '28000' || /SSL|TLS|certificate/i.test(error.message)))
					throw error;
			}
		}
		try {
			return this.#source = await look(client, this.#settings);
		} finally {
			await client.end();
		}
	}

	close() {
		return this.#pool.end();
	}

	// Calls back with a function that runs the query of a name; whoever asked may
	// go away, and then nobody waits for the answer.
	async snapshot(response, body) {
		const client = await this.#pool.connect();
		const { extension, watches } = this.#source;
		let broken = true;
		let gone = false;
		const leave = () => {
			gone = !response.writableFinished;
			if (gone)
				client.connection.stream.destroy();
		};
		// What a query that breaks says is enough.
		const ignore = () => {};

		client.on('error', ignore);
		response?.on('close', leave);
		try {
			await client.query(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
				SET LOCAL search_path = pg_catalog, ${extension};
				SET LOCAL statement_timeout = ${this.#settings.timeout};
				SET LOCAL jit = off; SET LOCAL datestyle = 'ISO';
				${watches ? "SET LOCAL client_connection_check_interval = '2s'" : ''}`);
			const result = await body(async (name, pieces, values, limit) => {
				await client.query(`SAVEPOINT figure${limit ? `; SET LOCAL statement_timeout = ${Math.min(limit, this.#settings.timeout)}` : ''}`);
				try {
					const { rows } = await client.query(compose(queries[name] ?? name, pieces, values));
					await client.query('RELEASE SAVEPOINT figure');
					return rows;
				} catch (error) {
					await client.query('ROLLBACK TO SAVEPOINT figure').catch(() => { throw error; });
					throw error;
				}
			}, client);
			await client.query('COMMIT');
			broken = false;
			return result;
		} catch (error) {
			if (!gone)
				throw error;
		} finally {
			response?.off('close', leave);
			client.off('error', ignore);
			client.release(broken);
		}
	}

	// The days and values that there are, and as of when.  The longer it takes to
	// find them, the longer they are remembered.
	async facts(fresh = false) {
		const known = this.#facts;
		if (known && performance.now() - known.at < (fresh ? 1 : 10) * Math.max(2000, 10 * known.took))
			return known.facts;
		const since = performance.now();
		const facts = await this.snapshot(null, (query) => this.#look(query));
		this.#facts = { facts, at: performance.now(), took: performance.now() - since };
		return facts;
	}

	async #look(query) {
		const source = this.#source;
		const { rolled, table, at, zone } = source;
		const [{ as_of: asOf, ...days }] = await query(`SELECT to_char(first, 'YYYY-MM-DD') AS first, to_char(least(last, today), 'YYYY-MM-DD') AS last,
				to_char(today, 'YYYY-MM-DD') AS today, to_char(as_of, 'YYYY-MM-DD"T"HH24:MI:SS') AS as_of,
				to_char(coalesce(as_of, now() AT TIME ZONE ${zone}), 'YYYY-MM-DD HH24:MI:SS') AS as_of_here
			FROM (SELECT (now() AT TIME ZONE ${zone})::date AS today, min(day) AS first, max(day) AS last FROM ${rolled
		? `(SELECT day FROM ${rolled.sql} WHERE isfinite(day)) AS days` : `(SELECT min(day), max(day) FROM (SELECT ${dayOf(source, at)} FROM (SELECT min(${at.sql}) AS ${at.sql} FROM ${table.sql} WHERE isfinite(${at.sql})
			UNION ALL SELECT max(${at.sql}) FROM ${table.sql} WHERE isfinite(${at.sql})) AS ends) AS ends (day)) AS days (first, last), LATERAL (VALUES (first), (last)) AS each_day (day)`}) AS found,
			(SELECT ${rolled?.asOf ? `(SELECT max(as_of) AT TIME ZONE ${zone} FROM ${rolled.sql})` : 'NULL::timestamp'} AS as_of) AS made`, {}, {});
		const choices = {};
		const few = source.months ?? rolled;

		for (const one of source.segments) {
			const rows = await query(`SELECT value FROM (SELECT ${one.sql}::text AS value, ${few ? 'sum(nps_responses(tally))' : 'count(*)'} AS answers
					FROM ${few ? few.sql : `${table.sql} WHERE ${counted(source)}`} GROUP BY 1 ORDER BY 2 DESC LIMIT ${mostChoices + 1}) AS found
				ORDER BY value COLLATE "C"`, {}, {});
			choices[one.key] = { values: rows.slice(0, mostChoices).map((row) => row.value), more: rows.length > mostChoices };
		}
		return { ...days, as_of: asOf, rows: rolled ? null : Math.max(0, Number(table.rows)), choices };
	}

	// A value that no answer has is an error, not a page without answers.
	async check(chosen) {
		for (const one of this.#source.segments)
			for (const value of chosen[one.key] ?? [])
				if (!await this.#exists(one, value))
					throw new BadRequest('unknown_value', { name: one.label, value }, `No answer has ${one.label} “${value ?? '(none)'}”.`);
	}

	async #exists(segment, value) {
		const known = async (fresh) => (await this.facts(fresh)).choices[segment.key];
		const has = ({ values }) => values.includes(value);

		if (has(await known()) || has(await known(true)))
			return true;
		if (!(await known()).more)
			return false;
		const { rolled, table } = this.#source;
		return (await this.snapshot(null, (query) => query(`SELECT FROM ${(rolled ?? table).sql} WHERE ${segment.sql}::text IS NOT DISTINCT FROM :'value'::text LIMIT 1`, {}, { value }))).length > 0;
	}
}
