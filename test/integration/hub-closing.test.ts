/** What is under way when a hub ends: nothing of it reaches the storage afterwards. */
import { Resolver } from "node:dns/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { hashPassword } from "../../lib/hub/storage/index.js";
import { TestHub } from "../helpers/hub.js";

afterEach(() => {
  vi.restoreAllMocks();
});

/** A name service that answers when it is told to. */
function slowNameService() {
  const waiting: ((names: string[]) => void)[] = [];
  vi.spyOn(Resolver.prototype, "reverse").mockImplementation(
    () => new Promise((resolve) => waiting.push(resolve)),
  );
  return {
    asked: () => waiting.length,
    answer: async (name: string) => {
      for (const resolve of waiting.splice(0)) resolve([name]);
      await new Promise(setImmediate);
    },
  };
}

describe("a hub that ends", () => {
  it("forgets the host names that it waits for, and asks for no others", async () => {
    const names = slowNameService();
    const hub = await TestHub.start();
    const warnings: string[] = [];
    hub.hub.on("warning", (message) => warnings.push(message));
    hub.vh("SetConfig", "config", "dns_lookup", true);
    await hub.login("al");
    expect(names.asked()).toBe(1);
    const find = vi.spyOn(hub.hub.bans, "find");
    const script = hub.hub.load(new URL("../fixtures/hub/farewell.py", import.meta.url).pathname);
    await hub.hub.close();
    expect(script.loaded).toBe(false);
    expect(names.asked()).toBe(1);
    const tick = vi.spyOn(hub.hub.loopRate, "sample");
    await names.answer("a.example.org");
    expect(find).not.toHaveBeenCalled();
    expect(warnings).toEqual([]);
    // Ten periods of the timer that the script asked for.
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(tick).not.toHaveBeenCalled();
  });

  it("leaves alone who has gone before the name of their host came", async () => {
    const names = slowNameService();
    const hub = await TestHub.start();
    hub.vh("SetConfig", "config", "dns_lookup", true);
    const al = await hub.login("al");
    al.close();
    await hub.until(1, "OnUserLogout");
    const find = vi.spyOn(hub.hub.bans, "find");
    await names.answer("a.example.org");
    expect(find).not.toHaveBeenCalled();
  });

  it("does not finish the command of an operator whose password is being hashed", async () => {
    const hub = await TestHub.start();
    const master = await hub.operator("master", 10);
    await master.sync();
    hub.recorded();
    master.say("!regnew bob 3 secret");
    master.say("!passwd other");
    await hub.until(2, "OnHubCommand");
    const { registrations } = hub.hub;
    await hub.hub.close();
    const uses = [vi.spyOn(registrations, "get"), vi.spyOn(registrations, "setPassword")];
    // Theirs began before.
    for (let i = 0; i < 3; i++) await hashPassword("x");
    for (const use of uses) expect(use).not.toHaveBeenCalled();
  });
});
