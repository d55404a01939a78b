// A field that was just added is shown open, ready to be filled in.
document.addEventListener("formset:added", (event) => event.target.querySelector("h3")?.click());
