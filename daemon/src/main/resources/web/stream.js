// The one event stream of this page, and what it has brought: cells by path, systems by name, events.
//
// What the stream watches is what the view that is shown wants, and nothing else: each change of it is one POST that
// replaces the last one. A page that is hidden or closed wants nothing, and has no stream.

const FEED = 500;
const KEPT = 30000;
const MOST = 20000;
const SETTLE_MS = 90;
const RETRY_MS = [500, 1000, 2000, 4000, 8000];

export class Stream {
	#source = null;
	#id = null;
	#epoch = null;
	#wanted = [];
	#before = 0;
	#gone = new AbortController();
	#first = null;
	#posted = null;
	#timer = 0;
	#posting = false;
	#failures = 0;
	#retry = 0;
	#heard = 0;
	#heartbeat = 15000;
	#listeners = [];

	cells = new Map();
	systems = new Map();
	events = [];
	version = "";
	/** The cluster that the daemon is a member of; empty if it is of none. */
	cluster = "";
	/** 'connecting', 'live', 'lost' or 'paused'; since when, by this browser's clock. */
	state = "connecting";
	since = Date.now();
	/** What to add to this browser's clock to get the daemon's. */
	skew = 0;

	/** Calls with 'cells' (and the paths), 'systems', 'events', 'state' or 'anew' when something came. */
	listen(listener) {
		this.#listeners.push(listener);
	}

	#tell(what, detail) {
		for (const listener of this.#listeners) listener(what, detail);
	}

	/** The daemon's time. */
	now() {
		return Date.now() + this.skew;
	}

	start() {
		document.addEventListener("visibilitychange", () => (document.hidden ? this.#pause() : this.#open()));
		addEventListener("pagehide", () => this.#pause());
		addEventListener("pageshow", (event) => { if (event.persisted && !document.hidden) this.#open(); });
		addEventListener("online", () => { if (this.state === "lost") this.#open(); });
		setInterval(() => this.#check(), 5000);
		// Which systems there are says what is on the screen; asked for side by side with the stream, it saves a way.
		this.#first = ask("systems", undefined, AbortSignal.timeout(2000)).then((answer) => this.#takeSystems(answer.systems)).catch(() => {});
		if (document.hidden) this.#become("paused");
		else this.#open();
	}

	/** What is on the screen from now on. */
	want(paths) {
		this.#before = this.#wanted.length;
		this.#wanted = [...new Set(paths)].slice(0, MOST);
		this.#soon();
	}

	#soon() {
		if (this.#timer === 0) {
			// What is wanted first is asked for at once; what follows, while a table is scrolled, is gathered.
			this.#timer = setTimeout(() => {
				this.#timer = 0;
				this.#post();
			}, this.#before === 0 ? 0 : SETTLE_MS);
		}
	}

	#become(state) {
		if (this.state === state) return;
		this.state = state;
		this.since = Date.now();
		this.#tell("state");
	}

	#open() {
		this.#shut();
		clearTimeout(this.#retry);
		if (this.state === "paused") this.#become("connecting");
		const source = new EventSource("api/v1/stream");
		this.#source = source;
		this.#heard = Date.now();
		const on = (name, handle) => source.addEventListener(name, (event) => {
			if (source !== this.#source) return;
			this.#heard = Date.now();
			handle(JSON.parse(event.data));
		});
		on("hello", (hello) => this.#hello(hello));
		on("reset", () => {
			this.#posted = null;
			this.#post();
		});
		on("cells", (cells) => this.#take(cells));
		on("systems", (systems) => this.#takeSystems(systems));
		source.addEventListener("event", (event) => {
			if (source !== this.#source) return;
			this.#heard = Date.now();
			this.#event(event.data);
		});
		source.onerror = () => {
			if (source !== this.#source) return;
			this.#become("lost");
			// The browser tries again by itself unless the answer was no stream at all.
			if (source.readyState === EventSource.CLOSED) this.#again();
		};
	}

	#again() {
		this.#shut();
		clearTimeout(this.#retry);
		const wait = RETRY_MS[Math.min(this.#failures++, RETRY_MS.length - 1)];
		this.#retry = setTimeout(() => {
			this.#retry = 0;
			if (!document.hidden) this.#open();
		}, wait * (0.75 + Math.random() / 2));
	}

	#shut() {
		// What is under way for the stream that ends here would find it gone.
		this.#gone.abort();
		this.#gone = new AbortController();
		this.#source?.close();
		this.#source = null;
		this.#id = null;
		this.#posted = null;
	}

	#hello(hello) {
		this.#failures = 0;
		this.#heartbeat = (hello.heartbeat_s ?? 15) * 1000;
		this.version = hello.version ?? "";
		this.cluster = hello.cluster ?? "";
		if (typeof hello.now === "number") this.skew = hello.now - Date.now();
		const another = hello.stream !== this.#id || hello.epoch !== this.#epoch || hello.resumed === false;
		if (this.#epoch !== null && hello.epoch !== this.#epoch) {
			// Another daemon: what it does not tell again is not known. Old values stay, and age.
			this.systems.clear();
			this.events.length = 0;
			this.#tell("anew");
		}
		this.#id = hello.stream;
		this.#epoch = hello.epoch;
		this.#become("live");
		if (another) {
			this.#posted = null;
			this.#post();
		}
	}

	#take(cells) {
		const paths = [];
		for (const cell of cells) {
			const before = this.cells.get(cell.p);
			// While the next reading is under way the last one is still the best that is known.
			if (cell.s === "pending" && before && before.v !== undefined && cell.v === undefined) {
				cell.v = before.v;
				cell.t = before.t;
				cell.ttl = before.ttl;
			}
			this.cells.delete(cell.p);
			this.cells.set(cell.p, cell);
			paths.push(cell.p);
		}
		if (this.cells.size > KEPT) this.#forget();
		this.#tell("cells", paths);
	}

	#takeSystems(systems) {
		for (const system of systems) {
			if (system.gone) this.systems.delete(system.system);
			else this.systems.set(system.system, system);
		}
		this.#tell("systems");
	}

	/** What came longest ago goes first, but nothing that is on the screen. */
	#forget() {
		const wanted = new Set(this.#wanted);
		for (const path of this.cells.keys()) {
			if (this.cells.size <= KEPT * 0.9) return;
			if (!wanted.has(path)) this.cells.delete(path);
		}
	}

	/** Keeps cells that came by another way than the stream, as 'read' answers them. */
	keep(values) {
		const cells = [];
		for (const value of values) {
			// What could not be had says nothing of the cell: it may only not be cached.
			if (value.taken_ms === undefined || value.taken_ms <= (this.cells.get(value.path)?.t ?? 0)) continue;
			cells.push({
				p: value.path, s: value.state, v: value.value, t: value.taken_ms, ttl: value.ttl_ms, e: value.error,
			});
		}
		this.#take(cells);
	}

	#event(line) {
		let event;
		try {
			event = JSON.parse(line);
		} catch {
			return;
		}
		this.events.push(event);
		if (this.events.length > FEED) this.events.splice(0, this.events.length - FEED);
		this.#tell("events");
	}

	async #post() {
		if (this.#posting) return;
		this.#posting = true;
		await this.#first;
		const id = this.#id;
		const cells = this.#wanted;
		const text = JSON.stringify({ cells, systems: true, events: true });
		if (id !== null && text !== this.#posted) {
			let done = false;
			try {
				const answer = await fetch("api/v1/stream/" + encodeURIComponent(id), {
					method: "POST", headers: { "Content-Type": "application/json" }, body: text, signal: this.#gone.signal,
				});
				done = answer.ok;
				// The page itself asks for the token.
				if (answer.status === 401) location.reload();
			} catch {
				// It did not get there.
			}
			if (id === this.#id) {
				if (done) {
					this.#posted = text;
				} else {
					// The stream is not known any more, or cannot be reached: the next one is.
					this.#become("lost");
					this.#again();
				}
			}
		}
		this.#posting = false;
		// Something else is wanted meanwhile, or it is another stream.
		if (this.#id !== null && (id !== this.#id || cells !== this.#wanted)) this.#post();
	}

	/** Wants nothing any more, and says so in a way that reaches the daemon when the page is gone. */
	#pause() {
		if (this.#id !== null) {
			fetch("api/v1/stream/" + encodeURIComponent(this.#id), { method: "DELETE", keepalive: true }).catch(() => {});
		}
		clearTimeout(this.#retry);
		this.#shut();
		this.#become("paused");
	}

	/** A connection that has died without a word: nothing came for three heartbeats, and a POST tells. */
	#check() {
		if (this.state === "live" && Date.now() - this.#heard > 3 * this.#heartbeat) {
			this.#heard = Date.now();
			this.#posted = null;
			this.#post();
		} else if (this.state === "lost" && this.#source === null && this.#retry === 0) {
			this.#again();
		}
	}
}

/** Asks the API; a failure is an Error that says what the daemon said. */
export async function ask(path, body, signal) {
	const answer = await fetch("api/v1/" + path, body === undefined
		? { signal }
		: { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal });
	let content = null;
	try {
		content = await answer.json();
	} catch {
		// Not JSON: the status has to do.
	}
	if (!answer.ok) throw new Error(content?.error ?? "the daemon answered " + answer.status);
	return content;
}
