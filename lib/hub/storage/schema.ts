/**
 * The tables, named and shaped as scripts in the wild query them. Times are seconds since the epoch.
 * @packageDocumentation
 */

/** The tables that are the hub's own: scripts may change what stands in them, not their shape. */
export const HUB_TABLES = ["reglist", "banlist", "SetupList", "temp_rights"] as const;

/** Each brings a database one version further (`PRAGMA user_version`); what is published never changes. */
export const MIGRATIONS: readonly string[] = [
  `
CREATE TABLE reglist (
  nick TEXT NOT NULL PRIMARY KEY COLLATE NOCASE CHECK (nick <> ''),
  class INTEGER NOT NULL DEFAULT 1 CHECK (class IN (0, 1, 2, 3, 4, 5, 10)),
  class_protect INTEGER NOT NULL DEFAULT 0,
  class_hidekick INTEGER NOT NULL DEFAULT 0,
  hide_kick INTEGER NOT NULL DEFAULT 0,
  hide_keys INTEGER NOT NULL DEFAULT 0,
  hide_share INTEGER NOT NULL DEFAULT 0,
  reg_date INTEGER,
  reg_op TEXT,
  pwd_change INTEGER NOT NULL DEFAULT 0,
  pwd_crypt INTEGER NOT NULL DEFAULT 3, -- 3: scrypt
  login_pwd TEXT NOT NULL DEFAULT '',   -- '': logs in without
  login_last INTEGER NOT NULL DEFAULT 0,
  logout_last INTEGER NOT NULL DEFAULT 0,
  login_cnt INTEGER NOT NULL DEFAULT 0,
  login_ip TEXT,
  error_last INTEGER NOT NULL DEFAULT 0,
  error_cnt INTEGER NOT NULL DEFAULT 0,
  error_ip TEXT,
  enabled INTEGER NOT NULL DEFAULT 1,
  email TEXT,
  note_op TEXT,
  note_usr TEXT
);
-- SQLite folds the case of ASCII alone: the others are compared one by one.
CREATE INDEX reglist_other_nicks ON reglist (nick) WHERE nick GLOB '*[^ -~]*';

-- The number of a ban that was lifted stands in lists that operators have before them: no other ban gets it.
CREATE TABLE banlist (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  ip TEXT NOT NULL DEFAULT '',
  nick TEXT NOT NULL DEFAULT '' COLLATE NOCASE,
  ban_type INTEGER NOT NULL,            -- one of vh.eBF_*
  host TEXT NOT NULL DEFAULT '' COLLATE NOCASE,
  range_fr,                             -- an integer for IPv4, 32 hexadecimal digits for IPv6
  range_to,
  date_start INTEGER NOT NULL DEFAULT 0,
  date_limit INTEGER,                   -- NULL: for ever
  nick_op TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  note_op TEXT NOT NULL DEFAULT '',
  note_usr TEXT NOT NULL DEFAULT '',
  share_size TEXT NOT NULL DEFAULT ''
);
CREATE INDEX banlist_ip ON banlist (ip);
CREATE INDEX banlist_nick ON banlist (nick);
CREATE INDEX banlist_other_nicks ON banlist (nick) WHERE nick GLOB '*[^ -~]*';
CREATE INDEX banlist_host ON banlist (host);
CREATE INDEX banlist_range ON banlist (range_fr, range_to);
CREATE INDEX banlist_share ON banlist (share_size);
CREATE INDEX banlist_limit ON banlist (date_limit);

CREATE TABLE SetupList (
  file TEXT NOT NULL,
  var TEXT NOT NULL,
  val TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (file, var)
) WITHOUT ROWID;

CREATE TABLE temp_rights (
  nick TEXT NOT NULL PRIMARY KEY, -- in lower case
  since INTEGER NOT NULL DEFAULT 0,
  st_chat INTEGER NOT NULL DEFAULT 0, -- until when each is forbidden
  st_pm INTEGER NOT NULL DEFAULT 0,
  st_search INTEGER NOT NULL DEFAULT 0,
  st_ctm INTEGER NOT NULL DEFAULT 0
);
`,
];
