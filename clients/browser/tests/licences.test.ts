/** What is bundled is named with its licence, and what comes without one fails the build. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { asText, packageFolder, readPackage } from "../licences.ts";

function packed(manifest: object, files: Record<string, string>): string {
  const folder = join(mkdtempSync(join(tmpdir(), "licences-")), "node_modules", "thing");
  mkdirSync(join(folder, "lib"), { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const THING = { name: "thing", version: "1.2.3", license: "ISC" };

test("a package is named with its version and the text that comes with it", () => {
  const text = asText([readPackage(packed(THING, { "LICENSE.md": "Do as you like.\n" }))]);
  expect(text).toContain("thing 1.2.3 (ISC)\n\nDo as you like.\n");
});

test("a package without a text of its licence fails the build", () => {
  expect(() => readPackage(packed(THING, {}))).toThrow("thing comes without its licence");
});

test("a package without the name of its licence fails the build", () => {
  const folder = packed({ name: "thing", version: "1.2.3" }, { LICENSE: "?" });
  expect(() => readPackage(folder)).toThrow("thing comes without its licence");
});

test("a module is of the package around it, whatever lies between", () => {
  const folder = packed(THING, {});
  writeFileSync(join(folder, "lib", "package.json"), '{"type":"module"}');
  expect(packageFolder(join(folder, "lib", "index.js?commonjs"))).toBe(folder);
});

test("modules of our own are from no package", () => {
  expect(packageFolder("/checkout/clients/browser/src/main.ts")).toBeNull();
  expect(packageFolder("\0vite/preload-helper.js")).toBeNull();
});
