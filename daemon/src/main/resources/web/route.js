// Where the reader is, as the part of the address behind '#': '#/system/lon%2Fcore1/interfaces?sort=-in'. The daemon
// never sees it, so that a deep link works behind any proxy, and a system's name may hold a slash.

/** The view, its arguments and its settings. */
export function parse(hash) {
	const text = hash.replace(/^#\/?/, "");
	const mark = text.indexOf("?");
	const path = mark < 0 ? text : text.slice(0, mark);
	const parts = path.split("/").filter((part) => part !== "").map(decode);
	return {
		view: parts[0] ?? "systems",
		args: parts.slice(1),
		settings: new URLSearchParams(mark < 0 ? "" : text.slice(mark + 1)),
	};
}

function decode(part) {
	try {
		return decodeURIComponent(part);
	} catch {
		return part;
	}
}

/** The address of a view; settings without a value are left out. */
export function link(view, args = [], settings = {}) {
	const query = new URLSearchParams();
	for (const [key, value] of settings instanceof URLSearchParams ? settings : Object.entries(settings)) {
		if (value !== "" && value !== null && value !== undefined) query.set(key, value);
	}
	const text = query.toString();
	return "#/" + [view, ...args].map(encodeURIComponent).join("/") + (text ? "?" + text : "");
}

/** Changes settings of the view that is shown, without a step in the browser's history. */
export function settle(changes) {
	const { view, args, settings } = parse(location.hash);
	for (const [key, value] of Object.entries(changes)) {
		if (value === "" || value === null) settings.delete(key);
		else settings.set(key, value);
	}
	history.replaceState(null, "", link(view, args, settings));
}
