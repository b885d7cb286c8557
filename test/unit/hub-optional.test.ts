import { expect, it } from "vitest";
import { requireOptional } from "../../lib/hub/optional.js";
import { SetupError } from "../../lib/hub/setup-error.js";

it("an optional package that is missing is named, with what needs it and how to install it", () => {
  const load = () => requireOptional("vh-no-such-package", "Looking around");
  expect(load).toThrow(SetupError);
  expect(load).toThrow(
    "Looking around needs the package vh-no-such-package, which is not installed. " +
      "Install it by: npm install vh-no-such-package",
  );
});

it("an optional package that is there is loaded", () => {
  expect(requireOptional("maxmind", "GeoIP")).toHaveProperty("Reader");
});
