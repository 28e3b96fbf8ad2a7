// Tab goes round inside a dialog. The library takes the last control for the last stop, but Tab stops once at a group of radio
// buttons: at the chosen one. Where such a group is the end of a dialog, one would leave it there, and never come to its beginning.

/** Where Tab stops in a dialog, in order. */
function stopsOf(dialog: Element): HTMLElement[] {
  const controls = [...dialog.querySelectorAll<HTMLElement>("a[href], button, input, select, textarea, [tabindex]")].filter(
    (one) => one.tabIndex >= 0 && !one.matches(":disabled, [inert] *") && one.checkVisibility({ checkVisibilityCSS: true }),
  );
  const radios = controls.filter((one) => one instanceof HTMLInputElement && one.type === "radio") as HTMLInputElement[];
  return controls.filter((one) => {
    if (!(one instanceof HTMLInputElement) || one.type !== "radio" || one.checked) return true;
    const group = radios.filter(({ name, form }) => name === one.name && form === one.form);
    return one.name === "" || (group[0] === one && !group.some(({ checked }) => checked));
  });
}

/** Listens for the whole page, before the library does. */
export function keepTabInDialogs(): void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Tab" || event.altKey || event.ctrlKey || event.metaKey || !(event.target instanceof Element)) return;
    const dialog = event.target.closest("[role=dialog], [role=alertdialog]");
    const stops = dialog === null ? [] : stopsOf(dialog);
    const [from, to] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
    if (from !== event.target || to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    to.focus();
  };
  addEventListener("keydown", onKey, { capture: true });
}
