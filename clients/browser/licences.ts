/**
 * The licences of what is bundled, as one text beside the page.
 *
 * Most of them require their text to be distributed with the code. The list of packages comes from
 * the bundler, not from `package.json`: unused packages are left out, and transitive ones are in.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";

export const LICENCES_FILE = "licences.txt";

const HEAD = `Skirmish is published under the MIT licence. The page in your browser also has parts
of the following packages in it, each under its own licence.
`;

const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.`;

/** Packages that name their licence and do not come with its text. */
const BY_HAND: Record<string, string> = {
  "@pixi/colord": `MIT License\n\nCopyright (c) 2020 Vlad Shilov omgovich@ya.ru\n\n${MIT}`,
};

interface Package {
  name: string;
  version: string;
  licence: string;
  text: string;
}

/** Emits the text with each build, and fails where a package has no licence in it. */
export function licences(): Plugin {
  return {
    name: "skirmish-licences",
    apply: "build",
    generateBundle(_options, bundle) {
      const folders = new Set<string>();
      for (const file of Object.values(bundle)) {
        if (file.type !== "chunk") continue;
        for (const id of file.moduleIds) {
          const folder = packageFolder(id);
          if (folder !== null) folders.add(folder);
        }
      }
      const packages = [...folders].map(readPackage).sort((a, b) => (a.name < b.name ? -1 : 1));
      this.emitFile({ type: "asset", fileName: LICENCES_FILE, source: asText(packages) });
    },
  };
}

/** The folder of the package that a module is from; null for modules of our own. */
export function packageFolder(id: string): string | null {
  const path = id.replace(/^\0/, "").replace(/\?.*$/, "");
  if (!path.includes("node_modules/")) return null;
  for (let folder = dirname(path); folder.includes("node_modules/"); folder = dirname(folder)) {
    const manifest = join(folder, "package.json");
    // Folders within a package may have a manifest that only says how its modules are read.
    if (existsSync(manifest) && "version" in JSON.parse(readFileSync(manifest, "utf8")))
      return folder;
  }
  throw new Error(`${id} is from no package`);
}

export function readPackage(folder: string): Package {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)/i.test(name));
  const text = file === undefined ? BY_HAND[manifest.name] : readFileSync(join(folder, file), "utf8");
  if (text === undefined || typeof manifest.license !== "string")
    throw new Error(`${manifest.name} comes without its licence: put it into licences.ts by hand`);
  const licence = manifest.license;
  return { name: manifest.name, version: manifest.version, licence, text: text.trim() };
}

export function asText(packages: readonly Package[]): string {
  const parts = packages.map(
    ({ name, version, licence, text }) => `${name} ${version} (${licence})\n\n${text}\n`,
  );
  return [HEAD, ...parts].join(`\n${"-".repeat(78)}\n\n`);
}
