// The server's clock goes on; the screen's own may be wrong.
//   <time data-use="clock" data-clock="milliseconds" data-zone="Asia/Shanghai">
export default function clock(element) {
  const ahead = Number(element.dataset.clock) - Date.now();
  const zone = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: element.dataset.zone || undefined };
  setInterval(() => { if (!element.dataset.past) element.textContent = new Date(Date.now() + ahead).toLocaleTimeString("en-GB", zone); }, 5000);
}
