// Where an outline lies on a picture, whatever the picture's size.
import { expect, it } from "vitest";
import type { SpotModel } from "@/gen/messages";
import { sidesOf } from "./outline";

const spot = (x: number, y: number, width: number, height: number): SpotModel => ({ label: "Read", selector: "h1", box: { x, y, width, height }, width: 1000, height: 500 });

it("sides are parts of the view, so that a scaled picture has them at the same place", () => {
  expect(sidesOf(spot(100, 50, 200, 100))).toEqual({ left: 0.1, top: 0.1, right: 0.7, bottom: 0.7 });
});

it("an element that reaches out of the view is outlined as far as it can be seen", () => {
  expect(sidesOf(spot(-50, -50, 2000, 300))).toEqual({ left: 0, top: 0, right: 0, bottom: 0.5 });
});
