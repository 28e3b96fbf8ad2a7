// What Playwright does not see, or loses sight of: a popup, a service worker. Its words go through the browser's own session.
import type { CDPSession } from "@playwright/test";

interface Result {
  readonly result?: { readonly value?: unknown };
  readonly exceptionDetails?: { readonly exception?: { readonly description?: string } };
}

interface Answer {
  readonly id?: number;
  readonly result?: Result;
  readonly error?: { readonly message: string };
}

export class Target {
  private last = 0;

  protected constructor(
    private readonly browser: CDPSession,
    private readonly sessionId: string,
  ) {}

  /** The newest of this type at an address, once it is there. */
  static async of(browser: CDPSession, type: "page" | "service_worker", url: string): Promise<Target> {
    return new Target(browser, await Target.session(browser, type, url));
  }

  protected static async session(browser: CDPSession, type: "page" | "service_worker", url: string): Promise<string> {
    for (;;) {
      const { targetInfos } = await browser.send("Target.getTargets");
      const found = targetInfos.findLast((one) => one.type === type && one.url.startsWith(url));
      if (found !== undefined) return (await browser.send("Target.attachToTarget", { targetId: found.targetId, flatten: false })).sessionId;
      await new Promise((resolve) => setTimeout(resolve, 50)); // a target says nothing when it comes
    }
  }

  /** The value of an expression there. */
  async run(expression: string): Promise<unknown> {
    const result = await this.send("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true, userGesture: true });
    const wrong = result.exceptionDetails?.exception?.description;
    if (wrong !== undefined) throw new Error(wrong);
    return result.result?.value;
  }

  protected async send(method: string, params: object): Promise<Result> {
    const id = (this.last += 1);
    const answered = new Promise<Answer>((resolve) => {
      const listen = ({ sessionId, message }: { sessionId: string; message: string }): void => {
        const answer = JSON.parse(message) as Answer;
        if (sessionId !== this.sessionId || answer.id !== id) return;
        this.browser.off("Target.receivedMessageFromTarget", listen);
        resolve(answer);
      };
      this.browser.on("Target.receivedMessageFromTarget", listen);
    });
    await this.browser.send("Target.sendMessageToTarget", { sessionId: this.sessionId, message: JSON.stringify({ id, method, params }) });
    const { result, error } = await answered;
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result ?? {};
  }
}
