/**
 * `vh-python register`: a user in the hub's database, such as its first operator.
 * @packageDocumentation
 */
import { SetupError } from "../hub/index.js";
import { UserClass } from "../hub/constants.js";
import { hashPassword, Storage } from "../hub/storage/index.js";
import { findBaseDir } from "./base-dir.js";
import type { RegisterOptions } from "./options.js";
import { askPassword } from "./password.js";

/**
 * Registers a user while the hub is not running.
 * @throws UsageError, StorageError or SetupError saying why it cannot be; nothing has changed then
 */
export async function register({ nick, userClass, baseDir }: RegisterOptions): Promise<void> {
  const storage = new Storage(findBaseDir(baseDir), "off");
  try {
    const { registrations } = storage;
    if (registrations.get(nick)) throw new SetupError(`${nick} is registered already`);
    const password = await askPassword(nick);
    if (password === "" && userClass >= UserClass.Operator) {
      throw new SetupError(`${nick} needs a password for class ${userClass}`);
    }
    const passwordHash = await hashPassword(password);
    registrations.add({ nick, userClass, passwordHash, op: "vh-python register", opNote: "" });
    console.log(`${nick} is registered with class ${userClass}.`);
  } finally {
    storage.close();
  }
}
