// How values read. Everything here may come from an agent: it is text, and never markup.

/** Signs of states; colour comes from the class of the same name, and is never the only sign. */
export const SIGNS = new Map([
	["up", "▲"], ["down", "▼"], ["breaker", "⊘"], ["stale", "◔"], ["unknown", "?"],
]);

const BAD = new Set(["down", "lowerLayerDown", "notPresent", "failed", "critical", "nonoperational"]);

/** Characters that cannot be seen or that turn the direction of what follows: shown by their numbers. */
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** A text as it can be shown without doing anything to what stands beside it. */
export function shown(text) {
	return String(text).replace(UNSEEN, (c) =>
		c === "\n" || c === "\t" ? " " : "⟨U+" + c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0") + "⟩");
}

/** What a label of a state says, if it says one: 'up', 'down', or null. */
export function kindOf(value) {
	return value === "up" ? "up" : BAD.has(value) ? "down" : null;
}

export function age(millis) {
	const seconds = Math.max(0, Math.floor(millis / 1000));
	if (seconds < 100) return seconds + " s";
	const minutes = Math.floor(seconds / 60);
	if (minutes < 100) return minutes + " min";
	const hours = Math.floor(minutes / 60);
	return hours < 48 ? hours + " h" : Math.floor(hours / 24) + " d";
}

/** A length of time: '12d 03:04:05'. */
export function duration(seconds) {
	const whole = Math.floor(seconds);
	const two = (n) => String(n).padStart(2, "0");
	const days = Math.floor(whole / 86400);
	return (days > 0 ? days + "d " : "") + two(Math.floor(whole / 3600) % 24) + ":" + two(Math.floor(whole / 60) % 60)
		+ ":" + two(whole % 60);
}

const PREFIXES = ["", "k", "M", "G", "T", "P", "E"];

/** With a prefix of SI and three digits: '12.3 M'. */
export function si(number, unit = "") {
	let n = Math.abs(number);
	let i = 0;
	while (n >= 999.5 && i < PREFIXES.length - 1) {
		n /= 1000;
		i++;
	}
	const digits = n === 0 || n >= 99.95 || (i === 0 && Number.isInteger(n)) ? 0 : n >= 9.995 ? 1 : 2;
	const text = (number < 0 ? "−" : "") + n.toFixed(digits);
	const suffix = PREFIXES[i] + unit;
	return suffix ? text + " " + suffix : text;
}

/** Speeds are round: '1 Gb/s'. */
function speed(bits) {
	return si(bits, "b/s").replace(/\.0+(?= )/, "");
}

const GROUPS = new Intl.NumberFormat("en", { useGrouping: true, maximumFractionDigits: 3 });

/** The last name of a path, which says what a value is. */
export function attributeOf(path) {
	return path.slice(path.lastIndexOf("/") + 1);
}

/** Octets per second are shown as bits, as the speeds of links are. */
export function isBits(attribute) {
	return /Octets\.rate$/.test(attribute);
}

/** Values that are times in hundredths of a second. */
const TICKS = /(UpTime|Uptime|LastChange|DiscontinuityTime)$/;

/** A value as a person reads it. */
export function value(attribute, v) {
	if (v === null || v === undefined) return "";
	const number = typeof v === "number" ? v : /^-?\d+(\.\d+)?$/.test(v) ? Number(v) : NaN;
	if (attribute.endsWith(".rate") && Number.isFinite(number)) {
		return isBits(attribute) ? si(number * 8, "b/s") : si(number, "/s");
	}
	if (attribute.endsWith("Utilization") && Number.isFinite(number)) return number.toFixed(1) + " %";
	if (typeof v !== "number") return shown(v);
	if (TICKS.test(attribute)) return duration(v / 100);
	if (attribute === "ifHighSpeed") return speed(v * 1e6);
	if (attribute === "ifSpeed") return speed(v);
	return GROUPS.format(v);
}

/** A moment of a day, with the day where it is another one than today. */
export function moment(millis) {
	const date = new Date(millis);
	const time = date.toLocaleTimeString("en-GB");
	return date.toDateString() === new Date().toDateString() ? time : date.toISOString().slice(0, 10) + " " + time;
}

/** A column's name from the end of a path: 'system/sysUpTime' is 'sysUpTime', '.rate' stays. */
export function titleOf(path) {
	const name = attributeOf(path);
	return TITLES.get(name) ?? shown(name.replace(/_/g, " "));
}

const TITLES = new Map([
	["ifAdminStatus", "Admin"], ["ifOperStatus", "Oper"], ["ifHCInOctets.rate", "In"], ["ifHCOutOctets.rate", "Out"],
	["ifInUtilization", "In %"], ["ifOutUtilization", "Out %"], ["ifInErrors.rate", "In errors"],
	["ifOutErrors.rate", "Out errors"], ["ifAlias", "Alias"], ["ifHighSpeed", "Speed"], ["sysUpTime", "Up time"],
	["sysLocation", "Location"], ["sysDescr", "Description"], ["sysName", "sysName"], ["sysContact", "Contact"],
]);
