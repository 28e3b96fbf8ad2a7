// What a viewer sees when the server goes and comes back.
import { expect, expectMoving, paneOf, stateOf, test } from "./fixtures";

test("a restart of the server is said, the old picture is dimmed, and the picture goes on by itself", async ({ page, server, produce }) => {
  const { stream } = await produce({ name: "alice" });
  await page.goto(server.url);
  const pane = paneOf(page, stream);
  await expectMoving(pane);

  await server.stop();
  await expect(page.getByRole("status")).toContainText("Reconnecting");
  await expect(pane).toContainText("Connection lost · picture is");
  await expect(pane.locator("canvas")).toHaveClass("stale");
  expect(await stateOf(pane)).toBe("lost");

  await server.start();
  await expect(page.getByRole("status")).not.toContainText("Reconnecting");
  await expectMoving(pane);
  await expect.poll(() => stateOf(pane)).toBe("live");
  await expect(pane.locator("canvas")).not.toHaveClass("stale");
});

test("the bare viewer says connecting, connected and disconnected, and comes back", async ({ page, server, produce }) => {
  const { stream } = await produce({ name: "alice", title: "Alice's screen" });
  await page.goto(`${server.url}/view/${stream}`);
  const pill = page.getByRole("status");
  await expect(pill).toHaveText("Connected");
  const pane = paneOf(page, stream);
  await expectMoving(pane);
  await expect(page).toHaveTitle("Alice's screen · Livepane");

  await server.stop();
  await expect(pill).toContainText("Disconnected");
  await expect(pane).toContainText("Connection lost");
  await server.start();
  await expect(pill).toHaveText("Connected");
  await expectMoving(pane);
});

test("the bare viewer waits for a producer that is not there yet", async ({ page, server, produce }) => {
  await page.goto(`${server.url}/view/later`);
  const pane = paneOf(page, "producer:later");
  await expect.poll(() => stateOf(pane)).toBe("missing");
  await produce({ name: "later" });
  await expectMoving(pane);
});
