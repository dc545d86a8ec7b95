// The views that are one list: what changed, what is slow, what was learned, what asks most.
import { stateText } from "./cell.js";
import { age, shown } from "./format.js";
import { link, settle } from "./route.js";
import { ask } from "./stream.js";
import { stateOf } from "./systems.js";
import { eventLine } from "./system.js";
import { nextSort, sort, Table } from "./table.js";

const EVERY_MS = 2000;

/** What happened, the newest first. */
export function events(app, route) {
	const { stream } = app;
	let filter = route.settings.get("filter") ?? "";
	const element = document.createElement("ol");
	element.className = "events";
	element.tabIndex = 0;
	element.setAttribute("aria-label", "Changes, the newest first");
	element.setAttribute("role", "log");
	// Read aloud only what comes; a list that is rendered anew would be read as a whole.
	element.setAttribute("aria-live", "off");
	let first = null;
	const matches = (event) => {
		const text = [event.event, event.system, event.level, event.message].join(" ").toLowerCase();
		return filter.toLowerCase().split(/\s+/).every((w) => text.includes(w));
	};
	const render = () => {
		const all = stream.events.filter(matches).reverse();
		element.replaceChildren(...all.map(eventLine));
		if (all.length === 0) {
			element.append(Object.assign(document.createElement("li"), {
				textContent: stream.events.length ? "No change matches the filter." : "Nothing has happened lately.",
			}));
		} else if (first !== null && all[0] !== first) {
			app.announce((all[0].system ? shown(all[0].system) + ": " : "") + shown(all[0].message ?? ""));
		}
		first = all[0] ?? first;
	};
	render();
	return {
		title: "Changes", element, paths: () => [], tick: () => {}, focus: () => element.focus(), close: () => {},
		filter: {
			value: filter, label: "Filter changes",
			set: (text) => {
				filter = text;
				settle({ filter: text });
				render();
			},
		},
		update: (what) => { if (what === "events" || what === "anew") render(); },
	};
}

/** A table of figures that the daemon has, without a cell of any system. */
export function figures(app, route, title, nothing, columns, rowsNow, standard, open) {
	let by = route.settings.get("sort") ?? standard;
	let filter = route.settings.get("filter") ?? "";
	const table = new Table(app.stream, title, columns, {
		open,
		sort: (id) => {
			by = nextSort(by, id);
			settle({ sort: by === standard ? "" : by });
			render();
		},
		hint: (cell) => app.hint(cell),
	});
	function render() {
		const words = filter.toLowerCase().split(/\s+/);
		const rows = rowsNow().filter((row) => words.every((w) => row.key.toLowerCase().includes(w)));
		table.sorted(by);
		table.show(sort(rows, columns, by), nothing());
	}
	render();
	return {
		title, element: table.element, paths: () => [], focus: () => table.element.focus(), print: (yes) => table.print(yes), render,
		filter: {
			value: filter, label: "Filter by name",
			set: (text) => {
				filter = text;
				settle({ filter: text });
				render();
			},
		},
		tick: render, update: (what) => { if (what === "systems" || what === "anew" || what === "state") render(); },
		close: () => table.close(),
	};
}

export const text = (f) => (row) => ({ text: f(row) });
export const number = (id, title, f, show = (v) => String(v)) => ({
	id, title, number: true, rank: (row) => f(row) ?? null,
	text: (row) => {
		const v = f(row);
		return { text: v === undefined || v === null ? "" : show(v) };
	},
});
export const millis = (us) => (us / 1000).toFixed(1) + " ms";
const name = {
	id: "name", title: "System", size: "minmax(8rem, 1.4fr)", rank: (row) => row.key,
	text: (row) => ({ text: shown(row.key), kind: "link" }),
};
const state = {
	id: "state", title: "State", rank: (row) => stateOf(row.s),
	text: (row) => ({ text: stateText(stateOf(row.s)), kind: stateOf(row.s) }),
};
const rowsOf = (app) => [...app.stream.systems].map(([key, s]) => ({ key, s }));

/** Why a system is slow, as far as the daemon can tell. */
function why(s, now) {
	const reasons = [];
	if (s.state === "breaker") reasons.push("breaker is open" + (s.open_until_ms > now ? " for " + age(s.open_until_ms - now) : ""));
	if (s.state === "down") reasons.push("does not answer");
	if (s.last_error) reasons.push(shown(s.last_error));
	if (s.waits) reasons.push("requests wait for its turn");
	if (s.queued > 0) reasons.push(s.queued + " in its queue");
	if (s.exchanges > 0 && s.timeouts / s.exchanges > 0.02) reasons.push(Math.round((100 * s.timeouts) / s.exchanges) + " % time-outs");
	if (s.rtt_us > 3 * s.least_rtt_us && s.rtt_us > 20000) reasons.push("round trip is " + (s.rtt_us / s.least_rtt_us).toFixed(0) + " × its fastest");
	else if (s.rtt_us > 200000) reasons.push("far away, or slow");
	if (s.gap_ms > 0) reasons.push("asked at most each " + s.gap_ms + " ms");
	return reasons.join("; ");
}

export function slow(app, route) {
	return figures(app, route, "Slowest systems", () => "No system has been asked yet.", [
		name, state,
		number("rtt", "RTT", (row) => row.s.rtt_us, millis),
		number("least", "Fastest", (row) => row.s.least_rtt_us, millis),
		number("timeouts", "Time-outs", (row) => row.s.timeouts),
		number("queue", "Queue", (row) => row.s.queued),
		number("flight", "In flight", (row) => row.s.in_flight),
		{ id: "why", title: "Why", size: "minmax(10rem, 3fr)", text: text((row) => why(row.s, app.stream.now())) },
	], () => rowsOf(app).filter((row) => row.s.rtt_us >= 0 || row.s.state !== "unknown"), "-rtt", (row) => app.go(link("system", [row.key])));
}

export function limits(app, route) {
	return figures(app, route, "Learned limits", () => "No system has a limit that is less than configured.", [
		name, state,
		number("batch", "Objects a message", (row) => (row.s.batch_learned ? row.s.batch_limit : undefined)),
		number("flight", "Messages at once", (row) => row.s.in_flight_limit),
		number("gap", "Least gap", (row) => row.s.gap_ms, (v) => v + " ms"),
		number("waited", "Waited", (row) => row.s.waited),
		{ id: "notes", title: "Notes", size: "minmax(10rem, 3fr)", text: text((row) => shown((row.s.notes ?? []).join("; "))) },
	], () => rowsOf(app).filter(({ s }) => s.batch_learned || s.in_flight_limit >= 0 || s.gap_ms >= 0 || s.waited > 0 || s.notes?.length > 0),
	"name", (row) => app.go(link("system", [row.key])));
}

export function requesters(app, route) {
	let all = [];
	let problem = "";
	let timer = 0;
	const gone = new AbortController();
	const view = figures(app, route, "Who asks most", () => problem || "Nothing was asked for that the cache could not answer.", [
		{ ...name, title: "Requester" },
		number("minute", "Last minute", (row) => row.r.last_minute),
		number("requests", "Requests", (row) => row.r.requests),
		number("pending", "Pending", (row) => row.r.pending),
		number("flight", "In flight", (row) => row.r.in_flight),
	], () => all, "-minute", undefined);
	const poll = async () => {
		try {
			if (!document.hidden) {
				const answer = await ask("requesters", undefined, gone.signal);
				all = answer.requesters.map((r) => ({ key: String(r.requester), r }));
				problem = "";
			}
		} catch (e) {
			if (e.name === "AbortError") return;
			problem = "⚠ " + shown(e.message);
		}
		view.render();
		timer = setTimeout(poll, EVERY_MS);
	};
	poll();
	const close = view.close;
	return {
		...view, tick: () => {},
		close: () => {
			gone.abort();
			clearTimeout(timer);
			close();
		},
	};
}

/** The newest change, at the foot of every view. */
export function newest(stream) {
	for (let i = stream.events.length - 1; i >= 0; i--) {
		if (stream.events[i].event !== "log") return stream.events[i];
	}
	return null;
}
