// danfojs-node loads request, which is given up and brings given-up packages with published faults, to read tables from the web. Notebooks
// read files: whoever asks for more is told so.
const refuse = () => {
  throw new Error("tables are not fetched from the web here; download the file and read it");
};
module.exports = Object.assign(refuse, { get: refuse, head: refuse, post: refuse });
