// A producer in a page of its own: draws a moving picture while somebody wants it, over our producer protocol.
import type { BrowserContext, Page } from "@playwright/test";
import type { SpotModel } from "../src/gen/messages";

export interface ProducerOptions {
  readonly name: string;
  readonly title?: string;
  /** Draw one picture and then nothing new. */
  readonly still?: boolean;
  /** Pictures a second at most; few unless said, since every one is drawn, encoded, decoded and drawn again by the same machine. */
  readonly fps?: number;
}

interface Inside {
  demand: { fps: number; width: number | null; highlight: boolean } | null;
  say(message: object): void;
}

export class Producer {
  private constructor(
    private readonly page: Page,
    readonly stream: string,
  ) {}

  /** Connect, and come back whenever the server does. */
  static async start(context: BrowserContext, home: string, server: string, options: ProducerOptions): Promise<Producer> {
    const page = await context.newPage();
    await page.goto(home);
    await page.evaluate(run, { socket: `${server.replace("http", "ws")}/ws/producer`, ...options });
    return new Producer(page, `producer:${options.name}`);
  }

  /** What the server asks for now; null: nobody looks. */
  demand(): Promise<Inside["demand"]> {
    return this.page.evaluate(() => (window as unknown as { producer: Inside }).producer.demand);
  }

  async act(label: string, selector: string | null = null): Promise<void> {
    await this.say({ type: "action", action: { label, at: Date.now(), selector } });
  }

  /** Where the element of the newest action is. */
  async point(spot: SpotModel | null): Promise<void> {
    await this.say({ type: "highlight", spot });
  }

  async describe(title: string): Promise<void> {
    await this.say({ type: "describe", title });
  }

  async leave(): Promise<void> {
    await this.page.close();
  }

  private say(message: object): Promise<void> {
    return this.page.evaluate((one) => (window as unknown as { producer: Inside }).producer.say(one), message);
  }
}

/** Runs inside the page: it may use nothing from outside. */
async function run(options: ProducerOptions & { socket: string }): Promise<void> {
  const canvas = new OffscreenCanvas(640, 360);
  const context = canvas.getContext("2d")!;
  const inside: Inside = { demand: null, say: () => undefined };
  (window as unknown as { producer: Inside }).producer = inside;
  let count = 0;

  const picture = async (): Promise<ArrayBuffer> => {
    count += 1;
    const turn = options.still ? 0 : count;
    context.fillStyle = `hsl(${(turn * 37) % 360} 70% 45%)`;
    context.fillRect(0, 0, 640, 360);
    context.fillStyle = "#fff";
    context.font = "120px sans-serif";
    context.fillText(String(turn), 40, 220);
    const jpeg = await (await canvas.convertToBlob({ type: "image/jpeg", quality: 0.8 })).arrayBuffer();
    const message = new Uint8Array(32 + jpeg.byteLength);
    const view = new DataView(message.buffer);
    view.setUint8(0, 1);
    view.setUint8(1, 1);
    view.setUint16(2, 1);
    view.setUint32(8, epoch);
    view.setUint32(12, count);
    view.setBigUint64(16, BigInt(Date.now()) * 1000n);
    view.setUint32(24, 640);
    view.setUint32(28, 360);
    message.set(new Uint8Array(jpeg), 32);
    return message.buffer;
  };

  let epoch = 0;
  const connect = (welcomed: () => void): void => {
    const socket = new WebSocket(options.socket, "livepane.producer.v1");
    socket.binaryType = "arraybuffer";
    epoch = Math.floor(Date.now() / 1000) - 1_577_836_800;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let underWay = 0;
    const draw = async (): Promise<void> => {
      clearTimeout(timer);
      if (inside.demand === null || socket.readyState !== WebSocket.OPEN) return;
      if (underWay < 1 && !(options.still && count > 0)) {
        underWay += 1;
        socket.send(await picture());
      }
      timer = setTimeout(() => void draw(), 1_000 / Math.min(options.fps ?? 4, inside.demand.fps));
    };
    inside.say = (message) => socket.send(JSON.stringify(message));
    socket.onopen = () => inside.say({ type: "hello", kind: "producer", name: options.name, title: options.title ?? options.name });
    socket.onmessage = (event) => {
      const message = JSON.parse(event.data as string) as { type: string; demand: Inside["demand"] };
      if (message.type === "welcome") welcomed();
      if (message.type === "ack") underWay = 0;
      if (message.type === "demand") {
        inside.demand = message.demand;
        void draw();
      }
    };
    socket.onclose = () => {
      inside.demand = null;
      setTimeout(() => connect(() => undefined), 200);
    };
  };
  await new Promise<void>((resolve) => connect(resolve));
}
