// The sign-up page: fills the departures, ticks the chart, answers the form, and shows where the mouse is.
"use strict";

const byId = (id) => document.getElementById(id);

// --- the departures -------------------------------------------------------------------------------
const ROUTES = [
  "Heron Quay → Lantern Isle", "Lantern Isle → Saltmarsh", "Saltmarsh → Heron Quay", "Heron Quay → Far Skerry",
  "Far Skerry → Old Customs House", "Old Customs House → Heron Quay", "Gull Point → Lantern Isle",
];
const SHIPS = ["Marigold", "Kittiwake", "Blue Hour", "Perseverance", "Low Tide"];
const STATES = [["on-time", "on time"], ["on-time", "on time"], ["boarding", "boarding"], ["on-time", "on time"], ["late", "6 min late"]];

for (let row = 0; row < 72; row++) {
  const minutes = 5 * 60 + 40 + row * 13;
  const item = document.createElement("li");
  const time = document.createElement("time");
  time.textContent = `${String(Math.floor(minutes / 60) % 24).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
  const route = document.createElement("span");
  route.textContent = ROUTES[row % ROUTES.length];
  const ship = document.createElement("span");
  ship.className = "soft";
  ship.textContent = SHIPS[(row * 3) % SHIPS.length];
  const badge = document.createElement("span");
  const [kind, words] = STATES[(row * 7) % STATES.length];
  badge.className = `badge ${kind}`;
  badge.textContent = words;
  item.append(time, route, ship, badge);
  byId("departures").append(item);
}

// --- the chart ------------------------------------------------------------------------------------
const TICK = 200; // ms
const canvas = byId("chart");
const pen = canvas.getContext("2d");
const samples = [];
let moment = 0;

function sample() {
  moment += 1;
  const tide = 420 + 150 * Math.sin(moment / 23) + 60 * Math.sin(moment / 7.3);
  return Math.round(tide + 26 * Math.sin(moment * 12.9898) * Math.sin(moment * 78.233));
}

function draw() {
  const { width, height } = canvas;
  const floor = height - 8;
  const x = (index) => (index / 119) * width;
  const y = (value) => floor - ((value - 120) / 620) * (floor - 16);
  pen.clearRect(0, 0, width, height);
  pen.strokeStyle = "#e4edf2";
  pen.lineWidth = 2;
  for (let line = 0; line < 4; line++) {
    pen.beginPath();
    pen.moveTo(0, 16 + (line * (floor - 16)) / 3);
    pen.lineTo(width, 16 + (line * (floor - 16)) / 3);
    pen.stroke();
  }
  pen.beginPath();
  samples.forEach((value, index) => pen.lineTo(x(index), y(value)));
  pen.strokeStyle = "#0b6e8f";
  pen.lineWidth = 5;
  pen.lineJoin = "round";
  pen.stroke();
  pen.lineTo(x(samples.length - 1), floor);
  pen.lineTo(0, floor);
  const fill = pen.createLinearGradient(0, 0, 0, height);
  fill.addColorStop(0, "rgb(11 110 143 / 30%)");
  fill.addColorStop(1, "rgb(11 110 143 / 2%)");
  pen.fillStyle = fill;
  pen.fill();
  pen.beginPath();
  pen.arc(x(samples.length - 1) - 9, y(samples.at(-1)), 9, 0, 2 * Math.PI);
  pen.fillStyle = "#f2a541";
  pen.fill();
  byId("passengers").textContent = samples.at(-1).toLocaleString("en");
}

for (let index = 0; index < 120; index++) samples.push(sample());
draw();
setInterval(() => {
  samples.push(sample());
  samples.shift();
  draw();
}, TICK);

// --- the form -------------------------------------------------------------------------------------
byId("form").addEventListener("submit", (event) => {
  event.preventDefault();
  byId("welcome-name").textContent = `Welcome aboard, ${byId("username").value}!`;
  byId("welcome-pass").textContent = `Your ${document.querySelector("input[name=pass]:checked").value.toLowerCase()} pass is on its way.`;
  byId("welcome").hidden = false;
});

byId("again").addEventListener("click", () => {
  byId("form").reset();
  byId("welcome").hidden = true;
  byId("departures").scrollTo({ top: 0, behavior: "smooth" });
});

// --- the mouse: a picture of a page does not show it ------------------------------------------------
const pointer = document.createElement("div");
pointer.className = "pointer";
pointer.hidden = true;
document.body.append(pointer);
addEventListener("mousemove", (event) => {
  pointer.hidden = false;
  pointer.style.transform = `translate(${event.clientX}px, ${event.clientY}px)`;
});
addEventListener("mousedown", () => pointer.classList.add("down"));
addEventListener("mouseup", () => pointer.classList.remove("down"));
