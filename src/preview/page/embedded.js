// What an exported page carries in itself: the show, its sound and its photograph.

const addresses = new Map();

export function embeddedShow() {
  const element = document.getElementById("show-data");
  return element === null ? null : JSON.parse(element.textContent);
}

// An address for `sound-data` or `photo-data`; null if the page has none. A browser can only seek in a sound that has an
// address of its own.
export function embeddedAddress(kind) {
  if (addresses.has(kind)) return addresses.get(kind);
  const element = document.getElementById(`${kind}-data`);
  if (element === null) return null;
  const blob = new Blob([bytesOfBase64(element.textContent)], { type: element.dataset.type ?? "" });
  element.remove(); // once is enough in memory
  addresses.set(kind, URL.createObjectURL(blob));
  return addresses.get(kind);
}

export function bytesOfBase64(text) {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let index = 0; index < letters.length; index += 1) bytes[index] = letters.charCodeAt(index);
  return bytes;
}
