// Where the show comes from: the program that serves this page, or the page itself where it was exported.

import { embeddedAddress, embeddedShow } from "./embedded.js";

const FORMAT = 1;

// The show with each list that the page needs. A page of one program and data of another do not go together.
export function checkedShow(data) {
  if (data?.format !== FORMAT) throw new Error(`This page needs show data of format ${FORMAT}. Load the page again.`);
  return data;
}

// `loadShow` answers the newest show, `address(kind, named)` where its sound or photograph is. `isServed` tells whether
// there is a program that sends news and keeps the layout.
export function createSource() {
  const embedded = embeddedShow();
  if (embedded !== null) {
    return {
      isServed: false,
      loadShow: async () => checkedShow(embedded),
      address: (kind, named) => embeddedAddress(kind) ?? named,
    };
  }
  return { isServed: true, loadShow: fetchShow, address: (_, named) => named };
}

async function fetchShow() {
  const answer = await fetch("show.json", { cache: "no-store" });
  if (!answer.ok) throw new Error((await answer.text()).trim() || `The program answered ${answer.status}.`);
  return checkedShow(await answer.json());
}

// Keeps lamps in `layout.toml`. Fails with what the program says.
export async function putLayout(lamps) {
  const answer = await fetch("layout", {
    method: "PUT",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ lamps }),
  });
  if (!answer.ok) throw new Error((await answer.text()).trim() || `The program answered ${answer.status}.`);
}
