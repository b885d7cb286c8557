/** Hooks that change, delete or replace themselves while they run, and hooks that are no functions. */
import { survives } from "../helpers/child.js";

survives("hooks that change themselves while they run", {
  deleted: ({ assert, load, chat, host }) => {
    const script = load(`
      def OnParsedMsgChat(nick, msg):
          global OnParsedMsgChat
          del OnParsedMsgChat
          return [nick, msg] and 0
    `);
    assert.equal(chat().allowed, false);
    assert.equal(script.has("OnParsedMsgChat"), false);
    assert.equal(chat().allowed, true);
    assert.equal(host.has("OnTimer"), false);
  },

  "rebound, to another arity, to no function and back": ({ assert, load, chat, errors }) => {
    const script = load(`
      def one(nick):
          global OnParsedMsgChat
          OnParsedMsgChat = two
          return 0
      def two(*args):
          global OnParsedMsgChat
          OnParsedMsgChat = 5
          return 0
      OnParsedMsgChat = one
      def again():
          global OnParsedMsgChat
          OnParsedMsgChat = one
    `);
    const verdicts = (n: number) => Array.from({ length: n }, () => chat().allowed);
    assert.deepEqual(verdicts(3), [false, false, true]);
    assert.equal(script.has("OnParsedMsgChat"), false);
    script.call("again");
    assert.deepEqual(verdicts(3), [false, false, true]);
    assert.deepEqual(errors, []);
  },

  "globals().clear()": ({ assert, load, chat, host, errors }) => {
    const script = load(`
      def OnParsedMsgChat(nick, msg):
          globals().clear()
          return 0
      def OnTimer(): pass
      def UnLoad(): raise ValueError
    `);
    assert.equal(chat().allowed, false);
    assert.equal(script.has("OnTimer"), false);
    assert.equal(chat().allowed, true);
    script.unload();
    assert.equal(host.has("OnTimer"), false);
    assert.deepEqual(errors, []);
  },

  "its __code__, its defaults and its arguments": ({ assert, load, chat, errors }) => {
    load(`
      def OnParsedMsgChat(nick, msg):
          OnParsedMsgChat.__code__ = (lambda: 0).__code__
          return 0
      def OnUserLogin(nick):
          OnUserLogin.__defaults__ = (1, 2, 3)
    `);
    const verdicts = Array.from({ length: 3 }, () => chat().allowed);
    assert.equal(verdicts[0], false);
    assert.ok(errors.every((error) => error === "TypeError OnParsedMsgChat"));
  },

  "hooks that are no functions": ({ assert, load, host, chat, warnings }) => {
    load(`
      import functools
      class Hook:
          def __call__(self, nick, msg): return 0
      class Deaf:
          @property
          def __call__(self): raise SystemExit
          __signature__ = property(lambda self: 1/0)
      class OnUserLogin:
          def __init__(self, nick): pass
      OnParsedMsgChat = Hook()
      OnParsedMsgPM = functools.partial(lambda a, b, c: 0, "x")
      OnUserLogout = Deaf()
      OnTimer = print
      OnNewConn = Hook().__call__
      OnCloseConn = 5
      OnOpChatMessage = None
    `);
    assert.equal(chat().allowed, false);
    assert.equal(host.dispatch("OnParsedMsgPM", "a", "b", "c").allowed, false);
    host.dispatch("OnUserLogout", "a");
    host.dispatch("OnUserLogin", "a");
    host.dispatch("OnTimer", 1.5);
    host.dispatch("OnNewConn", "1.2.3.4");
    assert.deepEqual([host.has("OnCloseConn"), host.has("OnOpChatMessage")], [false, false]);
    assert.equal(warnings.length, 1);
  },
});
