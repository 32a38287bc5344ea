/**
 * How the browser client is built and tested.
 *
 * `dist/` gets hashed assets, so that the server may let browsers keep them for a year. The dev
 * server passes the sockets and the maps on to a Skirmish server (`SKIRMISH_URL`, by default the
 * one of `make play`).
 */
import { defineConfig } from "vitest/config";
import { licences } from "./licences.ts";

const server = process.env["SKIRMISH_URL"] ?? "http://127.0.0.1:8000";

export default defineConfig({
  base: "./",
  plugins: [licences()],
  build: {
    target: "es2022",
    outDir: "dist",
    emptyOutDir: true,
    // A strict content security policy allows no data: addresses for scripts and styles.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900, // PixiJS
    modulePreload: { polyfill: false },
  },
  server: {
    host: "127.0.0.1",
    proxy: {
      "/lobby": { target: server, ws: true },
      "/match": { target: server, ws: true },
      "/replay": { target: server, ws: true }, // and the list at /replays
      "/maps": { target: server },
    },
  },
  test: {
    environment: "node",
    include: ["tests/**/*.test.ts"],
    isolate: false, // modules keep nothing between tests, and loading them for each file took most of the time
  },
});
