// danfojs-node loads xlsx for its Excel reader. The last xlsx on npm has two published faults (prototype pollution, slow expressions) that
// are mended elsewhere only, and no notebook reads Excel: whoever asks for it is told so.
const refuse = () => {
  throw new Error("Excel files are not read here; save the table as CSV");
};
module.exports = {
  read: refuse,
  readFile: refuse,
  write: refuse,
  writeFile: refuse,
  utils: new Proxy({}, { get: () => refuse }),
};
