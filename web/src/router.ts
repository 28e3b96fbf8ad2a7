// Which view an address shows. What has `nav` is in the bar at the top.
import { createRouter, createWebHistory } from "vue-router";
import { guard } from "@/state/guard";
import WallView from "@/views/WallView.vue";

declare module "vue-router" {
  interface RouteMeta {
    /** What the tab of the browser says; a view that shows a named thing says its name instead. */
    title?: string;
    /** The word in the bar, and the role that makes sense of it. */
    nav?: { readonly label: string; readonly role?: "operator" | "admin" };
    /** The address is not a page of the dashboard's frame: no bar, no banner. */
    bare?: boolean;
  }
}

export const router = createRouter({
  history: createWebHistory(new URL(document.baseURI).pathname),
  routes: [
    { path: "/", name: "wall", component: WallView, meta: { title: "Wall", nav: { label: "Wall" } } },
    { path: "/wall/:layout", name: "layout", component: WallView, props: true, meta: { title: "Wall" } },
    { path: "/s/:stream", name: "stream", component: () => import("@/views/StreamView.vue"), props: true },
    { path: "/jobs", name: "jobs", component: () => import("@/views/JobsView.vue"), meta: { title: "Jobs", nav: { label: "Jobs" } } },
    { path: "/jobs/:id(\\d+)", name: "job", component: () => import("@/views/JobView.vue"), props: ({ params }) => ({ id: Number(params.id) }) },
    { path: "/scrape", name: "scrape", component: () => import("@/views/ScrapeView.vue"), meta: { title: "Scrape", nav: { label: "Scrape" } } },
    { path: "/downloads", name: "downloads", component: () => import("@/views/DownloadsView.vue"), meta: { title: "Downloads", nav: { label: "Downloads" } } },
    { path: "/compare", name: "compare", component: () => import("@/views/CompareView.vue"), meta: { title: "Compare" } },
    { path: "/tokens", name: "tokens", component: () => import("@/views/TokensView.vue"), meta: { title: "Tokens", nav: { label: "Tokens", role: "operator" } } },
    { path: "/settings", name: "settings", component: () => import("@/views/SettingsView.vue"), meta: { title: "Settings", nav: { label: "Settings" } } },
    { path: "/signin", name: "signin", component: () => import("@/views/SignInView.vue"), meta: { title: "Sign in", bare: true } },
    { path: "/:rest(.*)*", redirect: "/" },
  ],
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
});

guard(router);
