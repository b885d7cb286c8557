import { describe, expect, it } from "vitest";
import { GeoIp } from "../../lib/hub/geoip.js";
import { SetupError } from "../../lib/hub/setup-error.js";
import { folderWith } from "../helpers/folder.js";
import { mmdb } from "../helpers/mmdb.js";
import { CITIES, COUNTRIES, PLACES, SYSTEMS } from "../helpers/places.js";

describe("GeoIp", () => {
  it("finds countries, cities and autonomous systems, in whichever database has them", () => {
    const geoIp = new GeoIp(folderWith(PLACES));
    expect(geoIp.countryCode("81.2.69.142")).toBe("GB");
    expect(geoIp.country("81.2.69.142")).toBe("United Kingdom");
    expect(geoIp.city("81.2.69.142", null)).toBe("London");
    expect(geoIp.autonomousSystem("81.2.69.142", null)).toBe("AS20712 Andrews & Arnold Ltd");
    expect(geoIp.countryCode("89.160.20.120")).toBe("SE");
    expect(geoIp.city("89.160.20.120", null)).toBeNull();
  });

  it("finds IPv6 addresses, and IPv4 ones written so", () => {
    const geoIp = new GeoIp(folderWith(PLACES));
    expect(geoIp.city("2001:DB8::1", null)).toBe("Linköping");
    expect(geoIp.city("2001:db8:7fff:ffff:ffff:ffff:ffff:ffff", null)).toBe("Linköping");
    expect(geoIp.city("2001:db8:8000::", null)).toBeNull();
    expect(geoIp.autonomousSystem("2600:6001::", null)).toBe("AS237");
    expect(geoIp.city("::ffff:81.2.69.1", null)).toBe("London");
    // 5102:4500:: starts as 81.2.69.0 does, in a database that has no other than IPv4.
    expect(new GeoIp(folderWith({ "c.mmdb": COUNTRIES })).countryCode("5102:4500::")).toBeNull();
  });

  it("says nothing of private and unknown addresses, and of what is no address", () => {
    const geoIp = new GeoIp(folderWith(PLACES));
    for (const ip of [
      "127.0.0.1",
      "10.0.0.1",
      "::1",
      "fe80::1%eth0",
      "1.1.1.1",
      "",
      "x",
      "81.2.69",
    ]) {
      const answers = [
        geoIp.countryCode(ip),
        geoIp.autonomousSystem(ip, null),
        geoIp.place(ip, null),
      ];
      expect([ip, ...answers]).toEqual([ip, null, null, null]);
    }
  });

  it("tells all of a place", () => {
    const geoIp = new GeoIp(folderWith(PLACES));
    expect(geoIp.place("81.2.69.142", null)).toEqual({
      host: "81.2.69.142",
      range_low: "81.2.69.0",
      range_high: "81.2.69.255",
      country_code: "GB",
      country_code_xxx: "GBR",
      country: "United Kingdom",
      region_code: "ENG",
      region: "England",
      city: "London",
      postal_code: "OX1",
      time_zone: "Europe/London",
      continent_code: "EU",
      continent: "Europe",
      latitude: 51.5142,
      longitude: -0.0931,
      metro_code: 0,
      area_code: 0,
    });
    expect(geoIp.place("216.160.83.57", null)).toMatchObject({
      range_low: "216.160.83.56",
      range_high: "216.160.83.63",
      metro_code: 819,
      region: "",
      time_zone: "",
    });
    expect(geoIp.place("2001:db8::1", null)).toMatchObject({
      range_low: "2001:db8::",
      range_high: "2001:db8:7fff:ffff:ffff:ffff:ffff:ffff",
      country_code_xxx: "SWE",
    });
    expect(geoIp.place("203.0.113.9", null)).toMatchObject({ continent: "Asia", country_code: "" });
    expect(geoIp.countryCode("203.0.113.9")).toBeNull();
  });

  it("knows codes without names, and no names in English", () => {
    const record = {
      country: { iso_code: "SE" },
      city: { names: { sv: "Linköping" } },
      subdivisions: [{ iso_code: "E" }],
      continent: { code: "EU" },
    };
    const nameless = mmdb({ type: "My-City", networks: { "192.0.2.0/24": record } });
    const geoIp = new GeoIp(folderWith({ "c.mmdb": nameless }));
    expect(geoIp.countryCode("192.0.2.1")).toBe("SE");
    expect(geoIp.country("192.0.2.1")).toBeNull();
    expect(geoIp.city("192.0.2.1", null)).toBeNull();
    expect(geoIp.place("192.0.2.1", null)).toMatchObject({
      ...{ country_code: "SE", country: "", region_code: "E", region: "", city: "" },
      ...{ continent_code: "EU", continent: "" },
    });
  });

  it("asks the database that is named, the first by name of several otherwise", () => {
    const geoIp = new GeoIp(folderWith({ ...PLACES, "a.mmdb": COUNTRIES }));
    expect(geoIp.place("81.2.69.1", "GeoLite2-Country")?.country).toBe("Nowhere");
    expect(geoIp.place("81.2.69.1", "/var/lib/GeoIP/GeoLite2-Country.mmdb")?.country).toBe(
      "Nowhere",
    );
    expect(geoIp.city("81.2.69.1", "GeoLite2-City")).toBe("London");
    expect(geoIp.city("81.2.69.1", "no-such")).toBeNull();
    expect(geoIp.autonomousSystem("81.2.69.1", "dbip-asn-lite-2026-11")).toMatch(/^AS20712 /);
    expect(geoIp.autonomousSystem("81.2.69.1", "GeoLite2-City")).toBeNull();
  });

  it.each([
    ["no such folder", () => "/no/such/folder", "Cannot read the GeoIP folder: ENOENT"],
    ["no database", () => folderWith({ "readme.txt": "" }), "No City, Country or ASN database"],
    ["text", () => folderWith({ "x.mmdb": "hello" }), "x.mmdb is no database"],
    ["an empty file", () => folderWith({ "x.mmdb": "" }), "x.mmdb is no database"],
    [
      "half a file",
      () => folderWith({ "x.mmdb": CITIES.subarray(0, 400) }),
      "x.mmdb is no database",
    ],
    [
      "the other half",
      () => folderWith({ "x.mmdb": SYSTEMS.subarray(9) }),
      "x.mmdb is no database",
    ],
  ])("refuses %s clearly", (_, folder, message) => {
    const open = () => new GeoIp(folder());
    expect(open).toThrow(SetupError);
    expect(open).toThrow(message);
  });
});
