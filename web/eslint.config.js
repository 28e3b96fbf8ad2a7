// What the compiler does not see: promises nobody waits for, text read as HTML, controls that a keyboard cannot reach.
import vue from "eslint-plugin-vue";
import accessibility from "eslint-plugin-vuejs-accessibility";
import globals from "globals";
import ts from "typescript-eslint";

const HTML = "Titles and labels come from outside: they are text, never HTML. Use textContent.";

export default ts.config(
  { ignores: ["dist/", "src/gen/", "test-results/", "playwright-report/"] },
  ...ts.configs.strictTypeChecked,
  ...vue.configs["flat/recommended"],
  ...accessibility.configs["flat/recommended"],
  {
    languageOptions: {
      globals: globals.browser,
      parserOptions: { parser: ts.parser, projectService: { allowDefaultProject: ["*.js", "scripts/*.mjs"] }, extraFileExtensions: [".vue"] },
    },
    rules: {
      eqeqeq: "error",
      "no-restricted-properties": [
        "error",
        ...["innerHTML", "outerHTML", "insertAdjacentHTML", "setHTMLUnsafe", "srcdoc"].map((property) => ({ property, message: HTML })),
        { object: "document", property: "write", message: HTML },
      ],
      "vue/no-v-html": "error",
      "vue/no-v-text-v-html-on-component": "error",
      "vue/no-static-inline-styles": ["error", { allowBinding: true }],
      "vue/block-lang": ["error", { script: { lang: "ts" } }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-non-null-assertion": "off",
      // How a template is broken into lines is a matter of taste, not of errors.
      ...Object.fromEntries(
        ["max-attributes-per-line", "singleline-html-element-content-newline", "html-self-closing", "html-indent", "html-closing-bracket-newline", "first-attribute-linebreak", "multiline-html-element-content-newline"].map(
          (rule) => [`vue/${rule}`, "off"],
        ),
      ),
      "vuejs-accessibility/label-has-for": ["error", { required: { some: ["nesting", "id"] } }],
    },
  },
  { files: ["*.js", "scripts/*.mjs"], ...ts.configs.disableTypeChecked, languageOptions: { ...ts.configs.disableTypeChecked.languageOptions, globals: globals.node } },
  { files: ["**/*.test.ts", "e2e/**"], rules: { "@typescript-eslint/no-unsafe-assignment": "off" } },
);
