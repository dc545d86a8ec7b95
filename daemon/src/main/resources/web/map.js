// A map of what LLDP says: systems, the links between them, and how busy these are. Tables of neighbours are read when
// the map is opened, a few systems at a time; the load of the links on the screen is watched.
import { stateText } from "./cell.js";
import { shown, SIGNS } from "./format.js";
import { link, settle } from "./route.js";
import { ask } from "./stream.js";
import { stateOf } from "./systems.js";
import { byName } from "./table.js";

const SVG = "http://www.w3.org/2000/svg";
const MOST = 120;
const AT_ONCE = 4;
const WIDTH = 1200;
const HEIGHT = 760;

export function create(app, route) {
	const { stream } = app;
	let centre = route.settings.get("around") ?? "";
	const hops = Number(route.settings.get("hops") ?? 3);
	const element = document.createElement("div");
	element.className = "map";
	const status = document.createElement("p");
	status.setAttribute("role", "status");
	const svg = draw("svg", { viewBox: "0 0 " + WIDTH + " " + HEIGHT, role: "group", "aria-label": "Map of links" });
	const list = document.createElement("table");
	const caption = document.createElement("caption");
	caption.textContent = "Links";
	list.append(caption);
	const head = list.createTHead().insertRow();
	for (const title of ["From", "Port", "To", "Port", "Load in", "Load out"]) {
		const th = document.createElement("th");
		th.scope = "col";
		th.textContent = title;
		head.append(th);
	}
	const bodyOfList = list.createTBody();
	element.append(status, svg, list);
	const gone = new AbortController();
	const neighbours = new Map();
	let nodes = new Map();
	let links = [];
	let started = false;

	/** Systems in the order in which they are looked at: around the chosen one, else by name. */
	async function read() {
		const names = [...stream.systems.keys()].sort(byName);
		if (names.length === 0) return;
		started = true;
		const bySysName = new Map(names.map((n) => [n, n]));
		const around = stream.systems.has(centre);
		const queue = (around ? [centre] : names.slice(0, MOST)).map((name) => [name, 0]);
		const seen = new Set(queue.map(([name]) => name));
		let failed = 0;
		let drawn = 4;
		const worker = async () => {
			while (queue.length > 0) {
				const [system, steps] = queue.shift();
				if (["down", "breaker"].includes(stateOf(stream.systems.get(system) ?? {}))) {
					neighbours.set(system, []);
					continue;
				}
				try {
					const answer = await ask("read?table=" + encodeURIComponent(system + "/lldp-neighbours"), undefined, gone.signal);
					const rows = rowsOf(answer);
					neighbours.set(system, rows);
					for (const row of rows) {
						const other = bySysName.get(row.lldpRemSysName);
						if (around && other && steps < hops && !seen.has(other) && seen.size < MOST) {
							seen.add(other);
							queue.push([other, steps + 1]);
						}
					}
				} catch (e) {
					if (e.name === "AbortError") return;
					failed++;
					neighbours.set(system, []);
				}
				// What is known so far is shown; all is laid out anew with more of it.
				if (neighbours.size >= 2 * drawn) {
					drawn = Math.max(8, neighbours.size);
					build(bySysName);
				}
				status.textContent = neighbours.size + " of " + seen.size + " systems read" + (failed ? ", " + failed + " without LLDP" : "");
			}
		};
		await Promise.all(Array.from({ length: AT_ONCE }, worker));
		if (gone.signal.aborted) return;
		build(bySysName);
		const more = around || names.length <= MOST ? "" : "; the first " + MOST + " of " + names.length
			+ " by name: choose one to see what is around it";
		status.textContent = nodes.size + " systems, " + links.length + " links" + (failed ? ", " + failed + " without LLDP" : "") + more;
	}

	function build(bySysName) {
		nodes = new Map();
		links = [];
		const known = new Map();
		const node = (name, monitored) => {
			if (!nodes.has(name)) nodes.set(name, { name, monitored, links: 0 });
			return nodes.get(name);
		};
		for (const [system, rows] of neighbours) {
			for (const row of rows) {
				const other = bySysName.get(row.lldpRemSysName) ?? row.lldpRemSysName ?? row.lldpRemChassisId ?? row.name;
				if (other === undefined || nodes.size > 3 * MOST) continue;
				const port = String(row.ifName ?? row.lldpLocPortId ?? "");
				// The other end tells of the same link; the one that was read first is kept.
				const far = String(row.lldpRemPortId ?? "");
				const id = [system + "\u0000" + port, other + "\u0000" + far].sort().join("\u0000\u0000");
				if (known.has(id)) continue;
				known.set(id, true);
				const a = node(system, true);
				const b = node(String(other), bySysName.has(other));
				a.links++;
				b.links++;
				// A row is named by its label, in which a slash is another character.
				links.push({ a, b, port, far, base: system + "/interfaces/" + port.replaceAll("/", "\u2215") + "/" });
			}
		}
		place([...nodes.values()], links);
		paintAll();
		app.seen();
	}

	function paintAll() {
		const focused = document.activeElement?.node?.name;
		svg.replaceChildren();
		bodyOfList.replaceChildren();
		for (const one of links) {
			one.line = draw("line", { x1: one.a.x, y1: one.a.y, x2: one.b.x, y2: one.b.y, class: "link" });
			one.label = draw("text", { x: (one.a.x + one.b.x) / 2, y: (one.a.y + one.b.y) / 2, class: "load" });
			svg.append(one.line, one.label);
			const row = bodyOfList.insertRow();
			for (const [i, text] of [one.a.name, one.port, one.b.name, one.far, "", ""].entries()) {
				const cell = row.insertCell();
				if ((i === 0) || (i === 2 && one.b.monitored)) {
					const a = document.createElement("a");
					a.href = link("system", [text, "interfaces"]);
					a.textContent = shown(text);
					cell.append(a);
				} else {
					cell.textContent = shown(text);
				}
			}
			one.row = row;
		}
		for (const node of nodes.values()) {
			const a = draw("a", { href: link("system", [node.name]), class: "node" + (node.monitored ? "" : " foreign") });
			if (!node.monitored) a.removeAttribute("href");
			a.node = node;
			node.shape = draw("circle", { cx: node.x, cy: node.y, r: 9 });
			node.sign = draw("text", { x: node.x, y: node.y + 4, class: "sign" });
			node.label = draw("text", { x: node.x, y: node.y + 23 });
			node.label.textContent = shown(node.name).slice(0, 24);
			a.append(node.shape, node.sign, node.label);
			node.element = a;
			svg.append(a);
		}
		paintStates();
		paintLoads();
		if (focused) nodes.get(focused)?.element.focus();
	}

	function paintStates() {
		for (const node of nodes.values()) {
			if (!node.element) continue;
			const state = node.monitored ? stateOf(stream.systems.get(node.name) ?? {}) : "unknown";
			if (node.state === state && node.sign.textContent !== "") continue;
			node.state = state;
			node.shape.setAttribute("class", state);
			node.sign.textContent = node.monitored ? SIGNS.get(state) : "";
			node.element.setAttribute("aria-label", shown(node.name) + ", " + (node.monitored ? stateText(state) : "not monitored")
				+ ", " + node.links + (node.links === 1 ? " link" : " links"));
		}
	}

	const cellOf = (one, attribute) => stream.cells.get(one.base + attribute);

	function paintLoads() {
		for (const one of links) {
			if (!one.line) continue;
			const loads = ["ifInUtilization", "ifOutUtilization"].map((attribute) => {
				const cell = cellOf(one, attribute);
				return cell?.v === undefined || !Number.isFinite(Number(cell.v)) ? null : Number(cell.v);
			});
			const down = cellOf(one, "ifOperStatus")?.v === "down";
			const most = Math.max(...loads.map((v) => v ?? -1));
			const load = down ? "down" : most < 0 ? "unknown" : most < 25 ? "low" : most < 50 ? "medium" : most < 75 ? "high" : "full";
			const text = down ? "▼ down" : most < 0 ? "" : most.toFixed(0) + " %";
			if (one.painted === load + text) continue;
			one.painted = load + text;
			one.line.setAttribute("class", "link " + load);
			one.label.textContent = text;
			for (const [i, v] of loads.entries()) one.row.cells[4 + i].textContent = down ? "▼ down" : v === null ? "" : v.toFixed(1) + " %";
		}
	}

	/** The node that lies most in a direction. */
	svg.addEventListener("keydown", (event) => {
		const from = event.target.closest("a")?.node;
		const towards = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
		if (!from || !towards) return;
		event.preventDefault();
		let best = null;
		let least = Infinity;
		for (const node of nodes.values()) {
			const along = (node.x - from.x) * towards[0] + (node.y - from.y) * towards[1];
			const beside = Math.abs((node.x - from.x) * towards[1]) + Math.abs((node.y - from.y) * towards[0]);
			if (along > 1 && along + 2 * beside < least) {
				least = along + 2 * beside;
				best = node;
			}
		}
		best?.element.focus();
	});
	const tool = document.createElement("label");
	tool.textContent = "Around ";
	const input = document.createElement("input");
	input.value = centre;
	input.placeholder = "a system";
	input.addEventListener("change", () => {
		centre = input.value.trim();
		settle({ around: centre });
		app.show();
	});
	tool.append(input);

	read();
	return {
		title: "Map", element, tools: [tool],
		paths: () => links.filter((one) => one.port !== "").flatMap((one) =>
			["ifOperStatus", "ifInUtilization", "ifOutUtilization"].map((a) => one.base + a)),
		update: (what) => {
			if (what === "systems") {
				if (!started) read();
				paintStates();
			} else if (what === "cells") {
				paintLoads();
			}
		},
		tick: () => {}, focus: () => svg.querySelector("a")?.focus(), close: () => gone.abort(),
	};
}

function draw(name, attributes) {
	const element = document.createElementNS(SVG, name);
	for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
	if (name === "a") element.setAttribute("tabindex", 0);
	return element;
}

/** The rows of a table that was read. */
function rowsOf(answer) {
	const { value, error } = answer.values[0];
	if (value === undefined) throw new Error(error ?? "no such table");
	return Object.entries(value).map(([name, row]) => ({ name, ...row }));
}

/** Forces between nodes, worked out once: neighbours attract, all repel, the middle holds. Nothing moves on the screen. */
function place(nodes, links) {
	const radius = Math.min(WIDTH, HEIGHT) * 0.42;
	for (const [i, node] of nodes.entries()) {
		const angle = (2 * Math.PI * i) / nodes.length;
		node.x = WIDTH / 2 + radius * Math.cos(angle) * (WIDTH / HEIGHT);
		node.y = HEIGHT / 2 + radius * Math.sin(angle);
	}
	if (nodes.length < 3) return;
	const ideal = Math.sqrt((WIDTH * HEIGHT) / nodes.length) * 0.8;
	const rounds = nodes.length > 200 ? 60 : 160;
	for (let round = 0; round < rounds; round++) {
		const most = (ideal / 2) * (1 - round / rounds);
		for (const node of nodes) node.dx = node.dy = 0;
		for (let i = 0; i < nodes.length; i++) {
			for (let j = i + 1; j < nodes.length; j++) {
				push(nodes[i], nodes[j], (distance) => (ideal * ideal) / distance);
			}
		}
		for (const { a, b } of links) push(a, b, (distance) => -(distance * distance) / ideal);
		for (const node of nodes) {
			node.dx += (WIDTH / 2 - node.x) * 0.1;
			node.dy += (HEIGHT / 2 - node.y) * 0.1;
			const length = Math.hypot(node.dx, node.dy) || 1;
			const step = Math.min(length, most);
			node.x += (node.dx / length) * step;
			node.y += (node.dy / length) * step;
		}
	}
	fit(nodes, "x", 50, WIDTH - 50);
	fit(nodes, "y", 20, HEIGHT - 35);
}

function fit(nodes, axis, from, to) {
	const least = Math.min(...nodes.map((node) => node[axis]));
	const most = Math.max(...nodes.map((node) => node[axis]));
	for (const node of nodes) node[axis] = from + ((node[axis] - least) / (most - least || 1)) * (to - from);
}

function push(a, b, force) {
	const x = a.x - b.x || 0.01;
	const y = a.y - b.y || 0.01;
	const distance = Math.hypot(x, y) || 0.01;
	const f = force(distance) / distance;
	a.dx += x * f;
	a.dy += y * f;
	b.dx -= x * f;
	b.dy -= y * f;
}
