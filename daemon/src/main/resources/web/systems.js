// All systems: state, figures of the daemon, and cells that the reader has chosen.
import { isStale, stateText } from "./cell.js";
import { shown, titleOf } from "./format.js";
import { link, settle } from "./route.js";
import { ask } from "./stream.js";
import { byName, nextSort, sort, Table } from "./table.js";

const DEFAULT = "system/sysUpTime,system/sysLocation,system/sysDescr";
// What was not asked yet is no trouble: first on the screen it would be asked, go, and let the next ones come.
const TROUBLE = new Map([["down", 0], ["breaker", 1], ["unknown", 2], ["up", 2]]);

/** What the overview says of a system, by the columns that show it. */
export const FIGURES = new Map([
	["rtt", { title: "RTT", rank: (s) => s.rtt_us ?? null, text: (s) => (s.rtt_us > 0 ? (s.rtt_us / 1000).toFixed(1) + " ms" : "") }],
	["timeouts", { title: "Time-outs", rank: (s) => s.timeouts ?? 0, text: (s) => String(s.timeouts ?? 0) }],
	["owner", { title: "Owner", words: true, rank: (s) => s.owner ?? "", text: (s) => shown(s.owner ?? "") }],
	["queue", { title: "Queue", rank: (s) => s.queued ?? 0, text: (s) => String(s.queued ?? 0) }],
]);

export function stateOf(system) {
	return TROUBLE.has(system.state) ? system.state : "unknown";
}

/** How many systems are in each state: 'up' first. */
export function counts(systems) {
	const all = new Map([["up", 0], ["down", 0], ["breaker", 0], ["unknown", 0]]);
	for (const system of systems.values()) all.set(stateOf(system), (all.get(stateOf(system)) ?? 0) + 1);
	return all;
}

export function create(app, route) {
	const { stream } = app;
	const chosen = (route.settings.get("columns") ?? DEFAULT).split(",").map((c) => c.trim()).filter((c) => c !== "");
	let by = route.settings.get("sort") ?? "trouble";
	let filter = route.settings.get("filter") ?? "";
	let snapshot = null;

	const staleNow = (row) => {
		const now = stream.now();
		return chosen.some((c) => {
			const cell = stream.cells.get(row.key + "/" + c);
			return cell !== undefined && cell.t !== undefined && isStale(cell, now);
		});
	};
	const state = (row) => {
		const own = stateOf(row.system);
		return own === "up" && staleNow(row) ? "stale" : own;
	};
	const columns = [
		{
			id: "name", title: "System", size: "minmax(8rem, 0.8fr)", rank: (row) => row.order,
			text: (row) => ({ text: shown(row.key), kind: "link" }),
		},
		{
			id: "trouble", title: "State", hint: "Sort by trouble", size: "minmax(6rem, 0.6fr)",
			rank: (row) => TROUBLE.get(stateOf(row.system)),
			text: (row) => {
				const what = state(row);
				return { text: stateText(what), kind: what, reason: what === "up" ? "" : shown(row.system.last_error ?? "") };
			},
		},
		...chosen.map((id) => {
			const figure = FIGURES.get(id);
			if (figure) {
				return { id, title: figure.title, number: !figure.words, size: "minmax(5rem, 0.4fr)", rank: (row) => figure.rank(row.system), text: (row) => ({ text: figure.text(row.system) }) };
			}
			return {
				id, title: titleOf(id), path: (row) => row.key + "/" + id,
				rank: (row) => {
					const v = stream.cells.get(row.key + "/" + id)?.v;
					return v === undefined ? null : v;
				},
			};
		}),
	];

	const table = new Table(stream, "Systems", columns, {
		open: (row) => app.go(link("system", [row.key])),
		sort: (id) => {
			by = nextSort(by, id);
			settle({ sort: by === "trouble" ? "" : by });
			arrange();
			complete();
		},
		seen: () => app.seen(),
		hint: (cell) => app.hint(cell),
	});

	const rows = new Map();
	let told = "";

	/** The rows in their order: by trouble where nothing else is chosen, and only then changed by what comes. */
	function arrange() {
		const words = filter.toLowerCase().split(/\s+/).filter((w) => w !== "");
		const kept = [];
		if (rows.size !== stream.systems.size) {
			rows.clear();
			for (const [order, key] of [...stream.systems.keys()].sort(byName).entries()) rows.set(key, { key, order });
		}
		for (const [name, system] of stream.systems) {
			let row = rows.get(name);
			if (!row) rows.set(name, (row = { key: name, order: rows.size }));
			row.system = system;
			const text = () => {
				const values = chosen.map((c) => stream.cells.get(name + "/" + c)?.v ?? "").join(" ");
				return (name + " " + (system.address ?? "") + " " + state(row) + " " + values).toLowerCase();
			};
			if (words.length === 0 || words.every((w) => text().includes(w))) kept.push(row);
		}
		table.sorted(by);
		table.show(sort(kept, columns, by), stream.systems.size > 0 ? "No system matches the filter."
			: stream.state === "live" ? "No system is configured." : "");
		const text = filter === "" ? "" : kept.length + " of " + stream.systems.size + " systems";
		if (text !== told) {
			told = text;
			app.announce(text);
		}
	}

	/** Sorting by a column needs all of it: what is cached is enough, and asks no system. */
	async function complete() {
		const id = by.replace(/^-/, "");
		if (!chosen.includes(id) || FIGURES.has(id)) return;
		snapshot?.abort();
		snapshot = new AbortController();
		const names = [...stream.systems.keys()];
		try {
			for (let i = 0; i < names.length; i += 2000) {
				const paths = names.slice(i, i + 2000).map((name) => name + "/" + id);
				const answer = await ask("read", { paths, cached: true }, snapshot.signal);
				stream.keep(answer.values);
			}
			arrange();
		} catch (e) {
			if (e.name !== "AbortError") app.announce("not all could be sorted: " + e.message);
		}
	}

	arrange();
	if (by !== "trouble") complete();
	return {
		title: "Systems",
		element: table.element,
		filter: {
			value: filter,
			label: "Filter systems",
			set: (text) => {
				filter = text;
				settle({ filter: text });
				table.element.scrollTop = 0;
				arrange();
				app.seen();
			},
		},
		tools: [columnChooser(app, chosen)],
		paths: () => table.paths(),
		update: (what) => {
			if (what === "systems" || what === "anew" || what === "state") {
				arrange();
				app.seen();
			} else if (what === "cells") {
				table.render();
			}
		},
		tick: () => {
			table.tick();
			table.render();
		},
		print: (yes) => table.print(yes),
		focus: () => table.element.focus(),
		close: () => {
			snapshot?.abort();
			table.close();
		},
	};
}

function columnChooser(app, chosen) {
	const label = document.createElement("label");
	label.className = "columns";
	label.textContent = "Columns ";
	const input = document.createElement("input");
	input.value = chosen.join(",");
	input.spellcheck = false;
	input.title = "Names of cells, with commas: system/sysUpTime,host/hrSystemProcesses; or " + [...FIGURES.keys()].join(", ");
	input.addEventListener("change", () => {
		settle({ columns: input.value === DEFAULT ? "" : input.value });
		app.show();
	});
	label.append(input);
	return label;
}
