// Runs in the frames of a page that is shared or captured, and only there: the worker puts it in when it is needed.
// Not a content script to the builder: what that adds would be heard by the page.
import { defineUnlistedScript } from "wxt/utils/define-unlisted-script";
import { Indicator } from "../page/indicator";
import { Masks } from "../page/masks";
import { Metronome } from "../page/metronome";
import { begun } from "../page/page";
import { Secrets } from "../page/secrets";

export default defineUnlistedScript(() => {
  if (globalThis.livepanePage !== undefined) return;
  // Of an extension that was reloaded meanwhile: what it left is not ours to keep.
  for (const old of document.querySelectorAll("livepane-indicator, livepane-masks")) old.remove();
  const secrets = new Secrets();
  const indicator = new Indicator();
  // Only the page itself says that it is shared, for all that is in it.
  const masks = new Masks(secrets, () => window !== window.top || indicator.shown);
  let metronome: Metronome | null = null;
  secrets.watch();

  globalThis.livepanePage = {
    cover: (wish) => masks.cover(wish),
    uncover: (token) => masks.uncover(token),
    nudge: () => metronome?.now(),
    async share() {
      if (metronome !== null) {
        metronome.now();
        return;
      }
      const mine = (metronome = new Metronome(
        (beat) => indicator.show(beat.phase),
        () => {
          metronome = null;
          indicator.hide();
          masks.off();
        },
      ));
      await begun();
      indicator.show("waiting");
      mine.start();
    },
  };
});
