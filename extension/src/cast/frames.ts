// The pictures of a tab's stream: always the newest one, taken when it is wanted, and none while nobody wants any.

/** Chromium has it in documents, too; the type library knows it in workers only. */
interface TrackProcessor {
  readonly readable: ReadableStream<VideoFrame>;
}
declare const MediaStreamTrackProcessor: new (init: { track: MediaStreamTrack; maxBufferSize?: number }) => TrackProcessor;

/**
 * Ask for the stream that the worker was given; Chrome ends it when the tab is closed. In the size of the tab: Chrome would make
 * pictures as large as they may be, whatever is in them (3840 × 2160 of a tab of 1280 × 720 came once a second, not ten times).
 */
export async function streamOf(streamId: string, { fps, width, height }: { fps: number; width: number; height: number }): Promise<MediaStreamTrack> {
  const constraints = {
    audio: false,
    video: { mandatory: { chromeMediaSource: "tab", chromeMediaSourceId: streamId, maxFrameRate: fps, maxWidth: Math.max(1, width), maxHeight: Math.max(1, height) } },
  };
  // Chrome's own words for it are older than the standard's.
  const stream = await navigator.mediaDevices.getUserMedia(constraints as unknown as MediaStreamConstraints);
  const [track] = stream.getVideoTracks();
  if (track === undefined) throw new Error("Chrome gave a stream without pictures");
  return track;
}

export class Frames {
  private reader: ReadableStreamDefaultReader<VideoFrame> | null = null;
  private newest: VideoFrame | null = null;

  /** `came`: there is a newer frame than the one that was taken last. */
  constructor(
    private readonly track: MediaStreamTrack,
    private readonly came: () => void,
  ) {}

  get running(): boolean {
    return this.reader !== null;
  }

  start(): void {
    if (this.reader !== null) return;
    const { readable } = new MediaStreamTrackProcessor({ track: this.track, maxBufferSize: 1 });
    const reader = (this.reader = readable.getReader());
    void this.read(reader);
  }

  /** From now on nothing is read, and what was read is forgotten. */
  stop(): void {
    void this.reader?.cancel().catch(() => undefined);
    this.reader = null;
    this.newest?.close();
    this.newest = null;
  }

  /** The newest frame that nobody has taken; whoever takes it closes it. */
  take(): VideoFrame | null {
    const frame = this.newest;
    this.newest = null;
    return frame;
  }

  get waiting(): boolean {
    return this.newest !== null;
  }

  private async read(reader: ReadableStreamDefaultReader<VideoFrame>): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        if (this.reader !== reader) {
          value.close();
          return;
        }
        this.newest?.close();
        this.newest = value;
        this.came();
      }
    } catch {
      if (this.reader === reader) this.reader = null; // the track has ended, which its own event says
    }
  }
}
