/** Small geographic databases, as a folder's files. */
import { mmdb, type Value } from "./mmdb.js";

const named = (en: string, more: Record<string, Value> = {}): Value => ({
  names: { en, de: `${en} (de)` },
  ...more,
});

export const CITIES = mmdb({
  type: "GeoLite2-City",
  networks: {
    "81.2.69.0/24": {
      city: named("London"),
      continent: named("Europe", { code: "EU" }),
      country: named("United Kingdom", { iso_code: "GB" }),
      location: { latitude: 51.5142, longitude: -0.0931, time_zone: "Europe/London" },
      postal: { code: "OX1" },
      subdivisions: [
        named("England", { iso_code: "ENG" }),
        named("Oxfordshire", { iso_code: "OXF" }),
      ],
    },
    "216.160.83.56/29": {
      city: named("Milton"),
      country: named("United States", { iso_code: "US" }),
      location: { latitude: 47, longitude: -122.3149, metro_code: 819 },
    },
    "2001:db8::/33": { country: named("Sweden", { iso_code: "SE" }), city: named("Linköping") },
    "203.0.113.0/24": { continent: named("Asia", { code: "AS" }) },
  },
});

export const COUNTRIES = mmdb({
  type: "GeoLite2-Country",
  ipVersion: 4,
  recordSize: 24,
  networks: {
    "81.2.69.0/24": { country: named("Nowhere", { iso_code: "ZZ" }) },
    "89.160.20.112/28": { country: named("Sweden", { iso_code: "SE" }) },
  },
});

export const SYSTEMS = mmdb({
  type: "DBIP-ASN-Lite (compat=GeoLite2-ASN)",
  recordSize: 32,
  networks: {
    "81.2.64.0/18": {
      autonomous_system_number: 20712,
      autonomous_system_organization: "Andrews & Arnold Ltd",
    },
    "2600:6000::/20": { autonomous_system_number: 237 },
  },
});

export const PLACES = {
  "GeoLite2-City.mmdb": CITIES,
  "GeoLite2-Country.mmdb": COUNTRIES,
  "dbip-asn-lite-2026-11.mmdb": SYSTEMS,
};
