// The cluster as the daemon behind this page sees it: its members, what each owns, and what is the matter.
import { age, shown, SIGNS } from "./format.js";
import { figures, millis, number, text } from "./lists.js";
import { ask } from "./stream.js";

const EVERY_MS = 2000;

/** What the words of the daemon look like: signs and colours that the other views have, too. */
const KINDS = new Map([["fine", "up"], ["suspect", "down"], ["draining", "stale"], ["leaving", "stale"]]);
const WORDS = new Map([["suspect", "not heard of"]]);
const DIGEST = 8;
// Here and not in the style of all pages, as few have this view.
const BAR = "display: flex; gap: 2px; flex: none";
const PART = "padding: 2px 4px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis; background: var(--active); border: 1px solid var(--line); unicode-bidi: isolate";

function stateText(m) {
	const kind = KINDS.get(m.state) ?? "unknown";
	return { text: SIGNS.get(kind) + " " + shown(WORDS.get(m.state) ?? m.state), kind };
}

/** Whether a poller has another configuration than most, so that it takes no more slots. */
export function differs(m) {
	return m.roles.includes("poll") && m.state === "fine" && !m.campaigns;
}

/** What a person should look at, a sentence each. */
export function troubles(c) {
	const all = [];
	if (c.broker.state !== "connected") {
		all.push("the broker is " + shown(c.broker.state) + (c.broker.problem ? ": " + shown(c.broker.problem) : ""));
	}
	if (c.free.length > 0) {
		const some = c.free.slice(0, 8).join(", ") + (c.free.length > 8 ? ", …" : "");
		all.push(c.free.length + " of " + c.slots + " slots have no owner (" + some + "): their systems are not asked");
	}
	for (const m of c.members) {
		const name = shown(m.member);
		if (m.state === "suspect") all.push(name + " was not heard of for " + age(m.heard_ms_ago));
		if (m.state === "draining") all.push(name + " gives its slots away");
		if (m.other_slots) {
			all.push(name + " puts systems into other slots than most pollers, and can ask them for nothing: make 'slots' and 'sites' equal, and start it anew");
		} else if (differs(m)) all.push(name + " has another configuration than most pollers, and takes no more slots: make the files equal and reload");
	}
	return all;
}

const columns = [
	{ id: "name", title: "Member", size: "minmax(9rem, 1.4fr)", rank: (row) => row.key, text: (row) => ({ text: shown(row.m.member) + (row.m.self ? " (this one)" : "") }) },
	{ id: "state", title: "State", size: "minmax(7rem, 0.8fr)", rank: (row) => row.m.state, text: (row) => stateText(row.m) },
	{ id: "roles", title: "Does", rank: (row) => row.m.roles.join(), text: text((row) => row.m.roles.join(", ")) },
	{ id: "site", title: "Site", rank: (row) => row.m.site, text: text((row) => shown(row.m.site)) },
	number("slots", "Slots", (row) => row.m.slots),
	number("systems", "Systems", (row) => row.m.figures.systems),
	number("heard", "Last word", (row) => (row.m.self ? undefined : row.m.heard_ms_ago), (v) => (v / 1000).toFixed(1) + " s ago"),
	number("broker", "Broker away", (row) => (row.m.figures.broker_us >= 0 ? row.m.figures.broker_us : undefined), millis),
	{
		id: "digest", title: "Configuration", size: "minmax(9rem, 1.4fr)", rank: (row) => row.m.digest,
		text: (row) => {
			const digest = shown(row.m.digest.slice(0, DIGEST));
			return differs(row.m) ? { text: "⚠ " + digest + " differs", kind: "failed" } : { text: digest };
		},
	},
	{ id: "version", title: "Version", rank: (row) => row.m.version, text: text((row) => shown(row.m.version)) },
	number("up", "Up for", (row) => row.m.up_ms, age),
];

/** Which sites have systems that are asked from elsewhere, in words; empty without sites. */
export function nearness(c) {
	const far = c.sites.filter((s) => s.near < s.slots).map((s) => shown(s.site) + " " + s.near + " of " + s.slots);
	if (c.sites.length === 0) return "";
	return " · " + (far.length === 0 ? "all sites ask their own systems" : "slots owned at their site: " + far.join(", "));
}

/** How the slots are shared out, as a bar; says the same in words. */
function share(c) {
	const owners = c.members.filter((m) => m.slots > 0).map((m) => ({ name: shown(m.member), slots: m.slots, kind: "" }));
	if (c.free.length > 0) owners.push({ name: "no owner", slots: c.free.length, kind: "down" });
	return owners.map(({ name, slots, kind }) => {
		const part = document.createElement("div");
		part.className = kind;
		part.style.cssText = PART + "; flex: " + slots + " 1 0" + (kind ? "; border-style: dashed" : "");
		part.textContent = part.title = name + ": " + slots + " of " + c.slots;
		return part;
	});
}

export function cluster(app, route) {
	let known = null;
	let problem = "";
	let said = null;
	let timer = 0;
	const gone = new AbortController();
	const rows = () => (known === null ? [] : known.members.map((m) => ({
		key: m.member + " " + m.id, m: { ...m, up_ms: Math.max(0, known.now_ms - m.started_ms) },
	})));
	const table = figures(app, route, "Members", () => problem || "asking …", columns, rows, "name", undefined);
	const element = document.createElement("section");
	element.className = "system";
	const title = document.createElement("h1");
	const summary = document.createElement("p");
	summary.style.margin = "0";
	const list = document.createElement("ul");
	list.className = "failed";
	list.style.cssText = "margin: 0; padding: 0; list-style: none";
	const bar = document.createElement("div");
	bar.style.cssText = BAR;
	bar.setAttribute("role", "img");
	element.append(title, summary, list, bar, table.element);

	const render = () => {
		table.render();
		if (known === null) return;
		title.textContent = "Cluster " + shown(known.cluster);
		const pollers = known.members.filter((m) => m.roles.includes("poll")).length;
		summary.textContent = known.members.length + " members, " + pollers + " of them poll; broker " + shown(known.broker.state)
			+ (known.broker.round_trip_us >= 0 ? ", " + millis(known.broker.round_trip_us) + " away" : "") + nearness(known) + (problem ? " · " + problem : "");
		const all = troubles(known);
		const mark = all.join("\n");
		if (mark !== said) {
			if (said !== null) app.announce(mark || "the cluster is well");
			said = mark;
		}
		list.replaceChildren(...all.map((sentence) => Object.assign(document.createElement("li"), { textContent: "⚠ " + sentence })));
		const parts = share(known);
		bar.setAttribute("aria-label", "Slots by owner: " + (parts.map((part) => part.title).join("; ") || "none has one"));
		bar.replaceChildren(...parts);
	};
	const poll = async () => {
		try {
			if (!document.hidden) {
				const answer = await ask("cluster", undefined, gone.signal);
				known = answer.cluster === null ? null : answer;
				problem = known === null ? "This daemon is a member of no cluster." : "";
			}
		} catch (e) {
			if (e.name === "AbortError") return;
			problem = "⚠ " + shown(e.message);
		}
		render();
		timer = setTimeout(poll, EVERY_MS);
	};
	poll();
	return {
		...table, title: "Cluster", element, tick: () => {}, update: () => {},
		close: () => {
			gone.abort();
			clearTimeout(timer);
			table.close();
		},
	};
}
