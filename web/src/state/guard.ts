// Sends people without the right to watch to the sign-in page, and back to where they wanted to go.
import { watch } from "vue";
import type { Router } from "vue-router";
import { connection, retryNow } from "./live";
import { asked, mayWatch, notice, refresh, session } from "./session";

export function guard(router: Router): void {
  router.beforeEach(async (to) => {
    if (to.name === "signin") return true;
    await asked;
    return mayWatch.value || { name: "signin", query: { next: to.fullPath } };
  });

  watch(connection, async ({ phase, reason, retryAt }) => {
    // Told once per refusal: the attempt after it has no next one yet.
    if (phase !== "refused" || retryAt === null) return;
    const before = JSON.stringify(session.value);
    await refresh();
    if (!mayWatch.value) {
      if (router.currentRoute.value.name === "signin") return;
      notice.value = reason ?? "";
      await router.push({ name: "signin", query: { next: router.currentRoute.value.fullPath } });
    } else if (JSON.stringify(session.value) !== before) {
      // A signed-in browser whose session has ended may still watch on an open loopback.
      retryNow();
    }
  });
}
