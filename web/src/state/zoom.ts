// How large the picture on a stream's page is shown.

export type Zoom = "fit" | "1" | "2";

export const ZOOMS: readonly { readonly value: Zoom; readonly label: string; readonly hint: string }[] = [
  { value: "fit", label: "Fit", hint: "All of it, as large as there is room" },
  { value: "1", label: "100%", hint: "One pixel of the picture on one pixel of the screen" },
  { value: "2", label: "200%", hint: "One pixel of the picture on four pixels of the screen" },
];
