// The script that other pages load: <script src="http://host:8000/live-pane.js" defer></script> makes <live-pane> known.
import { defineLivePane } from "@/player/element";
import { serverOfScript } from "@/player/script";

defineLivePane(serverOfScript() ?? undefined);
