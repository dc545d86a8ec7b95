// One value on the screen: what it is, how old it is, and what is the matter with it.
import { age, attributeOf, kindOf, shown, SIGNS, value } from "./format.js";

/** An element for a cell; paint() fills it. */
export function cellElement(role) {
	const element = document.createElement("div");
	if (role) element.setAttribute("role", role);
	const text = document.createElement("span");
	text.className = "value";
	const taken = document.createElement("small");
	element.append(text, taken);
	element.text = text;
	element.taken = taken;
	return element;
}

/** Whether a reading is older than it should be by now. */
export function isStale(cell, now) {
	return cell.s === "stale" || (cell.s !== "failed" && cell.t !== undefined && cell.ttl > 0 && now > cell.t + cell.ttl + 2000);
}

/** Shows a cell of the stream, or that none has come. */
export function paint(element, path, cell, now) {
	element.reason = "";
	if (!cell) {
		// Not on the screen yet, or just so.
		set(element, "", "");
		label(element, null);
		element.taken.textContent = "";
		return;
	}
	if (cell.s === "pending" && cell.v === undefined) {
		set(element, "pending", "…");
		element.taken.textContent = "";
		label(element, "pending");
		return;
	}
	if (cell.s === "failed" || (cell.s === "absent" && cell.e)) {
		element.reason = shown(cell.e ?? "could not be read");
	}
	if (cell.s === "absent") {
		set(element, "absent", "–");
		label(element, "absent");
	} else if (cell.s === "failed") {
		set(element, "failed", "⚠ " + (cell.v === undefined ? short(path, element.reason) : value(attributeOf(path), cell.v)));
		label(element, null);
	} else {
		const kind = kindOf(cell.v);
		const text = value(attributeOf(path), cell.v);
		const classes = [kind ?? "", isStale(cell, now) ? "stale" : "", cell.s === "pending" ? "refreshing" : ""];
		set(element, classes.filter((c) => c).join(" "), kind ? SIGNS.get(kind) + " " + text : text);
		label(element, null);
	}
	tick(element, cell, now);
}

/** Only the age, and whether it is too much. */
export function tick(element, cell, now) {
	if (!cell || cell.t === undefined || cell.v === undefined) {
		if (element.taken.textContent !== "") element.taken.textContent = "";
		return;
	}
	const text = age(now - cell.t);
	if (element.taken.textContent !== text) element.taken.textContent = text;
	const stale = isStale(cell, now) && cell.s !== "failed" && cell.s !== "absent";
	if (element.classList.contains("stale") !== stale) element.classList.toggle("stale", stale);
}

/** Shows a text that is no cell of the stream. */
export function paintText(element, text, kind = "") {
	element.reason = "";
	set(element, kind, text);
	label(element, null);
	if (element.taken.textContent !== "") element.taken.textContent = "";
}

/** A state with its sign. */
export function stateText(state) {
	return (SIGNS.get(state) ?? "?") + " " + shown(state);
}

function set(element, classes, text) {
	if (element.painted !== classes) {
		if (element.painted) element.classList.remove(...element.painted.split(" "));
		if (classes) element.classList.add(...classes.split(" "));
		element.painted = classes;
	}
	if (element.text.textContent !== text) element.text.textContent = text;
}

function label(element, text) {
	if (text === null) element.removeAttribute("aria-label");
	else if (element.getAttribute("aria-label") !== text) element.setAttribute("aria-label", text);
}

/** A reason begins with the system, which is told beside it. */
function short(path, reason) {
	const word = reason.slice(0, reason.indexOf(" "));
	if (path.startsWith(word + "/")) reason = reason.slice(word.length + 1);
	return reason.length > 24 ? reason.slice(0, 23) + "…" : reason;
}
