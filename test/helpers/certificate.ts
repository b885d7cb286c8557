/** A self-signed certificate for "localhost", made by the openssl command for one test file. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll } from "vitest";

export function makeCertificate() {
  const folder = mkdtempSync(path.join(tmpdir(), "vh-tls-"));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const [certFile, keyFile] = [path.join(folder, "cert.pem"), path.join(folder, "key.pem")];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const files = ["-out", certFile, "-keyout", keyFile];
  execFileSync(
    "openssl",
    ["req", "-x509", ...curve, "-subj", "/CN=localhost", "-days", "2", ...files],
    { stdio: "pipe" },
  );
  return { certFile, keyFile, cert: readFileSync(certFile), key: readFileSync(keyFile) };
}
