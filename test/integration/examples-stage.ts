/** Where a test file's scripts play: for each test a folder, a {@link RecordingHub} and a host, fresh. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect } from "vitest";
import { ScriptHost } from "../../lib/index.js";
import { type Call, RecordingHub } from "./examples-hub.js";

export class Stage {
  dir = "";
  hub = new RecordingHub({});
  host!: ScriptHost;
  /** What scripts printed, and errors and warnings; a test that expects some takes them out, the others fail. */
  readonly complaints: string[] = [];

  /** @param users - the class of each nick that is online */
  constructor(users: Record<string, number>) {
    beforeEach(() => {
      this.dir = mkdtempSync(join(tmpdir(), "vh-stage-"));
      this.hub = new RecordingHub(users);
      this.open();
    });
    afterEach(() => {
      this.host.close();
      rmSync(this.dir, { recursive: true });
      expect(this.complaints.splice(0)).toEqual([]);
    });
  }

  /** Opens a host, or the next one after the former was closed. */
  open(): void {
    const { hub, dir, complaints } = this;
    this.host = new ScriptHost({ hub: hub.api, botName: "Bot", baseDir: dir, configName: "main" });
    this.host.on("error", (error) => complaints.push(error.message));
    this.host.on("warning", ({ message }) => complaints.push(message));
    this.host.on("print", ({ text }) => complaints.push(text));
  }

  chat(nick: string, msg: string) {
    return this.host.dispatch("OnParsedMsgChat", nick, msg);
  }

  /** The text of the only call there was, which must be that function to that nick. */
  said(name: "usermc" | "pm", nick: string): string {
    const calls = this.hub.take();
    const rest = name === "pm" ? [null, null] : [null];
    expect(calls).toEqual([[name, expect.any(String), nick, ...rest]]);
    return String(calls[0]?.[1]);
  }

  /** Ticks OnTimer until scripts have made that many calls; their calls, in order. */
  async tickUntil(count: number): Promise<Call[]> {
    const calls: Call[] = [];
    const deadline = Date.now() + 15_000;
    while (calls.length < count) {
      if (Date.now() > deadline) throw new Error(`after 15 s: ${JSON.stringify(calls)}`);
      await sleep(20);
      this.host.dispatch("OnTimer", Date.now());
      calls.push(...this.hub.take());
    }
    return calls;
  }
}
