// A screen that nobody touches: it reads the page again when the stream was away for long, when its address ended, and every night.
export default function wall(box) {
  box.addEventListener("live:reload", () => location.reload());
  box.addEventListener("live:end", () => location.reload());
  setInterval(() => location.reload(), 6 * 3_600_000);
}
