// The popup of an extension.
import type { CDPSession } from "@playwright/test";
import { Target } from "./target";

export class Popup extends Target {
  /** The one that has just been opened, once it is there. */
  static async at(browser: CDPSession, url: string): Promise<Popup> {
    const popup = new Popup(browser, await Target.session(browser, "page", url));
    await popup.run("new Promise((done) => document.readyState === 'complete' ? done() : addEventListener('load', done))");
    return popup;
  }

  /** Click at a button or a switch, by what it is called. */
  async press(name: string): Promise<void> {
    await this.run(`(${find.toString()})(${JSON.stringify(name)}).click()`);
  }

  async disabled(name: string): Promise<boolean> {
    return (await this.run(`(${find.toString()})(${JSON.stringify(name)}).disabled`)) as boolean;
  }

  /** Everything that is to be read there. */
  async text(): Promise<string> {
    return (await this.run("document.body.innerText")) as string;
  }

  /** What has the focus, by what it is called. */
  async focused(): Promise<string> {
    return (await this.run(`(${nameOf.toString()})(document.activeElement)`)) as string;
  }

  /** A key of the keyboard, such as Tab, or a space. */
  async key(key: "Tab" | "Enter" | " "): Promise<void> {
    const about = { key, code: key === " " ? "Space" : key, windowsVirtualKeyCode: { Tab: 9, Enter: 13, " ": 32 }[key], ...(key === "Tab" ? {} : { text: key === "Enter" ? "\r" : " " }) };
    await this.send("Input.dispatchKeyEvent", { type: "keyDown", ...about });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", ...about });
  }

  async prefer(scheme: "light" | "dark"): Promise<void> {
    await this.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
  }
}

/** Runs in the popup. */
function nameOf(control: Element | null): string {
  const labels = (control as HTMLInputElement | null)?.labels ?? null;
  return (control?.getAttribute("aria-label") ?? labels?.[0]?.textContent ?? control?.textContent ?? "").trim();
}

/** Runs in the popup. */
function find(name: string): HTMLButtonElement | HTMLInputElement {
  const controls = [...document.querySelectorAll<HTMLButtonElement | HTMLInputElement>("button, input")];
  const found = controls.find((one) => (one.labels?.[0]?.textContent ?? one.textContent).trim() === name);
  if (found === undefined) throw new Error(`nothing is called ${name}`);
  return found;
}
