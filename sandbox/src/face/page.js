"use strict";
// The pages work without this. It asks for the page again and puts in what has changed, shows times as this machine has
// them, and copies.

const shown = new Map();

function localise(root) {
  for (const time of root.querySelectorAll("time")) {
    const moment = new Date(time.dateTime);
    if (!isNaN(moment)) time.textContent = moment.toLocaleTimeString(document.documentElement.lang);
  }
}

function replace(old, fresh) {
  const focused = document.activeElement && document.activeElement.id;
  const open = Array.from(old.querySelectorAll("details[open]"), (one) => one.id);
  old.replaceChildren(...fresh.childNodes);
  for (const id of open) {
    const again = document.getElementById(id);
    if (again) again.open = true;
  }
  localise(old);
  const again = focused && document.getElementById(focused);
  if (again && again !== document.activeElement) again.focus({ preventScroll: true });
}

async function refresh() {
  if (document.hidden) return;
  let text;
  try {
    const answer = await fetch(location.href);
    text = answer.ok ? await answer.text() : null;
  } catch {
    text = null;
  }
  const gone = document.getElementById("gone");
  if (gone) gone.hidden = text !== null;
  if (text === null) return;
  const fresh = new DOMParser().parseFromString(text, "text/html");
  for (const old of document.querySelectorAll("[data-live]")) {
    const now = fresh.getElementById(old.id);
    // Nothing is taken from under somebody's hands.
    const busy = old.matches(":active") || (!getSelection().isCollapsed && old.contains(getSelection().anchorNode)) ||
      old.querySelector("input:checked:focus");
    if (!now || busy || shown.get(old.id) === now.innerHTML) continue;
    shown.set(old.id, now.innerHTML);
    replace(old, now);
  }
}

async function repeat() {
  await refresh();
  setTimeout(repeat, 1500);
}

function copy(button) {
  const label = button.textContent;
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.parentElement.querySelector("pre").textContent);
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = label; }, 1500);
  });
}

for (const live of document.querySelectorAll("[data-live]")) shown.set(live.id, live.innerHTML);
localise(document);
document.querySelectorAll("button.copy").forEach(copy);
if (shown.size > 0) setTimeout(repeat, 1500);
