// The state of the page in one object, and who is told when a part of it changes. Knows no elements.

// `state` names every key that there is. A listener is called once for each change, in the order of the changes, also
// when a listener makes the next one.
export function createStore(state) {
  let current = Object.freeze({ ...state });
  const listeners = [];
  const waiting = [];
  let isTelling = false;

  function tellAll() {
    isTelling = true;
    try {
      while (waiting.length > 0) {
        const changed = waiting.shift();
        for (const listener of [...listeners]) {
          if (listener.keys.some((key) => changed.has(key))) listener.fn(current);
        }
      }
    } finally {
      isTelling = false;
    }
  }

  return {
    get: () => current,
    // Takes over what differs. A key that does not exist is a mistake of the caller.
    set(patch) {
      const unknown = Object.keys(patch).find((key) => !Object.hasOwn(current, key));
      if (unknown !== undefined) throw new Error(`the page has no state ${unknown}`);
      const changed = new Set(Object.keys(patch).filter((key) => !Object.is(current[key], patch[key])));
      if (changed.size === 0) return;
      current = Object.freeze({ ...current, ...patch });
      waiting.push(changed);
      if (!isTelling) tellAll();
    },
    // Calls `fn(state)` when one of `keys` has changed. Returns what ends that.
    on(keys, fn) {
      const listener = { keys, fn };
      listeners.push(listener);
      return () => {
        const at = listeners.indexOf(listener);
        if (at >= 0) listeners.splice(at, 1);
      };
    },
  };
}

// The state before a show is there.
export function emptyState() {
  return {
    show: null,
    playing: false,
    positionUs: 0,
    speed: 1,
    loop: null,
    selected: Object.freeze({ channel: null, line: null }),
    view: Object.freeze({ fromUs: 0, toUs: 1 }),
    mistakes: null,
    layout: Object.freeze({ photo: null, lamps: Object.freeze({}) }),
    edit: false,
    notice: null,
  };
}
