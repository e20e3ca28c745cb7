export function main(argv: readonly string[]) { console.log(argv.length); }
