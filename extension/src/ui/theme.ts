// Light or dark, as the system has it; the dashboard's colours follow an attribute.

const dark = matchMedia("(prefers-color-scheme: dark)");

export function followSystem(): void {
  const follow = (): void => {
    document.documentElement.dataset.theme = dark.matches ? "dark" : "light";
  };
  dark.addEventListener("change", follow);
  follow();
}
