// Makes a realm deterministic and immutable; gives the function that runs a script on one event: to an array of results, null for the
// event itself, or a text that says why the event is no JSON object.
(() => {
  'use strict';
  const { parse, stringify } = JSON;
  const { isArray } = Array;
  const RealDate = Date;
  const { getOwnPropertyDescriptor, getPrototypeOf, freeze } = Object;
  const { ownKeys } = Reflect;
  let time = null;
  let seed = 0;

  const now = () => {
    if (time === null) {
      throw new TypeError('the event has no time');
    }
    return time;
  };
  class EventDate extends RealDate {
    constructor(...parts) {
      if (parts.length === 0) {
        super(now());
      } else {
        super(...parts);
      }
    }
  }
  EventDate.now = now;
  RealDate.prototype.constructor = EventDate;
  globalThis.Date = EventDate;
  Math.random = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  for (const name of [
    'Atomics', 'SharedArrayBuffer', 'WeakRef', 'FinalizationRegistry', 'Promise', 'Java', 'Packages', 'Polyglot',
    'Graal', 'load', 'loadWithNewGlobal', 'print', 'printErr', 'console', 'exit', 'quit',
  ]) {
    delete globalThis[name];
  }
  delete Symbol.for;

  const seen = new Set();
  const freezeAll = (value) => {
    if (value === null || (typeof value !== 'object' && typeof value !== 'function') || seen.has(value)) {
      return;
    }
    seen.add(value);
    for (const key of ownKeys(value)) {
      const { value: member, get, set } = getOwnPropertyDescriptor(value, key);
      [member, get, set].forEach(freezeAll);
    }
    freezeAll(getPrototypeOf(value));
    freeze(value);
  };
  [globalThis, function* () {}, async function () {}, async function* () {}, [][Symbol.iterator](), /x/[Symbol.matchAll]('')]
    .forEach(freezeAll);

  const object = (value, rule) => {
    if (value === null || typeof value !== 'object' || isArray(value)) {
      throw new TypeError(rule);
    }
    return stringify(value);
  };
  return (define, text, at, seededWith, key, headers, version, wanted) => {
    time = at;
    seed = seededWith;
    const functions = define();
    const is = (name) => (wanted === null || wanted === name) && typeof functions[name] === 'function';
    if (text === null) {
      return ['filter', 'map', 'flatMap'].filter(is);
    }
    let event;
    try {
      event = parse(text);
    } catch (e) {
      return e.message;
    }
    if (event === null || typeof event !== 'object' || isArray(event)) {
      return 'the document is no object';
    }
    const context = { time: at, key, headers: parse(headers), version };
    if (is('filter')) {
      const kept = functions.filter(event, context);
      if (kept !== true && kept !== false) {
        throw new TypeError('filter must return true or false');
      }
      if (!kept) {
        return [];
      }
    }
    if (is('map')) {
      return [object(functions.map(event, context), 'map must return an object')];
    }
    if (!is('flatMap')) {
      return null;
    }
    const rule = 'flatMap must return an array of objects';
    const made = functions.flatMap(event, context);
    if (!isArray(made)) {
      throw new TypeError(rule);
    }
    const results = [];
    for (let i = 0; i < made.length; i++) {
      results[i] = object(made[i], rule);
    }
    return results;
  };
})()
