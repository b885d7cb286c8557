// What the trials and their peers hand over: one text for all, so that the numbers compare.

export const NICK = "SomeNick";
export const MESSAGE = "hello world, this is a chat message";

/** A dict such as a hub might hand a script: about 130 bytes of JSON for each user. */
export const users = (count) => ({
  hub: "vh-python hub",
  topic: "Be kind",
  uptime: 86_400.5,
  open: true,
  next: null,
  users: Array.from({ length: count }, (_, i) => ({
    nick: `user${i}`,
    ip: `192.168.${i >> 8}.${i & 255}`,
    userClass: i % 11,
    share: 10_000_000_000 + i,
    tag: "<++ V:0.868,M:A,H:1/0/0,S:10>",
    away: i % 2 === 0,
  })),
});

/** 1 KB of JSON. */
export const USERS = users(8);

/** 100 KB of JSON. */
export const USERS_100K = users(820);
