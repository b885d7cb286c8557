import { describe, expect, it } from "vitest";
import { Command, script } from "../helpers/command.js";
import { NmdcClient } from "../helpers/nmdc-client.js";

/** A hub with one script, and a user whose words make the script do its worst. */
async function hubWith(text: string) {
  const run = new Command("run", "--port", "0", "--script", script("bad.py", `import vh\n${text}`));
  const al = await NmdcClient.login(await run.port(), { nick: "al" });
  return { run, al };
}

describe("a hub survives a script that", () => {
  it("runs commands out of commands without end", async () => {
    const { run, al } = await hubWith(`
def OnUserCommand(nick, command):
    vh.ParseCommand(nick, command)
    return 0
`);
    al.say("+again");
    await al.sync();
    expect(run.stderr).toContain("Error");
    al.say("fine");
    await al.next("<al> fine");
  });

  it("kicks out of kicks, and disconnects a user from everywhere", async () => {
    const { al, run } = await hubWith(`
def OnOperatorKicks(op, nick, reason):
    return 1 if vh.KickUser(op, nick, reason) else 0
def OnCloseConnEx(ip, reason, nick):
    vh.CloseConnection(nick)
def OnUserLogout(nick):
    vh.CloseConnection(nick)
def OnParsedMsgChat(nick, msg):
    vh.KickUser("me", nick, "again")
    vh.CloseConnection(nick)
    vh.StopHub(0)
`);
    al.say("kick me");
    await al.closed;
    expect(await run.exit()).toBe(0);
  });

  it("passes numbers beyond all bounds", async () => {
    const { al, run } = await hubWith(`
HUGE = 2 ** 62
def OnParsedMsgChat(nick, msg):
    vh.classmc("x", -HUGE, HUGE)
    vh.SendDataToAll("$Data", -HUGE, HUGE, HUGE)
    vh.SetMyINFOFlag(nick, HUGE + 1)
    vh.AddRegUser("new", HUGE)
    vh.AddRobot("bot", HUGE, "", "", "", HUGE)
    vh.CloseConnection(nick, HUGE, -HUGE)
    vh.StopHub(HUGE, 0)
def OnPublicBotMessage(nick, msg, min_class, max_class): print("public", min_class, max_class)
def OnCloseConnEx(ip, reason, nick): print("reason", reason)
`);
    al.say("go");
    await al.closed;
    expect(await run.exit()).toBe(255);
    expect(al.lines).toContain("$Data");
    expect(al.lines).toContain("<Hub-Security> x");
    expect(run.stdout).toContain("public -1 10\n");
    expect(run.stdout).toContain("reason 21\n");
    expect(run.stderr).toBe("");
  });
});
