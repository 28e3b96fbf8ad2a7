// Finds the parts of a page of ours by their ids. One that is missing is a mistake in the page, not a case to handle.

export function part<T extends HTMLElement>(id: string, kind: new () => T): T {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`the page has no ${kind.name} with the id ${id}`);
  return element;
}
