// A toast goes after eight seconds, and stays while it is touched or focused.
export default function toast(element) {
  let timer = 0;
  const stay = () => clearTimeout(timer);
  const leave = () => { stay(); timer = setTimeout(() => element.remove(), 8000); };
  for (const name of ["pointerenter", "focusin", "touchstart"]) element.addEventListener(name, stay, { passive: true });
  for (const name of ["pointerleave", "focusout"]) element.addEventListener(name, leave);
  leave();
}
