// Which view an address shows.
import { createRouter, createWebHistory } from "vue-router";
import WallView from "@/views/WallView.vue";

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: "/", name: "wall", component: WallView, meta: { title: "Wall" } },
    { path: "/s/:stream", name: "stream", component: () => import("@/views/StreamView.vue"), props: true },
    { path: "/:rest(.*)*", redirect: "/" },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});
