// Where code that was compiled earlier may lie. Whoever can write there can make us run what they like, so nobody else may.
const { lstatSync, mkdirSync } = require("node:fs");

/**
 * Makes a folder for the owner alone, if it is missing.
 * @returns whether what lies in it can be loaded: it belongs to us, to root or to whoever owns this code, and only its owner can write
 */
exports.trustedFolder = (folder) => {
  if (process.getuid === undefined) return true; // Windows: a folder inherits the rights of the project's.
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {
    // A shared, read-only installation: what its owner left there may be read.
  }
  try {
    const { uid, mode } = lstatSync(folder);
    const owners = [process.getuid(), 0, lstatSync(__filename).uid];
    return (mode & 0o170022) === 0o040000 && owners.includes(uid);
  } catch {
    return false;
  }
};
