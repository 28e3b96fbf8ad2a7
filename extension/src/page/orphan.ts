// Whether the extension that put this script into the page is gone: reloaded, updated, switched off or removed.

/** A context that was invalidated has no id any more; that is known here, without asking anybody. */
export function orphan(): boolean {
  return (chrome.runtime as { id?: string } | undefined)?.id === undefined;
}
