/** Hooks that wait, in every way Python has, for threads of theirs that call vh. */
import { survives } from "../helpers/child.js";

/** How a hook waits for work(), in Python; `done` says that it has ended. */
const WAITS: Readonly<Record<string, string>> = {
  "Thread.join": "start(); thread.join()",
  "Thread.join with a timeout": "start(); thread.join(20)",
  "Event.wait": "e = threading.Event(); start(e.set); e.wait()",
  "Condition.wait_for": `
c = threading.Condition()
def tell():
    with c: c.notify_all()
start(tell)
with c: c.wait_for(lambda: done, 20)`,
  "a lock": "l = threading.Lock(); l.acquire(); start(l.release); l.acquire()",
  "a lock with a timeout":
    "l = threading.Lock(); l.acquire(); start(l.release); l.acquire(True, 20)",
  "an RLock": `
l = threading.RLock()
held = threading.Event()
def hold():
    with l:
        held.set()
        work()
threading.Thread(target=hold).start()
held.wait()
with l: pass`,
  Semaphore: "s = threading.Semaphore(0); start(s.release); s.acquire()",
  Barrier: "b = threading.Barrier(2); start(b.wait); b.wait()",
  "Queue.get": "q = queue.Queue(); start(lambda: q.put(1)); q.get()",
  "Queue.get with a timeout": "q = queue.Queue(); start(lambda: q.put(1)); q.get(timeout=20)",
  "Queue.join": "q = queue.Queue(); q.put(1); start(q.task_done); q.join()",
  "SimpleQueue.get": "q = queue.SimpleQueue(); start(lambda: q.put(1)); q.get()",
  "SimpleQueue.get with a timeout":
    "q = queue.SimpleQueue(); start(lambda: q.put(1)); q.get(timeout=20)",
  "Future.result": `
with concurrent.futures.ThreadPoolExecutor() as pool: pool.submit(work).result()`,
  "ThreadPoolExecutor.map": `
with concurrent.futures.ThreadPoolExecutor() as pool: list(pool.map(lambda _: work(), [1]))`,
  "futures.wait": `
pool = concurrent.futures.ThreadPoolExecutor()
concurrent.futures.wait([pool.submit(work)])
pool.shutdown()`,
  "time.sleep": `
start()
while not done: time.sleep(0.005)`,
  "asyncio.run": `
async def main(): await asyncio.get_running_loop().run_in_executor(None, work)
asyncio.run(main())`,
  "asyncio.to_thread among sleeps": `
async def main(): await asyncio.gather(asyncio.to_thread(work), asyncio.sleep(0.05))
asyncio.run(main())`,
  "a pipe":
    "r, w = os.pipe(); start(lambda: os.write(w, b'x')); os.read(r, 1); os.close(r); os.close(w)",
  "a full pipe": `
r, w = os.pipe()
start(lambda: os.read(r, 1 << 20))
os.write(w, bytes(1 << 17))
os.close(r); os.close(w)`,
  "a pipe's file": `
r, w = os.pipe()
start(lambda: os.close(w))
with open(r) as file: file.read()`,
  "a FIFO that is opened": `
path = os.path.join(vh.basedir, "fifo" + str(time.time()))
os.mkfifo(path)
start(lambda: open(path, "w").close())
open(path).close()`,
  "a child that is read from": `
child = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
start(child.stdin.close)
child.stdout.read(); child.stdout.close(); child.wait()`,
  "a child's end": `
child = subprocess.Popen(["cat"], stdin=subprocess.PIPE)
start(child.stdin.close)
child.wait()`,
  "a child's end, with a timeout": `
child = subprocess.Popen(["cat"], stdin=subprocess.PIPE)
start(child.stdin.close)
child.wait(20)`,
  "os.waitpid": `
child = subprocess.Popen(["cat"], stdin=subprocess.PIPE)
start(child.stdin.close)
os.waitpid(child.pid, 0)
child.wait()`,
  "socket.accept": `
with socket.create_server(("127.0.0.1", 0)) as server:
    start(lambda: socket.create_connection(server.getsockname()).close())
    server.accept()[0].close()`,
  "socket.recv": `
a, b = socket.socketpair()
start(lambda: a.send(b"x"))
b.recv(1); a.close(); b.close()`,
  "socket.recv with a timeout": `
a, b = socket.socketpair()
b.settimeout(20)
start(lambda: a.send(b"x"))
b.recv(1); a.close(); b.close()`,
  "socket.send": `
a, b = socket.socketpair()
def read():
    while len(b.recv(1 << 20)) > 0: pass
start(read)
a.sendall(bytes(1 << 22)); a.close(); thread.join(); b.close()`,
  "a socket's file": `
a, b = socket.socketpair()
start(lambda: a.send(b"x\\n"))
with b.makefile() as file: file.readline()
a.close(); b.close()`,
  "select.select":
    "r, w = os.pipe(); start(lambda: os.close(w)); select.select([r], [], []); os.close(r)",
  "select.poll": `
r, w = os.pipe()
start(lambda: os.close(w))
p = select.poll()
p.register(r)
p.poll(); os.close(r)`,
  "select.epoll": `
r, w = os.pipe()
start(lambda: os.close(w))
with select.epoll() as p:
    p.register(r)
    p.poll(20)
os.close(r)`,
  selectors: `
r, w = os.pipe()
start(lambda: os.close(w))
with selectors.DefaultSelector() as s:
    s.register(r, selectors.EVENT_READ)
    s.select()
os.close(r)`,
  "fcntl.flock": `
with open(__file__) as a, open(__file__) as b:
    fcntl.flock(a, fcntl.LOCK_EX)
    start(lambda: fcntl.flock(a, fcntl.LOCK_UN))
    fcntl.flock(b, fcntl.LOCK_EX)`,
  "signal.sigwait": `
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])
here = threading.get_ident()
start(lambda: signal.pthread_kill(here, signal.SIGUSR2))
signal.sigwait([signal.SIGUSR2])
signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGUSR2])`,
};

const body = (
  { assert, inTime, open, load }: import("../helpers/child.js").Kit,
  interpreter: "own" | "main",
  waits: Readonly<Record<string, string>>,
) => {
  const said: string[] = [];
  const host = open({ mc: (message: string) => said.push(message) > 0 });
  for (const [name, wait] of Object.entries(waits)) {
    const script = load(
      `
import asyncio, concurrent.futures, fcntl, os, queue, select, selectors, signal, socket, subprocess, threading, time, vh
done = False
thread = None
def work():
    for i in range(100): vh.mc(str(i))
def start(and_then=lambda: None):
    global thread
    def run():
        global done
        work()
        done = True
        and_then()
    thread = threading.Thread(target=run)
    thread.start()
def OnTimer():
    global thread, done
    ${wait.trim().replaceAll("\n", "\n    ")}
    vh.mc("end")
`,
      { interpreter },
    );
    const begin = performance.now();
    host.dispatch("OnTimer", 1);
    inTime(begin, 1000);
    const expected = [...Array.from({ length: 100 }, (_, i) => String(i)), "end"];
    assert.deepEqual(said.splice(0), expected, name);
    script.unload();
  }
};

survives("in an interpreter of its own", { "the hook goes on": body }, "own", WAITS);
survives("in the main interpreter", { "the hook goes on": body }, "main", WAITS);
