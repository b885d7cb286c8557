// `npm run bench:hub [-- --clients N] [--rate N] [--seconds N]`: N clients (2,000) on one hub over loopback, who say N
// lines a second together (1,000); each line goes to all. Without scripts, with three that filter the chat, and, as the
// floor, with a bare Node server instead of the hub: in turn, several times over, for N seconds each (3).
// A server that is busy writes more lines at once: its time for a line is what it gets, rather than what it needs. So
// what the scripts cost is the time that the hub spends in their hooks, as a part of its processor time.
// Prints medians and spread; exits with 1 when a goal is missed or a line is lost. Needs dist/ (`npm run compile`), and
// two processors: the hub's own, and one for the clients. The processes: server.mjs or floor.mjs, crowd.mjs, probe.mjs.
import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { fail } from "../../tools/common.mjs";
import { median } from "../statistics.mjs";
import { start } from "./processes.mjs";

const REPETITIONS = 4;
const WARM_UP_SECONDS = 1;

/** How many of the clients look at each line. */
const SAMPLED = 10;

/** Descriptors of a server besides its clients'. */
const OTHER_FILES = 100;

/** How many lines a second the hub takes from one client. */
const LINES_PER_CLIENT = 2;

/** The least part of what is said that comes in time, and the most that the scripts may cost of the hub's time. */
const GOALS = { achieved: 0.95, scripts: 0.15 };

const { clients, rate, seconds } = readOptions();
checkFileLimit();
try {
  const hub = await setUp("server", true);
  const floor = await setUp("floor", false);
  const met = print(await measure(hub, floor));
  process.exit(met ? 0 : 1);
} catch (error) {
  fail(`bench:hub: ${error.message}`);
}

function readOptions() {
  const option = (value) => ({ type: "string", default: value });
  const options = { clients: option("2000"), rate: option("1000"), seconds: option("3") };
  const { values } = parseArgs({ options });
  for (const [name, value] of Object.entries(values))
    if (!/^[1-9]\d*$/.test(value)) fail(`--${name} is a number above 0, not ${value}`);
  const [clients, rate, seconds] = [values.clients, values.rate, values.seconds].map(Number);
  if (clients <= SAMPLED || clients > 9999)
    fail(`--clients is at least ${SAMPLED + 1}, at most 9999`);
  const most = (clients - SAMPLED) * LINES_PER_CLIENT;
  if (rate > most) fail(`--rate is at most ${most}: the hub takes no more of ${clients} clients`);
  return { clients, rate, seconds };
}

/** Node itself raises the soft limit to the hard one. */
function checkFileLimit() {
  const limit = execFileSync("sh", ["-c", "ulimit -Hn"], { encoding: "utf8" }).trim();
  const needed = clients + OTHER_FILES;
  if (limit !== "unlimited" && Number(limit) < needed)
    fail(
      `A process may have ${limit} files open, ${needed} are needed: raise the hard limit (ulimit -Hn)`,
    );
}

/** Starts a server and its clients. */
async function setUp(name, login) {
  const [server, crowd, probe] = [name, "crowd", "probe"].map(start);
  const port = await server("listen");
  const started = performance.now();
  await crowd("join", { port, login, first: 0, count: clients - SAMPLED });
  await probe("join", { port, login, first: clients - SAMPLED, count: SAMPLED });
  const joinSeconds = (performance.now() - started) / 1000;
  await crowd("settle");
  return { server, crowd, probe, joinSeconds };
}

async function measure(hub, floor) {
  const [without, withScripts, least] = [[], [], []];
  for (let i = 0; i < REPETITIONS; i++) {
    without.push(await warmChat(hub));
    await hub.server("load");
    withScripts.push(await warmChat(hub));
    await hub.server("unload");
    least.push(await warmChat(floor));
  }
  return { joinSeconds: hub.joinSeconds, without, withScripts, least };
}

async function warmChat(processes) {
  await chat(processes, WARM_UP_SECONDS);
  return chat(processes, seconds);
}

/** The figures of some seconds of chat. */
async function chat({ server, crowd, probe }, seconds) {
  await probe("listen");
  const before = await server("usage");
  const { lines, elapsedUs, cpuUs } = await crowd("chat", { rate, seconds });
  const delays = await probe("delays", { lines });
  const after = await server("usage");
  const used = after.cpuUs - before.cpuUs;
  return {
    ...delays,
    rate: (lines / elapsedUs) * 1e6,
    cpu: used / lines,
    load: (used / elapsedUs) * 100,
    hooks: (after.hooksUs - before.hooksUs) / lines,
    crowd: (cpuUs / elapsedUs) * 100,
  };
}

function print({ joinSeconds, without, withScripts, least }) {
  const model = cpus()[0]?.model ?? "";
  console.log(`\nNode ${process.version}, ${cpus().length} processors: ${model}`);
  console.log(`${clients} clients logged in within ${joinSeconds.toFixed(1)} s.`);
  console.log(
    `${rate} lines a second for all: medians of ${REPETITIONS} times ${seconds} s, the least and the most in brackets.`,
  );
  describe("The hub without scripts", without);
  describe("The hub with three scripts", withScripts);
  describe("The floor: a bare Node server", least);

  const ratio = (upper, lower) => upper.map(({ cpu }, i) => cpu / lower[i].cpu);
  const hooks = withScripts.map(({ hooks }, i) => hooks - without[i].hooks);
  const share = hooks.map((us, i) => (us / withScripts[i].cpu) * 100);
  const achieved = [...without, ...withScripts].map((chat) => (chat.rate / rate) * 100);
  console.log(
    `\nThe hub's processor time, without scripts: ${spread(ratio(without, least), "times the floor")}`,
  );
  console.log(`  with scripts: ${spread(ratio(withScripts, without), "times that without")}`);
  console.log(
    `The scripts' hooks: ${spread(hooks, "µs a line")}, ${spread(share, "% of the hub's time")}\n`,
  );
  return [
    goal(
      `${GOALS.achieved * 100}% of the lines get through in time`,
      median(achieved) >= GOALS.achieved * 100,
    ),
    goal(`scripts cost under ${GOALS.scripts * 100}%`, median(share) < GOALS.scripts * 100),
  ].every((met) => met);
}

function describe(what, chats) {
  const of = (key, unit) =>
    spread(
      chats.map((chat) => chat[key]),
      unit,
    );
  const deliveries = chats.map((chat) => (chat.rate * clients) / 1e6);
  console.log(`\n${what}`);
  console.log(`  ${of("rate", "lines/s")}, ${spread(deliveries, "million deliveries/s")}`);
  console.log(
    `  delay p50 ${of("p50", "ms")}, p99 ${of("p99", "ms")}, at most ${of("most", "ms")}`,
  );
  console.log(`  processor time ${of("cpu", "µs a line")}, ${of("load", "% of a processor")}`);
  console.log(`  the clients' ${of("crowd", "% of a processor")}`);
}

function goal(what, met) {
  console.log(`goal: ${what}: ${met ? "met" : "MISSED"}`);
  return met;
}

function spread(values, unit) {
  const [middle, least, most] = [median(values), Math.min(...values), Math.max(...values)].map(
    (v) => v.toFixed(v < 10 ? 2 : v < 100 ? 1 : 0),
  );
  return `${middle} [${least} … ${most}] ${unit}`;
}
