// Ends with 1 where what it requires is not what it imports, or has changed anything but
// itself when it was loaded: `sideEffects` of the npm package says that nothing has.

const { deepStrictEqual, strictEqual } = require("node:assert");
const process = require("node:process");

function surroundings() {
  return [
    Reflect.ownKeys(globalThis),
    process.eventNames().map((name) => [name, process.listenerCount(name)]),
    process.getActiveResourcesInfo(),
  ];
}

const names = process.argv.slice(2);
const before = surroundings();
const required = names.map((name) => require(name));
deepStrictEqual(surroundings(), before);
Promise.all(names.map((name) => import(name))).then((imported) => {
  imported.forEach((module, i) => {
    strictEqual(module, required[i], `${names[i]} is there twice`);
  });
});
