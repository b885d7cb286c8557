// The processes that measure: one for each repetition of a trial, one for a peer.
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { built } from "./build.mjs";

const TIMEOUT_MS = 600_000;

const here = (...names) => path.join(import.meta.dirname, ...names);

/** What runs trials under a Python, as find-python.sh describes it. */
export class Processes {
  #python;

  constructor(python) {
    this.#python = python;
  }

  /** The figures of one repetition. */
  async measure({ kind, name }) {
    if (kind === "native") {
      const program = built(this.#python.tag, "native", "native_bench");
      return this.#run(program, here("native", "script.py"), name.replace("native-", ""));
    }
    if (kind !== "growth") return this.#trial(name);
    const { subject } = await this.#trial(name, "subject");
    const { floor } = await this.#trial(name, "floor");
    return { subject, floor, ratio: subject / floor };
  }

  /** The peers that there are: name, version, whether installed, and why not. */
  listPeers() {
    return this.#node(here("peers", "run.mjs"), "list");
  }

  /** What a trial costs a peer, and why nothing when it cannot do it. */
  measurePeer(peer, trial) {
    return this.#node(here("peers", "run.mjs"), peer, trial);
  }

  #trial(...args) {
    return this.#node("--expose-gc", here("trial.mjs"), this.#python.tag, ...args);
  }

  #node(...args) {
    return this.#run(process.execPath, ...args);
  }

  async #run(program, ...args) {
    const env = { ...process.env, VH_PYTHON: this.#python.executable };
    const { stdout } = await promisify(execFile)(program, args, { env, timeout: TIMEOUT_MS });
    return JSON.parse(stdout);
  }
}
