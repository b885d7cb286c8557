// What can happen to a hub, and what must come of it. Each action gets the hub of hub.mjs, and gives a promise when it
// goes on in the background. What it does at once holds the hub's thread no longer than its limit.
import assert from "node:assert/strict";
import { FAILURES, LIVE } from "./script.mjs";

export const HOOK_MS = 1000;
export const UNLOAD_MS = 1000;

const ends = (hub, report) => {
  hub.count(report.ended ? "ends" : "ends in time no more"); // but in the round
};

/** Throws an error of a class, or else times out: busy threads may have left it too little of the processor. */
function throws(hub, block, Class) {
  const { HookTimeoutError } = hub.facade;
  try {
    block();
  } catch (error) {
    if (error instanceof Class) return;
    assert.ok(error instanceof HookTimeoutError, `${Class.name} expected: ${error.stack}`);
    hub.count("timed out before they raised");
    return;
  }
  assert.fail(`nothing thrown where ${Class.name} was expected`);
}

export const ACTIONS = {
  load: {
    weight: 20,
    limit: HOOK_MS + UNLOAD_MS,
    run: (hub) => hub.load(hub.emptySlot()),
  },

  "load in vain": {
    weight: 3,
    limit: HOOK_MS + UNLOAD_MS,
    run(hub) {
      const failure = hub.random.pick(Object.keys(FAILURES));
      const { ScriptLoadError, HookTimeoutError } = hub.facade;
      const file = hub.write("failing.py", FAILURES[failure]);
      const interpreter = hub.random.pick(["own", "main"]);
      const Class = failure === "hangs" ? HookTimeoutError : ScriptLoadError;
      throws(hub, () => hub.host.load(file, { interpreter }), Class);
      hub.count("failed loads");
    },
  },

  chat: {
    weight: 60,
    limit: 0,
    run(hub) {
      const { allowed, args } = hub.host.dispatch("OnParsedMsgChat", "alice", "hello");
      assert.deepEqual([allowed, args], [true, ["alice", "hello"]]);
      hub.count("hooks");
    },
  },

  "chat that one forbids": {
    weight: 20,
    limit: 0,
    run(hub) {
      const slot = hub.loadedSlot();
      if (!slot) return;
      assert.equal(hub.host.dispatch("OnParsedMsgChat", "bob", slot.me).allowed, false);
      hub.count("hooks");
    },
  },

  query: {
    weight: 10,
    limit: 0,
    run(hub) {
      const expected = hub.host.scripts.map((script) => hub.slotOf(script).me);
      assert.deepEqual(hub.host.query("who"), expected);
      hub.count("hooks");
    },
  },

  call: {
    weight: 30,
    limit: 0,
    run(hub) {
      const slot = hub.loadedSlot();
      if (!slot) return;
      const n = hub.random.below(1000);
      assert.equal(slot.script.call("add", n, 1), n + 1);
      throws(hub, () => slot.script.call("fail"), hub.facade.PythonError);
      hub.count("calls", 2);
    },
  },

  "hooks that hang": {
    weight: 2,
    limit: 2 * HOOK_MS,
    run(hub) {
      const slots = new Set([hub.loadedSlot(), hub.loadedSlot()].filter(Boolean));
      for (const { script } of slots) script.call("arm");
      hub.expected = new Set([...slots].map(({ script }) => script.id));
      hub.host.dispatch("OnTimer", 1);
      const left = hub.expected;
      hub.expected = new Set();
      assert.deepEqual(left, new Set(), "hooks hung without a HookTimeoutError");
      hub.count("timeouts", slots.size);
    },
  },

  "a call that hangs": {
    weight: 1,
    limit: HOOK_MS,
    run(hub) {
      const slot = hub.loadedSlot();
      if (!slot) return;
      throws(hub, () => slot.script.call("hang"), hub.facade.HookTimeoutError);
      hub.count("timeouts");
    },
  },

  "start of a thread": {
    weight: 10,
    limit: HOOK_MS,
    run(hub) {
      const slot = hub.loadedSlot();
      if (!slot) return;
      hub.attempt("thread starts", () => slot.script.call("start", LIVE[hub.kind(slot)]));
    },
  },

  unload: {
    weight: 6,
    limit: UNLOAD_MS,
    run(hub) {
      const slot = hub.loadedSlot();
      if (!slot) return;
      ends(hub, slot.script.unload());
      hub.free(slot);
    },
  },

  "unload in the background": {
    weight: 6,
    limit: 0,
    async run(hub) {
      const slot = hub.loadedSlot();
      if (!slot) return;
      const report = slot.script.unloadAsync();
      hub.free(slot);
      ends(hub, await report);
    },
  },

  reload: {
    weight: 6,
    limit: UNLOAD_MS + HOOK_MS,
    run(hub) {
      const slot = hub.loadedSlot();
      if (slot) hub.reload(slot, (report) => ends(hub, report));
    },
  },
};
