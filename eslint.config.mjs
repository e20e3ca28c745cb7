import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["node_modules/", ".workbench/", "test/golden/", "lib/engine/kernels/wasm/assembly/", "**/*.cjs"] },
  ...tseslint.configs.recommended,
  {
    files: ["lib/**/*.ts", "test/**/*.ts"],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
      "@typescript-eslint/no-require-imports": "off", // lazy loading: engines and commands
      "max-lines": ["error", { max: 250 }],
      "no-restricted-syntax": ["error", { selector: "ExportDefaultDeclaration", message: "export by name" }],
      "no-console": "error",
      eqeqeq: "error",
    },
  },
  {
    // Methods never touch the disk, the clock, Math.random or a worker: a rerun could not give the same bytes.
    files: [
      "lib/methods/**/*.ts",
      "lib/nets/**/*.ts",
      "lib/data/**/*.ts",
      "lib/federation/**/*.ts",
      "lib/core/**/*.ts",
    ],
    rules: {
      "no-restricted-properties": [
        "error",
        { object: "Math", property: "random", message: "use core/random" },
        { object: "Date", property: "now", message: "results must not depend on the clock" },
      ],
    },
  },
  {
    files: ["test/**/*.ts"],
    rules: { "@typescript-eslint/no-floating-promises": "off", "no-console": "off" }, // node:test returns promises that it awaits itself
  },
);
