// One system: what is known of it, its groups and tables, a chart, its events.
import { cellElement, paint, paintText, stateText, tick } from "./cell.js";
import { Chart, sparkline } from "./chart.js";
import { age, moment, shown, titleOf } from "./format.js";
import { link, parse, settle } from "./route.js";
import { ask } from "./stream.js";
import { stateOf } from "./systems.js";
import { nextSort, sort, Table } from "./table.js";

/** What a table shows of the many columns that it may have. */
const CHOSEN = new Map([
	["interfaces", [
		"ifAdminStatus", "ifOperStatus", "ifHighSpeed", "ifHCInOctets.rate", "ifHCOutOctets.rate", "ifInUtilization", "ifOutUtilization",
		"ifInErrors.rate", "ifOutErrors.rate", "ifAlias",
	]],
]);
/** What the daemon knows of a system, in the order in which it is shown. */
const FACTS = new Map([
	["address", "Address"], ["owner", "Asked by"], ["since_ms", "Since"], ["last_error", "Last error"], ["breaker", "Breaker"], ["open_until_ms", "Open until"],
	["answered_ms", "Answered"], ["rtt_us", "RTT"], ["least_rtt_us", "Fastest"], ["rtt_variation_us", "Variation"],
	["requests", "Requests"], ["exchanges", "Exchanges"], ["timeouts", "Time-outs"], ["queued", "Queue"], ["in_flight", "In flight"],
	["batch_limit", "Objects a message"], ["batch_learned", "Learned"], ["in_flight_limit", "Messages at once"], ["gap_ms", "Least gap"],
	["waits", "Waits"], ["waited", "Waited"], ["cached", "Cached"], ["oldest_ms", "Oldest"], ["notes", "Notes"],
]);
/** What stands in for a counter of 64 bits where an agent has none. */
const NARROW = new Map([["ifHCInOctets.rate", "ifInOctets.rate"], ["ifHCOutOctets.rate", "ifOutOctets.rate"]]);
const COLUMNS = 8;
const SPARK = ["ifHCInOctets.rate", "ifHCOutOctets.rate"];

export function create(app, route) {
	const { stream } = app;
	const [name, group = "", row = ""] = route.args;
	const element = document.createElement("div");
	element.className = "system";
	const head = document.createElement("section");
	head.className = "facts";
	const title = document.createElement("h1");
	title.textContent = shown(name ?? "");
	const facts = document.createElement("dl");
	head.append(title, facts);
	const tabs = document.createElement("nav");
	tabs.setAttribute("aria-label", "Groups of " + shown(name ?? ""));
	const body = document.createElement("div");
	body.className = "body";
	element.append(head, tabs, body);
	const gone = new AbortController();
	let part = null;
	let chart = null;

	function fail(e) {
		if (e.name === "AbortError") return;
		const p = document.createElement("p");
		p.className = "failed";
		p.setAttribute("role", "alert");
		p.textContent = "⚠ " + shown(e.message);
		body.replaceChildren(p);
	}

	function describe() {
		const system = stream.systems.get(name);
		const all = [];
		if (system) {
			const state = stateOf(system);
			all.push(["State", stateText(state), state]);
			for (const [key, title] of FACTS) {
				const value = system[key];
				if (value === undefined || value === false || value === "" || value?.length === 0) continue;
				all.push([title, figure(key, value, stream.now()), ""]);
			}
		} else {
			all.push(["State", stream.state === "live" ? "not configured" : "not connected", "unknown"]);
		}
		const mark = JSON.stringify(all);
		if (facts.mark === mark) return;
		facts.mark = mark;
		facts.replaceChildren(...all.map(([key, text, kind]) => {
			const div = document.createElement("div");
			const dt = document.createElement("dt");
			dt.textContent = key;
			const dd = document.createElement("dd");
			dd.textContent = shown(text);
			if (kind) dd.className = kind;
			div.append(dt, dd);
			return div;
		}));
	}

	async function listed(path) {
		return (await ask("list?path=" + encodeURIComponent(path), undefined, gone.signal)).entries;
	}

	async function start() {
		describe();
		const groups = (await listed(name)).map((entry) => entry.name);
		const all = [...groups.filter((g) => !g.startsWith(".")), "events"];
		const open = group || (all.includes("interfaces") ? "interfaces" : all[0]);
		tabs.replaceChildren(...all.map((g) => {
			const a = document.createElement("a");
			a.href = link("system", [name, g]);
			a.textContent = shown(g);
			if (g === open) a.setAttribute("aria-current", "page");
			return a;
		}));
		tabs.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
		if (open === "events") return place(eventsOf(app, name));
		const entries = await listed(row ? name + "/" + open + "/" + row : name + "/" + open);
		const isTable = !row && entries.some((entry) => entry.directory);
		if (isTable) {
			const names = entries.map((entry) => entry.name);
			let columns = route.settings.get("columns")?.split(",") ?? CHOSEN.get(open);
			if (!columns) columns = (await listed(name + "/" + open + "/" + names[0])).map((e) => e.name).slice(0, COLUMNS);
			place(rowsOf(app, name, open, names, columns, (r) => openChart(open, r)));
		} else {
			place(scalarsOf(app, row ? [name, open, row].join("/") : name + "/" + open, entries.map((e) => e.name)));
		}
		const charted = route.settings.get("chart");
		if (charted) openChart(open, charted);
	}

	function place(what) {
		part?.close();
		part = what;
		body.replaceChildren(part.element);
		part.render();
		app.tools(view);
		app.seen();
		if (document.activeElement === document.body) part.focus();
	}

	function openChart(open, r) {
		closeChart();
		settle({ chart: r });
		const counters = parse(location.hash).settings.get("counters")?.split(",") ?? SPARK;
		const paths = counters.map((c) => name + "/" + open + "/" + r + "/" + c);
		chart = new Chart(app.history, shown(r) + ": " + counters.map(titleOf).join(" and "), paths, () => {
			closeChart();
			app.seen();
			part?.focus();
		});
		chart.paths = paths;
		body.before(chart.element);
		app.seen();
	}

	function closeChart() {
		if (!chart) return false;
		chart.close();
		chart.element.remove();
		chart = null;
		settle({ chart: "" });
		return true;
	}

	const view = {
		get title() { return shown(name ?? ""); },
		element,
		get filter() { return part?.filter; },
		get tools() { return part?.tools ?? []; },
		paths: () => [...(part?.paths() ?? []), ...(chart?.paths ?? [])],
		update: (what, detail) => {
			if (what === "systems" || what === "anew" || what === "state") describe();
			part?.update(what, detail);
			if (what === "cells" && chart && detail.some((p) => chart.paths.includes(p))) chart.update();
		},
		tick: () => {
			describe();
			part?.tick();
		},
		print: (yes) => part?.print?.(yes),
		focus: () => part?.focus(),
		escape: () => {
			if (closeChart()) app.seen();
			else app.go(row ? link("system", [name, group]) : link("systems"));
			return true;
		},
		close: () => {
			gone.abort();
			chart?.close();
			part?.close();
		},
	};
	start().catch(fail);
	return view;
}

function figure(key, value, now) {
	if (key.endsWith("_us")) return (value / 1000).toFixed(1) + " ms";
	if (key === "gap_ms") return value + " ms";
	if (key.endsWith("_ms")) return moment(value) + (value <= now ? " (" + age(now - value) + " ago)" : "");
	return Array.isArray(value) ? value.join("; ") : value === true ? "yes" : String(value);
}

/** Values of a kind are of a length. */
function sizeOf(attribute) {
	return /Octets\.rate$/.test(attribute) ? "minmax(7.4rem, 1fr)" : /Status$/.test(attribute) ? "minmax(6rem, 0.8fr)" : undefined;
}

/** The rows of a table; only those on the screen are watched. */
function rowsOf(app, system, group, names, chosen, openChart) {
	const { stream } = app;
	const settings = parse(location.hash).settings;
	let by = settings.get("sort") ?? "name";
	let filter = settings.get("filter") ?? "";
	const base = system + "/" + group + "/";
	const rows = names.map((key) => ({ key }));
	// An agent without counters of 64 bits says so once for each row.
	const pathOf = (row, attribute) => {
		const path = base + row.key + "/" + attribute;
		const narrow = NARROW.get(attribute);
		return narrow && stream.cells.get(path)?.s === "absent" ? base + row.key + "/" + narrow : path;
	};
	const columns = [
		{ id: "name", title: "Name", size: "minmax(7rem, 1.2fr)", rank: (row) => row.key, text: (row) => ({ text: shown(row.key), kind: "link" }) },
		...chosen.map((attribute) => ({
			id: attribute, title: titleOf(attribute), size: sizeOf(attribute), number: /rate$|Utilization$|Speed$/.test(attribute),
			path: (row) => pathOf(row, attribute),
			rank: (row) => {
				const v = stream.cells.get(pathOf(row, attribute))?.v;
				return v === undefined ? null : v;
			},
		})),
	];
	if (group === "interfaces") {
		columns.splice(5, 0, {
			id: "history", title: "History", size: "100px",
			draw: (cell, row) => {
				cell.dataset.chart = "";
				sparkline(cell, app.history, SPARK.map((attribute) => pathOf(row, attribute)));
			},
		});
	}
	const table = new Table(stream, shown(group) + " of " + shown(system), columns, {
		open: (row) => app.go(link("system", [system, group, row.key])),
		sort: (id) => {
			by = nextSort(by, id);
			settle({ sort: by === "name" ? "" : by });
			arrange();
			complete();
		},
		seen: () => app.seen(),
		hint: (cell) => app.hint(cell),
		chart: (row) => openChart(row.key),
	});

	function arrange() {
		const words = filter.toLowerCase().split(/\s+/).filter((w) => w !== "");
		const kept = rows.filter((row) => {
			const text = (row.key + " " + chosen.map((a) => stream.cells.get(pathOf(row, a))?.v ?? "").join(" ")).toLowerCase();
			return words.every((w) => text.includes(w));
		});
		table.sorted(by);
		table.show(sort(kept, columns, by), rows.length ? "No row matches the filter." : "This table has no rows.");
		app.seen();
	}

	/** What is sorted by is read once for all rows: one column, as the reader has asked for it. */
	async function complete() {
		const attribute = by.replace(/^-/, "");
		if (!chosen.includes(attribute)) return;
		try {
			const answer = await ask("read", { paths: rows.slice(0, 5000).map((row) => pathOf(row, attribute)), deadline_ms: 5000 });
			stream.keep(answer.values);
			arrange();
		} catch (e) {
			app.announce("not all could be sorted: " + e.message);
		}
	}

	arrange();
	complete();
	return {
		element: table.element,
		filter: {
			value: filter, label: "Filter " + shown(group),
			set: (text) => {
				filter = text;
				settle({ filter: text });
				arrange();
			},
		},
		render: () => table.render(),
		paths: () => table.paths(),
		update: (what) => { if (what === "cells") table.render(); },
		tick: () => table.tick(),
		print: (yes) => table.print(yes),
		focus: () => table.element.focus(),
		close: () => table.close(),
	};
}

/** The attributes of a group, or of one row. */
function scalarsOf(app, base, names) {
	const { stream } = app;
	const element = document.createElement("dl");
	element.className = "scalars";
	const cells = names.map((name) => {
		const div = document.createElement("div");
		const dt = document.createElement("dt");
		dt.textContent = shown(name);
		const dd = document.createElement("dd");
		const cell = cellElement("");
		cell.tabIndex = -1;
		dd.append(cell);
		div.append(dt, dd);
		element.append(div);
		return [base + "/" + name, cell];
	});
	const render = () => {
		const now = stream.now();
		for (const [path, cell] of cells) {
			const known = stream.cells.get(path);
			if (cell.known === known && cell.once) continue;
			cell.once = true;
			cell.known = known;
			paint(cell, path, known, now);
			cell.tabIndex = cell.reason ? 0 : -1;
		}
	};
	element.addEventListener("focusin", (event) => app.hint(event.target));
	element.addEventListener("focusout", () => app.hint(null));
	return {
		element, render,
		paths: () => cells.map(([path]) => path),
		update: (what) => { if (what === "cells") render(); },
		tick: () => {
			const now = stream.now();
			for (const [, cell] of cells) tick(cell, cell.known, now);
		},
		focus: () => {},
		close: () => {},
	};
}

/** What happened to one system. */
function eventsOf(app, name) {
	const element = document.createElement("ol");
	element.className = "events";
	const render = () => {
		const own = app.stream.events.filter((e) => e.system === name).reverse();
		element.replaceChildren(...own.map(eventLine));
		if (own.length === 0) element.append(Object.assign(document.createElement("li"), { textContent: "Nothing lately." }));
	};
	return {
		element, render, paths: () => [], tick: () => {}, focus: () => {}, close: () => {},
		update: (what) => { if (what === "events") render(); },
	};
}

/** One line of the log of events. */
export function eventLine(event) {
	const li = document.createElement("li");
	li.className = "event " + (["info", "warn", "error"].includes(event.level) ? event.level : "");
	const time = document.createElement("time");
	time.dateTime = String(event.time);
	time.textContent = moment(Date.parse(event.time));
	const kind = document.createElement("b");
	kind.textContent = shown(event.event ?? "");
	const message = document.createElement("span");
	message.textContent = shown(event.message ?? "");
	if (event.system) {
		const a = document.createElement("a");
		a.href = link("system", [event.system]);
		a.textContent = shown(event.system);
		li.append(time, " ", kind, " ", a, " ", message);
	} else {
		li.append(time, " ", kind, " ", message);
	}
	return li;
}
