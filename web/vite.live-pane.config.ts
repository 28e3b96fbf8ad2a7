// <live-pane> as one classic script without Vue, for other pages: dist/live-pane.js.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

export default defineConfig({
  base: "./",
  resolve: { alias: { "@": path("src") } },
  build: {
    target: "es2022",
    emptyOutDir: false,
    copyPublicDir: false,
    lib: { entry: path("src/live-pane.ts"), name: "livepane", formats: ["iife"], fileName: () => "live-pane.js" },
  },
});
