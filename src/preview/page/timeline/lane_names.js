// The names of the channels at the left of their lanes: a list that keyboard and screen reader can walk.

import { kindInWords } from "./words.js";

// Fills `list` with the names of a show's channels. `choose(index)` is called for a click. Returns what marks one.
export function fillLaneNames(list, show, choose) {
  list.replaceChildren();
  const items = show.channels.map((channel, index) => {
    const item = document.createElement("div");
    item.className = "lane-name";
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.id = `lane-${index}`;
    item.title = `${channel.name} · ${kindInWords(channel)}${groupsInWords(channel)}`;
    const name = document.createElement("span");
    name.className = "lane-name-text";
    name.textContent = channel.name;
    const kind = document.createElement("span");
    kind.className = "lane-kind";
    kind.textContent = channel.kind;
    item.append(name, kind);
    item.addEventListener("click", () => choose(index));
    list.append(item);
    return item;
  });
  let marked = null;
  return {
    setHeight(height) {
      list.style.setProperty("--lane-height", `${height}px`);
    },
    mark(index) {
      if (marked !== null) items[marked]?.setAttribute("aria-selected", "false");
      if (index !== null) items[index]?.setAttribute("aria-selected", "true");
      if (index === null) list.removeAttribute("aria-activedescendant");
      else list.setAttribute("aria-activedescendant", `lane-${index}`);
      marked = index;
    },
  };
}

function groupsInWords(channel) {
  return channel.groups?.length > 0 ? ` · in ${channel.groups.join(", ")}` : "";
}
