import { describe, expect, it } from "vitest";
import { TestHub } from "../helpers/hub.js";

describe("a CP1251 hub", () => {
  it("shows scripts text, and clients its bytes", async () => {
    const hub = await TestHub.start({ encoding: "CP1251", hubName: "Хаб" });
    const encoding = "cp1251";
    const [al, bob] = [await hub.login("Аня", { encoding }), await hub.login("bob", { encoding })];
    expect(bob.lines).toContain("$HubName Хаб");
    expect(bob.lines).toContain(al.info());
    hub.recorded();
    al.say("привет");
    await bob.next("<Аня> привет");
    expect(hub.recorded("OnParsedMsgChat")).toEqual([["OnParsedMsgChat", "Аня", "привет"]]);
    hub.vh("mc", "ответ € 😀", "бот");
    await bob.next(/^<бот> ответ € \?+$/);
    expect(hub.vh("GetNickList")).toContain("Аня");
  });
});

describe("a UTF-8 hub", () => {
  it("passes bytes that are no UTF-8 through hooks and scripts unharmed", async () => {
    const hub = await TestHub.start();
    const old = await hub.login("old", { encoding: "latin1" });
    const other = await hub.login("other", { encoding: "latin1" });
    hub.recorded();
    const text = Array.from({ length: 256 }, (_, i) => String.fromCharCode(i))
      .join("")
      .replace("|", "");
    old.say(text);
    await other.next(`<old> ${text}`);
    const heard = String(hub.recorded("OnParsedMsgChat")[0]?.[2]);
    expect(heard).toContain("\0\u0001");
    expect(heard).toContain("\udcff");
    hub.vh("mc", heard, "old");
    await other.next(`<old> ${text}`);
    hub.answer("OnParsedMsgChat", ["old", heard + "!"]);
    old.say("x");
    await other.next(`<old> ${text}!`);
  });

  it("takes nicks and text in any script", async () => {
    const hub = await TestHub.start();
    const [al, bob] = [await hub.login("名前"), await hub.login("bob")];
    al.say("😀 ñ");
    await bob.next("<名前> 😀 ñ");
    al.pm("bob", "ö");
    await bob.next("$To: bob From: 名前 $<名前> ö");
  });

  it("carries a message of megabytes from a script", async () => {
    const hub = await TestHub.start();
    const al = await hub.login("al");
    hub.vh("mc", "x".repeat(5_000_000));
    expect((await al.next(/^<Hub-Security> x/)).length).toBe(5_000_000 + "<Hub-Security> ".length);
    hub.vh("mc", "next");
    await al.next("<Hub-Security> next");
  });
});
