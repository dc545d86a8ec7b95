"""What a browser does to the page, and what it must show then: a function for each test of PageIT, which says their names.

A check changes the network by ask(): the test has it. All checks share one browser, one daemon and one network.
"""

import json
import pathlib
import re
import statistics
import sys
import time
import traceback
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "mount-scripts"))

import browser  # noqa: E402

COLUMNS = ",".join("system/" + name for name in (
    "sysUpTime", "sysName", "sysLocation", "sysDescr", "sysContact", "sysServices", "sysObjectID", "sysORLastChange"))
#: Paths of cells that the page shows, with their states, in one frame.
FRAMES = """
  window.frames_ = [];
  const look = (now) => {
    const cells = [...document.querySelectorAll('.table .space .row > div')].filter((cell) => cell.path);
    window.frames_.push({now, cells: cells.map((cell) => [cell.path, cell.className, cell.textContent])});
    if (window.frames_.length < 200) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
"""
ROW = "[...document.querySelectorAll('.table .space .row')]"
LIVE = "document.getElementById('connection').textContent === '● live'"
SHOWN = f"{LIVE} && document.querySelectorAll('.table .space .row').length > 5"
VALUES = "document.querySelectorAll('.table .space .row > div small:not(:empty)').length"
SETTLED = f"{SHOWN} && document.querySelectorAll('.table .space .pending').length === 0 && {VALUES} > 0"


def ask(*what):
    print(">", *what, flush=True)
    return sys.stdin.readline().strip()


def tell(text):
    print(text, flush=True)


class World:
    """The browser, the daemon's address, and the names of the systems."""

    def __init__(self, url):
        self.url = url
        self.browser = browser.Browser()
        self.pages = []
        self.names = []

    def page(self, address="", size="desk", dark=False, before=""):
        page = self.browser.page(size, dark)
        if before:
            page.call("Page.addScriptToEvaluateOnNewDocument", {"source": before})
        page.open(self.url + address)
        self.pages.append(page)
        return page

    def read(self, paths, **more):
        request = urllib.request.Request(
            self.url + "api/v1/read", json.dumps(dict(paths=paths, **more)).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)["values"]

    def warm(self, names, columns=COLUMNS):
        paths = [f"{name}/{column}" for name in names for column in columns.split(",")]
        for i in range(0, len(paths), 2000):
            self.read(paths[i:i + 2000], deadline_ms=20000)

    def close(self):
        for page in self.pages:
            page.close()
        self.pages.clear()


def system(name, *more):
    return "#/" + "/".join(["system", name.replace("/", "%2F"), *more])


def stat(name):
    found = [line.split(": ")[1] for line in ask("stats").split(";") if line.startswith(name + ": ")]
    assert found, f"no {name} in stats"
    return float(found[0])


def cached_cells_are_there_at_once_and_pending_ones_turn(world):
    warm, slow = world.names[0], world.names[1]
    world.warm([warm])
    ask("distance", slow, 500)
    page = world.page(f"#/systems?columns={COLUMNS}&sort=name", before=FRAMES)
    page.until(SETTLED)
    frames = page.run("window.frames_")
    # The first one with a value at all.
    first = next(frame for frame in frames if any(text not in ("", "…") for _, _, text in frame["cells"]))
    cells = {path: (kind, text) for path, kind, text in first["cells"]}
    assert all(cells[f"{warm}/{column}"][1] not in ("", "…") for column in COLUMNS.split(",")), cells
    assert "pending" in cells[f"{slow}/system/sysName"][0], cells
    assert cells[f"{slow}/system/sysName"][1] == "…", cells
    turned = page.run(f"{ROW}.flatMap((r) => [...r.children]).find((c) => c.path === '{slow}/system/sysName').textContent")
    assert turned.startswith(slow), turned
    # A number says how old it is.
    up = page.run(f"{ROW}[0].children[2].querySelector('small').textContent")
    assert up.endswith(" s"), up
    ask("distance", slow, 0)
    return [page]


def a_pulled_link_shows_within_a_second_of_its_trap(world):
    name = world.names[10]
    page = world.page(system(name, "interfaces"))
    page.until(SETTLED)
    row = next(p.split("/")[-2] for p in page.run(f"{ROW}.flatMap((r) => [...r.children].map((c) => c.path))")
               if p and p.endswith("ifOperStatus") and world.read([p.replace("OperStatus", "Index")])[0]["value"] == 1)
    cell = f"{ROW}.flatMap((r) => [...r.children]).find((c) => c.path === '{name}/interfaces/{row}/ifOperStatus').textContent"
    assert "▲ up" in page.run(cell)
    took = []
    for state, sign in (("down", "▼ down"), ("up", "▲ up"), ("down", "▼ down")):
        begin = time.monotonic()
        ask("link", name, 1, state)
        page.until(f"({cell}).includes('{sign}')", 5)
        took.append(time.monotonic() - begin)
    tell(f"a link is shown {statistics.median(took) * 1e3:.0f} ms after its trap (median of {len(took)})")
    assert statistics.median(took) < 1, took
    ask("link", name, 1, "up")
    # The change feed tells of the traps.
    page.run("location.hash = '#/events'")
    page.until("[...document.querySelectorAll('.events li')].some((li) => li.textContent.includes('trap'))")
    return [page]


def what_agents_say_is_text_whatever_it_says(world):
    name = world.names[20]
    markup = '<img src=x onerror="window.hacked=1"><script>window.hacked=2</script>'
    for oid in ("1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.1.6.0", "1.3.6.1.2.1.31.1.1.1.18.1"):
        ask("text", name, oid, markup.encode().hex())
    ask("text", name, "1.3.6.1.2.1.1.4.0", "\u202eevil\u2066".encode().hex())
    for address, ready in (
        (system(name, "system"), "document.querySelector('.scalars')?.textContent.includes('<img')"),
        (system(name, "interfaces"), "document.body.textContent.includes('<script>')"),
        (f"#/systems?columns=system/sysName&filter={name}", "document.body.textContent.includes('<img')"),
        ("#/system/%3Cimg%20src%3Dx%3E%E2%80%AE/%3Cb%3E", "document.querySelector('.failed')"),
    ):
        page = world.page(address)
        page.until(ready)
        state = page.run("""({
          hacked: window.hacked ?? null, images: document.querySelectorAll('main img, main script, main b').length,
          turned: /[\\u202a-\\u202e\\u2066-\\u2069]/.test(document.body.textContent + document.title)})""")
        assert state == {"hacked": None, "images": 0, "turned": False}, state
        if "%3C" not in address:
            complaints(page)
    return []


def a_thousand_systems_stay_smooth(world):
    world.warm(world.names)
    page = world.page(f"#/systems?columns={COLUMNS}&sort=name", before=FRAMES)
    page.until(SETTLED, 30)
    page.call("Page.bringToFront")
    timing = page.run("""(() => {
      const [navigation] = performance.getEntriesByType('navigation');
      const [paint] = performance.getEntriesByName('first-contentful-paint');
      const full = window.frames_.find((f) => f.cells.length > 100 && f.cells.every(([, k]) => !k.includes('pending')));
      return {response: navigation.responseEnd, paint: paint.startTime, full: full.now,
        marks: performance.getEntriesByType('mark').map((m) => m.name + ' ' + Math.round(m.startTime))};
    })()""")
    first, full = timing["paint"] - timing["response"], timing["full"] - timing["response"]
    rows = page.run("document.querySelectorAll('.table .space .row').length")
    total = page.run("Number(document.querySelector('.table').getAttribute('aria-rowcount')) - 1")
    tell(f"{total} systems x 8 cached columns: first paint {first:.0f} ms after the response, all cells on the screen {full:.0f} ms")
    assert total >= 1000, total
    assert rows < 60, rows
    times = page.run("""new Promise((resolve) => {
      const table = document.querySelector('.table'), times = [], begin = performance.now();
      let last = begin;
      const step = (now) => {
        times.push(now - last);
        last = now;
        table.scrollTop += 150;
        if (now - begin < 2500) requestAnimationFrame(step); else resolve(times.slice(2));
      };
      requestAnimationFrame(step);
    })""")
    ordered = sorted(times)
    median, p95 = statistics.median(times), ordered[int(len(ordered) * 0.95)]
    tell(f"frames while scrolling and updating: median {median:.1f} ms, 95th percentile {p95:.1f} ms, of {len(times)}")
    watched = len(page.run(f"{ROW}.flatMap((r) => [...r.children].map((c) => c.path)).filter((p) => p)"))
    assert watched < 60 * 8
    # On a machine that does other things too; the benchmark says more.
    assert first < 3000 and full < 5000, timing
    assert median < 60 and p95 < 400, (median, p95)
    return [page]


def the_keyboard_reaches_everything(world):
    page = world.page("#/systems?sort=name")
    page.until(SHOWN)
    page.key("/")
    assert page.run("document.activeElement.id") == "filter"
    for letter in world.names[5]:
        page.key(letter)
    page.until(f"{ROW}.some((row) => row.textContent.includes('{world.names[5]}'))")
    page.key("Enter")
    assert page.run("document.activeElement.getAttribute('role')") == "grid"
    active = "document.getElementById(document.activeElement.getAttribute('aria-activedescendant')).textContent"
    begin = page.run(active)
    page.key("ArrowRight")
    assert page.run(active) != begin
    page.key("ArrowLeft")
    page.key("Enter")
    page.until("location.hash.startsWith('#/system/')")
    page.until("document.querySelector('.system [role=grid]')")
    page.key("?")
    page.until("document.getElementById('help').open")
    page.key("Escape")
    page.until("!document.getElementById('help').open")
    page.until("document.activeElement.getAttribute('role') === 'grid'")
    page.key("ArrowDown")
    page.key("c")
    page.until("document.querySelector('.chart canvas')")
    page.key("Escape")
    page.until("!document.querySelector('.chart')")
    page.key("Escape")
    page.until("location.hash.startsWith('#/systems')")
    # Back works, and a deep link is where the reader was.
    page.run("history.back()")
    page.until("location.hash.startsWith('#/system/')")
    # End, and the last row is in the document.
    page.run("location.hash = '#/systems?sort=name'")
    page.until(SHOWN)
    page.key("End")
    last = page.run("document.querySelector('.table').getAttribute('aria-rowcount')")
    page.until(f"document.querySelector('.row.active')?.getAttribute('aria-rowindex') === '{last}'")
    for name in ("events", "slow", "limits", "requesters", "map"):
        page.run(f"location.hash = '#/{name}'")
        page.until(f"document.querySelector('nav [aria-current]').dataset.view === '{name}'")
    return [page]


def the_accessibility_tree_names_every_control_and_every_state(world):
    dead = world.names[900]
    ask("dead", dead, "true")
    world.read([f"{dead}/system/sysContact"], deadline_ms=8000)
    page = world.page(f"#/systems?columns={COLUMNS}")
    page.until(f"{ROW}.some((row) => /▼ down|⊘ breaker/.test(row.textContent))", 20)
    page.call("Accessibility.enable")
    nodes = [node for node in page.call("Accessibility.getFullAXTree")["nodes"] if not node.get("ignored")]
    of = lambda role: [n for n in nodes if n.get("role", {}).get("value") == role]  # noqa: E731
    name = lambda node: node.get("name", {}).get("value", "")  # noqa: E731
    for role in ("button", "link", "textbox", "searchbox", "grid", "navigation", "columnheader"):
        assert role in ("textbox", "searchbox") or of(role), (role, {n.get("role", {}).get("value") for n in nodes})
        nameless = [n for n in of(role) if not name(n)]
        assert not nameless, (role, nameless)
    assert of("searchbox") and name(of("searchbox")[0]) == "Filter systems"
    assert len(of("rowheader")) > 5 and len(of("gridcell")) > 30
    states = [name(n) for n in of("gridcell") if name(n).startswith(("▲ up", "▼ down", "⊘ breaker", "◔ stale", "? unknown"))]
    assert len(states) == len(of("rowheader")), (states, len(of("rowheader")))
    assert any(s.startswith(("▼ down", "⊘ breaker")) for s in states), states
    ask("dead", dead, "false")
    assert of("status") and "live" in page.run("document.querySelector('[role=status]').textContent")
    return [page]


def what_could_not_be_read_tells_why_on_hover_and_on_focus(world):
    dead = world.names[910]
    ask("dead", dead, "true")
    page = world.page(f"#/systems?columns={COLUMNS}&filter={dead}")
    page.until("document.querySelector('.table .space .failed')", 30)
    cell = "document.querySelector('.table .space .failed')"
    at = page.run(f"(() => {{ const r = {cell}.getBoundingClientRect(); return [r.x + 5, r.y + 5]; }})()")
    page.call("Input.dispatchMouseEvent", {"type": "mouseMoved", "x": at[0], "y": at[1]})
    page.until("!document.getElementById('tooltip').hidden && document.getElementById('tooltip').textContent.length > 5")
    page.call("Input.dispatchMouseEvent", {"type": "mouseMoved", "x": 2, "y": 400})
    page.run("document.querySelector('.table').focus()")
    for _ in range(12):
        page.key("ArrowRight")
        if page.run("!document.getElementById('tooltip').hidden && "
                    "document.querySelector('[aria-describedby=tooltip]').classList.contains('failed')"):
            break
    else:
        raise AssertionError("no reason on focus")
    ask("dead", dead, "false")
    return [page]


def rates_are_drawn_and_charted(world):
    page = world.page(system(world.names[12], "interfaces"))
    page.until(f"{ROW}.some((row) => / [kMG]?b\\/s/.test(row.querySelector('[data-title=In]').textContent))", 30)
    page.until("document.querySelector('.table canvas[aria-label^=most]')", 20)
    page.run("document.querySelector('.table canvas[aria-label^=most]').click()")
    page.until("document.querySelector('.chart .u-wrap canvas')")
    page.until("/b\\/s/.test(document.querySelector('.chart .now').textContent)", 20)
    assert "chart=" in page.run("location.hash")
    # The same link opens the same chart.
    again = world.page(page.run("location.hash"))
    again.until("document.querySelector('.chart .u-wrap canvas')")
    return [page, again]


def the_map_shows_links_and_their_load(world):
    page = world.page("#/map?around=" + world.names[15] + "&hops=1")
    page.until("document.querySelectorAll('.map a').length > 1 && document.querySelectorAll('.map line').length > 0", 20)
    page.until("[...document.querySelectorAll('.map .load')].some((t) => /%|down/.test(t.textContent))", 30)
    page.run("document.querySelector('.map a').focus()")
    begin = page.run("document.activeElement.getAttribute('aria-label')")
    assert "link" in begin and "up" in begin, begin
    for key in ("ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"):
        page.key(key)
        if page.run("document.activeElement.getAttribute('aria-label')") != begin:
            break
    else:
        raise AssertionError("arrows do not move on the map")
    assert page.run("document.querySelectorAll('.map tbody tr').length") > 0
    return [page]


def a_phone_shows_it_without_scrolling_sideways(world):
    page = world.page(f"#/systems?columns={COLUMNS}", "phone", True)
    for address in (None, system(world.names[3], "interfaces"), system(world.names[3], "system"), "#/events", "#/slow", "#/map"):
        if address:
            page.run(f"location.hash = '{address}'")
        page.until(f"{LIVE} && document.querySelectorAll('main .row:not(.head), main li, main dd, main svg').length > 0")
        sizes = page.run("""[document.documentElement, document.querySelector('main'), document.querySelector('.table')]
          .filter((e) => e).map((e) => [e.scrollWidth, e.clientWidth])""")
        assert all(scroll <= width for scroll, width in sizes), (address, sizes)
    dark = page.run("getComputedStyle(document.body).backgroundColor")
    assert dark == "rgb(20, 23, 27)", dark
    page.run("document.getElementById('theme').click()")
    page.run("document.getElementById('theme').click()")
    assert page.run("getComputedStyle(document.body).backgroundColor") == "rgb(251, 251, 252)"
    page.run("document.getElementById('theme').click()")
    return [page]


def paper_gets_all_rows(world):
    page = world.page("#/systems?columns=system/sysName&sort=name&filter=core1")
    page.until(SETTLED)
    page.run("addEventListener('beforeprint', () => { window.printed = document.querySelectorAll('.table .space .row').length; })")
    data = page.call("Page.printToPDF", {}, 60)["data"]
    assert page.run("window.printed") == page.run("Number(document.querySelector('.table').getAttribute('aria-rowcount')) - 1")
    assert page.run("window.printed") > 20 and len(data) > 20000
    page.until("document.querySelectorAll('.table .space .row').length < 60")
    return [page]


def a_page_that_is_hidden_or_closed_asks_for_nothing(world):
    page = world.page("#/systems?columns=system/sysUpTime&sort=-name")
    page.until(SETTLED)
    assert 0 < stat(WATCHED) < 60, stat(WATCHED)
    hide = """Object.defineProperty(document, 'hidden', {{value: {0}, configurable: true}});
        document.dispatchEvent(new Event('visibilitychange'))"""
    page.run(hide.format("true"))
    eventually(lambda: stat(WATCHED) == 0, "a hidden page watches nothing")
    page.run(hide.format("false"))
    eventually(lambda: stat(WATCHED) > 0, "a page that is seen again watches again")
    complaints(page)
    shown = page.run(f"{ROW}.map((row) => row.row.key)")
    assert int(ask("packets", *shown)) > 0
    page.open("about:blank")
    eventually(lambda: stat(WATCHED) == 0, "a closed page watches nothing")

    def silent():
        # Values are renewed each second while they are watched; a last time after that.
        before = ask("packets", *shown)
        time.sleep(2)
        return ask("packets", *shown) == before
    eventually(silent, "no packet to systems that are not shown", 8)
    return []


WATCHED = "stream.shown"


def eventually(condition, what, limit=5):
    end = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < end, "not true within " + str(limit) + " s: " + what
        time.sleep(0.05)


def a_restart_of_the_daemon_is_survived(world):
    page = world.page("#/systems?columns=system/sysUpTime&sort=name")
    page.until(SETTLED)
    page.run("window.kept = 1")
    ask("stop")
    try:
        page.until("document.getElementById('connection').textContent.startsWith('○ not connected since ')")
        # Values stay, and age.
        page.until("document.querySelector('.table .space .c2.stale small')", 10)
    finally:
        ask("start")
    begin = time.monotonic()
    page.until(f"{SETTLED} && !document.querySelector('.table .space .row:nth-child(2) div:nth-child(3).stale')", 20)
    tell(f"after a restart the page is live again within {time.monotonic() - begin:.1f} s")
    assert page.run("window.kept") == 1
    return []


def the_page_shows_the_members_and_what_is_the_matter(world):
    page = world.page("#/systems?columns=owner&sort=name")
    page.until(f"{LIVE} && {ROW}.filter((row) => row.textContent.includes('lon-poll')).length === {len(world.names)}")
    page.until("!document.querySelector('[data-view=cluster]').hidden")
    page.run("document.querySelector('[data-view=cluster]').click()")
    page.until("document.querySelector('main h1')?.textContent === 'Cluster test'")
    page.until(f"{ROW}.length === 2")
    rows = page.run(f"{ROW}.map((row) => [...row.children].map((cell) => cell.textContent))")
    by_name = {row[0]: row for row in rows}
    assert by_name["lon-poll"][1:6] == ["▲ fine", "poll", "", "32", str(len(world.names))], rows
    assert by_name["gui (this one)"][1:5] == ["▲ fine", "read", "", "0"], rows
    bar = "document.querySelector('main [role=img]').getAttribute('aria-label')"
    assert page.run(bar) == "Slots by owner: lon-poll: 32 of 32", page.run(bar)
    assert page.run("document.querySelectorAll('main li').length") == 0
    ask("drain")
    page.until("document.querySelector('main ul').textContent.includes('lon-poll gives its slots away')", 10)
    page.until(f"{bar} === 'Slots by owner: par-poll: 32 of 32'", 10)
    page.until("document.getElementById('announce').textContent.includes('lon-poll gives its slots away')")
    phone = world.page("#/cluster", "phone", dark=True)
    phone.until(f"{ROW}.length === 3")
    assert phone.run("document.documentElement.scrollWidth <= innerWidth")
    return [page, phone]


def complaints(*pages):
    found = [complaint for page in pages for complaint in page.complaints()]
    assert not found, found


def main():
    world = World(sys.argv[1])
    try:
        for line in sys.stdin:
            begin = time.monotonic()
            try:
                if not world.names:
                    # In the order of the page.
                    world.names = sorted(ask("names").split(" "), key=lambda name: [
                        (0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.findall(r"\d+|\D+", name)])
                complaints(*globals()[line.strip()](world))
                tell(f"{line.strip()}: {time.monotonic() - begin:.1f} s")
                tell("passed")
            except Exception:
                tell("failed: " + traceback.format_exc().replace("\n", "\\n"))
            finally:
                world.close()
    finally:
        world.browser.close()


if __name__ == "__main__":
    main()
