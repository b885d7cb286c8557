/** The vh functions whose results are not plain, and those that the core serves itself. */
import { beforeEach, describe, expect, test } from "vitest";
import type { HubApi } from "../../lib/index.js";
import { Lab, type Probe, py } from "../helpers/lab.js";
import { Recorder } from "../helpers/recorder.js";

const withHub = (hub: Partial<HubApi>): Probe => new Lab({ hub }).probe();

describe("vh.MyINFO", () => {
  const LINE = "'$MyINFO $ALL älice désc😀<++ V:1>$ $100\\x01$a@b$123$'";
  let probe: Probe;

  beforeEach(() => {
    probe = withHub({ GetMyINFO: () => ["älice", "désc😀", "<++ V:1>", "100\x01", "a@b", "123"] });
    probe.exec("import copy, json, pickle; i = vh.GetMyINFO('x')");
  });

  test.each([
    ["type(i) is vh.MyINFO, isinstance(i, str)", "(True, True)"],
    ["str(i)", LINE],
    ["type(str(i))", "<class 'str'>"],
    ["repr(i) == repr(str(i))", "True"],
    ["f'{i}' == '%s' % i == str(i) == '' + i", "True"],
    ["len(i) == len(str(i))", "True"],
    ["i == str(i), hash(i) == hash(str(i)), i in {str(i)}", "(True, True, True)"],
    ["list(i)", "['älice', 'désc😀', '<++ V:1>', '100\\x01', 'a@b', '123']"],
    ["(lambda nick, desc, tag, speed, email, share: (nick, share))(*i)", "('älice', '123')"],
    ["[i[n] for n in range(6)] == list(i)", "True"],
    ["i[-1], i[-6], i[True]", "('123', 'älice', 'désc😀')"],
    ["i[:7], i[-4:], i[::-1][0]", "('$MyINFO', '123$', '$')"],
    [
      "i.nick, i.desc, i.tag, i.speed, i.email, i.share",
      "('älice', 'désc😀', '<++ V:1>', '100\\x01', 'a@b', '123')",
    ],
    ["'<++' in i, 'nobody' in i", "(True, False)"],
    ["i.split('$')[1]", "'MyINFO '"],
    ["i.startswith('$MyINFO $ALL '), i.find('$ALL')", "(True, 8)"],
    ["json.loads(json.dumps(i)) == str(i)", "True"],
    [
      "[c for c in (copy.copy(i), copy.deepcopy(i), pickle.loads(pickle.dumps(i))) if type(c) is not vh.MyINFO or list(c) != list(i) or c != i]",
      "[]",
    ],
    ["dict(zip(('n', 'd'), i))", "{'n': 'älice', 'd': 'désc😀'}"],
    ["sorted([i, 'a'])[0] == i", "True"],
    ["bool(i), i.encode()[:7]", "(True, b'$MyINFO')"],
  ])("%s", (source, expected) => {
    expect(probe.repr(source)).toBe(expected);
  });

  test.each(["i[6]", "i[-7]", "i['nick']", "i.nick = 'x'"])("%s raises", (source) => {
    expect(probe.failure(source)).toMatch(/^(IndexError|TypeError|AttributeError): /);
  });
});

describe("GetGeoIP", () => {
  const GEO = {
    host: "h",
    range_low: "1.0.0.0",
    range_high: "1.0.0.255",
    country_code: "CZ",
    country_code_xxx: "CZE",
    country: "Czechia",
    region_code: "64",
    region: "South Moravia",
    city: "Brno",
    postal_code: "60200",
    time_zone: "Europe/Prague",
    continent_code: "EU",
    continent: "Europe",
    latitude: 49,
    longitude: -16.5,
    metro_code: 0,
    area_code: 7,
  };

  test("has all keys, with floats where floats belong", () => {
    const probe = withHub({ GetGeoIP: () => GEO });
    probe.exec("d = vh.GetGeoIP('1.0.0.1')");
    expect(probe.repr("list(d)")).toBe(py(Object.keys(GEO)).replaceAll('"', "'"));
    expect(probe.repr("d['latitude'], d['longitude'], d['metro_code'], d['area_code']")).toBe(
      "(49.0, -16.5, 0, 7)",
    );
    expect(probe.repr("{type(v).__name__ for k, v in d.items() if k[0] not in 'lma'}")).toBe(
      "{'str'}",
    );
    expect(probe.repr("'Brno' in str(d)")).toBe("True");
  });

  test("knows nothing: None; the database is the hub's unless given", () => {
    const recorder = new Recorder();
    const probe = withHub(recorder.hub);
    expect(probe.repr("vh.GetGeoIP('x'), vh.GetGeoIP('x', 'city.mmdb')")).toBe("(None, None)");
    expect(recorder.take()).toEqual([
      ["GetGeoIP", "x", null],
      ["GetGeoIP", "x", "city.mmdb"],
    ]);
  });
});

describe("SQL", () => {
  test.each([
    ["'select 1'", ["select 1", 100]],
    ["'select 1', 5", ["select 1", 5]],
    ["'select 1', 0", ["select 1", 100]],
    ["'select 1', -3", ["select 1", 100]],
    ["query='select 1', limit=7", ["select 1", 7]],
    ["'select', 'select 1'", ["select 1", 100]],
    ["'', ''", ["", 100]],
  ])("vh.SQL(%s)", (args, seen) => {
    const recorder = new Recorder();
    recorder.answers["SQL"] = [
      true,
      [
        ["1", null],
        ["", "é\0"],
      ],
    ];
    const probe = withHub(recorder.hub);
    expect(probe.repr(`vh.SQL(${args})`)).toBe("(True, [['1', None], ['', 'é\\x00']])");
    expect(recorder.take()).toEqual([["SQL", ...seen]]);
  });

  test("unpacks as the wild does", () => {
    const probe = withHub({ SQL: (query) => [query === "good", []] });
    expect(probe.repr("[ok for ok, rows in (vh.SQL('good'), vh.SQL('bad'))]")).toBe(
      "[True, False]",
    );
  });
});

describe("Encode and Decode", () => {
  const probe = (): Probe => new Lab().probe("import vh, random");

  test("replace each character, and nothing else", () => {
    const coder = probe();
    const repr = (source: string): string => coder.repr(source);
    expect(repr("vh.Encode('$|`~\\x05&<é😀')")).toBe("'&#36;&#124;&#96;&#126;&#5;&<é😀'");
    expect(repr("vh.Decode('&#36;&#124;&#96;&#126;&#5;&amp;&#37;&lt;')")).toBe(
      "'$|`~\\x05&amp;&#37;&lt;'",
    );
    expect(repr("vh.Decode('&#36&#3;6;&#036;&#x24;&#36')")).toBe("'&#36&#3;6;&#036;&#x24;&#36'");
    expect(repr("vh.Decode('&&#36;#36;')")).toBe("'&$#36;'");
    expect(repr("vh.Encode(''), vh.Decode(''), vh.Encode('\\0\\ud800$')")).toBe(
      "('', '', '\\x00\\ud800&#36;')",
    );
    expect(repr("vh.Encode(string='$'), vh.Decode(string='&#36;')")).toBe("('&#36;', '$')");
  });

  test("Decode(Encode(x)) is x for every x without the five entities", () => {
    const coder = probe();
    coder.exec(`
random.seed(20)
pieces = ["$", "|", "\`", "~", "\\x05", "&", "#", ";", "36", "124", "&#", "é", "😀", "\\0", "\\ud800", " ", "&amp;", "&#37;"]
entities = ["&#36;", "&#124;", "&#96;", "&#126;", "&#5;"]
tried = 0
bad = []
for _ in range(20000):
    text = "".join(random.choices(pieces, k=random.randrange(12)))
    if any(entity in text for entity in entities):
        continue
    tried += 1
    coded = vh.Encode(text)
    if vh.Decode(coded) != text or any(c in coded for c in "$|\`~\\x05"):
        bad.append(text)
`);
    expect(coder.repr("bad[:3], tried > 10000")).toBe("([], True)");
  });

  test("a large text", () => {
    expect(probe().repr("(lambda t: vh.Decode(vh.Encode(t)) == t)('a$é|' * 500_000)")).toBe("True");
  });
});

describe("what a hub lacks but can do by another function", () => {
  test.each([
    ["GetRawNickList", "GetNickList", "$NickList "],
    ["GetRawOpList", "GetOpList", "$OpList "],
    ["GetRawBotList", "GetBotList", "$BotList "],
  ])("%s is made from %s", (raw, plain, prefix) => {
    const probe = withHub({ [plain]: () => ["älice", "bob😀"] });
    expect(probe.repr(`vh.${raw}()`)).toBe(`'${prefix}älice$$bob😀$$'`);
    const empty = withHub({ [plain]: () => [] });
    expect(empty.repr(`vh.${raw}()`)).toBe(`'${prefix}'`);
    const own = withHub({ [plain]: () => ["x"], [raw]: () => "its own" });
    expect(own.repr(`vh.${raw}()`)).toBe("'its own'");
    const broken = withHub({ [plain]: () => 5 });
    expect(broken.failure(`vh.${raw}()`)).toMatch(/^HubError: .*List/);
  });

  test("SendToAll(m) is mc(m), unless the hub implements it", () => {
    const recorder = new Recorder(["mc"]);
    recorder.answers["mc"] = true;
    expect(withHub(recorder.hub).repr("vh.SendToAll('hi'), vh.SendToAll(message='ho')")).toBe(
      "(True, True)",
    );
    expect(recorder.take()).toEqual([
      ["mc", "hi", null],
      ["mc", "ho", null],
    ]);
    const both = new Recorder(["mc", "SendToAll"]);
    both.answers["SendToAll"] = false;
    expect(withHub(both.hub).repr("vh.SendToAll('hi')")).toBe("False");
    expect(both.take()).toEqual([["SendToAll", "hi"]]);
  });

  test("without either: NotImplementedError with the name that was called", () => {
    expect(withHub({}).failure("vh.SendToAll('x')")).toMatch(/^NotImplementedError: .*SendToAll/);
    expect(withHub({}).failure("vh.GetRawOpList()")).toMatch(
      /^NotImplementedError: .*GetRawOpList/,
    );
  });
});
