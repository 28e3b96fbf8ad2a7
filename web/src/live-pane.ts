// The script that other pages load: <script src="http://host:8000/live-pane.js" defer></script> makes <live-pane> known.
import { defineLivePane } from "@/player/element";

function ownOrigin(): string {
  const script =
    document.currentScript instanceof HTMLScriptElement
      ? document.currentScript
      : // Loaded as a module there is no current script; its tag is still in the page.
        document.querySelector<HTMLScriptElement>('script[src*="live-pane.js"]');
  return script?.src ? new URL(script.src).origin : location.origin;
}

defineLivePane(ownOrigin());
