/** Scripts that go with live threads: kept and reported, never a crash or a hang, and the process still ends. */
import { expect, test } from "vitest";
import { expectWell, run, type Body } from "../helpers/child.js";

/** Ways in which a script still has live threads when it is unloaded. */
const LIVE: Record<string, string> = {
  "a daemon in a busy loop": `
import threading
def work():
  n = 0
  while True: n += 1
threading.Thread(target=work, daemon=True).start()`,

  "a daemon in a sleeping loop": `
import threading, time
def work():
  while True: time.sleep(0.01)
threading.Thread(target=work, daemon=True).start()`,

  "one that blocks on a queue": `
import threading, queue
q = queue.Queue()
threading.Thread(target=q.get).start()`,

  "one that waits for a lock that nobody lets go": `
import _thread
lock = _thread.allocate_lock()
lock.acquire()
_thread.start_new_thread(lock.acquire, ())`,

  "one in accept": `
import threading, socket
s = socket.create_server(("127.0.0.1", 0))
threading.Thread(target=s.accept, daemon=True).start()`,

  "a Timer in an hour": `
import threading
threading.Timer(3600, print).start()`,

  "a busy ThreadPoolExecutor": `
import concurrent.futures, time
pool = concurrent.futures.ThreadPoolExecutor(2)
for _ in range(4): pool.submit(time.sleep, 3600)`,

  "an asyncio loop": `
import asyncio, threading
loop = asyncio.new_event_loop()
async def tick():
  while True: await asyncio.sleep(0.01)
def work():
  asyncio.set_event_loop(loop)
  loop.create_task(tick())
  loop.run_forever()
threading.Thread(target=work, daemon=True).start()`,

  "fifty of them": `
import threading, time
for _ in range(50): threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()`,

  "one that starts another for ever": `
import _thread, time
def work():
  time.sleep(0.001)
  _thread.start_new_thread(work, ())
work()`,

  "one that calls vh for ever": `
import threading, time, vh
def work():
  while True:
    try: vh.mc("x")
    except vh.HubError: time.sleep(0.001)
threading.Thread(target=work, daemon=True).start()`,

  "one that prints for ever": `
import threading, time
def work():
  while True:
    print("from the thread")
    time.sleep(0.001)
threading.Thread(target=work, daemon=True).start()`,

  "a non-daemon that joins a daemon": `
import threading, time
d = threading.Thread(target=time.sleep, args=(3600,), daemon=True)
d.start()
threading.Thread(target=d.join).start()`,

  "one that subprocess reads for": `
import subprocess, threading
p = subprocess.Popen(["sleep", "3600"], stdout=subprocess.PIPE)
threading.Thread(target=p.communicate, daemon=True).start()
import atexit
atexit.register(p.kill)
def UnLoad(): p.kill()`,
};

/** Unloads it: gone or else kept and reported; the rest goes on, and the process exits. */
const unloading: Body<[source: string]> = async (kit, source) => {
  const { assert, load, warnings, chat, interpreters, sleep } = kit;
  const script = load(source, { name: "threaded.py" });
  await sleep(30);
  script.unload();
  assert.equal(script.loaded, false);
  kit.kept = interpreters() - 2;
  assert.ok(kit.kept === 0 || kit.kept === 1);
  assert.equal(warnings.length, kit.kept, warnings.join("\n"));
  if (kit.kept) assert.match(String(warnings[0]), /threads.*threaded\.py/);
  for (let i = 0; i < 20; i++) {
    chat();
    load("x = 1").unload();
    await sleep(1);
  }
  kit.kept = interpreters() - 2; // a later try may have ended it
};

/** Leaves it loaded when the process exits. */
const exiting: Body<[source: string]> = async ({ load, sleep }, source) => {
  load(source);
  await sleep(30);
  process.exit(7);
};

/** Leaves it kept, and the process to its natural end. */
const ending: Body<[source: string]> = ({ load }, source) => {
  const script = load(source);
  script.unload();
  process.exitCode = 8;
};

const fails: Body<[source: string]> = (kit, source) => {
  const { fails, interpreters, assert, load } = kit;
  fails(`${source}\nraise ValueError("after the threads have started")`);
  kit.kept = interpreters() - 2;
  assert.ok(kit.kept <= 1);
  load("x = 1");
};

const main: Body<[source: string]> = async ({ load, sleep, chat }, source) => {
  for (const globals of ["own", "shared"] as const) {
    const script = load(source, { interpreter: "main", globals });
    await sleep(10);
    script.unload();
    chat();
  }
  process.exit(9);
};

for (const [name, source] of Object.entries(LIVE)) {
  test(`unloading with live threads: ${name}`, async () => {
    expectWell(await run(unloading, [source]));
  });
  test(`exiting with live threads: ${name}`, async () => {
    expect(await run(exiting, [source], { bare: true })).toMatchObject({ code: 7, signal: null });
    expect(await run(ending, [source], { bare: true })).toMatchObject({ code: 8, signal: null });
    expect(await run(main, [source], { bare: true })).toMatchObject({ code: 9, signal: null });
  });
  test(`failing to load with live threads: ${name}`, async () => {
    expectWell(await run(fails, [source]));
  });
}
