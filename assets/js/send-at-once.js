// A form whose only question is the photo goes off as soon as the photo is there.
export default function sendAtOnce(input) {
  input.addEventListener("change", () => { if (input.files.length) input.form.requestSubmit(); });
}
