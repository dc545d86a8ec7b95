// Puts the page together: one stream, one view at a time, the keyboard, and what surrounds the view.
import { History } from "./chart.js";
import { age, moment, shown, SIGNS } from "./format.js";
import * as lists from "./lists.js";
import * as map from "./map.js";
import { parse, link } from "./route.js";
import { Stream } from "./stream.js";
import * as system from "./system.js";
import * as systems from "./systems.js";

const VIEWS = new Map([
	["systems", systems.create], ["system", system.create], ["events", lists.events], ["slow", lists.slow],
	["limits", lists.limits], ["requesters", lists.requesters], ["map", map.create],
]);

const $ = (id) => document.getElementById(id);
const main = $("main");
const stream = new Stream();
let view = null;
let dirty = new Set();
let changed = [];
let frame = 0;

const app = {
	stream,
	history: new History(),
	go: (address) => { location.hash = address.slice(1); },
	/** What is on the screen may be something else now. */
	seen: () => { if (view) stream.want(view.paths()); },
	show,
	hint,
	tools: (of) => { if (of === view || view === null) toolbar(of); },
	announce: (text) => { $("announce").textContent = text; },
};

function show() {
	const route = parse(location.hash);
	const create = VIEWS.get(route.view) ?? systems.create;
	view?.close();
	view = null;
	hint(null);
	view = create(app, route);
	main.replaceChildren(document.createElement("div"), view.element);
	main.firstChild.className = "tools";
	toolbar(view);
	main.dataset.view = route.view;
	document.title = view.title + " – aeiou";
	for (const a of document.querySelectorAll("nav [data-view]")) {
		if (a.dataset.view === route.view) a.setAttribute("aria-current", "page");
		else a.removeAttribute("aria-current");
	}
	view.update("events", []);
	view.focus?.();
	app.seen();
}

/** The filter and what else a view has to set. */
function toolbar(of) {
	const place = main.querySelector(".tools");
	if (!place) return;
	place.replaceChildren();
	if (of.filter) {
		const input = document.createElement("input");
		input.type = "search";
		input.id = "filter";
		input.value = of.filter.value;
		input.placeholder = of.filter.label + " (/)";
		input.setAttribute("aria-label", of.filter.label);
		input.addEventListener("input", () => of.filter.set(input.value));
		place.append(input);
	}
	place.append(...(of.tools ?? []));
}

/** The reason of a cell that has one, beside it. */
function hint(cell) {
	const tooltip = $("tooltip");
	for (const old of document.querySelectorAll("[aria-describedby=tooltip]")) old.removeAttribute("aria-describedby");
	if (!cell?.reason) {
		tooltip.hidden = true;
		return;
	}
	tooltip.textContent = cell.reason;
	tooltip.hidden = false;
	cell.setAttribute("aria-describedby", "tooltip");
	const at = cell.getBoundingClientRect();
	const width = tooltip.offsetWidth;
	tooltip.style.left = Math.max(4, Math.min(at.left, innerWidth - width - 4)) + "px";
	const below = at.bottom + 4;
	tooltip.style.top = (below + tooltip.offsetHeight > innerHeight ? at.top - tooltip.offsetHeight - 4 : below) + "px";
}

document.addEventListener("mouseover", (event) => {
	const cell = event.target.closest?.(".table .row > div, .scalars dd > div");
	if (cell || document.activeElement?.getAttribute("role") !== "grid") hint(cell);
});

stream.listen((what, detail) => {
	dirty.add(what);
	if (what === "cells") {
		for (const path of detail) {
			if (path.endsWith(".rate") || path.endsWith("Utilization")) app.history.add(stream.cells.get(path));
		}
		changed = changed.length < 20000 ? changed.concat(detail) : detail;
	}
	// All that came before the next frame is shown in it. A hidden page has no frames, and no stream.
	if (frame === 0) frame = requestAnimationFrame(flush);
});

function flush() {
	frame = 0;
	const whats = dirty;
	const paths = changed;
	dirty = new Set();
	changed = [];
	for (const what of whats) view?.update(what, paths);
	if (whats.has("state")) connection();
	if (whats.has("systems") || whats.has("anew")) summary();
	if (whats.has("events") || whats.has("anew")) feed();
	// When what came first, for measurements.
	for (const what of whats) if (performance.getEntriesByName(what).length === 0) performance.mark(what);
}

let before = null;

function summary() {
	const counts = systems.counts(stream.systems);
	const parts = [];
	for (const [state, n] of counts) if (n > 0 || state === "up") parts.push([state, SIGNS.get(state) + " " + n + " " + state]);
	$("counts").replaceChildren(...parts.flatMap(([state, text]) => {
		const span = document.createElement("span");
		span.className = state;
		span.textContent = text;
		return [span, " "];
	}));
	const trouble = parts.filter(([state]) => state !== "up" && state !== "unknown").map(([, text]) => text).join(", ");
	if (before !== null && trouble !== before) app.announce(trouble || "no system is down");
	before = trouble;
}

function connection() {
	const text = {
		connecting: "connecting …", live: "● live", paused: "○ paused",
		lost: "○ not connected since " + moment(stream.since) + " (" + age(Date.now() - stream.since) + ")",
	}[stream.state];
	const element = $("connection");
	if (element.textContent !== text) element.textContent = text;
	element.className = stream.state;
	element.title = stream.version ? "aeiou " + stream.version : "";
	if (stream.cluster) showCluster();
	document.body.classList.toggle("lost", stream.state === "lost");
}

/** One view more. */
async function showCluster() {
	document.querySelector("[data-view=cluster]").hidden = false;
	if (VIEWS.has("cluster")) return;
	VIEWS.set("cluster", (await import("./cluster.js")).cluster);
	if (parse(location.hash).view === "cluster") show();
}

function feed() {
	const event = lists.newest(stream);
	const place = $("feed");
	place.replaceChildren();
	if (!event) return;
	const time = document.createElement("time");
	time.textContent = moment(Date.parse(event.time));
	const a = document.createElement("a");
	a.href = event.system ? link("system", [event.system]) : "#/events";
	a.textContent = shown((event.system ? event.system + ": " : "") + (event.message ?? ""));
	place.append(time, " ", a);
}

// One timer for all ages.
setInterval(() => {
	if (document.hidden) return;
	view?.tick();
	if (stream.state === "lost") connection();
}, 1000);

const THEMES = ["auto", "dark", "light"];

function theme(name) {
	document.documentElement.dataset.theme = name;
	const next = THEMES[(THEMES.indexOf(name) + 1) % THEMES.length];
	$("theme").textContent = { auto: "Theme: auto", dark: "Theme: dark", light: "Theme: light" }[name];
	$("theme").title = "Change to " + next;
}

function stored() {
	try {
		return localStorage.getItem("theme");
	} catch {
		return null; // not allowed to keep anything
	}
}

theme(THEMES.includes(stored()) ? stored() : "auto");
$("theme").addEventListener("click", () => {
	const next = THEMES[(THEMES.indexOf(document.documentElement.dataset.theme) + 1) % THEMES.length];
	theme(next);
	try {
		localStorage.setItem("theme", next);
	} catch {
		// for this page only, then
	}
	show();
});
$("help-button").addEventListener("click", () => $("help").showModal());
$("skip").addEventListener("click", (event) => {
	event.preventDefault();
	(view?.focus ?? (() => main.focus()))();
});

document.addEventListener("keydown", (event) => {
	if (event.ctrlKey || event.metaKey || event.altKey || $("help").open) return;
	const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
	const filter = $("filter");
	if (event.key === "Escape") {
		if (event.target === filter && filter.value !== "") {
			filter.value = "";
			view.filter.set("");
		} else if (typing) {
			view?.focus?.();
		} else if (!view?.escape?.()) {
			if (filter?.value) {
				filter.value = "";
				view.filter.set("");
			} else if (parse(location.hash).view !== "systems") {
				app.go("#/systems");
			}
		}
		event.preventDefault();
	} else if (typing) {
		if (event.target === filter && (event.key === "Enter" || event.key === "ArrowDown")) {
			view?.focus?.();
			event.preventDefault();
		}
	} else if (event.key === "/" && filter) {
		filter.focus();
		filter.select();
		event.preventDefault();
	} else if (event.key === "?") {
		$("help").showModal();
		event.preventDefault();
	}
});

addEventListener("hashchange", show);
addEventListener("beforeprint", () => view?.print?.(true));
addEventListener("afterprint", () => view?.print?.(false));

show();
stream.start();
