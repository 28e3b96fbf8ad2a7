// Typed listeners: a name, a payload, and a function that takes a listener off again.

export class Emitter<Events extends object> {
  private readonly listeners: { [K in keyof Events]?: Set<(payload: Events[K]) => void> } = {};

  /** Listen; call what is returned to stop. */
  on<K extends keyof Events>(name: K, listener: (payload: Events[K]) => void): () => void {
    const set = (this.listeners[name] ??= new Set());
    set.add(listener);
    return () => set.delete(listener);
  }

  protected emit<K extends keyof Events>(name: K, payload: Events[K]): void {
    // A copy: a listener may take itself off, or add another, while it is called.
    for (const listener of [...(this.listeners[name] ?? [])]) listener(payload);
  }
}
