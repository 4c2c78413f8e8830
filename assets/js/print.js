// A button that prints the page; without JavaScript the browser's own way is there.
export default function print(button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
