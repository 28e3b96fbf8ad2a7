// As for the dashboard: promises nobody waits for, text read as HTML.
import globals from "globals";
import ts from "typescript-eslint";

const HTML = "Titles and labels come from outside: they are text, never HTML. Use textContent.";

export default ts.config(
  { ignores: [".output/", ".wxt/", "test-results/", "playwright-report/"] },
  ...ts.configs.strictTypeChecked,
  {
    languageOptions: {
      globals: { ...globals.browser, ...globals.webextensions },
      parserOptions: { projectService: { allowDefaultProject: ["*.js", "scripts/*.mjs"] } },
    },
    rules: {
      eqeqeq: "error",
      "no-restricted-properties": [
        "error",
        ...["innerHTML", "outerHTML", "insertAdjacentHTML", "setHTMLUnsafe", "srcdoc"].map((property) => ({ property, message: HTML })),
        { object: "document", property: "write", message: HTML },
      ],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-non-null-assertion": "off",
    },
  },
  { files: ["*.js", "scripts/*.mjs"], ...ts.configs.disableTypeChecked, languageOptions: { globals: globals.node } },
  { files: ["**/*.test.ts", "e2e/**"], rules: { "@typescript-eslint/no-unsafe-assignment": "off" } },
);
