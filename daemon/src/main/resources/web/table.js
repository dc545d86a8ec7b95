// A table of any length: only the rows on the screen are in the document, each a recycled element at its place in a
// space that is as high as all of them. To the keyboard and to assistive technology it is a grid (WAI-ARIA): it has
// the focus, aria-activedescendant names the active cell, aria-rowcount says how many rows there are.
import { cellElement, paint, paintText, tick } from "./cell.js";

const BEYOND = 4;
const PRINTED = 2000;
let numbers = 0;

/**
 * @typedef {object} Column
 * @property {string} id for sorting and the address
 * @property {string} title
 * @property {string} [size] of a column of a CSS grid: 'minmax(6rem, 1fr)'
 * @property {boolean} [number] right-aligned
 * @property {(row) => string?} [path] the cell of the stream that it shows
 * @property {(row) => ({text: string, kind?: string, reason?: string})} [text] or what else it shows
 * @property {(row) => (number|string|null)} [rank] what it is sorted by; null comes last
 * @property {(element, row) => void} [draw] or anything else
 */
export class Table {
	#stream;
	#columns;
	#rows = [];
	#live = new Map();
	#free = [];
	#id = "t" + ++numbers;
	#active = { key: null, row: 0, column: 0 };
	#rowHeight = 0;
	#headHeight = 0;
	#frame = 0;
	#printing = false;
	#handlers;

	/** handlers: open(row), sort(columnId), seen(), chart(row), hint(element or null). */
	constructor(stream, name, columns, handlers) {
		this.#stream = stream;
		this.#columns = columns;
		this.#handlers = handlers;
		this.element = document.createElement("div");
		this.element.className = "table";
		this.element.tabIndex = 0;
		this.element.setAttribute("role", "grid");
		this.element.setAttribute("aria-label", name);
		this.element.setAttribute("aria-colcount", columns.length);
		this.element.style.setProperty("--columns", columns.map((c) => c.size ?? "minmax(5rem, 1fr)").join(" "));
		this.element.style.setProperty("--fields", Math.ceil((columns.length - 2) / 2));
		this.#head();
		this.space = document.createElement("div");
		this.space.className = "space";
		this.space.setAttribute("role", "rowgroup");
		this.empty = document.createElement("p");
		this.empty.className = "empty";
		this.element.append(this.space, this.empty);
		this.element.addEventListener("scroll", () => this.#schedule(), { passive: true });
		this.element.addEventListener("keydown", (event) => this.#key(event));
		this.element.addEventListener("focus", () => this.#activate(this.#active.row, this.#active.column, true));
		this.element.addEventListener("blur", () => this.#handlers.hint?.(null));
		this.element.addEventListener("click", (event) => this.#click(event));
		this.resizes = new ResizeObserver(() => {
			this.#rowHeight = 0;
			this.render();
			this.#handlers.seen?.();
		});
		this.resizes.observe(this.element);
	}

	#head() {
		this.head = document.createElement("div");
		this.head.className = "row head";
		this.head.setAttribute("role", "row");
		this.head.setAttribute("aria-rowindex", 1);
		for (const [i, column] of this.#columns.entries()) {
			const cell = document.createElement("div");
			cell.setAttribute("role", "columnheader");
			cell.setAttribute("aria-colindex", i + 1);
			cell.className = column.number ? "number" : "";
			if (column.rank) {
				const button = document.createElement("button");
				button.type = "button";
				button.textContent = column.title;
				button.title = column.hint ?? "Sort by " + column.title;
				button.addEventListener("click", () => this.#handlers.sort?.(column.id));
				button.addEventListener("keydown", (event) => event.stopPropagation());
				cell.append(button);
			} else {
				cell.textContent = column.title;
			}
			this.head.append(cell);
		}
		this.element.append(this.head);
	}

	/** Shows by which column the rows are sorted: 'name' or '-name'. */
	sorted(sort) {
		for (const [i, column] of this.#columns.entries()) {
			const direction = sort === column.id ? "ascending" : sort === "-" + column.id ? "descending" : null;
			if (direction) this.head.children[i].setAttribute("aria-sort", direction);
			else this.head.children[i].removeAttribute("aria-sort");
		}
	}

	/** What to show, each with a 'key'; 'nothing' is shown if there are none. */
	show(rows, nothing) {
		this.#rows = rows;
		this.empty.textContent = rows.length === 0 ? nothing : "";
		this.element.setAttribute("aria-rowcount", rows.length + 1);
		if (this.#active.key !== null && rows[this.#active.row]?.key !== this.#active.key) {
			const at = rows.findIndex((row) => row.key === this.#active.key);
			this.#active.row = at < 0 ? Math.min(this.#active.row, Math.max(0, rows.length - 1)) : at;
		}
		this.render();
	}

	get rows() {
		return this.#rows;
	}

	/** The rows that are on the screen, no others. */
	visible() {
		const [first, last] = this.#range(0);
		return this.#rows.slice(first, last);
	}

	/** The cells that are on the screen. */
	paths() {
		const paths = [];
		for (const row of this.visible()) {
			for (const column of this.#columns) {
				const path = column.path?.(row);
				if (path) paths.push(path);
			}
		}
		return paths;
	}

	#range(beyond) {
		if (this.#printing) return [0, Math.min(PRINTED, this.#rows.length)];
		if (this.#rowHeight === 0) {
			const style = getComputedStyle(this.element);
			this.#rowHeight = parseFloat(style.getPropertyValue("--row")) || 28;
			const lines = parseFloat(style.getPropertyValue("--lines"));
			if (lines > 0) this.#rowHeight = 34 + 22 * Math.ceil((this.#columns.length - 2) / lines);
			this.#headHeight = this.head.offsetHeight;
			this.element.style.setProperty("--height", this.#rowHeight + "px");
		}
		const top = Math.max(0, this.element.scrollTop);
		const height = Math.max(0, this.element.clientHeight - this.#headHeight);
		const first = Math.floor(top / this.#rowHeight) - beyond;
		const last = Math.ceil((top + height) / this.#rowHeight) + beyond;
		return [Math.max(0, first), Math.min(this.#rows.length, last)];
	}

	#schedule() {
		if (this.#frame !== 0) return;
		this.#frame = requestAnimationFrame(() => {
			this.#frame = 0;
			this.render();
			this.#handlers.seen?.();
		});
	}

	/** Brings what is in the document in line with the rows, the place on the screen and the cells. */
	render() {
		const [first, last] = this.#range(BEYOND);
		const height = this.#rows.length * this.#rowHeight + "px";
		if (this.space.style.height !== height) this.space.style.height = height;
		for (const [i, element] of this.#live) {
			if (i < first || i >= last) {
				this.#live.delete(i);
				this.#free.push(element);
			}
		}
		const now = this.#stream.now();
		for (let i = first; i < last; i++) {
			let element = this.#live.get(i);
			if (!element) {
				element = this.#free.pop() ?? this.#make();
				this.#live.set(i, element);
				this.#place(element, i);
			}
			this.#fill(element, this.#rows[i], i, now);
		}
		for (const element of this.#free.splice(0)) element.remove();
	}

	#make() {
		const element = document.createElement("div");
		element.className = "row";
		element.setAttribute("role", "row");
		for (const [i, column] of this.#columns.entries()) {
			const cell = cellElement(i === 0 ? "rowheader" : "gridcell");
			cell.setAttribute("aria-colindex", i + 1);
			cell.classList.add("c" + Math.min(i, 2));
			if (column.number) cell.classList.add("number");
			cell.dataset.title = column.title;
			element.append(cell);
		}
		this.space.append(element);
		return element;
	}

	#place(element, i) {
		element.index = i;
		element.style.transform = "translateY(" + i * this.#rowHeight + "px)";
		element.setAttribute("aria-rowindex", i + 2);
		for (const [j, cell] of [...element.children].entries()) cell.id = this.#id + "r" + i + "c" + j;
	}

	#fill(element, row, i, now) {
		if (element.placed !== this.#rowHeight) {
			element.placed = this.#rowHeight;
			this.#place(element, i);
		}
		const another = element.row !== row || element.index !== i;
		element.row = row;
		const cursor = this.#active.key !== null && row.key === this.#active.key ? this.#active.column : -1;
		if (element.cursor !== cursor) {
			element.cursor = cursor;
			element.classList.toggle("active", cursor >= 0);
			for (const [j, cell] of [...element.children].entries()) cell.classList.toggle("cursor", j === cursor);
		}
		for (let j = 0; j < this.#columns.length; j++) {
			const column = this.#columns[j];
			const cell = element.children[j];
			if (column.draw) {
				column.draw(cell, row, another);
			} else if (column.path) {
				const path = column.path(row);
				const known = this.#stream.cells.get(path);
				if (another || cell.known !== known || cell.path !== path) {
					cell.known = known;
					cell.path = path;
					paint(cell, path, known, now);
				}
			} else {
				const { text, kind = "", reason = "" } = column.text(row);
				paintText(cell, text, kind);
				cell.reason = reason;
			}
		}
	}

	/** A second has passed. */
	tick() {
		const now = this.#stream.now();
		for (const element of this.#live.values()) {
			for (const cell of element.children) {
				if (cell.known) tick(cell, cell.known, now);
			}
		}
	}

	/** For paper: all rows, as they are known. */
	print(yes) {
		this.#printing = yes;
		this.#rowHeight = 0;
		this.render();
	}

	#click(event) {
		const row = event.target.closest(".row:not(.head)");
		if (!row || row.row === undefined) return;
		const cell = event.target.closest("[aria-colindex]");
		this.#activate(row.index, cell ? Number(cell.getAttribute("aria-colindex")) - 1 : 0, false);
		if (event.target.closest("[data-chart]")) this.#handlers.chart?.(row.row);
		else if (event.target.closest(".c0")) this.#handlers.open?.(row.row);
	}

	#activate(row, column, scroll) {
		if (this.#rows.length === 0) return;
		row = Math.max(0, Math.min(this.#rows.length - 1, row));
		column = Math.max(0, Math.min(this.#columns.length - 1, column));
		this.#active = { key: this.#rows[row].key, row, column };
		if (scroll) {
			const top = row * this.#rowHeight;
			const height = this.element.clientHeight - this.#headHeight;
			if (top < this.element.scrollTop) this.element.scrollTop = top;
			else if (top + this.#rowHeight > this.element.scrollTop + height) {
				this.element.scrollTop = top + this.#rowHeight - height;
			}
		}
		this.render();
		const cell = this.#live.get(row)?.children[column];
		if (cell) {
			this.element.setAttribute("aria-activedescendant", cell.id);
			this.#handlers.hint?.(cell);
		}
	}

	#key(event) {
		if (event.ctrlKey || event.metaKey || event.altKey || event.target !== this.element) return;
		const { row, column } = this.#active;
		const page = Math.max(1, Math.floor(this.element.clientHeight / this.#rowHeight) - 2);
		const moves = {
			ArrowDown: [row + 1, column], ArrowUp: [row - 1, column], ArrowLeft: [row, column - 1],
			ArrowRight: [row, column + 1], PageDown: [row + page, column], PageUp: [row - page, column],
			Home: [event.shiftKey ? row : 0, event.shiftKey ? 0 : column],
			End: [event.shiftKey ? row : this.#rows.length - 1, event.shiftKey ? this.#columns.length - 1 : column],
		};
		if (event.key in moves) {
			this.#activate(...moves[event.key], true);
		} else if (event.key === "Enter" && this.#rows[row]) {
			this.#handlers.open?.(this.#rows[row]);
		} else if (event.key === "c" && this.#rows[row] && this.#handlers.chart) {
			this.#handlers.chart(this.#rows[row]);
		} else {
			return;
		}
		event.preventDefault();
	}

	close() {
		this.resizes.disconnect();
		cancelAnimationFrame(this.#frame);
	}
}

const ORDER = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** Sorts rows by 'id' or '-id' of a column; what has no value comes last either way. */
export function sort(rows, columns, by) {
	const down = by.startsWith("-");
	const column = columns.find((c) => c.id === (down ? by.slice(1) : by));
	if (!column?.rank) return rows;
	const ranked = rows.map((row) => ({ row, rank: column.rank(row) ?? null }));
	// Thousands of names are compared once, and not each time that something has changed.
	const tie = (a, b) => (a.row.order !== undefined ? a.row.order - b.row.order : byName(a.row.key, b.row.key));
	ranked.sort((a, b) => {
		if (a.rank === null || b.rank === null) return (a.rank === null) - (b.rank === null) || tie(a, b);
		const order = typeof a.rank === "number" && typeof b.rank === "number"
			? a.rank - b.rank : byName(String(a.rank), String(b.rank));
		return (down ? -order : order) || tie(a, b);
	});
	return ranked.map((one) => one.row);
}

/** Names in the order of people: 'eth2' before 'eth10'. */
export function byName(a, b) {
	return ORDER.compare(a, b);
}

/** Where a click on a column's name leads: up, then down. */
export function nextSort(by, id) {
	return by === id ? "-" + id : id;
}
