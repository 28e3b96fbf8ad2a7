// The dashboard starts here.
import { createApp } from "vue";
import "@/styles/tokens.css";
import "@/styles/base.css";
import "@/styles/controls.css";
import "@/styles/forms.css";
import App from "@/App.vue";
import { defineLivePane } from "@/player/element";
import { router } from "@/router";
import { keepTabInDialogs } from "@/state/round";
import "@/state/theme";

defineLivePane();
keepTabInDialogs();
createApp(App).use(router).mount("#app");
