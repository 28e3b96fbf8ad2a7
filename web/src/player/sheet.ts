// How a pane looks. A constructed sheet, so that a strict content security policy of the host page holds.

const CSS = `
:host { display: block; position: relative; overflow: hidden; aspect-ratio: 16 / 9; contain: content;
  background: var(--live-pane-background, #0b0d10); color: #f2f4f7;
  font: 500 12px/1.2 var(--live-pane-font, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif); }
:host([hidden]) { display: none; }
.view { position: absolute; inset: 0; container-type: size; }
:host([fit="none"]) .view { overflow: auto; display: grid; place-content: safe center; cursor: grab; scrollbar-color: #667085 transparent; }
:host([fit="none"]) .view.dragging { cursor: grabbing; }
.view:focus-visible { outline: 2px solid #84adff; outline-offset: -2px; }
canvas { display: block; width: 100%; height: 100%; object-fit: contain; transition: filter .2s, opacity .2s; }
canvas[hidden] { display: none; }
:host([fit="none"]) canvas { width: auto; height: auto; object-fit: fill; image-rendering: pixelated; }
.over { position: absolute; inset: 0; margin: auto; width: min(100cqw, 100cqh * var(--ratio, 1.7778)); height: min(100cqh, 100cqw / var(--ratio, 1.7778)); pointer-events: none; }
:host([fit="none"]) canvas, :host([fit="none"]) .over { grid-area: 1 / 1; }
:host([fit="none"]) .over { position: relative; margin: 0; width: auto; height: auto; }
canvas[hidden] ~ .over, canvas.stale ~ .over { display: none; }
.spot { position: absolute; border-radius: 3px; box-shadow: 0 0 0 1px #0c0e12, 0 0 0 3px #ffb020, 0 0 0 4px rgb(12 14 18 / .8); }
.spot[hidden] { display: none; }
.spot b { position: absolute; box-sizing: border-box; width: max-content; max-width: min(340px, 60cqw); padding: 4px 8px; border-radius: 4px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis;
  font-weight: 600; background: #ffb020; color: #14100a; box-shadow: 0 1px 4px rgb(0 0 0 / .35); }
.spot[data-side="above"] b { bottom: calc(100% + 6px); }
.spot[data-side="below"] b { top: calc(100% + 6px); }
.spot[data-side="inside"] b { top: 4px; margin: 0 4px; }
.spot[data-align="start"] b { left: -3px; }
.spot[data-align="end"] b { right: -3px; }
@container (max-width: 420px) { .spot { box-shadow: 0 0 0 1px #0c0e12, 0 0 0 2px #ffb020, 0 0 0 3px rgb(12 14 18 / .7); } .spot b { display: none; } }
canvas.stale { filter: grayscale(.85) brightness(.55); }
.chip { position: absolute; inset: 8px auto auto 8px; max-width: calc(100% - 16px); box-sizing: border-box; display: flex; align-items: center; gap: 6px;
  padding: 4px 8px; border-radius: 6px; background: rgb(12 14 18 / .78); border: 1px solid rgb(255 255 255 / .12);
  font-variant-numeric: tabular-nums; letter-spacing: .01em; pointer-events: none; }
.chip span { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
:host([chip="off"]) .chip, :host([chip="auto"]) .chip[data-stale="false"] { display: none; }
.dot { flex: none; width: 7px; height: 7px; border-radius: 50%; background: #98a2b3; }
.chip[data-tone="good"] .dot { background: #32d583; }
.chip[data-tone="wait"] .dot { background: #84adff; animation: pulse 1.4s ease-in-out infinite; }
.chip[data-tone="warn"] .dot { background: #fdb022; }
.chip[data-tone="bad"] .dot { background: #f97066; }
.note { position: absolute; inset: auto 0 0; margin: 0; padding: 12px 16px; color: #cdd5df; font-weight: 400; text-align: center;
  overflow-wrap: anywhere; background: linear-gradient(transparent, rgb(12 14 18 / .85)); pointer-events: none; }
.note:empty, :host([chip="auto"]) .chip[data-state="lost"] ~ .note { display: none; }
@keyframes pulse { 50% { opacity: .35; } }
@media (prefers-reduced-motion: reduce) { canvas { transition: none; } .dot { animation: none !important; } }
`;

let sheet: CSSStyleSheet | undefined;

export function paneSheet(): CSSStyleSheet {
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
  }
  return sheet;
}
