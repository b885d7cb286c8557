/** What scripts learn of where addresses are. */
import { describe, expect, it } from "vitest";
import { Hub } from "../../lib/hub/index.js";
import { folderWith } from "../helpers/folder.js";
import { TestHub } from "../helpers/hub.js";
import { PLACES } from "../helpers/places.js";

describe("geographic functions", () => {
  it("answer from the databases, at a script's top level already", async () => {
    const dir = folderWith({
      ...PLACES,
      "first.py": `
import vh
first = vh.GetIPCC("81.2.69.1")
def ask(): return first
def kinds(): return {key: type(value).__name__ for key, value in vh.GetGeoIP("216.160.83.57").items()}
`,
    });
    const hub = await TestHub.start({ geoIpDir: dir });
    const script = hub.hub.load(`${dir}/first.py`);
    expect(script.call("ask")).toBe("GB");
    expect(hub.vh("GetIPCN", "81.2.69.1")).toBe("United Kingdom");
    expect(hub.vh("GetIPCity", "2001:db8::1")).toBe("Linköping");
    expect(hub.vh("GetIPCity", "81.2.69.1", "GeoLite2-Country.mmdb")).toBeNull();
    expect(hub.vh("GetIPASN", "81.2.69.1")).toBe("AS20712 Andrews & Arnold Ltd");
    expect(hub.vh("GetGeoIP", "10.0.0.1")).toBeNull();
    expect(script.call("kinds")).toEqual({
      ...Object.fromEntries(
        (
          "host range_low range_high country_code country_code_xxx country region_code region city postal_code " +
          "time_zone continent_code continent"
        )
          .split(" ")
          .map((key) => [key, "str"]),
      ),
      latitude: "float",
      longitude: "float",
      metro_code: "int",
      area_code: "int",
    });
    await hub.login("al");
    expect(hub.vh("GetUserCC", "al")).toBeNull();
    hub.vh("SetUserIP", "al", "89.160.20.120");
    expect(hub.vh("GetUserCC", "al")).toBe("SE");
    expect(hub.vh("GetUserCC", "nobody")).toBeNull();
  });

  it("say None on a hub without databases", async () => {
    const hub = await TestHub.start();
    await hub.login("al");
    expect(hub.vh("GetUserCC", "al")).toBeNull();
    for (const name of ["GetIPCC", "GetIPCN", "GetIPCity", "GetIPASN", "GetGeoIP"]) {
      expect([name, hub.vh(name, "81.2.69.1")]).toEqual([name, null]);
    }
  });

  it("refuse to start on a broken database", () => {
    const dir = folderWith({ "x.mmdb": "hello" });
    expect(() => new Hub({ storage: "memory", geoIpDir: dir })).toThrow(
      `${dir}/x.mmdb is no database`,
    );
  });
});
