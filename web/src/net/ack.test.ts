// The acknowledgement, byte for byte.
import { expect, it } from "vitest";
import { encodeAck } from "./ack";

const hex = (buffer: ArrayBuffer): string => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

it("an acknowledgement is the twenty bytes that the server reads", () => {
  // struct.pack("!BBHIIIf", 1, 1, 0, 7, 3, 42, 12.5)
  expect(hex(encodeAck(7, { epoch: 3, seq: 42 }, 12.5))).toBe("0101000000000007000000030000002a41480000");
});

it("a picture that was not painted has no age", () => {
  expect(hex(encodeAck(1, { epoch: 1, seq: 1 }, null)).slice(-8)).toBe("7fc00000");
});
