// What a value was since the page was opened: sparklines on a canvas, and a chart by uPlot.
import { attributeOf, isBits, moment, shown, si, value } from "./format.js";

const LENGTH = 300;
const SERIES = 2000;

/** Samples of numbers by path, the newest last, for as long as the page is open. */
export class History {
	#series = new Map();

	add(cell) {
		const v = typeof cell.v === "number" ? cell.v : Number(cell.v);
		if (cell.t === undefined || cell.v === undefined || cell.v === "" || !Number.isFinite(v)) return;
		let samples = this.#series.get(cell.p);
		if (!samples) {
			if (this.#series.size >= SERIES) this.#series.delete(this.#series.keys().next().value);
			this.#series.set(cell.p, (samples = []));
		}
		if (samples.length > 0 && samples[samples.length - 1][0] >= cell.t) return;
		samples.push([cell.t, v]);
		if (samples.length > LENGTH) samples.shift();
	}

	of(path) {
		return this.#series.get(path) ?? [];
	}
}

/** Draws samples of several paths, on one scale, into an element; says the same in words. */
export function sparkline(element, history, paths) {
	let canvas = element.canvas;
	if (!canvas) {
		canvas = element.canvas = document.createElement("canvas");
		canvas.setAttribute("role", "img");
		element.replaceChildren(canvas);
	}
	const series = paths.map((path) => history.of(path));
	const mark = paths.join() + series.map((s) => s.length + ":" + (s[s.length - 1]?.[0] ?? 0)).join();
	if (canvas.mark === mark) return;
	canvas.mark = mark;
	const all = series.flat();
	const ratio = devicePixelRatio || 1;
	const width = 96;
	const height = 20;
	canvas.width = width * ratio;
	canvas.height = height * ratio;
	const attribute = attributeOf(paths[0]);
	const numbers = all.map(([, v]) => v);
	const most = Math.max(0, ...numbers);
	const last = series[0][series[0].length - 1];
	canvas.setAttribute("aria-label", all.length < 2 ? "no history yet"
		: "most " + value(attribute, most) + (last ? ", now " + value(attribute, last[1]) : ""));
	if (all.length < 2) return;
	const from = Math.min(...all.map(([t]) => t));
	const to = Math.max(...all.map(([t]) => t));
	const context = canvas.getContext("2d");
	context.scale(ratio, ratio);
	context.lineWidth = 1.25;
	for (const [i, samples] of series.entries()) {
		context.strokeStyle = colour(element, i === 0 ? "--in" : "--out");
		context.setLineDash(i === 0 ? [] : [3, 2]);
		context.beginPath();
		for (const [t, v] of samples) {
			context.lineTo(1 + ((t - from) / (to - from || 1)) * (width - 2), height - 1 - (v / (most || 1)) * (height - 3));
		}
		context.stroke();
	}
}

/** A colour of the theme, as a canvas takes it: a property that is not registered is the text that was written. */
export function colour(element, name) {
	probe.style.color = "var(" + name + ")";
	element.append(probe);
	const value = getComputedStyle(probe).color;
	probe.remove();
	return value;
}

const probe = document.createElement("i");

let loading = null;

/** uPlot, which is only fetched when there is something to draw with it. */
function library() {
	if (loading === null) {
		const style = document.createElement("link");
		style.rel = "stylesheet";
		style.href = "uplot.css";
		document.head.append(style);
		loading = import("./uplot.js").then((module) => module.default);
		loading.catch(() => { loading = null; });
	}
	return loading;
}

/** A chart of some paths over time; live. */
export class Chart {
	#plot = null;
	#history;
	#paths;
	#size;

	constructor(history, name, paths, close) {
		this.#history = history;
		this.#paths = paths;
		this.element = document.createElement("section");
		this.element.className = "chart";
		this.element.setAttribute("aria-label", name);
		const head = document.createElement("h3");
		head.textContent = name;
		const button = document.createElement("button");
		button.type = "button";
		button.textContent = "Close the chart";
		button.addEventListener("click", close);
		head.append(" ", button);
		this.now = document.createElement("p");
		this.now.className = "now";
		this.place = document.createElement("div");
		this.element.append(head, this.now, this.place);
		this.#size = new ResizeObserver(() => this.#plot?.setSize({ width: this.place.clientWidth, height: 180 }));
		this.#size.observe(this.element);
		library().then((uPlot) => this.#make(uPlot), (e) => { this.now.textContent = e.message; });
	}

	#data() {
		const times = [...new Set(this.#paths.flatMap((p) => this.#history.of(p).map(([t]) => t)))].sort((a, b) => a - b);
		const columns = this.#paths.map((p) => {
			const at = new Map(this.#history.of(p));
			return times.map((t) => at.get(t) ?? undefined);
		});
		return [times.map((t) => t / 1000), ...columns];
	}

	#make(uPlot) {
		if (!this.element.isConnected) return;
		const colours = [colour(this.element, "--in"), colour(this.element, "--out")];
		const attribute = attributeOf(this.#paths[0]);
		const factor = isBits(attribute) ? 8 : 1;
		const axis = { stroke: colour(this.element, "--text"), grid: { stroke: colour(this.element, "--line"), width: 1 } };
		this.#plot = new uPlot({
			width: this.place.clientWidth, height: 180, legend: { live: true },
			scales: { y: { range: (plot, low, high) => [Math.min(0, low), high > 0 ? high * 1.1 : 1] } },
			axes: [{ ...axis, space: 80, values: (plot, ticks) => ticks.map((t) => moment(t * 1000)) }, { ...axis, size: 80, values: (plot, ticks) => ticks.map((v) => si(v * factor)) }],
			series: [
				{ value: (plot, t) => (t === null ? "" : moment(t * 1000)) },
				...this.#paths.map((p, i) => ({
					label: shown(attributeOf(p)), stroke: colours[i % 2], width: 1.5, dash: i % 2 === 0 ? undefined : [6, 4], spanGaps: true,
					value: (plot, v) => (v === null || v === undefined ? "" : value(attributeOf(p), v)),
				})),
			],
		}, this.#data(), this.place);
		this.update();
	}

	update() {
		const parts = this.#paths.map((p) => {
			const samples = this.#history.of(p);
			return shown(attributeOf(p)) + ": " + (samples.length ? value(attributeOf(p), samples[samples.length - 1][1]) : "no value yet");
		});
		const text = parts.join(", ");
		if (this.now.textContent !== text) this.now.textContent = text;
		this.#plot?.setData(this.#data());
	}

	close() {
		this.#size.disconnect();
		this.#plot?.destroy();
	}
}
