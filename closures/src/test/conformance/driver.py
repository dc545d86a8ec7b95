"""Plays the steps of the conformance suite with the Python client: 'driver.py PACKAGE PLACE'; see README.md beside it.

A command is a line of standard input. Its answer are lines of standard output: what closures were told meanwhile, then
one that begins with '= ' and says how the call went.
"""

import os
import signal
import sys

sys.path.insert(0, sys.argv[1])
import aeiou  # noqa: E402

PLACE = sys.argv[2]
STEPS = {"read": "read", "stat": "stat", "list": "list_names", "describe": "describe", "each": "each"}
FLAGS = {"skip": "skip_next", "as-group": "as_group"}  # the others are called as here


class Lacks(Exception):
    """The client has no such thing."""


class Asked:
    """What was asked for under a label: how to show its outcome, and how often it ended."""

    def __init__(self, label, operations, group):
        self.label = label
        self.operations = operations  # one for each outcome that is to come
        self.group = group
        self.ends = 0
        self.number = None


def escaped(text):
    return "".join(c if c.isprintable() and c != "\\" else f"\\x{ord(c):02x}" for c in text)


def shown(operation, entry):
    """An outcome, as all drivers write it."""
    if entry.reason == "absent":
        return "absent"
    if entry.reason:
        return f"failure {entry.reason}: {escaped(entry.message)}"
    if operation == "stat":
        return f"stat {entry.stat.st_mode:o} {entry.stat.st_size} {entry.stat.st_nlink}"
    if operation == "list":
        kinds = entry.kinds
        return " ".join(["names"] + [name + "/" * (kinds[name] == "directory") for name in entry.names])
    if operation == "describe":
        facts = {"value": entry.value, "oid": entry.oid, "type": entry.type, "units": entry.units}
        return " ".join(["facts"] + [f"{name}={escaped(fact)}" for name, fact in facts.items() if fact is not None])
    if operation == "read-group":
        return " ".join(["group"] + [cell for row in entry.rows for cell in cells(row, entry.rows[row])])
    if operation == "write":
        return " ".join(["written"] + [f"{name}={change(*texts)}" for name, texts in entry.written.items()])
    if operation == "each":
        return " ".join(["each"] + [f"{name}={escaped(value)}" for name, value in entry.table.items()])
    return f"reading {escaped(entry.value)}"


def change(before, after):
    return f"{escaped(before or '')}>{escaped(after or '')}"


def limits(options):
    """The options of a request, as the client takes them."""
    how = {}
    if "timeout" in options:
        how["timeout"] = int(options["timeout"]) / 1000
    if "background" in options:
        how["background"] = True
    return how


def found(of, name):
    """What something has under a name."""
    if not hasattr(of, name):
        raise Lacks(name)
    return getattr(of, name)


def cells(row, readings):
    reasons = readings.reasons
    for column, value in readings.items():
        told = escaped(value) if value is not None else "(" + reasons[column] + ")"
        yield "/".join(filter(None, (row, column))) + "=" + told


class Driver:
    def __init__(self):
        self.net = None
        self.groups = {}
        self.group = None
        self.asked = []
        self.answers = []
        self.kept = 0

    def say(self, line):
        print(line)

    def find(self, label):
        return next(asked for asked in reversed(self.asked) if asked.label == label)

    def pending(self, group):
        return sum(len(asked.operations) - asked.ends for asked in self.asked if asked.group is group)

    def closure(self, asked):
        def told(delayed, entry):
            operation = asked.operations[min(asked.ends, len(asked.operations) - 1)]
            if operation != "watch" or asked.group.progress().pending < self.pending(asked.group):
                asked.ends += 1
            self.say(f"{asked.label} {'delayed' if delayed else 'immediate'} {shown(operation, entry)}")

        self.asked.append(asked)
        return told

    # The commands.

    def attach(self, pages="64", page="512", outcome="512", arena="65536", reconnect=None, timeout="5000"):
        geometry = aeiou.Geometry(int(pages), int(page), int(outcome), int(arena))
        self.asked, self.answers, self.groups = [], [], {}
        self.net = aeiou.attach(PLACE, geometry=geometry, timeout=int(timeout) / 1000, reconnect=reconnect == "yes")
        self.begin("main")
        return "attached"

    def begin(self, name):
        if name not in self.groups:
            self.groups[name] = self.net.begin()
        self.group = self.groups[name]
        return "ok"

    def ask(self, operation, label, path, *texts, **options):
        how = limits(options)
        asked = Asked(label, [operation], self.group)
        closure = self.closure(asked)
        result = None
        try:
            if operation == "read-group":
                result = self.group.read_group(path, closure, **how)
            elif operation == "write":
                result = self.group.write(path, texts[0], closure, also=dict(zip(texts[1::2], texts[2::2])), **how)
            else:
                result = getattr(self.group, operation)(path, closure, **how)
        finally:
            if result is None:
                self.asked.remove(asked)
        asked.number = result if type(result) is not bool else getattr(self.group, "last_id", None)
        is_immediate = result is True or operation in ("stat", "list", "describe") and result == 0
        return "immediate" if is_immediate else "delayed"

    def flood(self, count, operation, label, path):
        for _ in range(int(count)):
            self.ask(operation, label, path)
        return f"accepted {count}, refused 0"

    def prefetch(self, path):
        self.net.prefetch([path])
        return "ok"

    def chain(self, label, *words, **options):
        steps, operations = [], []
        for step in " ".join(words).split(" | "):
            operation, path, *flags = step.split()
            want = found(aeiou, STEPS[operation])(path)
            for flag in flags:
                want = found(want, FLAGS.get(flag, flag.replace("-", "_")))()
            steps.append(want)
            operations.append("read-group" if "as-group" in flags else operation)
        asked = Asked(label, operations, self.group)
        closure = self.closure(asked)
        try:
            asked.number = self.group.chain(steps, closure, **limits(options))
        except Exception:
            self.asked.remove(asked)
            raise
        return "delayed"

    def cancel(self, label, answer):
        number = self.find(label).number
        if number is None:
            raise Lacks(f"a number of {label}")
        self.answers.append((answer, self.group.cancel(number)))
        return "delayed"

    cancel_id = cancel

    def cancel_unknown(self, label, answer):
        self.answers.append((answer, self.group.cancel(self.find(label).number + 1000000)))
        return "delayed"

    def keep(self, label):
        self.kept = self.find(label).number
        return "ok"

    def cancel_kept(self, answer):
        self.answers.append((answer, self.group.cancel(self.kept)))
        return "delayed"

    def cancel_group(self, answer):
        self.answers.append((answer, self.group.cancel()))
        return "delayed"

    def end(self):
        self.group.end()
        return "ok"

    def wait(self, some=None, ms="20000", **options):
        if "signal" in options:
            return self.wait_interrupted(int(options["signal"]) / 1000)
        done = self.group.wait(int(ms) / 1000, None if some is None else int(some))
        answers, self.answers = self.answers, []
        for label, reply in answers:
            self.say(f"{label} delayed answer {reply.result(int(ms) / 1000).reason}")
        return "done" if done else "time"

    def wait_interrupted(self, seconds):
        signal.signal(signal.SIGALRM, lambda number, frame: None)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            return "done" if self.group.wait(20, interruptible=True) else "time"
        except InterruptedError:
            return "signal"

    def wait_for(self, *labels, some=None, ms="20000"):
        requests = [self.find(label).number for label in labels]
        self.group.end()
        done = self.group.wait(int(ms) / 1000, None if some is None else int(some), requests=requests)
        return "done" if done else "time"

    def progress(self, *fields):
        progress = self.group.progress()
        return ", ".join(f"{field} {self.field(progress, field)}" for field in fields)

    def field(self, progress, field):
        if field != "first-error":
            return found(progress, field)
        error = found(progress, "error")
        return "none" if error is None else f"{error.reason}: {error.message}"

    def child(self, *words):
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            self.play(" ".join(words))
            os._exit(0)
        os.waitpid(child, 0)
        return None

    def connected(self):
        self.group.wait(0)
        return "yes" if self.net.connected else "no"

    def detach(self):
        self.net.close()
        try:
            self.wait(ms="0")  # prints the answers to cancels
        except aeiou.Detached:
            pass  # in a child
        wrong = [asked for asked in self.asked if asked.ends != len(asked.operations)]
        for asked in wrong:
            self.say(f"{asked.label} ended {asked.ends} times instead of {len(asked.operations)}")
        return "detached"

    def play(self, line):
        """One command, and its answer."""
        command, *words = line.split()
        options = dict(word.split("=", 1) for word in words if "=" in word)
        words = [word for word in words if "=" not in word]
        try:
            if command in ("read", "cached", "fetch", "stat", "list", "describe", "read-group", "watch", "write"):
                result = self.ask(command, *words, **options)
            else:
                method = getattr(self, command.replace("-", "_"), None)
                if method is None:
                    raise Lacks(command)
                result = method(*words, **options)
        except Lacks as e:
            result = f"lacks {e}"
        except TypeError as e:  # an option that this client cannot be given
            result = f"lacks {e}"
        except aeiou.AttachError as e:
            result = f"refused: {e}"
        except aeiou.Detached as e:
            result = f"refused gone: {e}"
        except aeiou.NameTooLong:
            result = "refused name too long"
        except ValueError as e:
            result = f"refused bad request: {e}"
        except Exception as e:  # noqa: BLE001 - the suite says that this was not to be expected
            result = f"error {type(e).__name__}: {e}"
        if result is not None:
            print("=", result)
        sys.stdout.flush()


driver = Driver()
for command in sys.stdin:
    driver.play(command)
