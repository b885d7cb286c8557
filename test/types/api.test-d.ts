/** What is right compiles; a wrong hook, argument, result or hub function does not. */
import { describe, expectTypeOf, test } from "vitest";
import {
  HOOK_NAMES,
  type ErrorSource,
  type GeoIp,
  type HookName,
  type Hooks,
  type HubApi,
  type HostStats,
  type HubFunction,
  type MyInfo,
  type PrintedLine,
  type Script,
  ScriptHost,
  type ScriptHostEvents,
  type ScriptStats,
  type SlowHook,
  type TimeLimits,
  type UnloadReport,
  type Verdict,
  type Warning,
  type Zombie,
} from "../../lib/index.js";

declare const host: ScriptHost;
declare const script: Script;
declare const text: string;
declare const use: (value: unknown) => void;
declare const chat: Hooks["OnParsedMsgChat"];

describe("dispatch", () => {
  test("right hooks and arguments compile, and give the hook's own verdict", () => {
    const verdict = host.dispatch("OnParsedMsgChat", "alice", "hello");
    expectTypeOf(verdict).toEqualTypeOf<Verdict<"OnParsedMsgChat">>();
    expectTypeOf(verdict.allowed).toEqualTypeOf<boolean>();
    expectTypeOf(verdict.args).toEqualTypeOf<[nick: string, msg: string]>();
    expectTypeOf(host.dispatch("OnTimer", 5).args).toEqualTypeOf<[milliseconds: number]>();
    expectTypeOf(host.dispatch("OnCloseConnEx", "ip", 2, "").args[1]).toBeNumber();
    expectTypeOf<Verdict>().toHaveProperty("allowed");
  });

  test("a wrong hook name does not compile", () => {
    // @ts-expect-error no such hook
    host.dispatch("OnParsedMsgChatt", "alice", "hello");
    // @ts-expect-error a name is no string at large
    host.dispatch(text, 5);
    // @ts-expect-error no hook at all
    host.dispatch();
    // @ts-expect-error no such hook
    host.has("OnNothing");
    // @ts-expect-error no such hook
    script.has("UnLoad");
  });

  test("wrong arguments do not compile", () => {
    // @ts-expect-error one too few
    host.dispatch("OnParsedMsgChat", "alice");
    // @ts-expect-error one too many
    host.dispatch("OnParsedMsgChat", "alice", "hello", "more");
    // @ts-expect-error a number for a string
    host.dispatch("OnParsedMsgChat", "alice", 5);
    // @ts-expect-error null for a string
    host.dispatch("OnParsedMsgChat", null, "hello");
    // @ts-expect-error a string for a number
    host.dispatch("OnCloseConnEx", "ip", "2", "nick");
    // @ts-expect-error a bigint for a number
    host.dispatch("OnTimer", 5n);
    // @ts-expect-error another hook's arguments
    host.dispatch("OnNewReg", ...chat);
  });

  test("wrong use of a verdict does not compile", () => {
    const { args } = host.dispatch("OnParsedMsgChat", "alice", "hello");
    // @ts-expect-error there is no third argument
    use(args[2]);
    // @ts-expect-error a message is no number
    const length: number = args[1];
    use(length);
    // @ts-expect-error a verdict is read only
    host.dispatch("OnTimer", 5).allowed = true;
  });

  test("every hook has arguments of strings and numbers", () => {
    expectTypeOf<(typeof HOOK_NAMES)[number]>().toEqualTypeOf<HookName>();
    expectTypeOf<Hooks[HookName][number]>().toEqualTypeOf<string | number>();
  });
});

describe("the hub", () => {
  test("right functions compile, all or some, with fewer parameters too", () => {
    const hub: Partial<HubApi> = {
      GetUserClass: (nick) => nick.length,
      mc: () => true,
      pm: (message, nick, from, back) => [message, nick, from ?? "", back ?? ""].join("") !== "",
      GetMyINFO: () => ["nick", "desc", "tag", "speed", "email", "1"],
      SQL: (query, limit) => [query !== "", [["a", null]].slice(0, limit)],
      GetNickList: () => ["a"],
      GetUserIP: () => null,
    };
    expectTypeOf(new ScriptHost({ hub })).toEqualTypeOf<ScriptHost>();
    expectTypeOf<HubFunction>().toEqualTypeOf<keyof HubApi>();
  });

  test("parameters are typed as scripts' defaults leave them", () => {
    expectTypeOf<Parameters<HubApi["mc"]>>().toEqualTypeOf<
      [message: string, fromNick: string | null]
    >();
    expectTypeOf<Parameters<HubApi["SendDataToAll"]>>().toEqualTypeOf<
      [data: string, minClass: number, maxClass: number, delay: number]
    >();
    expectTypeOf<Parameters<HubApi["GetConfig"]>[2]>().toEqualTypeOf<string | null>();
    expectTypeOf<ReturnType<HubApi["GetMyINFO"]>>().toEqualTypeOf<MyInfo | null>();
    expectTypeOf<ReturnType<HubApi["GetGeoIP"]>>().toEqualTypeOf<GeoIp | null>();
  });

  test("wrong functions do not compile", () => {
    const wrong: Partial<HubApi>[] = [
      // @ts-expect-error no such function
      { SendToNobody: () => true },
      // @ts-expect-error Encode is the core's
      { Encode: (text: string) => text },
      // @ts-expect-error bool, not int
      { mc: () => 1 },
      // @ts-expect-error bool, not nothing
      { mc: () => undefined },
      // @ts-expect-error int, not str
      { GetUserClass: () => "3" },
      // @ts-expect-error int, not null
      { GetUsersCount: () => null },
      // @ts-expect-error a promise is not allowed
      { GetUserClass: () => Promise.resolve(3) },
      // @ts-expect-error the nick is a string
      { GetUserClass: (nick: number) => nick },
      // @ts-expect-error the sender may be null
      { mc: (message: string, from: string) => message === from },
      // @ts-expect-error more parameters than the function has
      { GetUserIP: (nick: string, more: string) => nick + more },
      // @ts-expect-error five fields are too few
      { GetMyINFO: () => ["nick", "desc", "tag", "speed", "email"] },
      // @ts-expect-error rows hold text
      { SQL: () => [true, [[1]]] },
      // @ts-expect-error a list of strings
      { GetNickList: () => [1] },
      // @ts-expect-error a list, not null
      { GetOpList: () => null },
      // @ts-expect-error not all fields
      { GetGeoIP: () => ({ city: "Brno" }) },
    ];
    use(wrong);
  });
});

describe("the rest of the facade", () => {
  test("wrong options do not compile", () => {
    // @ts-expect-error an unknown option
    new ScriptHost({ bot: "x" });
    // @ts-expect-error a date, not a number
    new ScriptHost({ startTime: 5 });
    // @ts-expect-error no such way to live
    host.load("x.py", { interpreter: "thread" });
    // @ts-expect-error no such globals
    host.load("x.py", { globals: "both" });
    // @ts-expect-error a number, not a text
    new ScriptHost({ hookTimeoutMs: "10s" });
    // @ts-expect-error no such policy
    host.load("x.py", { onRepeatedTimeout: "kill" });
    // @ts-expect-error a path is needed
    host.load();
  });

  test("a host and a script take the same time limits", () => {
    const limits: TimeLimits = {
      hookTimeoutMs: 0,
      slowHookMs: 5,
      unloadTimeoutMs: 100,
      onRepeatedTimeout: "disable",
    };
    expectTypeOf(new ScriptHost(limits).load("x.py", limits)).toEqualTypeOf<Script>();
  });

  test("the end of a script is reported", () => {
    expectTypeOf(script.unload()).toEqualTypeOf<UnloadReport>();
    expectTypeOf(script.reload()).toEqualTypeOf<UnloadReport>();
    expectTypeOf(script.unloadAsync()).toEqualTypeOf<Promise<UnloadReport>>();
    expectTypeOf<UnloadReport["stages"][number]["name"]>().toEqualTypeOf<
      "unload" | "exit" | "wait" | "interrupt" | "end"
    >();
    expectTypeOf<UnloadReport["threads"]>().toEqualTypeOf<
      readonly { readonly name: string; readonly daemon: boolean; readonly where: string }[]
    >();
    expectTypeOf(host.zombies).toEqualTypeOf<readonly Zombie[]>();
    expectTypeOf<Zombie["threads"]>().toEqualTypeOf<UnloadReport["threads"]>();
  });

  test("results are typed", () => {
    expectTypeOf(
      host.load("x.py", { interpreter: "main", globals: "shared" }),
    ).toEqualTypeOf<Script>();
    expectTypeOf(script.call("f", 1, "x", null, [1n])).toBeUnknown();
    expectTypeOf(host.query("cmd")).toEqualTypeOf<string[]>();
    expectTypeOf(host.scripts).toEqualTypeOf<readonly Script[]>();
    expectTypeOf(script.id).toBeNumber();
    expectTypeOf(script.stats).toEqualTypeOf<ScriptStats>();
    expectTypeOf(host.stats).toEqualTypeOf<HostStats>();
    expectTypeOf<HostStats>().not.toHaveProperty("hooks");
    expectTypeOf(host.ref().unref()).toEqualTypeOf<ScriptHost>();
    expectTypeOf(script.stats.hooks.OnTimer?.calls).toEqualTypeOf<number | undefined>();
  });

  test("what only reads does not compile as a target", () => {
    // @ts-expect-error it is read only
    script.id = 5;
    // @ts-expect-error it is read only
    script.loaded = false;
    expectTypeOf(host.scripts).not.toHaveProperty("push");
    // @ts-expect-error no such hook
    use(script.stats.hooks.OnNothing);
  });

  test("dynamic functions take what they are written for", () => {
    host.register("add", (a: number, b: number) => a + b);
    script.register("greet", (name: string) => [name, { hello: true }]);
    // @ts-expect-error not a function
    host.register("add", 5);
  });

  test("events have their arguments", () => {
    host.on("error", (error, source) => {
      expectTypeOf(error).toEqualTypeOf<Error>();
      expectTypeOf(source).toEqualTypeOf<ErrorSource>();
      expectTypeOf(source.hook).toEqualTypeOf<HookName | undefined>();
    });
    host.on("print", (line) => {
      expectTypeOf(line).toEqualTypeOf<PrintedLine>();
      expectTypeOf(line.stream).toEqualTypeOf<"stdout" | "stderr">();
    });
    host.on("warning", (warning) => {
      expectTypeOf(warning).toEqualTypeOf<Warning>();
    });
    host.on("slow", (slow) => {
      expectTypeOf(slow).toEqualTypeOf<SlowHook>();
      expectTypeOf(slow.hook).toEqualTypeOf<HookName>();
    });
    host.on("load", (loaded) => {
      expectTypeOf(loaded).toEqualTypeOf<Script>();
    });
    expectTypeOf<keyof ScriptHostEvents>().toEqualTypeOf<
      "error" | "print" | "warning" | "slow" | "load" | "unload"
    >();
    expectTypeOf<ScriptHostEvents["unload"]>().toEqualTypeOf<[script: Script]>();
  });
});
