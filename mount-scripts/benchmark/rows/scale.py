"""Measures what a value costs the daemon's processors, of few systems and of many, packets and values to each being the same.

Ten systems are asked a thousand times as often as ten thousand, so that as many values are fetched; each burst asks each system for
ten values, which fill one packet. What a burst costs besides its packets is shared by fewer where there are few systems: the
program asks again as soon as all have come.
"""

import bursts

SYSTEMS = (10, 100, 1_000, 10_000)
#: How many values are measured for each number of systems, and how many are fetched before that.
VALUES = {"full": (200_000, 200_000), "quick": (100_000, 100_000), "tiny": (400, 400)}


def measure(running, results, builds, size):
    values, warm = VALUES[size.name]
    numbers = [number for number in SYSTEMS if size.name != "tiny" or number <= 100]
    names = {number: f"processor time of the daemon for a cold value, {number:,} systems, no delay" for number in numbers}
    ratio = f"… of {numbers[-1]:,} systems / of {numbers[0]:,}"
    for name in names.values():
        results.name(name, "µs")
    results.name(ratio, "×", 1.2)
    networks = {number: bursts.Agents(running, number) for number in numbers}
    for network in networks.values():
        # What is read again and again would be there before it is asked for.
        network.configuration.write_text("refresh-ahead: {enabled: false}\n" + network.configuration.read_text())
    for build, checkout in builds.items():
        took = {number: [] for number in numbers}
        daemons = {number: running.mount(network.configuration, checkout).wait() for number, network in networks.items()}
        clients = {number: bursts.Client(running, daemon, checkout) for number, daemon in daemons.items()}
        for number, client in clients.items():
            fetch(client, number, warm)
        for _ in range(1 if size.name == "tiny" else 5):
            for number, client in clients.items():
                took[number].append(fetch(client, number, values // 5))
        for number in numbers:
            results.add(names[number], took[number], build=build)
        results.add(ratio, [most / least for most, least in zip(took[numbers[-1]], took[numbers[0]])], build=build)
        for number, client in clients.items():
            client.close()
            daemons[number].close()


def fetch(client, systems, values):
    """Microseconds of processor time for a value."""
    each = systems * len(bursts.COLUMNS)
    used, came = 0.0, 0
    while came < values:
        _, _, spent, arrived, _ = client.burst("read_many", "near")
        used += spent
        came += arrived
        if arrived != each:
            raise SystemExit(f"bench: {arrived} values of {each} came")
    return used / came * 1e6
