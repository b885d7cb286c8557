/**
 * Where addresses are: databases in MaxMind's format (GeoLite2, GeoIP2, DB-IP), read into memory.
 * @packageDocumentation
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { AsnResponse, CityResponse, Reader, Response } from "maxmind";
import type { GeoIp as Place } from "../hub-api.js";
import { addressKey, formatAddress, parseRange, unmapped } from "./addresses.js";
import { threeLetterCode } from "./country-codes.js";
import { requireOptional } from "./optional.js";
import { SetupError } from "./setup-error.js";

interface Database {
  /** The file's name without `.mmdb`. */
  readonly name: string;
  /** What it calls itself: "GeoLite2-City", "DBIP-Country-Lite" … */
  readonly type: string;
  readonly reader: Reader<Response>;
}

/** A record, and how many bits its network's addresses have in common. */
type Found<T> = readonly [record: T, bits: number];

/** The zero bytes between a database's tree and its data. */
const SEPARATOR = Buffer.alloc(16);

/** The geographic databases of a folder. Of several of a kind the first by name answers. */
export class GeoIp {
  /** Those of places, with cities first; then those of autonomous systems. */
  readonly #places: readonly Database[];
  readonly #systems: readonly Database[];

  /** @throws SetupError when there is no database in the folder, or a broken one */
  constructor(folder: string) {
    const all = openAll(folder);
    const ofType = (pattern: RegExp) => all.filter(({ type }) => pattern.test(type));
    this.#places = [...ofType(/City|Enterprise/), ...ofType(/Country/)];
    this.#systems = ofType(/ASN|ISP/);
    if (this.#places.length + this.#systems.length === 0) {
      throw new SetupError(`No City, Country or ASN database (*.mmdb) in ${folder}`);
    }
  }

  /** The code of the country ("DE"), null when unknown. */
  countryCode(ip: string): string | null {
    return this.#place(ip, null)?.[0].country?.iso_code ?? null;
  }

  /** The name of the country, null when unknown. */
  country(ip: string): string | null {
    return nameOf(this.#place(ip, null)?.[0].country);
  }

  /** The name of the city, null when unknown. @param db - the name of another database of the folder than the first */
  city(ip: string, db: string | null): string | null {
    return nameOf(this.#place(ip, db)?.[0].city);
  }

  /** The autonomous system ("AS3320 Deutsche Telekom AG"), null when unknown. */
  autonomousSystem(ip: string, db: string | null): string | null {
    const [record] = find<Partial<AsnResponse>>(this.#systems, ip, db) ?? [];
    const { autonomous_system_number: number, autonomous_system_organization: name = "" } =
      record ?? {};
    return number === undefined ? null : `AS${number} ${name}`.trimEnd();
  }

  /** All that is known of the place, null when nothing. What is unknown of it is "" or 0. */
  place(ip: string, db: string | null): Place | null {
    const found = this.#place(ip, db);
    const range = found && parseRange(`${unmapped(ip)}/${found[1]}`);
    if (!range) return null;
    const [{ country, continent, city, postal, location, subdivisions }] = found;
    const [region] = subdivisions ?? [];
    return {
      host: ip,
      range_low: formatAddress(range.from),
      range_high: formatAddress(range.to),
      country_code: country?.iso_code ?? "",
      country_code_xxx: threeLetterCode(country?.iso_code ?? ""),
      country: nameOf(country) ?? "",
      region_code: region?.iso_code ?? "",
      region: nameOf(region) ?? "",
      city: nameOf(city) ?? "",
      postal_code: postal?.code ?? "",
      time_zone: location?.time_zone ?? "",
      continent_code: continent?.code ?? "",
      continent: nameOf(continent) ?? "",
      latitude: location?.latitude ?? 0,
      longitude: location?.longitude ?? 0,
      metro_code: location?.metro_code ?? 0,
      // Of the format before this one; nobody assigns them any more.
      area_code: 0,
    };
  }

  #place(ip: string, db: string | null): Found<CityResponse> | undefined {
    return find<CityResponse>(this.#places, ip, db);
  }
}

/** The English name, which not every database has, whatever the types say. */
function nameOf(place: { names?: { en?: string } } | undefined): string | null {
  return place?.names?.en ?? null;
}

/** What the first of the databases that knows the address says; only that of the name, if one is given. */
function find<T>(
  databases: readonly Database[],
  ip: string,
  db: string | null,
): Found<T> | undefined {
  const key = addressKey(unmapped(ip));
  if (key === undefined) return undefined;
  for (const { name, reader } of databases) {
    if (db !== null && name !== path.basename(db, ".mmdb")) continue;
    // A tree of IPv4 would be searched by the first bits of an IPv6 address.
    if (typeof key === "string" && reader.metadata.ipVersion === 4) continue;
    const [record, bits] = reader.getWithPrefixLength(formatAddress(key));
    if (record !== null) return [record as T, bits];
  }
  return undefined;
}

function openAll(folder: string): Database[] {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith(".mmdb"));
  } catch (error) {
    throw new SetupError(`Cannot read the GeoIP folder: ${(error as Error).message}`);
  }
  const maxmind = requireOptional("maxmind", "GeoIP") as typeof import("maxmind");
  return names.sort().map((name) => {
    const file = path.join(folder, name);
    try {
      const bytes = readFileSync(file);
      const reader = new maxmind.Reader<Response>(bytes);
      const { databaseType: type, searchTreeSize: end } = reader.metadata;
      if (!bytes.subarray(end, end + SEPARATOR.length).equals(SEPARATOR)) {
        throw new Error("its tree does not end where it should");
      }
      return { name: path.basename(name, ".mmdb"), type, reader };
    } catch (error) {
      throw new SetupError(
        `${file} is no database of MaxMind's format: ${(error as Error).message}`,
      );
    }
  });
}
